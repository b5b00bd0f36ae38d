"""What a release does to an issue's document: final date, count, past issues, no draft mark any more."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from renderers.archive_block import LIST_ENTRY, find_table
from renderers.front_matter import value_of, with_value
from renderers.index_rows import rows_in, with_file_names, with_issue
from renderers.issue_document import IssueDocument
from renderers.issue_parser import BYTE_ORDER_MARK, DATE, line_end, split_lines
from renderers.summary_lines import RULE, blank

# A date as people write it before they know it, or in another form: 2020-05-xx, 2020/5/13, 2020年5月13日.
_LOOSE_DATE = re.compile(
    r"\d{4}\s?[-/.年]\s?(?:\d{1,2}|[xX?]{1,2})\s?[-/.月]\s?(?:\d{1,2}(?!\d)|[xX?]{1,2})\s?日?"
)
_TITLE = re.compile(rf"{BYTE_ORDER_MARK}?#(?:[ \t]|$)")
_DATED_KEYS = ("title", "date")
_DRAFT_MARKS = (("published", False), ("draft", True))


@dataclass(frozen=True, slots=True)
class ReleasedIssue:
    """An issue's document as it is to go out, and what was changed in it.

    `cells` are the dates that the block of past issues gained; `count` is the number of stories, and
    `counted` tells whether the lead named another.
    """

    document: IssueDocument
    date_before: str | None
    count: int
    counted: bool
    cells: tuple[str, ...]


def release_document(
    draft: IssueDocument, *, date: str, previous: IssueDocument | None = None
) -> ReleasedIssue:
    """Return the draft as it goes out on an ISO date; what it does not concern keeps its bytes.

    `previous` is the issue before it. Its block of past issues is the one to grow from where the draft has
    none, or an older one; the issue itself is named in a table, but not in a list: so it was always done.
    Run again on what came of it, it changes nothing.
    """
    before, previous = past_dates(draft), previous and _ended_like(previous, draft)
    dated = _with_title(_with_front_matter(draft, date), date)
    block = _with_own_date(dated, old=draft.date, date=date, previous=previous)
    block = _with_past(block, previous, date)
    counted = block.with_story_count()
    return ReleasedIssue(
        document=counted,
        date_before=draft.date,
        count=len(counted.stories),
        counted=counted.text != block.text,
        cells=tuple(cell for cell in past_dates(counted) if cell not in before),
    )


def _ended_like(previous: IssueDocument, draft: IssueDocument) -> IssueDocument:
    """Return the issue before with line ends as the draft has them, for its rows are taken over."""
    old, new = line_end(previous.text), line_end(draft.text)
    return previous if old == new else IssueDocument.of(previous.text.replace(old, new), previous.layout)


def _with_front_matter(draft: IssueDocument, date: str) -> IssueDocument:
    """Take a draft mark off, and set the date where the front matter names one."""
    text = draft.text
    for key, marked in _DRAFT_MARKS:
        if value_of(text, key) is marked:
            text = with_value(text, key, None)
    for key in _DATED_KEYS:
        value = value_of(text, key)
        if isinstance(value, str) and (found := DATE.search(value) or _LOOSE_DATE.search(value)):
            text = _with_value(text, key, value, value.replace(found.group(), date, 1))
    return IssueDocument.of(text, draft.layout)


def _with_value(text: str, key: str, old: str, new: str) -> str:
    """Set a value, in its own spelling where it stands there as it is."""
    line = re.compile(rf"^{key}:[^\n]*{re.escape(old)}", re.MULTILINE).search(text)
    if line is None:
        return with_value(text, key, new)
    return f"{text[: line.end() - len(old)]}{new}{text[line.end() :]}"


def _with_title(draft: IssueDocument, date: str) -> IssueDocument:
    """Set the date in the title; one without a date gets it at its end.

    Where the title stands in the front matter only, none is added.
    """
    lines, parts = split_lines(draft.text), draft.outline
    if parts.title is not None:
        return draft.with_date(date)
    title = next((place for place in range(parts.start, parts.body) if _TITLE.match(lines[place])), None)
    if title is None:
        return draft if value_of(draft.text, "title") else draft.with_date(date)
    line = lines[title]
    if _LOOSE_DATE.search(line):
        lines[title] = _LOOSE_DATE.sub(date, line, count=1)
    else:
        bare = line.rstrip()
        lines[title] = f"{bare} ({date}){line[len(bare) :]}"
    return IssueDocument.of("".join(lines), draft.layout)


def past_dates(document: IssueDocument) -> tuple[str, ...]:
    """Return the dates that the block of past issues names."""
    return tuple(row.date for row in rows_in(_tail(document), document.layout.archive))


def with_past_names(
    document: IssueDocument, paths: Mapping[str, str], dates: Collection[str]
) -> IssueDocument:
    """Let the past issues of these dates lead to their files; `paths` are theirs by date."""
    layout = document.layout
    tail = with_file_names(_tail(document), layout, layout.archive, paths, dates)
    return _with_tail(document, tail) if tail != _tail(document) else document


def _tail(document: IssueDocument) -> str:
    tail = document.outline.tail
    return "" if tail is None else "".join(split_lines(document.text)[tail:])


def _with_tail(document: IssueDocument, tail: str) -> IssueDocument:
    head = "".join(split_lines(document.text)[: document.outline.tail])
    return IssueDocument.of(head + tail, document.layout)


def _with_own_date(
    draft: IssueDocument, *, old: str | None, date: str, previous: IssueDocument | None
) -> IssueDocument:
    """Correct the issue's own cell where it was set under the date for which it was planned."""
    if old in (None, date) or previous is None or old in (previous.date, *past_dates(previous)):
        return draft
    if old not in past_dates(draft) or date in past_dates(draft):
        return draft
    return _with_tail(draft, _tail(draft).replace(str(old), date))


