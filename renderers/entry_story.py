"""Stories as plain list entries: `* [title](url) - summary`, or with the summary's lines below the link.

Nothing marks the summary. Labelled lines stand right below the head as `**label:** value`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from renderers.accidental_table import without_table
from renderers.entry_head import EntryHead
from renderers.issue_page import PageStory
from renderers.labelled_lines import LABELLED, label_and_value, labelled_lines
from renderers.layout_rules import StorySetting
from renderers.open_markup import FENCE
from renderers.picture_lines import picture_lines, picture_places, pictures_at
from renderers.story_style import (
    HARD_BREAK,
    StoryFields,
    as_page_story,
    kept_lines,
    same_words,
    settled,
    words_of,
)
from renderers.summary_lines import blank, summary_lines

_HEADING = re.compile(r"#{1,6}(?:\s|$)")
_BULLET = re.compile(r" ?[-*+][ \t]")
_DASH = re.compile(r"[ \t]*(?:[-–—][ \t]+|[:：][ \t]*)(?=\S)")
_TABLE = "|"


@dataclass(frozen=True, slots=True)
class _Parts:
    """A story's lines: the head up to the summary, what stands between, the summary beside it, and below."""

    head: str
    dash: str
    beside: str
    meta: list[str]
    below: list[str]
    pictures: list[str]


class EntryStory:
    """The style of lists of links; `beside` tells whether a summary begins on the line of its link."""

    def __init__(self, *, note: str, setting: StorySetting, beside: bool) -> None:
        self._head = EntryHead(setting.mark, setting.separator)
        self._note = re.compile(rf">\s*{re.escape(note)}")
        self._dash = setting.dash
        self._indent = " " * setting.indent
        self._beside = beside

    def starts(self, line: str) -> bool:
        """Tell whether a line is a list entry at the margin."""
        return bool(self._head.mark_of(line))

    def ends(self, lines: Sequence[str], place: int) -> bool:
        """End at a note or heading, and at a blank line unless an indented one comes next."""
        if not blank(lines[place]):
            return bool(self._note.match(lines[place]) or _HEADING.match(lines[place]))
        after = next((lines[below] for below in range(place + 1, len(lines)) if not blank(lines[below])), "")
        return not after.startswith(("  ", "\t"))

    def read(self, lines: Sequence[str]) -> StoryFields:
        """Read the fields of a story from its lines."""
        parts = self._parts(lines)
        summary = [*filter(None, [parts.beside]), *map(self._outdented, parts.below)]
        return replace(
            self._head.fields(self._head.parse(parts.head)),
            meta=tuple(map(label_and_value, map(str.strip, parts.meta))),
            summary="\n".join(summary).rstrip(" \t\r\n").lstrip("\r\n"),
            pictures=pictures_at(parts.pictures, range(len(parts.pictures))),
        )

    def write(self, story: PageStory) -> list[str]:
        """Set a story: head and summary, labelled lines, the rest of the summary, pictures."""
        first, *below = self._summary(story) or [""]
        dash = self._dash if first else ""
        head, meta, pictures = self._head.write(story), self._meta(story), self._pictures(story)
        return without_table(_set(_Parts(head, dash, first, meta, below, pictures)), self._head.mark)

    def rewrite(self, lines: Sequence[str], story: PageStory) -> list[str]:
        """Set only the parts whose fields changed."""
        was, now = settled(self, as_page_story(self.read(lines))), settled(self, story)
        if was == now:
            return list(lines)
        parts = self._parts(lines)
        parts = replace(parts, head=self._head.again(parts.head, story, was, now, end=""))
        if was.meta != now.meta:
            parts = replace(parts, meta=self._meta(story))
        if not same_words(was.summary, now.summary):
            first, *below = self._summary(story) or [""]
            parts = replace(parts, dash=(parts.dash or self._dash) if first else "", beside=first)
            parts = replace(parts, below=kept_lines(parts.below, below))
        if was.pictures != now.pictures:
            parts = replace(parts, pictures=self._pictures(story))
        return without_table(_set(parts), self._head.mark_of(parts.head))

    def _parts(self, lines: Sequence[str]) -> _Parts:
        head, dash, beside = self._split(lines[0])
        meta = 1
        while meta < len(lines) and LABELLED.fullmatch(lines[meta].strip()):
            meta += 1
        pictures = picture_places(lines, range(meta, len(lines)))
        below = lines[meta : min(pictures, default=len(lines))]
        shown = [lines[place] for place in pictures]
        return _Parts(head, dash, beside, list(lines[1:meta]), list(below), shown)

    def _split(self, line: str) -> tuple[str, str, str]:
        """Part a first line into head, dash and the summary beside it."""
        extra = self._head.parse(line).extra if self._beside else ""
        start = len(line.rstrip()) - len(extra)
        found = _DASH.match(extra)
        if not found:
            return line, "", ""
        return line[:start], found[0], line[start + found.end() :]

    def _summary(self, story: PageStory) -> list[str]:
        """Return the summary's lines: the one beside the head (empty: all stand below), then the rest."""
        lines = summary_lines(
            story.summary,
            markdown=story.is_markdown("summary"),
            guard=self._guarded,
            among=words_of(story),
        )
        lines = [line for line in lines if not blank(line)]
        if not lines:
            return []
        lines[-1] = lines[-1].rstrip()
        first = [lines.pop(0).lstrip()] if self._beside and not FENCE.match(lines[0]) else [""]
        if lines and LABELLED.fullmatch(lines[0].strip()):
            lines[0] = "\\" + lines[0].lstrip()
        return [*first, *map(self._indented, lines)]

    def _guarded(self, line: str) -> str:
        starts = line.startswith(_TABLE) or _HEADING.match(line) or self._note.match(line)
        return f"\\{line}" if starts else line

    def _indented(self, line: str) -> str:
        """Move a line below its story; at the margin a list's entry would be a story of its own."""
        if len(self._indent) < 2 and _BULLET.match(line):
            return "    " + line
        return self._indent + line

    def _outdented(self, line: str) -> str:
        return line[len(self._indent) :] if line.startswith(self._indent) else line

    def _meta(self, story: PageStory) -> list[str]:
        return [self._indent + line for line in labelled_lines(story)]

    def _pictures(self, story: PageStory) -> list[str]:
        return [self._indent[:3] + line for line in picture_lines(story, end="")]


def _set(parts: _Parts) -> list[str]:
    """Put the parts together; a labelled line does not run on from the line above it."""
    first = parts.head + parts.dash + parts.beside
    broken = first.rstrip() + HARD_BREAK if parts.meta else first
    return [broken, *parts.meta, *parts.below, *parts.pictures]
