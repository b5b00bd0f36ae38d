"""`python -m bot document merge`: what a desk wants, on top of an issue's file as people have edited it."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.document_commands import AsJson, LayoutName, document_at, fail, house_format
from bot.draft import key_of
from bot.story_lines import story_from, story_objects
from renderers.issue_document import DocumentStory, IssueDocument
from renderers.issue_merge import MergeNote, WantedIssue, WantedStory, merge_issue
from renderers.issue_page import PageStory
from renderers.labelled_issue import StoryNotSetError

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
        wanted = read_wanted(stories, rendered, edited)
        merged = merge_issue(rendered, edited, WantedIssue(wanted, whole=True), key_of)
    except OSError as problem:
        fail(f"{stories}: {problem.strerror}")
    except (StoryNotSetError, ValueError) as problem:
        fail(str(problem))
    sys.stdout.buffer.write(merged.document.render())
    sys.stdout.buffer.flush()
    for note in merged.notes:
        typer.echo(_as_json(note) if as_json else sentence(note), err=True)


def read_wanted(path: Path, base: IssueDocument, theirs: IssueDocument) -> tuple[WantedStory, ...]:
    """Read all stories of an issue from JSON lines; a story's name is its number among them.

    A story that stands needs no section and no title. The same story on two lines counts once. Raises
    StoryLineError for a line that is no story, OSError as `open` does.
    """
    standing = (*base.stories, *theirs.stories)
    links = frozenset(story.url for story in standing)
    by_link: dict[object, DocumentStory] = {}
    for story in standing:
        by_link.setdefault(key_of(story.url), story)
    wanted: dict[PageStory, WantedStory] = {}
    for name, (line, said) in enumerate(story_objects(path), 1):
        url = said.get("url")
        stands = by_link.get(key_of(url)) if url and isinstance(url, str) else None
        known = {"section": stands.section, "title": stands.title} if stands else {}
        page = story_from(known | said, path, line, known_links=links)
        silent = frozenset(_MAY_BE_SILENT) - said.keys()
        wanted.setdefault(page, WantedStory(str(name), page, silent=silent))
    return tuple(wanted.values())


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
        "lead-kept": "The lead was changed by hand. It stays.",
    }
    return said[note.code]


def _as_json(note: MergeNote) -> str:
    fields = ("code", "name", "title", "field", "stands", "wanted")
    return json.dumps({name: getattr(note, name) for name in fields}, ensure_ascii=False)


def _quoted(text: str) -> str:
    text = " ".join(text.split())
    return f"“{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}”" if text else "empty"
