"""What would break the built page: accidental tables, Liquid, open fences, dead bold, broken characters."""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from renderers.issue_document import IssueDocument
from renderers.issue_lint_codes import LintFinding, found
from renderers.issue_parser import split_lines
from renderers.kramdown_blocks import Table, tables_in
from renderers.kramdown_table import is_rule

_LIQUID = re.compile(r"\{\{|\{%")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_CONFLICT = re.compile(r"(?:<{7}|>{7}|\|{7})(?: |$)")
_POWER = re.compile(r"[\w)]\*\*[\w(]", re.ASCII)  # 2**10 is arithmetic
# U+FFFD, bytes that are no UTF-8, controls; UTF-8 read as Latin-1 or GBK, memory printed as text.
_BROKEN = re.compile(
    "[\ufffd\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\u951f\u65a4\u62f7|\u70eb\u70eb\u70eb|\u5c6f\u5c6f\u5c6f"
    "|[\u00c3\u00c2][\u0080-\u00bf]|\u00e2\u20ac[\u2122\u0153\u009d\u02dc\u201c\u201d\u00a6]"
    "|(?:[\u00e4-\u00e9][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{2}){2}"
)


def page_findings(document: IssueDocument) -> Iterable[LintFinding]:
    """Find what a reader of the built page would stumble over."""
    lines = [line.rstrip("\r\n") for line in split_lines(document.text)]
    start = document.outline.start
    for place, line in enumerate(lines):
        if place >= start and (liquid := _LIQUID.search(line)):
            yield found("liquid", place + 1, line[liquid.start() :])
        if _CONFLICT.match(line):
            yield found("conflict-mark", place + 1, line)
        if _BROKEN.search(line):
            yield found("broken-character", place + 1, line)
    open_fence = _open_fence(lines, start)
    if open_fence is not None:
        yield found("unclosed-fence", open_fence + 1)
    for place in _tables(lines, start):
        yield found("accidental-table", place + 1, lines[place])
    yield from _dead_bold("\n".join([*[""] * start, *lines[start:]]))


def _open_fence(lines: Sequence[str], start: int) -> int | None:
    """Return where a fence opens that never closes."""
    opened, mark = None, ""
    for place in range(start, len(lines)):
        fence = _FENCE.match(lines[place])
        if opened is not None:
            if fence and fence[1].startswith(mark) and not lines[place][fence.end() :].strip():
                opened = None
        elif fence and not (fence[1][0] == "`" and "`" in lines[place][fence.end() :]):
            opened, mark = place, fence[1]
    return opened


def _tables(lines: Sequence[str], start: int) -> Iterable[int]:
    """Return where kramdown, to which a lone CR ends a line too, begins a table that nobody meant."""
    parts = [(place, part) for place in range(start, len(lines)) for part in lines[place].split("\r")]
    for table in tables_in("\n".join(part for _, part in parts)):
        if not _is_meant(table):
            yield parts[table.place][0]


def _is_meant(table: Table) -> bool:
    """Tell whether a table begins with a bar, or with a heading above a row of dashes.

    A story's head is no heading of a table, whatever stands below it.
    """
    head, *rest = table.lines
    return head.lstrip().startswith("|") or ("](" not in head and bool(rest) and is_rule(rest[0]))


@cache
def _parser() -> MarkdownIt:
    """Return github.com's reading of emphasis; escaped marks stay apart from those that failed."""
    return MarkdownIt("commonmark").disable("text_join")


def _dead_bold(text: str) -> Iterable[LintFinding]:
    """Find bold that CommonMark does not take for any: `**` beside a mark and a letter."""
    for token in _parser().parse(text):
        if token.type == "inline" and token.map and "**" in token.content:
            yield from _dead_bold_in(token, token.map[0])


def _dead_bold_in(token: Token, first: int) -> Iterable[LintFinding]:
    lines = token.content.split("\n")
    offset = 0
    for child in token.children or []:
        if child.type in ("softbreak", "hardbreak"):
            offset += 1
        elif child.type == "text" and "**" in _POWER.sub("", child.content):
            yield found("dead-bold", first + offset + 1, lines[min(offset, len(lines) - 1)])
