"""Where the parts of an issue are: line numbers over a text that is never changed."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from renderers.entry_story import EntryStory
from renderers.head_matter import head_matter_end, places_of_keys
from renderers.headed_story import HeadedStory
from renderers.hidden_lines import hidden_blocks
from renderers.layout import Labels, Layout, StorySetting
from renderers.listed_story import ListedStory
from renderers.story_head import links_in
from renderers.story_style import DocumentStory, StoryFields, StoryStyle
from renderers.summary_lines import RULE, blank

_HEADING = re.compile(r"(#{1,6})(?:[ \t]|$)")
BYTE_ORDER_MARK = "\ufeff"  # some editors begin a file with it; it belongs to no line
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
SHORT = re.compile(r"[-*+][ \t]+|– ")
_LINKED_HEADING = re.compile(r"\[(.*)\]\([^()]*\)")
_HEADING_END = re.compile(r"[ \t]+#+$")


@dataclass(frozen=True, slots=True)
class DocumentSection:
    """A section as it stands in a document, from the line `start` (its heading) up to `end`, from 0."""

    key: str
    heading: str
    stories: tuple[DocumentStory, ...]
    note: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Outline:
    """The parts of an issue by line, from 0; a part that is not there is None or empty.

    `title` is a heading, `keys` the front matter's lines of title and date; `dated` those of all these that
    name a date.
    """

    title: int | None
    keys: Mapping[str, int]
    dated: tuple[int, ...]
    date: str | None
    lead: range
    shorts: tuple[int, ...]
    start: int
    body: int
    sections: tuple[DocumentSection, ...]
    tail: int | None


def story_style(layout: Layout) -> StoryStyle:
    """Return the way in which a layout sets its stories."""
    return _style(layout.style, layout.labels, layout.story)


@lru_cache(maxsize=64)
def _style(name: str, labels: Labels, setting: StorySetting) -> StoryStyle:
    if name == "headed":
        return HeadedStory(setting.mark)
    if name == "listed" and labels.summary:
        return ListedStory(summary=labels.summary, note=labels.note, setting=setting)
    return EntryStory(note=labels.note, setting=setting, beside=name == "beside")


@lru_cache(maxsize=4096)
def _read(
    style: str, labels: Labels, setting: StorySetting, lines: tuple[str, ...]
) -> tuple[StoryFields, tuple[str, ...]]:
    """Read a story's fields and links; remembered, as an edit leaves nearly all stories as they were."""
    fields = _style(style, labels, setting).read(lines)
    return fields, tuple(dict.fromkeys([*filter(None, [fields.url]), *links_in("\n".join(lines))]))


def split_lines(text: str) -> list[str]:
    """Cut a text at LF only, keeping the line ends: other marks are part of somebody's line."""
    *lines, last = text.split("\n")
    return [line + "\n" for line in lines] + ([last] if last else [])


def line_end(text: str) -> str:
    """Return how a text's lines end, going by its first: LF or CR LF."""
    return "\r\n" if text.partition("\n")[0].endswith("\r") else "\n"


def outline(lines: Sequence[str], layout: Layout) -> Outline:
    """Find the parts of an issue. Never fails: what is not understood belongs to no part."""
    bare = [line.rstrip("\r\n") for line in lines]
    start = head_matter_end(bare)
    mark = layout.section_mark
    hidden = tuple(hidden_blocks(bare, start))
    shown = sorted({*range(start, len(bare))}.difference(*hidden))
    headings = [p for p in shown if _is_heading(bare[p], mark) or _archive_heading(bare[p], layout)]
    body = next((place for place in headings if bare[place].startswith(mark)), len(bare))
    title = next((place for place in headings if place < body and DATE.search(bare[place])), None)
    tail = next((place for place in headings if _archive_heading(bare[place], layout)), None)
    keys = places_of_keys(bare, start)
    dated = [place for place in (title, keys.get("title"), keys.get("date")) if place is not None]
    dated = [place for place in dated if DATE.search(bare[place])]
    lead = _lead(bare, range(start, body), layout)
    return Outline(
        title=title,
        keys=keys,
        dated=tuple(dated),
        date=next((found.group() for place in dated if (found := DATE.search(bare[place]))), None),
        lead=lead,
        shorts=_shorts(bare, range(max(lead.stop, (title or start) + 1), body)),
        start=start,
        body=body,
        sections=tuple(_sections(_Page(bare, lines, hidden), [p for p in headings if p >= body], layout)),
        tail=tail,
    )


def _is_heading(line: str, mark: str) -> bool:
    """Tell whether a line is a heading that ends a section: one of the sections' level or above."""
    found = _HEADING.match(line)
    return found is not None and len(found[1]) <= len(mark)


