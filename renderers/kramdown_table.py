"""Where a table of kramdown's ends: the rule of `parse_table` in kramdown 2.4, as GitHub Pages runs it."""

import re
from collections.abc import Iterator, Sequence

from renderers.kramdown_patterns import BLOCK_ELEMENTS, BOUNDARY, EMPTY_ELEMENTS, TAG

# Ruby's `\s` is ASCII's: a full-width blank is a character like any other.
_FLAGS = re.ASCII | re.DOTALL
_BAR = re.compile(r"\||[^\n]*?[^\\\n]\|")  # TABLE_PIPE_CHECK: a bar with no backslash before it
_RULE = re.compile(r"(?=[+|: \t]*-)[+|: \t-]+")  # TABLE_SEP_LINE: it ends the heading, or a body
_DOUBLE_RULE = re.compile(r"(?=[+|: \t]*=)[+|: \t=]+")  # TABLE_FSEP_LINE: the footer comes next
_START = re.compile(r" {0,3}(?=\S)", re.ASCII)
_CODE = re.compile(r"(?<!\S)`(?=\s)|(`++)(?:(.*?)\1)?", _FLAGS)  # the first tick, alone, is a tick
_PIECE = re.compile(r"`+|<!--.*?-->|<(?=[^\W\d])", re.DOTALL)


def table_end(text: str, start: int = 0) -> int | None:
    """Return where a table ends that begins at `start`, the beginning of a line; None where none begins.

    kramdown makes one where each line up to the next blank one holds a bar that has no backslash before it,
    outside of code and tags, and where there is a row besides the heading's. One line is enough:
    `[title | source](url)`. `text` ends with a line end.
    """
    lead = _START.match(text, start)
    lines, end = list[str](), start
    while lead and end < len(text):
        stop = text.index("\n", end) + 1
        if not _BAR.match(text, lead.end() if not lines else end):
            break
        lines.append(text[end : stop - 1])
        end = stop
    if not lines or not BOUNDARY.match(text, end):
        return None
    return end if _has_body(lines) and _ends_barred(text[start : end - 1]) else None


def is_rule(line: str) -> bool:
    """Tell whether a line of a table parts its heading from its rows."""
    return bool(_RULE.fullmatch(line))


def _has_body(lines: Sequence[str]) -> bool:
    rows, heading, footer = 0, False, False
    for line in lines:
        if _RULE.fullmatch(line):
            if rows and heading and not footer:
                return True
            if rows and not footer:
                heading, rows = True, 0
        elif _DOUBLE_RULE.fullmatch(line):
            if rows:
                return True
            footer = True
        else:
            rows += 1
    return bool(rows) and not footer


def _ends_barred(text: str) -> bool:
    """Look for bars outside of code and tags as kramdown does: by line, but for what stands after one."""
    barred = False
    for said, coded in _parts(text):
        lines = said.rstrip("\n").split("\n") if said.strip("\n") else []
        if coded:
            if len(lines) > 2 or (len(lines) == 2 and not barred):
                break
            barred = barred and len(lines) < 2
            continue
        if len(lines) > 1 and not barred and not _BAR.match(lines[0]):
            break
        barred = (barred and len(lines) < 2) or bool(lines and _BAR.match(lines[-1]))
    return barred


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Part text from code, comments and elements, of which only the name is looked at.

    Ticks that open no code are text, and so are tags of blocks.
    """
    start = place = 0
    while found := _PIECE.search(text, place):
        part, place = _part(text, found)
        if part is not None:
            yield text[start : found.start()], False
            yield part, found[0][0] == "`"
            start = place
    yield text[start:], False


def _part(text: str, found: re.Match[str]) -> tuple[str | None, int]:
    """Return what kramdown sees of a piece (None: it is text), and where it ends."""
    if found[0][0] == "`":
        code = _CODE.match(text, found.start())
        return (code[2], code.end()) if code else (None, found.end())
    if found[0] != "<":
        return found[0], found.end()
    tag = TAG.match(text, found.start())
    if not tag:
        return None, found.end()
    if tag[1].lower() in BLOCK_ELEMENTS:
        return None, tag.end()
    return tag[1], tag.end() if tag[2] or tag[1].lower() in EMPTY_ELEMENTS else _closed(text, tag)


def _closed(text: str, tag: re.Match[str]) -> int:
    """Return where an element ends; one that is never closed goes on to the end."""
    close = re.compile(rf"</{re.escape(tag[1])}\s*>", re.IGNORECASE | re.ASCII)
    place = tag.end()
    while True:
        end, inner = close.search(text, place), _PIECE.search(text, place)
        if end is None:
            return len(text)
        if inner is None or end.start() < inner.start():
            return end.end()
        place = _part(text, inner)[1]
