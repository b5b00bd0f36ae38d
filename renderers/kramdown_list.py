"""How kramdown 2.4 cuts a list into its entries (`parse_list`, `parse_definition_list`)."""

import re
from dataclasses import dataclass, field
from typing import Literal

from renderers.kramdown_patterns import BLANK, END_MARK, HTML, IAL, LISTED, RULE

Kind = Literal["ul", "ol", "dl"]
_MARKS = {"ul": r"[+*-]", "ol": r"\d+\.", "dl": ":"}
_ATTRIBUTES = re.compile(r"\s*\{:(?!(?:\w[\w-]*)?:|/)(?:\\\}|[^}])+\}\s*", re.ASCII)
_TABS = re.compile(r"( *)(\t+)")
_LAZY = re.compile(rf"(?!{IAL}|{HTML}).*\S.*\n", re.ASCII)
_LINE = re.compile(r".*\n")
_BLANK_LINE = re.compile(r"\s*\n", re.ASCII)
_END_MARK = re.compile(END_MARK, re.ASCII)


def list_kind(line: str) -> Kind:
    """Tell which list a line begins that is an entry's first."""
    return "ul" if line.lstrip(" ")[0] in "+*-" else "ol"


@dataclass(slots=True)
class Entry:
    """An entry of a list: pieces of its text without its indent, each with its first line, from the list's.

    A nested list may begin a piece of its own.
    """

    indent: int
    nested: bool
    pieces: list[tuple[int, str]] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Add to the last piece."""
        place, said = self.pieces[-1]
        self.pieces[-1] = (place, said + text)


class ListReader:
    """Reads the list that begins at `place`: its `entries`, where it ends, whether EOB_MARKER ended it."""

    def __init__(self, text: str, place: int, kind: Kind) -> None:
        """Read it to its end."""
        self.entries: list[Entry] = []
        self.end, self.marked = place, False
        self._text, self._first, self._kind = text, place, kind
        self._mark = _entry_mark(kind, 4)
        after_blank = False
        while self.end < len(text) and not self._is_over(after_blank):
            blank = BLANK.match(text, self.end)
            if blank:
                self.entries[-1].add(blank[0])
                self.entries[-1].nested = True
                self.end = blank.end()
            elif not self._takes_line(after_blank):
                break
            after_blank = bool(blank)

    def _is_over(self, after_blank: bool) -> bool:
        if after_blank and self._kind != "dl" and RULE.match(self._text, self.end):
            return True
        mark = _END_MARK.match(self._text, self.end)
        if mark and self._kind != "dl":
            self.end, self.marked = mark.end(), True
        return bool(mark)

    def _takes_line(self, after_blank: bool) -> bool:
        """Take a line for an entry's first or another of the last entry; tell whether it is one."""
        found = self._mark.match(self._text, self.end)
        if found:
            self.entries.append(_entry(found[1], found[2], self._text.count("\n", self._first, self.end)))
            self._mark = _entry_mark(self._kind, self.entries[-1].indent)
            self.end = found.end()
            return True
        line = self._text[self.end : self._text.index("\n", self.end) + 1]
        if not (_indented(self.entries[-1].indent).match(line) or (not after_blank and _LAZY.match(line))):
            return False
        self._add(line)
        self.end += len(line)
        return True

    def _add(self, line: str) -> None:
        entry = self.entries[-1]
        line = re.sub(r"^\t+", lambda tabs: "    " * len(tabs[0]), line)
        outdented = line.removeprefix(" " * entry.indent)
        moved = line.startswith(" " * entry.indent)
        if self._kind != "dl" and LISTED.match(outdented):
            if moved and not entry.nested:
                entry.pieces.append((self._text.count("\n", self._first, self.end), ""))
                entry.nested = True
            elif entry.nested and not moved:
                outdented = " " * (entry.indent + 4) + outdented
        entry.add(outdented)


def _entry_mark(kind: Kind, indent: int) -> re.Pattern[str]:
    return re.compile(rf"( {{0,{min(indent, 4) - 1}}}{_MARKS[kind]})([\t| ].*?\n)", re.ASCII)


def _indented(indent: int) -> re.Pattern[str]:
    four, more = divmod(indent, 4)
    step = r"(?:\t| {4})"
    return re.compile(rf"(?:{step}{{{four}}} {{{more}}}|{step}{{{four + 1}}}).*\S.*\n", re.ASCII)


def _entry(mark: str, said: str, place: int) -> Entry:
    """Begin an entry (parse_first_list_line); one without words has its next line in their place."""
    attributes = _ATTRIBUTES.match(said)
    if _BLANK_LINE.match(said, attributes.end() if attributes else 0) or (
        attributes and attributes.end() == len(said)
    ):
        indent = 4
    else:
        indent = len(mark)
        while tabs := _TABS.match(said):
            to_stop = 4 - (len(tabs[1]) + indent) % 4
            said = tabs[1] + " " * (to_stop + (len(tabs[2]) - 1) * 4) + said[tabs.end() :]
        indent += len(said) - len(said.lstrip(" "))
    said = said.lstrip(" \t\r\n\f\v")
    attributes = _ATTRIBUTES.match(said)
    said = said[attributes.end() :] if attributes else said
    return Entry(indent, bool(LISTED.match(said)), [(place + (not said), said)])
