"""Questions and changes about stories. The caller holds the session, and so the transaction."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from storage.records import Author, Card, Field, LinkKey, Pitch, Story, StoryStatus, Tag, Vote
from storage.upsert import count_up, insert_new, insert_or_change, insert_or_change_many

_ARTICLE = "text"


def _whole() -> tuple[ORMOption, ...]:
    return (selectinload(Story.fields), *_opinions())


def _listed() -> tuple[ORMOption, ...]:
    """Leave out the articles: thousands of characters a story, which no list shows."""
    return (selectinload(Story.fields.and_(Field.name != _ARTICLE)), *_opinions())


def _opinions() -> tuple[ORMOption, ...]:
    """Join what there is one of: each statement costs more than its rows."""
    return (
        selectinload(Story.votes).joinedload(Vote.curator),
        selectinload(Story.tags).joinedload(Tag.curator),
        selectinload(Story.pitches).joinedload(Pitch.curator),
        joinedload(Story.issue),
    )


async def _stories(
    session: AsyncSession, *conditions: ColumnElement[bool], options: Sequence[ORMOption] | None = None
) -> Sequence[Story]:
    query = (
        select(Story)
        .where(*conditions)
        .options(*(_whole() if options is None else options))
        .order_by(Story.pitched_at, Story.id)
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(query)).all()


async def story_by_id(session: AsyncSession, story_id: int) -> Story:
    """Return a story with everything it needs to be shown; raises NoResultFound."""
    [story] = await _stories(session, Story.id == story_id)
    return story


async def story_and_opinion(session: AsyncSession, story_id: int, curator_id: int) -> Story:
    """Return a story with what one curator thinks of it, and nothing else; raises NoResultFound.

    In a storm of reactions this is asked for each: a card may have a hundred voters and a long article.
    """
    query = (
        select(Story)
        .where(Story.id == story_id)
        .options(
            selectinload(Story.votes.and_(Vote.curator_id == curator_id)),
            selectinload(Story.tags.and_(Tag.curator_id == curator_id)),
        )
    )
    return (await session.scalars(query.execution_options(populate_existing=True))).one()


async def story_with_fields(session: AsyncSession, story_id: int) -> Story:
    """Return a story with its words, without what people think of it; raises NoResultFound."""
    query = select(Story).where(Story.id == story_id).options(selectinload(Story.fields))
    return (await session.scalars(query.execution_options(populate_existing=True))).one()


async def story_by_number(session: AsyncSession, desk: str, number: int) -> Story | None:
    """Return the story people call ``#number``."""
    return next(iter(await _stories(session, Story.desk == desk, Story.number == number)), None)


async def story_by_key(session: AsyncSession, desk: str, key: str) -> Story | None:
    """Return the story to which a link of this spelling belongs."""
    owner = select(LinkKey.story_id).where(LinkKey.desk == desk, LinkKey.key == key)
    return next(iter(await _stories(session, Story.id.in_(owner))), None)


async def pitched_stories(session: AsyncSession, desk: str) -> Sequence[Story]:
    """Return the stories that may yet run, oldest pitch first, without their articles.

    A story that stands in a draft is not among them.
    """
    return await _stories(
        session,
        Story.desk == desk,
        Story.status == StoryStatus.PITCHED,
        Story.issue_id.is_(None),
        options=_listed(),
    )


async def stories_of_issue(session: AsyncSession, issue_id: int) -> Sequence[Story]:
    """Return the stories that were set in an issue, spiked ones too, without their articles."""
    return await _stories(session, Story.issue_id == issue_id, options=_listed())


async def pitched_in(session: AsyncSession, room: str, message_id: str) -> Sequence[Story]:
    """Return the stories that a message pitched."""
    owner = select(Pitch.story_id).where(Pitch.room == room, Pitch.message_id == message_id)
    return await _stories(session, Story.id.in_(owner))


