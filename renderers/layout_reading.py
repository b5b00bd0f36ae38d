"""How much of past issues a layout's reading explains, found by reading them as the desk would."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from renderers.issue_document import IssueDocument
from renderers.issue_parser import split_lines
from renderers.layout import ISSUE_TEMPLATE, Layout
from renderers.past_files import PastIssue
from renderers.summary_lines import blank

# A line that begins with a link is a story's, whatever its mark: entry, number, heading, bold, table row.
# Without a mark it is one if nothing or a dash follows: `[Thanks](…) to all` is a sentence.
_LINK = r"(?:\*\*|__)?(?:\[[^\]()]*\]\s*)?\[[^\]]+\]\(https?://"
_BEGINS_WITH_LINK = re.compile(
    rf"\s{{0,3}}(?:(?:[-*+]|\d{{1,3}}[.)]|#{{1,6}}|\|)\s+{_LINK}|{_LINK}[^)]*\)(?:\*\*|__)?\s*(?:$|[-–—:：|]))"
)
_RULE = re.compile(r"\s*(?:[-*_]\s*){3,}")
_SHOWN = 60  # characters of a line that a complaint repeats


@dataclass(frozen=True, slots=True)
class IssueReading:
    """What one issue says under a layout; `complete` stories have title, link and summary.

    `explained` of its `lines` (blank ones left out) belong to a part that the layout knows. `why` says what
    is not understood; empty where every story was found.
    """

    path: str
    stories: int
    complete: int
    lines: int
    explained: int
    why: str


@dataclass(frozen=True, slots=True)
class LayoutReading:
    """What all past issues say under a layout."""

    issues: tuple[IssueReading, ...]

    @property
    def found(self) -> int:
        """Count the issues whose every story was found."""
        return sum(not issue.why for issue in self.issues)

    @property
    def stories(self) -> int:
        """Count the stories."""
        return sum(issue.stories for issue in self.issues)

    @property
    def complete(self) -> int:
        """Count the stories with title, link and summary."""
        return sum(issue.complete for issue in self.issues)

    @property
    def lines_share(self) -> float:
        """Return the share, from 0 to 1, of lines that belong to a known part."""
        lines = sum(issue.lines for issue in self.issues)
        return sum(issue.explained for issue in self.issues) / lines if lines else 0.0


def read_past(layout: Layout, issues: Sequence[PastIssue]) -> LayoutReading:
    """Read past issues by a layout."""
    always = _lines_of_template(layout)
    return LayoutReading(tuple(_reading(layout, issue, always) for issue in issues))


def _lines_of_template(layout: Layout) -> frozenset[str]:
    begun = layout.render(ISSUE_TEMPLATE, issue=layout.new_issue("2031-01-02"))
    return frozenset(line.strip() for line in begun.split("\n") if line.strip())


def _reading(layout: Layout, issue: PastIssue, always: frozenset[str]) -> IssueReading:
    document = IssueDocument.of("".join(issue.lines), layout)
    known = set(_known_places(document))
    said = [place for place, line in enumerate(issue.bare) if not blank(line)]
    explained = {p for p in said if p in known or issue.bare[p].strip() in always}
    missed = [p for p in said if p not in explained and _BEGINS_WITH_LINK.match(issue.bare[p])]
    return IssueReading(
        path=issue.path,
        stories=len(document.stories),
        complete=sum(_is_complete(document, place) for place in range(len(document.stories))),
        lines=len(said),
        explained=len(explained),
        why=_why(document, issue, missed),
    )


def _is_complete(document: IssueDocument, place: int) -> bool:
    story = document.stories[place]
    return bool(story.title and story.summary and story.url.startswith(("http://", "https://")))


def _why(document: IssueDocument, issue: PastIssue, missed: Sequence[int]) -> str:
    if missed:
        line = issue.bare[missed[0]].strip()[:_SHOWN]
        more = f" and {len(missed) - 1} more lines" if len(missed) > 1 else ""
        return f"line {missed[0] + 1}{more} begin with a link that belongs to no story: {line}"
    if not document.stories:
        return "no story was found"
    return ""


def _known_places(document: IssueDocument) -> Iterator[int]:
    """Yield the lines, from 0, that belong to a part: title, lead, shorts, sections, stories, foot."""
    parts, bare = document.outline, document.text.split("\n")
    yield from range(parts.start)
    if parts.title is not None:
        yield parts.title
    yield from parts.lead
    yield from parts.shorts
    if parts.shorts:
        above = [place for place in range(parts.start, parts.shorts[0]) if not blank(bare[place])]
        yield from above[-1:]
    for section in document.sections:
        yield from _places_of_section(bare, section.start, section.end, section.note)
    for story in document.stories:
        yield from range(story.line - 1, story.line - 1 + len(split_lines(story.text)))
    yield from range(parts.tail if parts.tail is not None else _foot(document, bare), len(bare))


def _places_of_section(bare: Sequence[str], start: int, stop: int, note: str) -> Iterator[int]:
    yield start
    if note:
        yield next(place for place in range(start + 1, stop) if bare[place].startswith(">"))


def _foot(document: IssueDocument, bare: Sequence[str]) -> int:
    """Return where an issue's foot begins: at the rule below the last section; its end without one."""
    end = document.sections[-1].end if document.sections else len(bare)
    return end if end < len(bare) and _RULE.fullmatch(bare[end]) else len(bare)
