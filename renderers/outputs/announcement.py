"""What an announcement in a chat says of an issue: title, date, lead, shorts, each section's titles."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from renderers.issue_view import IssueView, SectionView, StoryView
from renderers.markdown import clean
from renderers.outputs.seen import seen_blocks, seen_line, seen_spans
from renderers.prose import Span
from renderers.shortening import shorten

TITLE, HEADING, STORY_TITLE, SOURCE = 200, 100, 300, 80
"""UTF-16 units that a part of an announcement has at most; longer ones are cut with "…"."""


@dataclass(frozen=True, slots=True)
class AnnouncedSection:
    """A section: its heading as text, a line of spans for each story."""

    heading: str
    lines: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, slots=True)
class Announcement:
    """An issue in short: title and date are text, lead and shorts lines of spans.

    `address` is where the whole issue is read, http or https, or empty.
    """

    title: str
    date: str
    address: str
    opening: tuple[tuple[Span, ...], ...]
    sections: tuple[AnnouncedSection, ...]


def announcement_of(issue: IssueView) -> Announcement:
    """Return what is said of an issue. The date is left out where the title holds it."""
    title = shorten(clean(issue.title) or seen_line(issue.masthead.name) or issue.date or "—", TITLE)
    return Announcement(
        title=title,
        date="" if issue.date in title else issue.date,
        address=issue.masthead.address,
        opening=tuple(_opening(issue)),
        sections=tuple(map(_section, issue.sections)),
    )


def _opening(issue: IssueView) -> Iterator[tuple[Span, ...]]:
    for block in seen_blocks(issue.lead):
        if block.spans:
            mark = (Span(f"{block.mark} "),) if block.mark else ()
            yield from _lines((*mark, *block.spans))
    for short in issue.shorts:
        if spans := seen_spans(short):
            yield from _lines((Span("• "), *spans))


def _lines(spans: tuple[Span, ...]) -> Iterator[tuple[Span, ...]]:
    """Give each line of a block by itself."""
    line: list[Span] = []
    for span in spans:
        first, *rest = span.text.split("\n")
        line.append(replace(span, text=first))
        for text in rest:
            yield tuple(line)
            line = [replace(span, text=text)]
    yield tuple(line)


def _section(section: SectionView) -> AnnouncedSection:
    heading = shorten(seen_line(section.heading), HEADING)
    return AnnouncedSection(heading, tuple(map(_story, section.stories)))


def _story(story: StoryView) -> tuple[Span, ...]:
    """Return a story's line: tags, the linked title, the source."""
    tags = "".join(f"[{tag}] " for tag in map(seen_line, story.tags) if tag)
    source = shorten(seen_line(story.source), SOURCE)
    title = shorten(seen_line(story.title), STORY_TITLE) or source or story.url or "—"
    end = f" · {source}" if source and source != title else ""
    return (Span(f"• {shorten(tags, SOURCE)}"), Span(title, url=story.url), Span(end))