async def find_stories(
    session: AsyncSession, desk: str, words: Iterable[str], *, limit: int
) -> tuple[Sequence[Story], int]:
    """Return the newest stories whose fields or link hold every word, and how many there are in all.

    Case is no matter. The stories come without their articles.
    """
    conditions = [Story.desk == desk]
    for word in words:
        within = f"%{_literal(word.lower())}%"
        holding = select(Field.story_id).where(func.lower(Field.value).like(within, escape="\\"))
        conditions.append(or_(Story.id.in_(holding), func.lower(Story.url).like(within, escape="\\")))
    newest_first = select(Story.id).where(*conditions).order_by(Story.pitched_at.desc(), Story.id.desc())
    found = (await session.scalars(newest_first)).all()
    shown = await _stories(session, Story.id.in_(found[:limit]), options=_listed())
    return tuple(reversed(shown)), len(found)


def _literal(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


async def add_story(
    session: AsyncSession, *, desk: str, key: str, url: str, pitched_by: int | None, now: datetime
) -> Story | None:
    """Make a story for a link; None when the link has one already: the unique key decides."""
    if await session.get(LinkKey, (desk, key)) is not None:
        return None  # asked first, so that a repeated link uses up no number
    story = Story(
        desk=desk,
        number=await count_up(session, f"story:{desk}"),
        url=url,
        pitched_by=pitched_by,
        pitched_at=now,
    )
    session.add(story)
    await session.flush()
    if not await insert_new(session, LinkKey, desk=desk, key=key, story_id=story.id):
        await session.delete(story)
        await session.flush()
        return None
    return story


async def add_link(session: AsyncSession, story: Story, key: str) -> bool:
    """Give a story one more spelling of its link; tell whether it was free."""
    return await insert_new(session, LinkKey, desk=story.desk, key=key, story_id=story.id)


async def release_links(session: AsyncSession, story: Story, key: str) -> None:
    """Take a spelling away from a story, where it has it."""
    found = await session.get(LinkKey, (story.desk, key))
    if found is not None and found.story_id == story.id:
        await session.delete(found)
        await session.flush()


async def write_field(
    session: AsyncSession,
    story_id: int,
    name: str,
    value: str,
    *,
    author: Author,
    curator_id: int | None,
    now: datetime,
) -> None:
    """Write a person's words into a field."""
    await insert_or_change(
        session,
        Field,
        key={"story_id": story_id, "name": name},
        value=value,
        author=author,
        curator_id=curator_id,
        written_at=now,
    )


async def write_machine_fields(
    session: AsyncSession, story_id: int, fields: Mapping[str, str], *, now: datetime
) -> None:
    """Write the machine's words into fields, except where a person has written: all in one go."""
    rows = [
        {
            "story_id": story_id,
            "name": name,
            "value": value,
            "author": Author.MACHINE,
            "curator_id": None,
            "written_at": now,
        }
        for name, value in fields.items()
    ]
    if rows:
        by_machine = Field.author == Author.MACHINE
        await insert_or_change_many(session, Field, rows, key=("story_id", "name"), only=by_machine)


async def erase_field(session: AsyncSession, story_id: int, name: str) -> None:
    """Leave a field as if nobody had ever written it."""
    known = await session.get(Field, (story_id, name), populate_existing=True)
    if known is not None:
        await session.delete(known)
        await session.flush()


async def touch(session: AsyncSession, story_id: int) -> None:
    """Say that what a story's cards show has changed; they are drawn anew."""
    await session.execute(update(Card).where(Card.story_id == story_id).values(version=Card.version + 1))


async def sections_by_source(session: AsyncSession, desk: str) -> dict[str, dict[str, int]]:
    """Count, for each source, in which sections its stories ran."""
    query = (
        select(Field.value, Story.section, func.count())
        .join(Field, (Field.story_id == Story.id) & (Field.name == "source"))
        .where(Story.desk == desk, Story.status == StoryStatus.PUBLISHED, Story.section.is_not(None))
        .group_by(Field.value, Story.section)
    )
    counts: dict[str, dict[str, int]] = {}
    for source, section, count in (await session.execute(query)).all():
        counts.setdefault(source, {})[str(section)] = count
    return counts
