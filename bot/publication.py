"""Asking for a publish or a preview: the slate is frozen in the event's own transaction.

What is pitched or approved after that stays for the next publish. The work in git is a durable workflow.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from itertools import pairwise
from typing import Any

from bot.command import Command
from bot.emoji import TAKEN
from bot.hearing import DeskSettings, Hearing
from bot.paper_lines import is_from_page, paper_lines
from bot.pictures import with_pictures
from bot.slate import make_slate
from bot.standing import on_slate, standing
from renderers.issue_page import PageStory
from renderers.layout import load_layout
from storage.database import Session
from storage.issue_records import Issue, Publication
from storage.issues import issue_for, issue_in_preparation
from storage.records import Author, Story, StoryStatus
from storage.stories import pitched_stories, stories_of_issue

_WORDS = ("title", "source", "summary")
FARTHEST = 60
"""Days ahead for which an issue may be drafted: this newsletter drafts at most three weeks ahead, and a
mistyped year is caught."""


async def ask_publish(hearing: Hearing, command: Command) -> None:
    """Freeze the slate for an issue and send it to the press."""
    date = publish_date(hearing, command.words[0] if command.words else None)
    issue = await _issue(hearing, date)
    if issue.released_at is not None:
        raise hearing.refusal("publish_released", issue=issue.date, path=issue.path)
    frozen = await freeze(hearing.session, hearing.settings, issue)
    if not frozen["stories"] and not issue.path:
        raise hearing.refusal("publish_empty", threshold=hearing.settings.rules.threshold)
    hearing.session.add(
        Publication(
            id=hearing.event_key,
            desk=hearing.desk,
            issue_id=issue.id,
            curator_id=hearing.curator.id,
            room=hearing.room,
            message_id=hearing.message_id,
            frozen=frozen,
            asked_at=hearing.now,
        )
    )
    await hearing.react(TAKEN)
    await hearing.start("publish", hearing.event_key)


async def ask_preview(hearing: Hearing, command: Command) -> None:
    """Ask for the issue as it would be committed now."""
    await hearing.react(TAKEN)
    await hearing.start("preview", hearing.room, hearing.message_id)


def publish_date(hearing: Hearing, word: str | None) -> dt.date | None:
    """Read the date of a publish; raises the bot's complaint for what is no date."""
    if word is None:
        return None
    try:
        date = dt.date.fromisoformat(word)
    except ValueError:
        raise hearing.refusal("not_a_date", word=word) from None
    if (date - hearing.today).days > FARTHEST:
        raise hearing.refusal("date_too_far", date=date, days=FARTHEST)
    return date


async def _issue(hearing: Hearing, date: dt.date | None) -> Issue:
    """Return the issue of a date; without one, the next draft, else today's."""
    if date is None:
        prepared = await issue_in_preparation(hearing.session, hearing.desk, today=hearing.today)
        date = prepared.date or hearing.today
    return await issue_for(hearing.session, hearing.desk, date)


async def freeze(session: Session, settings: DeskSettings, issue: Issue) -> dict[str, Any]:
    """Return what the issue shall hold, as JSON: stories in running order, lead, shorts, how many wait."""
    rules, shorts = settings.rules, [s for s in issue.shorts if not s.withdrawn and not s.rendered]
    pitched = await pitched_stories(session, settings.name)
    free = [story for story in pitched if story.issue_id is None]
    drafted = [story for story in await stories_of_issue(session, issue.id) if story.issue_id == issue.id]
    standing_in = [s for s in drafted if s.status == StoryStatus.PITCHED]
    slate = make_slate(free, rules)
    running = [(story, section.key) for section in slate for story in section.stories]
    set_before = [(s, standing(s, rules).section or s.section or "") for s in standing_in]
    spiked = [(s, s.section or "") for s in drafted if s.status == StoryStatus.SPIKED]
    frozen = [_frozen(group, settings) for group in (set_before, running, spiked)]
    return {
        "stories": await with_pictures(session, settings, [story for group in frozen for story in group]),
        "lead": issue.lead,
        "shorts": [{"id": short.id, "text": short.text} for short in shorts],
        "waiting": sum(not on_slate(story, rules) for story in free),
    }


def _frozen(stories: Sequence[tuple[Story, str]], settings: DeskSettings) -> list[dict[str, Any]]:
    placed = [story for story, _ in stories if story.place is not None]
    behind = {a.id: b.id for a, b in pairwise(placed)}
    return [
        {
            "id": story.id,
            "number": story.number,
            "page": asdict(page_of(story, _in_layout(section, settings), settings)),
            "spiked": story.status == StoryStatus.SPIKED,
            "doubted": bool(story.doubts) and story.author_of("summary") == Author.MACHINE,
            "before": behind.get(story.id) if story.issue_id is None else story.run_before,
        }
        for story, section in stories
    ]


def _in_layout(section: str, settings: DeskSettings) -> str:
    """Return the section as the document names it: one that the layout lacks goes by its own heading."""
    layout = load_layout(settings.config.newsletter.layout)
    return section if layout.section(section) else settings.section_name(section)


def page_of(story: Story, section: str, settings: DeskSettings) -> PageStory:
    """Return a story as the document is to show it.

    A person's words are Markdown and stay as typed; the machine's came from a page and are escaped.
    """
    by_machine = tuple(name for name in _WORDS if story.author_of(name) == Author.MACHINE)
    return PageStory(
        section=section,
        title=story.field("title"),
        source=story.field("source"),
        url=story.url,
        summary=story.field("summary"),
        meta=paper_lines(story, settings.wording),
        from_page=(*by_machine, "meta") if is_from_page(story) else by_machine,
    )
