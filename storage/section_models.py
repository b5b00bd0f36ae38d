"""Questions and changes about what was learnt of a desk's sections. The caller holds the session."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.issue_records import Issue
from storage.reading_records import SectionModel
from storage.records import Field, Story, StoryStatus

_WORDS = ("title", "source", "summary", "text")


@dataclass(frozen=True, slots=True)
class PublishedStory:
    """A story that ran: where, and how its fields begin."""

    url: str
    section: str
    words: dict[str, str]


async def newest_model(session: AsyncSession, desk: str) -> SectionModel | None:
    """Return what was learnt last."""
    query = select(SectionModel).where(SectionModel.desk == desk).order_by(SectionModel.version.desc())
    return (await session.scalars(query.limit(1))).first()


async def add_model(
    session: AsyncSession, desk: str, weights: bytes, *, stories: int, now: datetime, keep: int
) -> int:
    """Store what was learnt from so many stories; return its version, and keep so many of them in all."""
    known = await session.scalar(select(func.max(SectionModel.version)).where(SectionModel.desk == desk))
    version = (known or 0) + 1
    session.add(SectionModel(desk=desk, version=version, made_at=now, stories=stories, weights=weights))
    await session.flush()
    old = delete(SectionModel).where(SectionModel.desk == desk, SectionModel.version <= version - keep)
    await session.execute(old)
    return version


async def count_published(session: AsyncSession, desk: str) -> tuple[int, int]:
    """Return how many stories ran in a section, and the sum of their ids: what changes when others did."""
    query = select(func.count(), func.coalesce(func.sum(Story.id), 0))
    count, total = (await session.execute(query.where(*_ran(desk)))).one()
    return int(count), int(total)


async def newest_published(
    session: AsyncSession, desk: str, *, sections: Collection[str], limit: int, characters: int
) -> list[PublishedStory]:
    """Return up to `limit` stories that ran in these sections, oldest first, fields cut to `characters`."""
    newest = _newest(desk, sections, limit)
    stories = [(number, url, str(section)) for number, url, section in await session.execute(newest)]
    among = select(newest.subquery().c.id)
    fields = select(Field.story_id, Field.name, func.substr(Field.value, 1, characters))
    words: dict[int, dict[str, str]] = {}
    rows = await session.execute(fields.where(Field.name.in_(_WORDS), Field.story_id.in_(among)))
    for story_id, name, value in rows.all():
        words.setdefault(story_id, {})[name] = value
    return [PublishedStory(url, section, words.get(number, {})) for number, url, section in reversed(stories)]


def _newest(desk: str, sections: Collection[str], limit: int) -> Select[int, str, str | None]:
    query = select(Story.id, Story.url, Story.section).outerjoin(Issue, Story.issue_id == Issue.id)
    in_these = query.where(*_ran(desk), Story.section.in_(sections))
    return in_these.order_by(Issue.date.desc().nulls_first(), Story.id.desc()).limit(limit)


def _ran(desk: str) -> Sequence[ColumnElement[bool]]:
    return (Story.desk == desk, Story.status == StoryStatus.PUBLISHED, Story.section.is_not(None))
