"""An issue's Markdown file as a document: read into parts, edited line by line, every other byte kept.

A document is its text and an outline over it. An edit replaces lines and reads the new text afresh, so what a
document says of itself is always what its bytes say.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from renderers import preamble
from renderers.archive_block import with_cell
from renderers.issue_page import PageStory
from renderers.issue_parser import (
    BYTE_ORDER_MARK,
    DocumentSection,
    Outline,
    line_end,
    outline,
    split_lines,
    story_style,
)
from renderers.layout import Layout
from renderers.places import Splice, place_for, removal_of
from renderers.story_style import DocumentStory

__all__ = ["DocumentSection", "DocumentStory", "IssueDocument", "StoryNotInDocumentError", "story_markdown"]


class StoryNotInDocumentError(LookupError):
    """The story to edit does not stand in this document."""

    def __init__(self, story: DocumentStory) -> None:
        super().__init__(f"The document has no story {story.title!r} at line {story.line}.")


@dataclass(frozen=True, slots=True)
class IssueDocument:
    """An issue's file, immutable.

    Every `with_…` returns a new document that keeps each byte it does not concern.
    """

    text: str
    layout: Layout
    outline: Outline = field(compare=False, repr=False)

    @classmethod
    def of(cls, text: str, layout: Layout) -> Self:
        """Read a text."""
        return cls(text, layout, outline(split_lines(text.removeprefix(BYTE_ORDER_MARK)), layout))

    @classmethod
    def parse(cls, data: bytes, layout: Layout) -> Self:
        """Read a file's bytes; never fails. Bytes that are no UTF-8 survive as surrogates."""
        return cls.of(data.decode("utf-8", "surrogateescape"), layout)

    def render(self) -> bytes:
        """Return the file's bytes: the very ones when nothing was edited."""
        return self.text.encode("utf-8", "surrogateescape")

    @property
    def date(self) -> str | None:
        """The ISO date in the title, which need not be that of the file's name."""
        return self.outline.date

    @property
    def title(self) -> str:
        """The title's Markdown: the heading that names a date, else what the front matter says."""
        return preamble.title_text(self._lines(), self.outline)

    @property
    def lead(self) -> str | None:
        """The editor's introduction without its mark; None when the document has no place for one."""
        return preamble.lead_text(self._lines(), self.outline, self.layout)

    @property
    def shorts(self) -> tuple[str, ...]:
        """The one-line news before the first section, without their marks."""
        return preamble.short_texts(self._lines(), self.outline)

    @property
    def sections(self) -> tuple[DocumentSection, ...]:
        """The sections in order, each with its stories; the block of past issues is none."""
        return self.outline.sections

    @property
    def stories(self) -> tuple[DocumentStory, ...]:
        """All stories in order."""
        return tuple(story for section in self.sections for story in section.stories)

    def with_story(self, story: PageStory, *, before: DocumentStory | None = None) -> Self:
        """Add a story at the end of its section, or before another story.

        A section that the document lacks gets a heading, in the layout's order.
        """
        written = story_style(self.layout).write(story)
        return self._inserted([line + self._line_end for line in written], story.section, before)

    def with_changes(self, old: DocumentStory, story: PageStory) -> Self:
        """Rewrite the lines of a story whose fields changed; a changed section does not move it.

        Raises StoryNotInDocumentError.
        """
        start, stop = self._place(old)
        lines = self._lines()
        bare = [line.rstrip("\r\n") for line in lines[start:stop]]
        written = story_style(self.layout).rewrite(bare, story)
        if written == bare:
            return self
        ends = [line[len(text) :] for line, text in zip(lines[start:stop], bare, strict=True)]
        known = dict(zip(bare, ends, strict=True))
        new = [line + (known.get(line) or self._line_end) for line in written]
        return self._spliced(Splice(start, stop, new))

    def with_moved(self, story: DocumentStory, *, section: str, before: DocumentStory | None = None) -> Self:
        """Move a story's lines, as they are, to the end of a section or before another story.

        Raises StoryNotInDocumentError.
        """
        start, stop = self._place(story)
        if before is not None and self._place(before) == (start, stop):
            return self
        splice = place_for(
            self._lines(), self.outline, self.layout, self._ended(start, stop), section, before
        )
        if start <= splice.start <= stop:
            return self
        moved = self._spliced(splice)
        shift = len(moved._lines()) - len(self._lines()) if splice.start <= start else 0
        again = next(found for found in moved.stories if found.line == story.line + shift)
        return moved.without(again)

    def without(self, story: DocumentStory) -> Self:
        """Remove a story; an emptied section keeps its heading. Raises StoryNotInDocumentError."""
        start, stop = self._place(story)
        return self._spliced(removal_of(self._lines(), self.outline, self.layout, range(start, stop)))

    def with_date(self, date: str) -> Self:
        """Set the ISO date in the title and in the front matter; a document without a title gets one."""
        return self._spliced(preamble.date_splice(self._lines(), self.outline, self.layout, date))

    def with_lead(self, text: str) -> Self:
        """Set the lead, a person's Markdown of one or more lines."""
        return self._spliced(preamble.lead_splice(self._lines(), self.outline, self.layout, text))

    def with_story_count(self) -> Self:
        """Set the count in the lead, if it names one, to the number of stories; shorts do not count."""
        return self._spliced(
            preamble.count_splice(self._lines(), self.outline, self.layout, len(self.stories))
        )

    def with_short(self, text: str) -> Self:
        """Add a one-line piece of news after the others."""
        return self.with_shorts((*self.shorts, text))

    def with_shorts(self, texts: Sequence[str]) -> Self:
        """Set the one-line news; a line that stays keeps its bytes."""
        return self._spliced(preamble.shorts_splice(self._lines(), self.outline, self.layout, texts))

    def with_archive_cell(self, date: str, path: str = "") -> Self:
        """Add an issue to the block of past issues, linking to `path` (default: as the layout says).

        Unchanged when the issue is there already, or the document has no such block.
        """
        if self.outline.tail is None:
            return self
        return self._celled(self.outline.tail, date, path or self.layout.archive.link.format(date=date))

    def with_index_cell(self, date: str, path: str = "") -> Self:
        """Add an issue to the repository's index page, linking to `path` (default: as the layout says)."""
        return self._celled(0, date, path or self.layout.index.link.format(date=date), index=True)

    def _celled(self, start: int, date: str, target: str, *, index: bool = False) -> Self:
        lines = self._lines()
        rule = self.layout.index if index else self.layout.archive
        grown = with_cell(lines[start:], rule, date=date, target=target)
        return self._of_lines("".join([*lines[:start], *grown]))

    def _lines(self) -> list[str]:
        return split_lines(self.text.removeprefix(BYTE_ORDER_MARK))

    def _of_lines(self, text: str) -> Self:
        """Read another text; a byte order mark stays in front."""
        mark = BYTE_ORDER_MARK if self.text.startswith(BYTE_ORDER_MARK) else ""
        return self.of(mark + text, self.layout)

    @property
    def _line_end(self) -> str:
        return line_end(self.text)

    def _place(self, story: DocumentStory) -> tuple[int, int]:
        """Find a story's lines: where it says, else the only story of that text."""
        same = [found for found in self.stories if found.text == story.text]
        found = next((one for one in same if one.line == story.line), same[0] if len(same) == 1 else None)
        if found is None:
            raise StoryNotInDocumentError(story)
        return found.line - 1, found.line - 1 + len(split_lines(found.text))

    def _ended(self, start: int, stop: int) -> list[str]:
        return [line if line.endswith("\n") else line + self._line_end for line in self._lines()[start:stop]]

    def _inserted(self, lines: list[str], section: str, before: DocumentStory | None) -> Self:
        if before is not None:
            self._place(before)
        return self._spliced(place_for(self._lines(), self.outline, self.layout, lines, section, before))

    def _spliced(self, splice: Splice) -> Self:
        """Replace lines; new ones end as the file's own do. A file whose last line has no end keeps it so."""
        lines = self._lines()
        known = {*lines}
        put = [line if line in known else _ended_by(self._line_end, line) for line in splice.lines]
        if lines[splice.start : splice.stop] == put:
            return self
        new = [*lines[: splice.start], *put, *lines[splice.stop :]]
        open_ended = bool(lines) and not lines[-1].endswith("\n")
        return self._of_lines(_joined(new, self._line_end, open_ended=open_ended))


def _ended_by(end: str, line: str) -> str:
    text = line.removesuffix("\n").removesuffix("\r")
    return text + end if line.endswith("\n") else line


def _joined(lines: list[str], end: str, *, open_ended: bool) -> str:
    """Join lines, giving an end to each but the last, which has one unless the file was open-ended."""
    if not lines:
        return ""
    ended = [line if line.endswith("\n") else line + end for line in lines]
    if open_ended:
        ended[-1] = ended[-1].removesuffix("\n").removesuffix("\r" if end == "\r\n" else "")
    return "".join(ended)


def story_markdown(story: PageStory, layout: Layout) -> str:
    """Set a story by the layout's canonical profile, each line ending with LF."""
    return "".join(f"{line}\n" for line in story_style(layout).write(story))
