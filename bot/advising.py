"""Which section a story is advised for, from what was read and what ran before; and learning that.

What was learnt advises. Where nothing was, the site does, or where past stories of the same source ran.
"""

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.hearing import DeskSettings
from bot.reading.section_advice import Advice, advise
from bot.reading.sections.features import LONGEST_TEXT, PastStory, StoryWords
from bot.reading.sections.work import FEWEST_STORIES, FORMAT, MOST_STORIES, learn, learnt_advice
from bot.reading.workers import ReadingWorkers, WorkFailedError
from storage.database import Database, Session
from storage.outbox import order_errand
from storage.records import Author, Story
from storage.section_models import (
    PublishedStory,
    add_model,
    count_published,
    newest_model,
    newest_published,
)
from storage.stories import sections_by_source, story_with_fields

log = logging.getLogger(__name__)

_LEARNING_SECONDS = 120.0
_ADVISING_SECONDS = 10.0
_KEPT_MODELS = 3
_LEARNT = "learnt"


async def order_learning(session: Session, desk: str, now: datetime) -> None:
    """Ask for learning from the stories that ran, where there are enough; the same ones are learnt from once.

    To be called in the transaction that makes stories published.
    """
    count, total = await count_published(session, desk)
    if count >= FEWEST_STORIES:
        learning = f"learn:{desk}:{FORMAT}:{count}-{total}"
        await order_errand(session, errand_id=learning, workflow="learn", arguments=[desk], now=now)


async def learn_sections(
    database: Database, workers: ReadingWorkers, settings: DeskSettings, clock: Callable[[], datetime]
) -> int | None:
    """Learn from the newest stories in a worker; return the new model's version, or None: they tell nothing.

    A worker that fails is logged; the desk goes on with what it had learnt before.
    """
    async with database.reading() as session:
        ran = await newest_published(
            session,
            settings.name,
            sections=settings.rules.sections,
            limit=MOST_STORIES,
            characters=LONGEST_TEXT,
        )
    try:
        weights = await workers.do(learn, [_past(story) for story in ran], seconds=_LEARNING_SECONDS)
    except WorkFailedError as failed:
        log.error("learning failed", extra={"reason": failed.reason, "stories": len(ran)})
        return None
    if weights is None:
        return None
    async with database.transaction() as session:
        return await add_model(
            session, settings.name, weights, stories=len(ran), now=clock(), keep=_KEPT_MODELS
        )


def _past(story: PublishedStory) -> PastStory:
    return PastStory(_words(story.url, story.words), story.section)


def _words(url: str, fields: Mapping[str, str]) -> StoryWords:
    text = fields.get("summary") or fields.get("text", "")[:LONGEST_TEXT]
    return StoryWords(fields.get("title", ""), fields.get("source", ""), url, text)


async def with_learnt_advice(
    database: Database,
    workers: ReadingWorkers,
    settings: DeskSettings,
    story_id: int,
    read: Mapping[str, Any],
) -> Mapping[str, Any]:
    """Add to what was read what past stories say of its section, where something was learnt.

    Asked outside of the transaction that writes the reading, since it takes a worker.
    """
    async with database.reading() as session:
        model = await newest_model(session, settings.name)
        if model is None:
            return read
        story = await story_with_fields(session, story_id)
    found = {name: value for name, value in read["fields"].items() if value}
    known = {field.name: field.value for field in story.fields}
    by_people = {field.name: field.value for field in story.fields if field.author != Author.MACHINE}
    words = _words(story.url, known | found | by_people)
    try:
        advice = await workers.do(
            learnt_advice, model.weights, words, settings.rules.sections, seconds=_ADVISING_SECONDS
        )
    except WorkFailedError as failed:
        log.warning("advice failed", extra={"reason": failed.reason, "story": story_id})
        return read
    return read if advice is None else {**read, _LEARNT: asdict(advice)}


async def advise_section(
    session: Session, settings: DeskSettings, story: Story, read: Mapping[str, Any]
) -> None:
    """Write the advice and its confidence into the story; people decide."""
    learnt = read.get(_LEARNT)
    advice = Advice(**learnt) if learnt is not None else await _unlearnt(session, settings, story, read)
    story.advice, story.confidence = advice.section, advice.confidence
    story.second_advice = advice.second if advice.is_unsure else None


async def _unlearnt(
    session: Session, settings: DeskSettings, story: Story, read: Mapping[str, Any]
) -> Advice:
    counts = await sections_by_source(session, settings.name)
    return advise(
        url=story.url,
        source=read["fields"].get("source", ""),
        history={source: Counter(sections) for source, sections in counts.items()},
        sections=settings.rules.sections,
    )
