"""The index page's rows of past issues: which issues they name, which are missing, which lead nowhere.

The rule is measured on the newsletter's own README: newest first, four to a row, the top row filled from
right to left, its blank cells in front; rows that stand keep their bytes.
"""

import posixpath
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from renderers.archive_block import LIST_ENTRY, Table, find_table, with_cell, with_row
from renderers.issue_parser import DATE, split_lines
from renderers.layout import Layout, TableRule

_CELL = re.compile(r"\[([^\[\]]*)\]\(([^()\s]*)\)")


@dataclass(frozen=True, slots=True)
class IndexRow:
    """What an index says of one issue: its ISO date, the link's label and target, the line, from 1."""

    date: str
    label: str
    target: str
    line: int


def rows_in(text: str, rule: TableRule) -> tuple[IndexRow, ...]:
    """Return what the first table, or else list, of past issues names, in reading order."""
    lines = split_lines(text)
    table = find_table(lines, rule)
    places: Iterable[int] = range(len(lines)) if table is None else table.rows
    found = []
    for place in places:
        if table is None and not LIST_ENTRY.match(lines[place]):
            continue
        for label, target in _CELL.findall(lines[place]):
            dated = DATE.search(label) or DATE.search(target)
            if dated:
                found.append(IndexRow(dated.group(), label, target, place + 1))
    return tuple(found)


def with_index_rows(
    text: str, layout: Layout, dates: Iterable[str], paths: Mapping[str, str] | None = None
) -> str:
    """Return the index page with a row for each issue that it lacks, in order, spelled as its newest one.

    `paths` are the files of issues by date, for words in their names. A page without a table or list of past
    issues comes back as it is.
    """
    known = {row.date for row in rows_in(text, layout.index)}
    for date in sorted(set(dates)):
        text = with_issue(text, layout.index, date)
    return with_file_names(text, layout, layout.index, paths or {}, set(paths or {}) - known)


def with_issue(text: str, rule: TableRule, date: str) -> str:
    """Return a text with one issue in its first table or list of past issues, unless it is there."""
    rows = rows_in(text, rule)
    listed = any(date in (row.date, *DATE.findall(row.target)) for row in rows)
    return text if listed else _with_issue(text, rule, rows, date)


def dead_rows(text: str, layout: Layout, files: Collection[str]) -> tuple[IndexRow, ...]:
    """Return the rows whose file is none of `files`, which are paths in the repository.

    A link that leads elsewhere than into the layout's folder is nobody's to judge.
    """
    by_day = {layout.date_in(path): path for path in sorted(files)}
    rows = rows_in(text, layout.index)
    paths = [(row, _path_of(row, layout, by_day)) for row in rows]
    return tuple(row for row, path in paths if path is not None and path not in files)


def with_file_names(
    text: str, layout: Layout, rule: TableRule, paths: Mapping[str, str], dates: Collection[str]
) -> str:
    """Return the text with the rows of these dates leading to the issues' files; `paths` are theirs by date.

    A new row is spelled as the one beside it, or by the layout: other words behind the date are put right.
    """
    lines = split_lines(text)
    for row in rows_in(text, rule):
        own = _dated_name(paths.get(row.date, ""), row.date)
        if own is None or row.date not in dates:
            continue
        known = re.search(rf"[^/?#]*{row.date}[^/?#]*?(?=\.md$|\.html$|[/?#]|$)", row.target)
        if known is not None:
            target = f"{row.target[: known.start()]}{own}{row.target[known.end() :]}"
            lines[row.line - 1] = lines[row.line - 1].replace(f"]({row.target})", f"]({target})", 1)
    return "".join(lines)


def _dated_name(path: str, date: str) -> str | None:
    """Return that name in a path which holds the date, without the ending of a file."""
    name = next((one for one in path.split("/") if date in one), None)
    return name and re.sub(r"\.(?:md|markdown)$", "", name)


def _path_of(row: IndexRow, layout: Layout, by_day: Mapping[str | None, str]) -> str | None:
    """Return the file that a row leads to: by a path, by an address on a forge, or by a page of the site."""
    target = re.split(r"[?#]", row.target)[0]
    inside = f"{layout.folder.strip('/')}/" if layout.folder.strip("/") else ""
    if "://" in target or target.startswith("/"):
        _, found, rest = target.partition(f"/{inside}") if inside else ("", "", "")
        path = f"{inside}{rest}" if found else ""
    else:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(layout.index_file), target))
    if not path.startswith(inside) or not path:
        return None
    return path if path.endswith(".md") else by_day.get(row.date, layout.path(row.date))


