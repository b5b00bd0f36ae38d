"""Thousands of small pieces of Markdown through an engine at once, and what a reader sees of each.

Pieces stand on shared pages, a comment before each. A piece that swallows the next comment, or stops the
build, is found by halving and comes back alone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

from tests.engines.engine import BuildError, Engine

_ON_A_PAGE = 250  # pieces; a page costs kramdown more than its length
_BEFORE = "<!-- piece -->"
STOPPED = "<!-- the build stops -->"


def html_of(engine: Engine, pieces: Sequence[str]) -> list[str]:
    """Return the HTML of each piece; STOPPED where the engine refuses to build it."""
    found: dict[int, str] = {}
    groups = [
        range(start, min(start + _ON_A_PAGE, len(pieces))) for start in range(0, len(pieces), _ON_A_PAGE)
    ]
    while groups:
        again = []
        for group, html in zip(groups, _pages(engine, pieces, groups), strict=True):
            parts = None if html is None else html.split(_BEFORE)[1:]
            if parts is not None and len(parts) == len(group):
                found.update(zip(group, parts, strict=True))
            elif len(group) == 1:
                found[group[0]] = STOPPED if html is None else html
            else:
                again += [group[: len(group) // 2], group[len(group) // 2 :]]
        groups = again
    return [found[number] for number in range(len(pieces))]


def _pages(engine: Engine, pieces: Sequence[str], groups: Sequence[range]) -> list[str | None]:
    """Build a page a group; where one page stops the build, each group is built by itself."""
    documents = ["".join(f"{_BEFORE}\n\n{pieces[number]}\n\n" for number in group) for group in groups]
    try:
        return [*engine.pages(documents)]
    except BuildError:
        if len(documents) == 1:
            return [None]
    return [page for group in groups for page in _pages(engine, pieces, [group])]


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as it stands in a page."""

    name: str
    attributes: tuple[tuple[str, str | None], ...] = ()


def seen(html: str) -> tuple[Tag | str, ...]:
    """Return the tags and the words between them, in order, blanks collapsed."""
    page = _Page()
    page.feed(html)
    page.close()
    return page.all()


def words(html: str) -> str:
    """Return what a reader reads, a picture's text too, blanks collapsed."""
    return _collapsed("".join(part if isinstance(part, str) else f" {_alt(part)} " for part in seen(html)))


def _alt(tag: Tag) -> str:
    return (dict(tag.attributes).get("alt") or "") if tag.name == "img" else ""


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self._parts: list[Tag | str] = []
        self._text = ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._take(Tag(tag, tuple(attrs)))

    def handle_endtag(self, tag: str) -> None:
        self._take(Tag("/" + tag))

    def handle_comment(self, data: str) -> None:
        if data != " ":  # the empty one is ours: it keeps cmark-gfm from mail addresses
            self._take(Tag("!--", ((data, None),)))

    def handle_decl(self, decl: str) -> None:
        self._take(Tag("!", ((decl, None),)))

    def handle_pi(self, data: str) -> None:
        self._take(Tag("?", ((data, None),)))

    def _take(self, tag: Tag) -> None:
        self._parts += [_collapsed(self._text), tag]
        self._text = ""

    def all(self) -> tuple[Tag | str, ...]:
        """Return what was seen, without the empty words."""
        return tuple(part for part in (*self._parts, _collapsed(self._text)) if part)


def _collapsed(text: str) -> str:
    return re.sub(r"[ \t\r\n]+", " ", text).strip(" ")
