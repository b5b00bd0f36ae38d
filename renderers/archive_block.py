"""The table or list of past issues, and how it grows by one; rows that stand are opaque bytes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from renderers.layout import TableRule
from renderers.story_style import HARD_BREAK

_DELIMITER = re.compile(r"\|(?:\s*:?-+:?\s*\|)+\s*")
_DATED_LINK = re.compile(r"\[(\d{4}-\d{2}-\d{2})[^\]]*\]\(")
LIST_ENTRY = re.compile(r"[-*+] \[(\d{4}-\d{2}-\d{2})(?:\.md)?\]\(")
"""An entry of the older form, a list; the label may be the file's name."""


@dataclass(frozen=True, slots=True)
class Table:
    """Places of a table's header, and of its rows from the one under the delimiter to the last."""

    header: int
    rows: range


def with_cell(lines: Sequence[str], rule: TableRule, *, date: str, target: str, label: str = "") -> list[str]:
    """Return the lines with a cell for an issue, or as they were if it has one or there is no block.

    The cell says the date, or the label where that is another.
    A table's top row is filled from right to left, its blank cells being on the left; a full one gets a new
    row above it. A row begun in a later year than the header's takes the header over (see `with_row`). A list
    of past issues (the older form) gets an entry on top, spelled as the one below it.
    """
    table = find_table(lines, rule)
    if table is None:
        return _with_entry(lines, date)
    if any(f"[{date}" in lines[place] for place in table.rows):
        return list(lines)
    cell = f"[{label or date}]({target})"
    top = table.rows.start
    filled = _fill(lines[top], cell) if table.rows else None
    if filled is None:
        return with_row(lines, table, rule, cell=cell, year=date[:4])
    rest = Table(table.header, range(top + 1, table.rows.stop))
    is_new = not _DATED_LINK.search(lines[top])
    return _on_top(lines, rest, rule, row=filled, year=date[:4] if is_new else "")


def find_table(lines: Sequence[str], rule: TableRule) -> Table | None:
    """Find the first table of dated links, or the empty one that waits for its first."""
    for place in range(1, len(lines)):
        if not _DELIMITER.fullmatch(lines[place].strip()):
            continue
        end = place + 1
        while end < len(lines) and lines[end].startswith("|"):
            end += 1
        rows = range(place + 1, end)
        dated = any(_DATED_LINK.search(lines[row]) for row in rows)
        blank = not any(lines[row].replace("-", "").strip("| \t\r\n") for row in rows)
        empty = blank and len(_cells(lines[place - 1])) == rule.columns
        if dated or empty:
            return Table(place - 1, rows)
    return None


def _cells(row: str) -> list[str]:
    return row.strip().strip("|").split("|") if row.strip().startswith("|") else []


def _fill(row: str, cell: str) -> str | None:
    """Put a cell into the rightmost of the blank ones at the left of a row; None when there are none."""
    before, *cells, after = row.split("|")
    blanks = 0
    while blanks < len(cells) and cells[blanks].strip() in ("", "-"):
        blanks += 1
    if not blanks:
        return None
    cells[blanks - 1] = f" {cell} "
    return "|".join([before, *cells, after])


def with_row(lines: Sequence[str], table: Table, rule: TableRule, *, cell: str, year: str) -> list[str]:
    """Insert a row under the delimiter.

    A row of a later year than the header's takes the header over, and the old year goes down as a row that
    divides: years part at rows only.
    """
    end = _line_end(lines[table.header])
    row = f"|{(rule.empty + '|') * (rule.columns - 1)} {cell} |{HARD_BREAK}{end}"
    return _on_top(lines, table, rule, row=row, year=year)


def _on_top(lines: Sequence[str], table: Table, rule: TableRule, *, row: str, year: str) -> list[str]:
    """Put a row above the table's rows; a later year takes the header over where there is one of four digits.

    Nothing divides where no issue stands below.
    """
    header, divider, delimiter = lines[table.header], list[str](), lines[table.header + 1]
    shown = "".join(cell.strip() for cell in _cells(header))
    if rule.columns == len(year) and shown != year and (not shown or shown.isdigit()):
        below = any(_DATED_LINK.search(lines[place]) for place in table.rows)
        divider = [header] if shown and below else []
        header = f"| {' | '.join(year)} |{_line_end(header)}"
    return [*lines[: table.header], header, delimiter, row, *divider, *lines[table.rows.start :]]


def _with_entry(lines: Sequence[str], date: str) -> list[str]:
    listed = {found[1]: place for place, line in enumerate(lines) if (found := LIST_ENTRY.match(line))}
    if not listed or date in listed:
        return list(lines)
    newest, top = next(iter(listed.items()))
    return [*lines[:top], lines[top].replace(newest, date), *lines[top:]]


def _line_end(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :] or "\n"
