"""How an issue begins, and how a newsletter's repository does."""

import datetime
from collections.abc import Mapping

from renderers.issue_document import IssueDocument
from renderers.issue_parser import split_lines
from renderers.layout import INDEX_TEMPLATE, ISSUE_TEMPLATE, Layout


def begin_issue(
    layout: Layout,
    *,
    date: datetime.date,
    previous: bytes | None = None,
    previous_date: datetime.date | None = None,
) -> IssueDocument:
    """Begin a draft from the layout's template: sections without stories, a place for the lead.

    The block of past issues and all below it is taken over, byte for byte, from the previous issue's file
    when that has one, and gets a cell for the previous issue; the issue's own cell comes at the end.
    """
    text = layout.render(ISSUE_TEMPLATE, issue=layout.new_issue(date.isoformat()))
    begun = IssueDocument.of(text, layout)
    if previous is not None:
        begun = _with_tail_of(begun, IssueDocument.parse(previous, layout))
    return begun.with_archive_cell(previous_date.isoformat()) if previous_date else begun


def skeleton(layout: Layout) -> Mapping[str, bytes]:
    """Return the files, by path, with which a fresh newsletter repository begins: its index page."""
    return {layout.index_file: layout.render(INDEX_TEMPLATE).encode()}


def _with_tail_of(begun: IssueDocument, previous: IssueDocument) -> IssueDocument:
    """Swap the block of past issues for that of another document, if it has one."""
    if previous.outline.tail is None or begun.outline.tail is None:
        return begun
    head = split_lines(begun.text)[: begun.outline.tail]
    tail = split_lines(previous.text)[previous.outline.tail :]
    return IssueDocument.of("".join([*head, *tail]), begun.layout)
