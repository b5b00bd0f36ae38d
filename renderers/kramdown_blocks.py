"""Where kramdown begins tables: its block parser, as far as it decides that, of kramdown 2.4 with GFM.

A table begins only behind a blank line, or where a list entry, a quote or the page begins. A list entry ends
elsewhere than github.com's does, and a line that begins with a tag ends a paragraph.
"""

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

from renderers.kramdown_list import Kind, ListReader, list_kind
from renderers.kramdown_patterns import (
    BLANK,
    BOUNDARY,
    CODE_LINES,
    EMPTY_ELEMENTS,
    END_MARK,
    HEADING,
    IAL,
    LISTED,
    NAME,
    PARAGRAPH_END,
    QUOTE_END,
    RULE,
    SPAN,
    TAG,
)
from renderers.kramdown_table import table_end

_ANY = re.DOTALL | re.MULTILINE | re.ASCII
_CODE = re.compile(rf"(?=\t| {{4}}){CODE_LINES}", re.ASCII)
_FENCED = re.compile(r" {0,3}(([~`]){3,})\s*?(?:\S+?)?\s*?\n(.*?)^ {0,3}\1\2*\s*?\n", _ANY)
_QUOTED = re.compile(r" {0,3}>")
_QUOTE = re.compile(r"^ {0,3}> ?", re.MULTILINE)
_NO_HEADING = re.compile(r"#{1,6}[\t ]+\s*\n", re.ASCII)
_UNDERLINED = re.compile(r" {0,3}[^ \t\n].*\n[-=]+[ \t\r\f\v]*\n")
_MATH = re.compile(r" {0,3}\$\$.*?\$\$(?:\s*?\n)?", _ANY)
_COMMENT = re.compile(r"<!--.*?-->(?:[ \t]*\n)?", re.DOTALL)
_TAG = re.compile(rf" {{0,3}}{TAG.pattern}", re.ASCII)
_RAW = re.compile(rf"<!--.*?-->|{TAG.pattern}|</(?P<end>{NAME})\s*>", re.DOTALL | re.ASCII)
_TRAILING = re.compile(r"[ \t]*\n")
_DEFINED = re.compile(
    r" {0,3}\[[^\n\]]+\]:[ \t]*(?:<.*?>|[^\n]*?\S[^\n]*?)"
    r"(?:(?:[ \t]*?\n|[ \t]+?)[ \t]*?([\"']).+?\1)?[ \t]*?\n"
    rf"| {{0,3}}\*\[.+?\]:.*?\n| {{0,3}}\[\^\w[\w-]*\]:.*?\n{CODE_LINES}",
    re.ASCII,
)
_ATTRIBUTES = re.compile(IAL, re.ASCII)
_EXTENSION = re.compile(
    r" {0,3}\{::(\w+)(?:\s(?:\\\}|[^}])*?|)(?:/\}\s*?\n|\}\s*?\n.*?^ {0,3}\{:/(?:\1)?\}\s*?\n)", _ANY
)
_END = re.compile(END_MARK, re.ASCII)
_DESCRIBED = re.compile(r" {0,3}:[\t| ]")
_DEEPEST = 100  # entries and quotes within each other; nobody writes more, and Python has an end
_PARAGRAPH = re.compile(r" {0,3}[^ \t]")


@dataclass(frozen=True, slots=True)
class Table:
    """A table's first line, from 0, and what its lines say without the marks of entries and quotes."""

    place: int
    lines: tuple[str, ...]


def tables_in(text: str) -> tuple[Table, ...]:
    """Return the tables that kramdown makes in a page without its front matter. Line ends are LF."""
    return tuple(_Blocks(text.removesuffix("\n") + "\n", 0, _Level()).tables())


@dataclass(slots=True)
class _Level:
    """The kinds of the blocks so far on a page, in an entry or in a quote.

    `attributed` tells that attributes wait for the next block, which may then begin anywhere.
    """

    depth: int = 0
    kinds: list[str] = field(default_factory=list)
    attributed: bool = False

    @property
    def last(self) -> str:
        return self.kinds[-1] if self.kinds else ""

    @property
    def free(self) -> bool:
        """Tell whether a table may begin (after_block_boundary?)."""
        return self.attributed or self.last in ("", "blank", "blanks", "end")

    @property
    def described(self) -> bool:
        """Tell whether a definition may follow: right below a paragraph, or below one blank line."""
        return self.last == "paragraph" or self.kinds[-2:] == ["paragraph", "blank"]

    def within(self) -> "_Level":
        return _Level(self.depth + 1)

    def add(self, kind: str) -> None:
        self.kinds.append(kind)
        self.attributed = False


