"""What a page says of itself in JSON-LD."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bot.reading.markup.html_page import HtmlPage, collapsed

_LONGEST = 500_000
_DEEPEST = 6
"""Levels of `@graph` and lists that are opened: real pages have two."""


def things_of(page: HtmlPage, *types: str) -> Iterator[Mapping[str, Any]]:
    """Yield the page's things of some types, such as "VideoObject". What is not JSON is passed over."""
    for script in page.linked_data:
        try:
            stated = json.loads(script[:_LONGEST], strict=False)
        except (ValueError, RecursionError):
            continue
        yield from (thing for thing in _things(stated, 0) if set(_types(thing)) & set(types))


def _things(stated: object, depth: int) -> Iterator[Mapping[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(stated, list):
        for one in stated:
            yield from _things(one, depth + 1)
    elif isinstance(stated, dict):
        yield stated
        yield from _things(stated.get("@graph"), depth + 1)
        yield from _things(stated.get("mainEntity"), depth + 1)


def _types(thing: Mapping[str, Any]) -> list[str]:
    stated = thing.get("@type")
    return [one for one in (stated if isinstance(stated, list) else [stated]) if isinstance(one, str)]


def words_of(thing: Mapping[str, Any], *names: str) -> str:
    """Return the first filled text of some names, on one line."""
    return next((collapsed(said) for name in names if isinstance(said := thing.get(name), str) and said), "")


def name_in(thing: Mapping[str, Any], *roles: str) -> str:
    """Return the name of whoever has the first filled role, such as "author"."""
    for role in roles:
        who = thing.get(role)
        who = who[0] if isinstance(who, list) and who else who
        said = words_of(who, "name") if isinstance(who, dict) else who
        if isinstance(said, str) and said.strip():
            return collapsed(said)
    return ""


def as_mapping(value: object) -> Mapping[str, Any]:
    """Return a value out of a page's data where it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}
