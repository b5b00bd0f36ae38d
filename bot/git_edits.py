"""Words that people changed in the issue's file come back into the stories, as written in git.

`edits_in` says what a publish found, as JSON; `take_edits` writes it down when the publish is recorded.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.draft import key_of
from bot.paper_lines import LEFT_OUT, PAPER_FIELDS, label_of, paper_lines
from bot.reading.link import NotALinkError, link
from bot.wording import Wording
from renderers.story_style import StoryFields
from storage.database import Session
from storage.records import Author, Story
from storage.stories import add_link, erase_field, story_by_id, write_field

_WORDS = ("title", "source", "summary")


def edits_in(fields: StoryFields, edited: Iterable[str]) -> dict[str, Any]:
    """Return what the fields that people changed say, as JSON; tags are the file's own affair."""
    edits: dict[str, Any] = {name: getattr(fields, name) for name in edited if name in (*_WORDS, "url")}
    if "meta" in edited:
        edits["meta"] = [list(pair) for pair in fields.meta]
    return edits


@dataclass(frozen=True, slots=True)
class TakenEdits:
    """What was taken over: the page as the desk will want it from now on, and each field as it was before."""

    page: dict[str, Any]
    before: dict[str, Any]


async def take_edits(
    session: Session, story_id: int, placed: Mapping[str, Any], wording: Wording, now: datetime
) -> TakenEdits:
    """Write what people changed in git into a story's fields.

    A field that somebody at the desk has changed since the slate was frozen keeps their words: they wrote
    last, and the next publish sets them.
    """
    page, before = dict(placed["page"]), dict[str, Any]()
    if not placed["edits"]:
        return TakenEdits(page, before)
    story = await story_by_id(session, story_id)
    for name, value in _values(story, placed, wording).items():
        before[name] = _as_it_was(story, name)
        if story.field(name) != value or story.author_of(name) != Author.GIT:
            await _write(session, story, name, value, now)
    for name in placed["edits"]:
        page[name] = placed["edits"][name]
    page["from_page"] = [name for name in page["from_page"] if name not in placed["edits"]]
    if "url" in placed["edits"]:
        before |= await _take_link(session, story, placed)
        page["url"] = story.url
    if "meta" in placed["edits"]:
        labels = [label_of(name, wording) for name in PAPER_FIELDS]
        page["meta"] = [pair for pair in page["meta"] if pair[0] in labels]
    return TakenEdits(page, before)


async def give_back_edits(session: Session, story_id: int, before: Mapping[str, Any], now: datetime) -> None:
    """Let a story's fields say what they said before a publish, where git's words still stand."""
    story = await story_by_id(session, story_id)
    for name, was in before.items():
        if name == "url":
            story.url = was
        elif story.author_of(name) == Author.GIT and was is None:
            await erase_field(session, story_id, name)
        elif story.author_of(name) == Author.GIT:
            author, curator_id = Author(was["author"]), was["curator_id"]
            await write_field(
                session, story_id, name, was["value"], author=author, curator_id=curator_id, now=now
            )


def _values(story: Story, placed: Mapping[str, Any], wording: Wording) -> dict[str, str]:
    """Return what goes into which field; not those that were changed since the slate was frozen."""
    page, edits = placed["page"], placed["edits"]
    values = {name: edits[name] for name in _WORDS if name in edits and story.field(name) == page[name]}
    lines = tuple(tuple(pair) for pair in page["meta"])
    if "meta" in edits and paper_lines(story, wording) == lines:
        said: dict[str, str] = dict(edits["meta"])
        for name in PAPER_FIELDS:
            value = said.get(label_of(name, wording), "")
            if value or story.field(name):
                values[name] = value or LEFT_OUT
    return values


async def _write(session: Session, story: Story, name: str, value: str, now: datetime) -> None:
    await write_field(session, story.id, name, value, author=Author.GIT, curator_id=None, now=now)


def _as_it_was(story: Story, name: str) -> dict[str, Any] | None:
    known = next((field for field in story.fields if field.name == name), None)
    if known is None:
        return None
    return {"value": known.value, "author": known.author, "curator_id": known.curator_id}


async def _take_link(session: Session, story: Story, placed: Mapping[str, Any]) -> dict[str, str]:
    """Let a corrected link be the story's, unless it is another story's; the old one stays known."""
    try:
        new = link(placed["edits"]["url"])
    except NotALinkError:
        return {}
    if story.url != placed["page"]["url"]:
        return {}
    known = await add_link(session, story, new.key)
    if not known and key_of(story.url) != new.key:
        return {}
    before, story.url = story.url, new.url
    return {"url": before}
