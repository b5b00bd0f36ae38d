"""What GitHub's pages of today keep in scripts: since 2023 many show their words by JavaScript only."""

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml.etree import ParserError
from lxml.html import HtmlElement, fragment_fromstring

from bot.reading.markup.html_page import HtmlPage

_OPENING = re.compile(
    r"<script\b[^>]{0,300}\bdata-target=[\"']react-(?:app|partial)\.embeddedData[\"'][^>]{0,300}>"
)
_MOST_SCRIPTS = 40
_MOST_VALUES = 200_000
"""How many values of a script are looked at: a folder of a thousand files has ten thousand."""


def embedded(page: HtmlPage) -> tuple[Any, ...]:
    """Return the data of each of the page's scripts that hold some."""
    return tuple(_scripts(page.html))


def _scripts(markup: str) -> Iterator[Any]:
    for count, opening in enumerate(_OPENING.finditer(markup)):
        end = markup.find("</script", opening.end())
        if end < 0 or count >= _MOST_SCRIPTS:
            return
        try:
            yield json.loads(markup[opening.end() : end])
        except (ValueError, RecursionError):
            continue


def first_of(data: Any, key: str, kind: type) -> Any:
    """Return the first filled value of a key, anywhere in the data, of a kind; None where there is none.

    GitHub renames what lies around its values every few months, the values themselves hardly ever.
    """
    waiting, seen = [data], 0
    while waiting and seen < _MOST_VALUES:
        value = waiting.pop()
        seen += 1
        if isinstance(value, dict):
            found = value.get(key)
            if isinstance(found, kind) and found:
                return found
            waiting += reversed(value.values())
        elif isinstance(value, list | tuple):
            waiting += reversed(value)
    return None


def fragment(markup: str) -> HtmlElement | None:
    """Parse a piece of markup out of a page's data; None where it is none."""
    try:
        return fragment_fromstring(markup, create_parent="div") if markup.strip() else None
    except (ParserError, ValueError):
        return None
