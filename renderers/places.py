"""Where a story goes in a document, and what goes with it when it leaves."""

from collections.abc import Sequence
from dataclasses import dataclass

from renderers.issue_parser import DocumentSection, Outline, heading_text, split_lines
from renderers.layout import Layout
from renderers.markdown import defuse
from renderers.story_style import DocumentStory
from renderers.summary_lines import blank


@dataclass(frozen=True, slots=True)
class Splice:
    """Lines to stand in place of those from `start` up to `stop`, from 0."""

    start: int
    stop: int
    lines: list[str]


def place_for(
    lines: Sequence[str],
    parts: Outline,
    layout: Layout,
    story: list[str],
    key: str,
    before: DocumentStory | None,
) -> Splice:
    """Return where a story's lines go: before another, else at the end of the section, else in a new one."""
    gap = ["\n"] * layout.gaps.story
    if before is not None:
        return _insert(before.line - 1, [*story, *gap])
    heading = _heading(key, layout)
    known = layout.section_key(heading_text(f"## {heading}"))
    section = next((one for one in parts.sections if one.key == known), None)
    if section is None:
        return _new_section(lines, parts, layout, story, heading)
    if section.stories:
        return _insert(_end(section.stories[-1]), [*gap, *story])
    return _first_in(lines, section, layout, story)


def removal_of(lines: Sequence[str], parts: Outline, layout: Layout, story: range) -> Splice:
    """Return the lines that leave with a story: its own, and the blank ones that came with it."""
    section = next(one for one in parts.sections if one.start < story.start < one.end)
    if len(section.stories) == 1:
        extra = 0 if section.end == len(lines) else _blanks_to_add(section, layout)
        return Splice(story.start, story.stop + min(extra, _blanks(lines, story.stop, section.end)), [])
    if story.start == section.stories[-1].line - 1:
        above = _blanks(lines[::-1], len(lines) - story.start, len(lines))
        return Splice(story.start - min(layout.gaps.story, above), story.stop, [])
    below = _blanks(lines, story.stop, section.end)
    return Splice(story.start, story.stop + min(layout.gaps.story, below), [])


def _insert(place: int, lines: list[str]) -> Splice:
    return Splice(place, place, lines)


def _end(story: DocumentStory) -> int:
    return story.line - 1 + len(split_lines(story.text))


def _heading(key: str, layout: Layout) -> str:
    known = layout.section(key)
    return known.heading if known else " ".join(defuse(key).split())


def _blanks(lines: Sequence[str], start: int, stop: int) -> int:
    end = start
    while end < stop and blank(lines[end]):
        end += 1
    return end - start


def _blanks_to_add(section: DocumentSection, layout: Layout) -> int:
    """Count the blank lines to put behind the first story of a section, one being before it already."""
    gap = layout.gaps.note if section.note else layout.gaps.empty
    return max(layout.gaps.filled - gap + 1, 0)


def _first_in(lines: Sequence[str], section: DocumentSection, layout: Layout, story: list[str]) -> Splice:
    """Place the first story of a section below its heading and note, such that removing it undoes it."""
    last = max(p for p in range(section.start, section.end) if p == section.start or not blank(lines[p]))
    if last + 1 == section.end:
        return _insert(section.end, story)
    below = 0 if section.end == len(lines) else _blanks_to_add(section, layout)
    return _insert(last + 2, [*story, *["\n"] * below])


def _new_section(
    lines: Sequence[str], parts: Outline, layout: Layout, story: list[str], heading: str
) -> Splice:
    place = _place_of_section(lines, parts, layout, heading)
    above = [] if place == 0 or blank(lines[place - 1]) else ["\n"] * max(layout.gaps.filled, 1)
    below = [] if place == len(lines) else ["\n"] * max(layout.gaps.filled, 1)
    return _insert(place, [*above, f"{layout.section_mark} {heading}\n", "\n", *story, *below])


def _place_of_section(lines: Sequence[str], parts: Outline, layout: Layout, heading: str) -> int:
    """Find the line before which a section goes: the next of the layout's order, else behind the last."""
    order = [section.key for section in layout.sections]
    key = layout.section_key(heading)
    later = order[order.index(key) + 1 :] if key in order else []
    following = next((section.start for section in parts.sections if section.key in later), None)
    if following is not None:
        return following
    if parts.sections:
        return parts.sections[-1].end
    return len(lines) if parts.tail is None else parts.tail