def _with_issue(text: str, rule: TableRule, rows: Sequence[IndexRow], date: str) -> str:
    lines = split_lines(text)
    newest = rows[0] if rows else None
    target, label = rule.link.format(date=date), date
    if newest is not None:
        target = newest.target.replace(newest.date, date) if newest.date in newest.target else target
        label = newest.label.replace(newest.date, date) if newest.date in newest.label else date
    table = find_table(lines, rule)
    if table is None:
        return "".join(_with_entry(lines, rows, date))
    if newest is None or date > newest.date:
        return "".join(with_cell(lines, rule, date=date, target=target, label=label))
    return "".join(_with_older(lines, table, rule, f" [{label}]({target}) ", date))


def _with_entry(lines: list[str], rows: Sequence[IndexRow], date: str) -> list[str]:
    """Add an entry to a list: above the first older one, else below the last."""
    if not rows:
        return lines
    older = next((row for row in rows if row.date < date), None)
    model = older or rows[-1]
    entry = lines[model.line - 1].replace(model.date, date)
    if older is not None:
        return [*lines[: older.line - 1], entry, *lines[older.line - 1 :]]
    above = [line if line.endswith("\n") else f"{line}\n" for line in lines[: model.line]]
    return [*above, entry, *lines[model.line :]]


def _with_older(lines: list[str], table: Table, rule: TableRule, cell: str, date: str) -> list[str]:
    """Insert a cell where its date belongs: what is newer moves on by one, up to the first blank cell.

    The rows below keep their bytes; where there is no blank cell, a new row comes on top.
    """
    new = list(lines)
    rows = [place for place in table.rows if _is_row(lines[place])]
    place, column = _place_below(lines, rows, date)
    if place is None:
        return _with_oldest(new, rows[-1], rule, cell)
    for row in reversed(rows[: rows.index(place) + 1]):
        before, *cells, after = new[row].split("|")
        cells.insert(len(cells) if column is None else column, cell)
        spare = _spare(cells, len(cells) - 1 if column is None else column)
        cell = cells.pop(0 if spare is None else spare)
        new[row] = "|".join([before, *cells, after])
        if spare is not None:
            return new
        column = None
    year = (DATE.search(cell) or [date])[0][:4]
    return with_row(new, table, rule, cell=cell.strip(), year=year)


def _is_row(line: str) -> bool:
    """Tell a row of issues, or a blank one, from one that names a year."""
    return bool(_CELL.search(line)) or not line.replace("-", "").strip("| \t\r\n")


def _place_below(lines: Sequence[str], rows: Sequence[int], date: str) -> tuple[int | None, int | None]:
    """Find the row and column of the first cell that is older than a date."""
    for row in rows:
        for column, cell in enumerate(lines[row].split("|")[1:-1]):
            dated = DATE.search(cell)
            if dated and dated.group() < date:
                return row, column
    return None, None


def _spare(cells: Sequence[str], column: int) -> int | None:
    """Find the blank cell nearest to a column, first to its left."""
    blank = [place for place, cell in enumerate(cells) if cell.strip() in ("", "-")]
    left = [place for place in blank if place < column]
    return left[-1] if left else next((place for place in blank if place > column), None)


def _with_oldest(lines: list[str], last: int, rule: TableRule, cell: str) -> list[str]:
    """Add the oldest of all: into a blank cell at the right of the last row, else in a row below it."""
    before, *cells, after = lines[last].split("|")
    filled = [place for place, one in enumerate(cells) if _CELL.search(one)]
    blank = [place for place, one in enumerate(cells) if place > max(filled, default=-1)]
    if blank and filled:
        cells[blank[0]] = cell
        return [*lines[:last], "|".join([before, *cells, after]), *lines[last + 1 :]]
    row = f"|{cell}|{' |' * (rule.columns - 1)}{after.strip(' ') or chr(10)}"
    if not lines[last].endswith("\n"):
        lines[last] += "\n"
    return [*lines[: last + 1], row, *lines[last + 1 :]]