def heading_text(line: str) -> str:
    """Return what a heading says, without its mark and without a link around it."""
    text = _HEADING_END.sub("", line.lstrip("#").strip(" \t"))
    linked = _LINKED_HEADING.fullmatch(text)
    return linked[1] if linked else text


def _archive_heading(line: str, layout: Layout) -> bool:
    """Tell whether a line is the heading of past issues, of whatever level."""
    named = bool(layout.archive.heading) and heading_text(line) == layout.archive.heading
    return named and bool(_HEADING.match(line))


def _lead(bare: Sequence[str], places: range, layout: Layout) -> range:
    """Find the lead: from its label to the next blank line or list, less the words above that list."""
    label = re.escape(layout.labels.lead.rstrip("：: "))
    first = re.compile(rf">\s*{label}[：:]" if label else r">")
    start = next((place for place in places if first.match(bare[place])), None)
    if start is None:
        return range(places.start, places.start)
    stop = start + 1
    while stop < places.stop and not blank(bare[stop]) and not SHORT.match(bare[stop]):
        stop += 1
    listed = stop < places.stop and SHORT.match(bare[stop])
    if listed and stop - start > 1 and bare[stop - 1].rstrip().endswith(("：", ":")):
        stop -= 1
    return range(start, stop)


def _shorts(bare: Sequence[str], places: range) -> tuple[int, ...]:
    """Find the shorts: the first list before the sections; a line without a mark within it is one too."""
    first = next((place for place in places if SHORT.match(bare[place])), places.stop)
    last = first
    while last < places.stop and not blank(bare[last]) and not bare[last].startswith(">"):
        last += 1
    return tuple(range(first, last))


@dataclass(frozen=True, slots=True)
class _Page:
    """An issue's lines with and without their ends, and which of them are code or comments."""

    bare: Sequence[str]
    lines: Sequence[str]
    hidden: Sequence[range]

    def shown(self, places: range) -> list[int]:
        """Return the places that are no code and no comment."""
        near = (block for block in self.hidden if block.start < places.stop and places.start < block.stop)
        return sorted({*places}.difference(*near))


def _sections(page: _Page, headings: Sequence[int], layout: Layout) -> Iterable[DocumentSection]:
    """Yield the sections; a heading of a higher level is one if stories stand right below it.

    A section ends at the first rule that no story of it follows.
    """
    for start, stop in zip(headings, [*headings[1:], len(page.bare)], strict=False):
        if _archive_heading(page.bare[start], layout):
            continue
        heading = heading_text(page.bare[start])
        key = layout.section_key(heading)
        rules = [place for place in page.shown(range(start + 1, stop)) if RULE.fullmatch(page.bare[place])]
        found = tuple(_stories(page, range(start + 1, stop), rules, layout, key))
        last = max((one.line for one in found if _is_sure(one, last=stop == len(page.bare))), default=0)
        end = next((place for place in rules if place >= last), stop)
        stories = tuple(story for story in found if story.line <= end)
        if stories or page.bare[start].startswith(layout.section_mark):
            note = _note(page.bare, range(start + 1, end), layout)
            yield DocumentSection(key, heading, stories, note, start, end)


def _is_sure(story: DocumentStory, *, last: bool) -> bool:
    """Tell a story from an entry of the small print, which stands below a rule of the last section."""
    return story.fields.linked and (not last or bool(story.summary))


def _note(bare: Sequence[str], places: range, layout: Layout) -> str:
    first = next((bare[place] for place in places if not blank(bare[place])), "")
    text = first.removeprefix(">").strip()
    return text if first.startswith(">") and text.startswith(layout.labels.note) else ""


def _stories(
    page: _Page, places: range, rules: Sequence[int], layout: Layout, key: str
) -> Iterable[DocumentStory]:
    """Yield the stories of a section, each up to the next; rules and hidden stories end one as well."""
    style, bare = story_style(layout), page.bare
    starts = [place for place in page.shown(places) if style.starts(bare[place])]
    ends = {block.start for block in page.hidden if any(style.starts(bare[place]) for place in block)}
    ends.update(rules)
    for start, limit in zip(starts, [*starts[1:], places.stop], strict=False):
        stop = next((p for p in range(start + 1, limit) if p in ends or style.ends(bare, p)), limit)
        while blank(bare[stop - 1]):
            stop -= 1
        fields, links = _read(layout.style, layout.labels, layout.story, tuple(bare[start:stop]))
        yield DocumentStory(key, fields, "".join(page.lines[start:stop]), start + 1, links)