def _with_past(draft: IssueDocument, previous: IssueDocument | None, date: str) -> IssueDocument:
    """Bring the block of past issues up to date: what the previous issue's has, it itself, this issue."""
    rule = draft.layout.archive
    earlier = [previous.date] if previous is not None and previous.date and previous.date < date else []
    if previous is not None:
        draft = _with_block_of(draft, previous, date)
        earlier += [cell for cell in past_dates(previous) if cell < date]
    if draft.outline.tail is None:
        return draft
    tail = _tail(draft)
    for cell in sorted(earlier):
        tail = with_issue(tail, rule, cell)
    if find_table(split_lines(tail), rule) is not None:
        tail = with_issue(tail, rule, date)
    return _with_tail(draft, tail)


def _with_block_of(draft: IssueDocument, previous: IssueDocument, date: str) -> IssueDocument:
    """Take the previous rows over, byte for byte, where the draft's block names fewer and no others."""
    mine, theirs = set(past_dates(draft)), set(past_dates(previous))
    if not theirs - mine or mine - theirs - {previous.date, date}:
        return draft
    block = _block(previous)
    if draft.outline.tail is None:
        return _with_new_block(draft, previous, block)
    tail, span = split_lines(_tail(draft)), _block(draft)
    rows = split_lines(_tail(previous))[block.start : block.stop]
    if not span:
        gap = line_end(draft.text)
        rows = [gap, *rows, *([] if len(tail) > 1 and blank(tail[1]) else [gap])]
        span = range(1, 1)
    return _with_tail(draft, "".join([*tail[: span.start], *rows, *tail[span.stop :]]))


def _with_new_block(draft: IssueDocument, previous: IssueDocument, block: range) -> IssueDocument:
    """Put the heading and rows below the last section, above what stands under a rule."""
    lines, start = split_lines(draft.text), draft.sections[-1].end if draft.sections else draft.outline.body
    place = next((n for n in range(start, len(lines)) if RULE.fullmatch(lines[n].rstrip("\r\n"))), len(lines))
    above, end = lines[:place], line_end(draft.text)
    while above and blank(above[-1]):
        above.pop()
    if above and not above[-1].endswith("\n"):
        above[-1] += end
    gap = [end] * draft.layout.gaps.filled
    rows = split_lines(_tail(previous))[: block.stop]
    below = [end, *lines[place:]] if place < len(lines) else []
    return IssueDocument.of("".join([*above, *gap, *rows, *below]), draft.layout)


def _block(document: IssueDocument) -> range:
    """Return which lines below the heading of past issues are their table or list."""
    lines = split_lines(_tail(document))
    table = find_table(lines, document.layout.archive)
    if table is not None:
        return range(table.header, table.rows.stop)
    listed: Sequence[int] = [place for place, line in enumerate(lines) if LIST_ENTRY.match(line)]
    return range(listed[0], listed[-1] + 1) if listed else range(0)
