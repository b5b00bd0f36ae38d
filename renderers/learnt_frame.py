"""The lines above and below the sections that the newest issues share."""

from collections.abc import Sequence

from renderers.issue_document import IssueDocument
from renderers.issue_parser import split_lines
from renderers.learnt_files import LEAD
from renderers.learnt_past import PastBlock
from renderers.learnt_top import NEWEST
from renderers.past_files import shared_by_most
from renderers.summary_lines import blank


def top_lines(documents: Sequence[IssueDocument], has_lead: bool) -> list[str]:
    """Return the lines above the sections that the newest issues share, and the place of the lead."""
    newest = documents[-NEWEST:]
    shown = [_above_sections(document) for document in newest]
    common = shared_by_most(shown) if len(shown) > 1 else frozenset()
    lines = [line for line in shown[-1] if line in common or line == LEAD or not line]
    if has_lead and LEAD not in lines:
        lines += ["", LEAD]
    return _single_blanks(lines)


def _above_sections(document: IssueDocument) -> list[str]:
    """Return the lines above the sections, {date} for the date; the lead is one, and shorts are none."""
    parts, lines = document.outline, []
    own = {parts.title, *parts.shorts, _line_above_shorts(document)}
    for place in range(parts.start, parts.body):
        if place in parts.lead:
            lines += [LEAD] if place == parts.lead.start else []
        elif place not in own:
            text = split_lines(document.text)[place].rstrip("\r\n")
            lines.append(text.replace(document.date, "{date}") if document.date else text)
    return lines


def _line_above_shorts(document: IssueDocument) -> int | None:
    """Return the place of the words above the one-line news, which come and go with it."""
    parts, bare = document.outline, document.text.split("\n")
    above = [place for place in range(parts.start, min(parts.shorts, default=0)) if not blank(bare[place])]
    return above[-1] if above and bare[above[-1]].rstrip().endswith(("：", ":")) else None


def _single_blanks(lines: Sequence[str]) -> list[str]:
    kept: list[str] = []
    for line in lines:
        if not blank(line) or (kept and not blank(kept[-1])):
            kept.append(line)
    return kept[:-1] if kept and blank(kept[-1]) else kept


def block_lines(documents: Sequence[IssueDocument], block: PastBlock) -> tuple[str, ...]:
    """Return the heading of the block of past issues as it stands, and an empty table where it is one."""
    tails = [read for read in documents if read.outline.tail is not None]
    tail = tails[-1].outline.tail if tails else None
    heading = split_lines(tails[-1].text)[tail].rstrip() if tail is not None else f"## {block.heading}"
    if block.kind == "list":
        return (heading, "")
    return (heading, "", "|" + "  |" * block.columns, "|" + ":---:|" * block.columns)


def foot(documents: Sequence[IssueDocument]) -> tuple[str, ...]:
    """Return the lines below the last section that the newest issues share."""
    ends = [
        split_lines(read.text)[read.sections[-1].end :] if read.sections else []
        for read in documents[-NEWEST:]
    ]
    shown = [[line.rstrip("\r\n") for line in end] for end in ends]
    common = shared_by_most(shown) if len(shown) > 1 else frozenset()
    lines = _single_blanks([line for line in shown[-1] if line in common or not line]) if shown else []
    return tuple(lines)
