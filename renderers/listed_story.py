"""Stories as list entries: `- [title | source](url)`, labelled lines, then a marked summary."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from renderers.accidental_table import without_table
from renderers.entry_head import EntryHead
from renderers.issue_page import PageStory
from renderers.layout_rules import StorySetting
from renderers.markdown import defuse, link_target
from renderers.open_markup import FENCE
from renderers.picture_lines import picture_lines, picture_places, pictures_at
from renderers.story_style import (
    HARD_BREAK,
    StoryFields,
    as_page_story,
    inert,
    kept_lines,
    same_words,
    settled,
    words_of,
)
from renderers.summary_lines import blank, indented_bullets, summary_lines

_META = re.compile(
    r" {0,3}([^\s：:，。；！？\[\]][^：:，。；！？\[\]]{0,11})(?:：\s*(?=\S)|:\s*(?=https?://))(.+)"
)
_STARTS_SOMETHING = re.compile(r"#{1,2}(?:\s|$)|\|")
_HTML = re.compile(r"<[/!?A-Za-z]")
_NOT_IN_LABEL = re.compile(r"[：:，。；！？\[\]]+")
_LABEL_LIMIT = 12  # characters; 项目地址 and 在线演示 are labels, a sentence that ends in a colon is none


@dataclass(frozen=True, slots=True)
class _Body:
    """Which lines, by index, are labelled ones, the summary, pictures; `marker` is how long the mark is."""

    meta: dict[int, tuple[str, str]]
    summary: tuple[int, ...]
    pictures: tuple[int, ...]
    marked: int | None
    marker: int


class ListedStory:
    """The style of 嵌入式AI简报; `summary` is the marker with its colon, `note` a note's first word."""

    def __init__(self, *, summary: str, note: str, setting: StorySetting) -> None:
        self._head = EntryHead(setting.mark, setting.separator)
        self._marker = summary
        self._marked = re.compile(rf" {{0,3}}{re.escape(summary.rstrip('：: '))}(?:[：:]\s*|\s+|$)")
        self._note = re.compile(rf">\s*{re.escape(note)}")

    def starts(self, line: str) -> bool:
        """Tell whether a line is a list entry at the margin."""
        return bool(self._head.mark_of(line))

    def ends(self, lines: Sequence[str], place: int) -> bool:
        """End at a note, and at a blank line unless an indented one or the summary's marker comes next."""
        if not blank(lines[place]):
            return bool(self._note.match(lines[place]))
        after = next((lines[below] for below in range(place + 1, len(lines)) if not blank(lines[below])), "")
        return not (after.startswith(("  ", "\t")) or self._marked.match(after))

    def read(self, lines: Sequence[str]) -> StoryFields:
        """Read the fields of a story from its lines."""
        body = self._body(lines)
        return replace(
            self._head.fields(self._head.parse(lines[0])),
            meta=tuple(body.meta.values()),
            summary=_summary(lines, body),
            pictures=pictures_at(lines, body.pictures),
        )

    def write(self, story: PageStory) -> list[str]:
        """Set a story: head, labelled lines and summary, with hard breaks where nobody said else."""
        pictures = picture_lines(story, end=HARD_BREAK)
        head = self._head.write(story) + HARD_BREAK
        written = [head, *_meta_lines(story), *self._summary_lines(story), *pictures]
        return without_table(written, self._head.mark)

    def rewrite(self, lines: Sequence[str], story: PageStory) -> list[str]:
        """Set only the lines whose fields changed."""
        was, now = settled(self, as_page_story(self.read(lines))), settled(self, story)
        body = self._body(lines)
        kept = dict(enumerate(lines))
        kept[0] = self._head.again(lines[0], story, was, now, end=HARD_BREAK)
        places = [*sorted(kept)]
        written: dict[int, list[str]] = {place: [kept[place]] for place in places}
        if was.meta != now.meta:
            _put(written, tuple(body.meta), _meta_lines(story), 0)
        if not same_words(was.summary, now.summary):
            new = kept_lines([lines[place] for place in body.summary], self._summary_lines(story))
            _put(written, body.summary, new, max(set(places) - set(body.pictures)))
        if was.pictures != now.pictures:
            _put(written, body.pictures, picture_lines(story, end=HARD_BREAK), max(places))
        new = [line for place in places for line in written[place]]
        return without_table(new, self._head.mark_of(new[0])) if new != [*lines] else new

    def _summary_lines(self, story: PageStory) -> list[str]:
        lines = summary_lines(
            story.summary,
            markdown=story.is_markdown("summary"),
            guard=self._guard,
            among=words_of(story),
        )
        lines = [line for line in lines if not blank(line)]
        if not lines:
            return []
        if FENCE.match(lines[0]):  # behind the marker it would be none, and its end would open another
            lines.insert(0, "")
        first, *rest = lines
        return [self._marker + first.lstrip(" \t"), *indented_bullets(rest, self.starts)]

    def _guard(self, line: str) -> str:
        if _HTML.match(line):  # within the story's indent, where it ends with the story
            return "  " + line
        return f"\\{line}" if _STARTS_SOMETHING.match(line) or self._note.match(line) else line

    def _body(self, lines: Sequence[str]) -> _Body:
        """Sort the lines below the head.

        Before the marker a labelled line is meta, wherever it stands. Without a marker meta are the labelled
        lines at the top and those with an URL.
        """
        marks = ((place, self._marked.match(line)) for place, line in enumerate(lines[1:], 1))
        marked, mark = next(((place, found) for place, found in marks if found), (None, None))
        meta: dict[int, tuple[str, str]] = {}
        top = True
        for place, line in enumerate(lines[1:marked], 1):
            found = _META.fullmatch(line.rstrip())
            top = top and bool(found)
            if found and (marked or top or found[2].startswith(("http://", "https://"))):
                meta[place] = (found[1], found[2])
        words = [place for place in range(1, len(lines)) if place not in meta]
        pictures = picture_places(lines, words)
        summary = tuple(place for place in words if place not in pictures)
        return _Body(meta, summary, pictures, marked, mark.end() if mark else 0)


def _summary(lines: Sequence[str], body: _Body) -> str:
    texts = [lines[place][body.marker if place == body.marked else 0 :] for place in body.summary]
    return "\n".join(texts).rstrip(" \t\r\n").lstrip("\r\n")


def _meta_lines(story: PageStory) -> list[str]:
    lines, typed = [], story.is_markdown("meta")
    for mark, value in story.meta:
        label = " ".join(_NOT_IN_LABEL.sub("", defuse(mark)).split())[:_LABEL_LIMIT].strip()
        written = link_target(value) or inert(value, markdown=typed, among=words_of(story))
        if label and written:
            lines.append(f"{label}：{written}{HARD_BREAK}")
    return lines


def _put(written: dict[int, list[str]], old: Sequence[int], new: list[str], after: int) -> None:
    """Put new lines where the first of the old ones stood, or behind a place if there were none."""
    for place in old:
        written[place] = []
    if old:
        written[min(old)] = new
    else:
        written[after] = [*written[after], *new]
