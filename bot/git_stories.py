"""Stories that people set in the issue's file by hand: the desk knows them from the next publish on."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.reading.link import NotALinkError, link
from renderers.issue_merge import MergedIssue
from renderers.issue_page import PageStory
from storage.database import Session
from storage.issue_records import Issue
from storage.issues import place_story
from storage.records import Author, Story
from storage.stories import add_story, write_field

_WORDS = ("title", "source", "summary")


def unknown_in(merged: MergedIssue) -> list[dict[str, Any]]:
    """Return, as JSON, the stories of a merged issue that the desk has not spoken of."""
    known = {story.line for story in merged.stories.values()}
    return [
        {"section": story.section, "url": story.url, "text": story.text}
        | {name: getattr(story.fields, name) for name in _WORDS}
        for story in merged.document.stories
        if story.url and story.line not in known
    ]


async def take_stories(
    session: Session, desk: str, issue: Issue, unknown: Sequence[Mapping[str, Any]], now: datetime
) -> list[Story]:
    """Make stories of those that people set by hand, so that their links are taken; return the new ones.

    A link that has a story already leads to that one.
    """
    made = []
    for said in unknown:
        try:
            found = link(said["url"])
        except NotALinkError:
            continue
        story = await add_story(session, desk=desk, key=found.key, url=found.url, pitched_by=None, now=now)
        if story is None:
            continue
        story.issue_id, story.section = issue.id, said["section"]
        story.read_at, story.verdict = now, "fine"
        for name in _WORDS:
            await write_field(
                session, story.id, name, said[name], author=Author.GIT, curator_id=None, now=now
            )
        words = {name: said[name] for name in _WORDS}
        page = asdict(PageStory(section=said["section"], url=found.url, **words))
        await place_story(session, issue.id, story.id, section=said["section"], page=page, text=said["text"])
        made.append(story)
    return made
