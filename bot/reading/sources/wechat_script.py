"""The values in a WeChat page's scripts and metas.

A page's own values are written by the server in three ways: `name: JsDecode('…')` in `window.cgiDataNew`,
`var name = "" || "…"` on ordinary pages since 2015, and `d.name = xml ? getXmlValue('name.DATA') : '…'` on
pages of pictures and films. The rest of the megabytes is program, so places are sought by plain text first:
a pattern over all of it costs thirty milliseconds each time.
"""

import html
import re
from collections.abc import Iterator
from functools import cached_property

_ESCAPE = re.compile(r"\\x([0-9a-fA-F]{2})|\\u([0-9a-fA-F]{4})|\\(.)", re.DOTALL)
_CONTROL = {"n": "\n", "r": "\r", "t": "\t"}
_FIELD_NAME = re.compile(r"(\w{1,40})\s{0,4}:\s{0,4}$")
_FIELD_VALUE = re.compile(
    r"""JsDecode\(\s{0,4}(?:'([^'\\]*(?:\\.[^'\\]*)*)'|"([^"\\]*(?:\\.[^"\\]*)*)")\s{0,4}\)""", re.DOTALL
)
_EQUALS = re.compile(r"\s{0,4}=(?!=)")
_ALTERNATIVE = re.compile(
    r"\s*(?:xml\s*\?[^:;\n]{0,200}:\s*)?(?:(?:htmlDecode|JsDecode)\()?"
    r"""(?:"(?P<double>[^"\\\n]*(?:\\.[^"\\\n]*)*)"|'(?P<single>[^'\\\n]*(?:\\.[^'\\\n]*)*)')"""
    r"\)?(?:\.html\(false\))?(?:\s*\*\s*1)?\s*(?:\|\|)?",
    re.DOTALL,
)
_NUMBER = re.compile(r"\s{0,4}[:=]\s{0,4}[\"'](\d+)[\"']")
_META = re.compile(r"""<meta\b((?:"[^"]{0,5000}"|'[^']{0,5000}'|[^<>"'])*)>""", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(property|name|content)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
MOST_PLACES = 20_000
"""Real pages call `JsDecode` some thousand times, and name nothing else more often."""
_HEAD = 1_000_000
"""Characters in which a page's metas stand: the head may hold hundreds of kilobytes of styles before them."""


def decoded(literal: str) -> str:
    """Undo a JavaScript string's escapes. Lone surrogates, which no text may hold, fall out."""
    if "\\" not in literal:
        return literal
    text = _ESCAPE.sub(_character, literal)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")


def _character(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2]
    return chr(int(code, 16)) if code else _CONTROL.get(escape[3], escape[3])


class Served:
    """What the server wrote into a page."""

    def __init__(self, markup: str) -> None:
        self.markup = markup

    @cached_property
    def _fields(self) -> list[tuple[str, int]]:
        """Each field's name and the place of its value, in order."""
        named = (
            (_FIELD_NAME.search(self.markup, max(0, place - 60), place), place)
            for place in places(self.markup, "JsDecode(")
        )
        return [(name[1], place) for name, place in named if name]

    def _value_at(self, place: int) -> str:
        value = _FIELD_VALUE.match(self.markup, place)
        return decoded(value[1] or value[2] or "") if value else ""

    def field(self, name: str, after: int = 0) -> str:
        """Return the first filled value of a field, from a place in the markup onwards."""
        here = (place for field, place in self._fields if field == name and place >= after)
        return next(filter(None, map(self._value_at, here)), "")

    def said(self) -> Iterator[str]:
        """Yield the fields' values, in order."""
        return (self._value_at(place) for _, place in self._fields)

    def variable(self, name: str) -> str:
        """Return the first filled value given to a variable: of `var mid = "" || "265"`, it is 265."""
        for prefix in ("var ", "window.", "d."):
            for place in places(self.markup, prefix + name):
                start = _EQUALS.match(self.markup, place + len(prefix + name))
                if start and (value := self._first_alternative(start.end())):
                    return value
        return ""

    def _first_alternative(self, place: int) -> str:
        while found := _ALTERNATIVE.match(self.markup, place):
            if value := found["double"] or found["single"]:
                return decoded(value)
            place = found.end()
        return ""

    def numbers(self, name: str) -> Iterator[int]:
        """Yield the numbers given to a name, which the server writes in quotes."""
        for place in places(self.markup, name):
            if number := _NUMBER.match(self.markup, place + len(name)):
                yield int(number[1][:20])

    @cached_property
    def _metas(self) -> dict[str, str]:
        metas: dict[str, str] = {}
        for found in _META.finditer(self.markup, 0, _HEAD):
            written = {key.lower(): double or single for key, double, single in _ATTRIBUTE.findall(found[1])}
            name, content = written.get("property") or written.get("name"), written.get("content")
            if name and content:
                metas.setdefault(name, html.unescape(decoded(content)))
        return metas

    def meta(self, name: str) -> str:
        """Return a meta's content, its JavaScript escapes undone: text posts carry them there too."""
        return self._metas.get(name, "")

    def element(self, identity: str) -> str:
        """Return the words of a small element by its id, on one line."""
        named = (*places(self.markup, f'id="{identity}"'), *places(self.markup, f"id='{identity}'"))
        for place in named[:_FEW]:
            start = self.markup.rfind("<", max(0, place - 1000), place)
            found = _SMALL_ELEMENT.match(self.markup, start) if start >= 0 else None
            if found:
                return " ".join(html.unescape(re.sub(r"<[^<>]*>", "", found[2])).split())
        return ""


_FEW = 10
_SMALL_ELEMENT = re.compile(r"<(\w+)\b[^<>]*>(.{0,2000}?)</\1\s*>", re.DOTALL)


def places(markup: str, words: str) -> Iterator[int]:
    """Yield the places where the words stand, up to MOST_PLACES: a hostile page has a million of them."""
    place = markup.find(words)
    for _ in range(MOST_PLACES):
        if place < 0:
            return
        yield place
        place = markup.find(words, place + len(words))
