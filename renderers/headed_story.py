"""Stories under headings of their own: `### [title](url)`, `*source*`, then paragraphs."""

import re
from collections.abc import Sequence

from renderers.accidental_table import paragraphs_without_tables
from renderers.issue_page import PageStory
from renderers.labelled_lines import LABELLED, labelled_lines
from renderers.picture_lines import picture_lines, picture_places, pictures_at
from renderers.story_head import backslashed, closed, read_head, repo_of
from renderers.story_style import (
    StoryFields,
    as_page_story,
    fitting,
    inert,
    kept_lines,
    printed_title,
    same_words,
    settled,
)
from renderers.summary_lines import blank, summary_lines

_SOURCE = re.compile(r"\*(?![*\s])((?:\\.|[^*\\])+)\*")
_HEADING = re.compile(r"#{1,6}(?:\s|$)")


class HeadedStory:
    """The style of the plain layout. Blank lines may stand within a story; `mark` begins its heading."""

    def __init__(self, mark: str = "### ") -> None:
        self._mark = mark
        self._starts = re.compile(rf"{re.escape(mark.rstrip())}[ \t]+")

    def starts(self, line: str) -> bool:
        """Tell whether a line is a heading of the stories' level."""
        return bool(self._starts.match(line))

    def ends(self, lines: Sequence[str], place: int) -> bool:
        """Go on to whatever starts next."""
        return False

    def read(self, lines: Sequence[str]) -> StoryFields:
        """Read the fields of a story from its lines."""
        head = read_head(self._starts.sub("", lines[0], count=1))
        source, meta, summary, pictures = _parts(lines)
        title = head.label.strip()
        return StoryFields(
            title=title,
            source=_said(lines, _SOURCE, source)[0][0] if source else "",
            url=head.url,
            tags=head.tags,
            repo=repo_of(title),
            meta=tuple((label, value) for label, value in _said(lines, LABELLED, meta)),
            summary="\n".join(lines[place] for place in summary).rstrip(),
            pictures=pictures_at(lines, pictures),
            linked=head.linked,
            broken=head.broken,
        )

    def write(self, story: PageStory) -> list[str]:
        """Set a story: heading, source, labelled lines and summary, with a blank line between."""
        blocks = [
            [self._head(fitting(story))],
            _source_lines(story),
            paragraphs_without_tables(labelled_lines(story)),
            _summary_lines(story),
        ]
        return _joined([block for block in (*blocks, *_picture_blocks(story)) if block])

    def rewrite(self, lines: Sequence[str], story: PageStory) -> list[str]:
        """Set only the blocks whose fields changed."""
        was, now = settled(self, as_page_story(self.read(lines))), settled(self, story)
        source, meta, summary, pictures = ([lines[place] for place in places] for places in _parts(lines))
        same_head = (was.title, was.tags, was.url) == (now.title, now.tags, now.url)
        changed_summary = not same_words(was.summary, now.summary)
        same_pictures = was.pictures == now.pictures
        same_top = same_head and was.source == now.source and was.meta == now.meta
        if same_top and same_pictures and not changed_summary:
            return list(lines)
        blocks = [
            [lines[0]] if same_head else [self._head(fitting(story))],
            source if was.source == now.source else _source_lines(story),
            meta if was.meta == now.meta else paragraphs_without_tables(labelled_lines(story)),
            kept_lines(summary, _summary_lines(story)) if changed_summary else summary,
            *([[line] for line in pictures] if same_pictures else _picture_blocks(story)),
        ]
        return _joined([block for block in blocks if block])

    def _head(self, story: PageStory) -> str:
        tags = "".join(f"[{tag}] " for tag in (_words(tag, story, "title") for tag in story.tags) if tag)
        return f"{self._mark}{tags}[{_words(printed_title(story), story, 'title')}]({story.url})"


def _parts(lines: Sequence[str]) -> tuple[list[int], list[int], list[int], list[int]]:
    """Return the places of the source line (if any), the labelled lines, the summary and the pictures."""
    rest = [place for place in range(1, len(lines)) if not blank(lines[place])]
    source = rest[:1] if rest and _SOURCE.fullmatch(lines[rest[0]].rstrip()) else []
    meta: list[int] = []
    for place in rest[len(source) :]:
        if not LABELLED.fullmatch(lines[place].rstrip()):
            break
        meta.append(place)
    left = rest[len(source) + len(meta) :]
    pictures = list(picture_places(lines, left))
    said = left[: len(left) - len(pictures)]
    return source, meta, list(range(said[0], said[-1] + 1)) if said else [], pictures


def _said(lines: Sequence[str], pattern: re.Pattern[str], places: Sequence[int]) -> list[tuple[str, str]]:
    found = (pattern.fullmatch(lines[place].rstrip()) for place in places)
    return [(match[1], match[match.re.groups]) for match in found if match]


def _joined(blocks: Sequence[Sequence[str]]) -> list[str]:
    first, *others = blocks
    return [*first, *(line for block in others for line in ("", *block))]


def _words(text: str, story: PageStory, field: str) -> str:
    return closed(backslashed(inert(text, markdown=story.is_markdown(field)), "[]"))


def _source_lines(story: PageStory) -> list[str]:
    source = closed(backslashed(inert(story.source, markdown=story.is_markdown("source")), "*"))
    return [f"*{source}*"] if source else []


def _summary_lines(story: PageStory) -> list[str]:
    lines = summary_lines(story.summary, markdown=story.is_markdown("summary"), guard=_guard)
    lines = paragraphs_without_tables(lines)
    if lines:
        lines[-1] = lines[-1].rstrip()  # a paragraph's end needs no hard break
        lines[0] = _guard_first(lines[0], sourced=bool(_source_lines(story) or labelled_lines(story)))
    return lines


def _picture_blocks(story: PageStory) -> list[list[str]]:
    return [[line] for line in picture_lines(story, end="")]


def _guard(line: str) -> str:
    return f"\\{line}" if _HEADING.match(line) else line


def _guard_first(line: str, *, sourced: bool) -> str:
    """Keep a summary's first line from being taken for a source or a labelled line."""
    text = line.rstrip()
    if (_SOURCE.fullmatch(text) and not sourced) or LABELLED.fullmatch(text):
        return f"\\{line}"
    return line
