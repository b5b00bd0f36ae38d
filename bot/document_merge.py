"""`python -m bot document merge`: what a desk wants, on top of an issue's file as people have edited it."""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.document_commands import AsJson, LayoutName, document_at, fail, house_format
from bot.draft import key_of
from bot.story_lines import story_from, story_objects
from renderers.issue_document import DocumentStory, IssueDocument
from renderers.issue_merge import MergeNote, WantedIssue, WantedStory, merge_issue
from renderers.issue_page import PageStory
from renderers.labelled_issue import StoryNotSetError
from renderers.story_match import letters
from renderers.story_style import printed_title

_MAY_BE_SILENT = ("title", "source", "summary", "tags", "meta", "pictures")
"""Fields that a story's line may leave out: of a story that stands they stay as they are."""
_LONGEST = 80  # characters of a text that a sentence quotes

Base = Annotated[Path, typer.Option("--base", help="The file as it was last rendered.", show_default=False)]
Theirs = Annotated[Path, typer.Option("--theirs", help="The file as people have it now.", show_default=False)]
Stories = Annotated[
    Path,
    typer.Option(
        "--stories", help="JSON lines: all stories that the issue is to have, in order.", show_default=False
    ),
]


def merge(
    base: Base,
    theirs: Theirs,
    stories: Stories,
    layout: LayoutName = "embedded-ai-report",
    as_json: AsJson = False,
) -> None:
    """Merge the stories that are wanted into a file that people edited; people's changes stand.

    The new document goes to stdout, byte for byte; changes that gave way are named on stderr.
    """
    house = house_format(layout)
    rendered, edited = document_at(base, house), document_at(theirs, house)
    try:
        wanted, passed_over = read_wanted(stories, rendered, edited)
        merged = merge_issue(rendered, edited, WantedIssue(wanted, whole=True), key_of)
    except OSError as problem:
        fail(f"{stories}: {problem.strerror}")
    except (StoryNotSetError, ValueError) as problem:
        fail(str(problem))
    sys.stdout.buffer.write(merged.document.render())
    sys.stdout.buffer.flush()
    for note in (*passed_over, *merged.notes):
        typer.echo(_as_json(note) if as_json else sentence(note), err=True)


def read_wanted(
    path: Path, base: IssueDocument, theirs: IssueDocument
) -> tuple[tuple[WantedStory, ...], tuple[MergeNote, ...]]:
    """Read all stories of an issue from JSON lines, and which lines were passed over.

    A story's name is its number among them. One that stands needs no section and no title, and keeps the
    spelling of its link. A story said more often than it stands in the base counts once: the first line does.
    Raises StoryLineError for a line that is no story, OSError as `open` does.
    """
    standing = _Standing((*base.stories, *theirs.stories))
    free = Counter(_same_story(story.url, story.title) for story in base.stories)
    wanted: list[WantedStory] = []
    notes: list[MergeNote] = []
    said_already = Counter[tuple[str, str]]()
    for number, (line, said) in enumerate(story_objects(path), 1):
        page = standing.completed(said, path, line)
        same = _same_story(page.url, printed_title(page))
        said_already[same] += 1
        if said_already[same] > max(free[same], 1):
            notes.append(MergeNote("said-twice", str(number), page.title))
            continue
        wanted.append(WantedStory(str(number), page, silent=frozenset(_MAY_BE_SILENT) - said.keys()))
    return tuple(wanted), tuple(notes)


def _same_story(url: str, title: str) -> tuple[str, str]:
    return (key_of(url) if url else "", letters(title))


class _Standing:
    """The stories that stand, by their links as they are spelled and in their one spelling."""

    def __init__(self, stories: Iterable[DocumentStory]) -> None:
        self._by_link: dict[str, DocumentStory] = {}
        self._by_key: dict[str, DocumentStory] = {}
        for story in stories:
            if story.url:
                self._by_link.setdefault(story.url, story)
                self._by_key.setdefault(key_of(story.url), story)

    def completed(self, said: Mapping[str, Any], path: Path, line: int) -> PageStory:
        """Make a story of what a line says, with what it leaves out as it stands. Raises StoryLineError."""
        url = said.get("url")
        if not isinstance(url, str):
            return story_from(said, path, line)
        stands = self._by_link.get(url) or self._by_key.get(key_of(url))
        if stands is None:
            return story_from(said, path, line)
        known = {"section": stands.section, "title": stands.title, **said, "url": stands.url}
        page = story_from(known, path, line, known_links=frozenset({stands.url}))
        if _bare(page.summary) == _bare(stands.text.partition("\n")[2]):  # labels and marks are in it
            return replace(page, summary=stands.summary, meta=stands.meta)
        return page


def _bare(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


def sentence(note: MergeNote) -> str:
    """Say a note in English, for operators."""
    title, field = f"“{note.title}”", note.field
    said = {
        "both-edited": f"{title}: the {field} was changed by hand and is wanted otherwise. It stays"
        f" {_quoted(note.stands)}; wanted was {_quoted(note.wanted)}.",
        "removed-here-edited-there": f"{title} is not wanted any more, but was edited by hand. It stays.",
        "removed-here-moved-there": f"{title} was moved by hand, but is not wanted any more. It is gone.",
        "changed-here-deleted-there": f"{title} was taken out by hand, and is wanted with another {field}."
        " It stays out.",
        "both-moved": f"{title} was moved by hand, and is wanted elsewhere. It stays where it is.",
        "set-by-hand": f"{title} was set by hand already. It stays as it is; wanted was another {field}.",
        "relinked-there": f"{title} has another link by hand, {note.stands}. It is taken for the same.",
        "said-twice": f"Line {note.name}: {title} stands on a line above already. This line is passed over.",
        "lead-kept": "The lead was changed by hand. It stays.",
    }
    return said[note.code]


def _as_json(note: MergeNote) -> str:
    fields = ("code", "name", "title", "field", "stands", "wanted")
    return json.dumps({name: getattr(note, name) for name in fields}, ensure_ascii=False)


def _quoted(text: str) -> str:
    text = " ".join(text.split())
    return f"“{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}”" if text else "empty"