class _Blocks:
    """A text read block by block, in kramdown's order of trying; `first` is its first line's place."""

    def __init__(self, text: str, first: int, level: _Level) -> None:
        self._text, self._first, self._level = text, first, level
        level.attributed = False

    def tables(self) -> Iterator[Table]:
        """Read to the end."""
        place = 0 if self._level.depth <= _DEEPEST else len(self._text)
        while place < len(self._text):
            end = self._plain(place)
            if end is None:
                end = yield from self._holding_others(place)
            if end is None:
                end = self._html(place)
            if end is None and self._level.free:
                end = yield from self._table(place)
            place = self._rest(place) if end is None else end

    def _taken(self, kind: str, found: re.Match[str] | None) -> int | None:
        if found:
            self._level.add(kind)
        return found.end() if found else None

    def _plain(self, place: int) -> int | None:
        text, level = self._text, self._level
        blank = BLANK.match(text, place)
        if blank:
            if level.last not in ("blank", "blanks"):
                level.add("blank" if blank[0] == "\n" else "blanks")
            return blank.end()
        end = self._taken("code", _CODE.match(text, place) or _FENCED.match(text, place))
        if end is None and not _NO_HEADING.match(text, place):
            end = self._taken("heading", HEADING.match(text, place) or RULE.match(text, place))
        return end

    def _holding_others(self, place: int) -> Generator[Table, None, int | None]:
        text = self._text
        if _QUOTED.match(text, place):
            end = self._lines_end(place, QUOTE_END)
            self._level.add("quote")
            yield from _Blocks(
                _QUOTE.sub("", text[place:end]), self._line(place), self._level.within()
            ).tables()
            return end
        if LISTED.match(text, place):
            return (yield from self._list(place, list_kind(text[place:])))
        if _DESCRIBED.match(text, place) and self._level.described:
            return (yield from self._list(place, "dl"))
        return None

    def _list(self, place: int, kind: Kind) -> Generator[Table, None, int]:
        """Read a list; a blank line at its end stands behind it."""
        found, last = ListReader(self._text, place, kind), ""
        self._level.add("list")
        for entry in found.entries:
            level = self._level.within()
            for line, said in entry.pieces:
                yield from _Blocks(said, self._line(place) + line, level).tables()
            last = level.last or last
        if last in ("blank", "blanks") and not found.marked:
            self._level.add(last)
        return found.end

    def _html(self, place: int) -> int | None:
        comment, tag = _COMMENT.match(self._text, place), _TAG.match(self._text, place)
        if comment:
            return self._taken("comment", comment)
        if not tag or SPAN.fullmatch(tag[1]):
            return None
        self._level.add("html")
        end = raw_end(self._text, tag)
        trailing = _TRAILING.match(self._text, end)
        return trailing.end() if trailing else end

    def _table(self, place: int) -> Generator[Table, None, int | None]:
        text = self._text
        if end := self._taken("heading", _UNDERLINED.match(text, place)):
            return end
        math = _MATH.match(text, place)
        if math and BOUNDARY.match(text, math.end()):
            return self._taken("math", math)
        end = table_end(text, place)
        if end is not None:
            self._level.add("table")
            yield Table(self._line(place), tuple(text[place : end - 1].split("\n")))
        return end

    def _rest(self, place: int) -> int:
        """Take what comes behind tables: definitions, marks of kramdown's own, paragraphs."""
        text, level = self._text, self._level
        end = self._taken("defined", _DEFINED.match(text, place) or _EXTENSION.match(text, place))
        if end is not None:
            return end
        if attributes := _ATTRIBUTES.match(text, place):
            if level.last in ("", "blank", "blanks", "end", "attributes"):
                level.attributed = True
            elif not _ATTRIBUTES.match(text, attributes.end()):
                level.add("attributes")
            return attributes.end()
        end = self._taken("end", _END.match(text, place))
        if end is not None:
            return end
        if level.last != "paragraph" or level.attributed:
            level.add("paragraph" if _PARAGRAPH.match(text, place) else "text")
        return self._lines_end(place, PARAGRAPH_END)

    def _lines_end(self, place: int, stop: re.Pattern[str]) -> int:
        """Return where the lines from a place end: the first one is always theirs."""
        end = self._text.index("\n", place) + 1
        while not stop.match(self._text, end):
            end = self._text.index("\n", end) + 1
        return end

    def _line(self, place: int) -> int:
        return self._first + self._text.count("\n", 0, place)


def raw_end(text: str, tag: re.Match[str]) -> int:
    """Return where an element ends whose lines are no Markdown; without its end it goes on to the text's."""
    place, open_now = tag.end(), _opened(tag)
    while open_now:
        if open_now[-1] in ("script", "style"):
            found = re.compile(rf"</(?P<end>{open_now[-1]})\s*>", re.ASCII | re.IGNORECASE).search(
                text, place
            )
        else:
            found = _RAW.search(text, place)
        if not found:
            return len(text)
        place = found.end()
        if found["end"] and found["end"].lower() == open_now[-1]:
            open_now.pop()
        elif not found["end"]:
            open_now += _opened(found)
    return place


def _opened(tag: re.Match[str]) -> list[str]:
    name = (tag[1] or "").lower()
    return [name] if name and not tag[2] and name not in EMPTY_ELEMENTS else []
