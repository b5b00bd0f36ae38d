"""Two curators become one: what belongs to the other moves over. The caller holds the session.

The journal's lines stay as they are. Where a unique key lets only one of two things stand, the later one
does; for votes and tags that is for the caller to say.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, union, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.curators import identities_of
from storage.event_records import JournalLine
from storage.issue_records import Publication, Short
from storage.people_records import Curator, Identity, JoinCode, Role
from storage.records import Field, Pitch, ReactionState, Story, StoryStatus, Tag, Vote
from storage.room_messages import change_person
from storage.room_records import RoomReaction
from storage.upsert import insert_new
from storage.web_people import WEB, web_identity


async def new_join_code(
    session: AsyncSession, curator_id: int, code: str, *, room: str, thread: str | None, expires_at: datetime
) -> bool:
    """Give a person a code, in place of the one they had; tell whether the code was free."""
    await session.execute(delete(JoinCode).where(JoinCode.curator_id == curator_id))
    return await insert_new(
        session,
        JoinCode,
        code=code,
        curator_id=curator_id,
        room=room,
        thread=thread,
        expires_at=expires_at,
    )


async def join_code(session: AsyncSession, code: str, *, now: datetime) -> JoinCode | None:
    """Return what is known of a code that is still good; the others are forgotten."""
    await session.execute(delete(JoinCode).where(JoinCode.expires_at <= now))
    return await session.get(JoinCode, code, populate_existing=True)


async def tries_since(
    session: AsyncSession, deed: str, curator_id: int, *, since: datetime, most: int
) -> Sequence[datetime]:
    """Return when somebody did a deed lately: the newest `most` times, the newest first."""
    query = (
        select(JournalLine.at)
        .where(JournalLine.deed == deed, JournalLine.curator_id == curator_id, JournalLine.at > since)
        .order_by(JournalLine.id.desc())
        .limit(most)
    )
    return (await session.scalars(query)).all()


async def opinions_of(session: AsyncSession, curator_id: int) -> tuple[dict[int, Vote], dict[int, Tag]]:
    """Return a person's votes and tags, by story."""
    votes = await session.scalars(select(Vote).where(Vote.curator_id == curator_id))
    tags = await session.scalars(select(Tag).where(Tag.curator_id == curator_id))
    return {vote.story_id: vote for vote in votes}, {tag.story_id: tag for tag in tags}


async def open_stories_of(session: AsyncSession, curator_ids: Sequence[int]) -> Sequence[int]:
    """Return the ids of the open stories on whose cards these people stand."""
    stands = union(
        *(select(table.story_id).where(table.curator_id.in_(curator_ids)) for table in (Vote, Tag, Pitch))
    ).subquery()
    query = select(Story.id).where(
        Story.status == StoryStatus.PITCHED, Story.id.in_(select(stands.c.story_id))
    )
    return (await session.scalars(query.order_by(Story.id))).all()


async def forget_opinion(session: AsyncSession, story_id: int, curator_id: int) -> None:
    """Leave nothing of what somebody thought of a story."""
    for table in (Vote, Tag):
        await session.execute(delete(table).where(table.story_id == story_id, table.curator_id == curator_id))


async def move_over(session: AsyncSession, other: Curator, survivor: Curator) -> None:
    """Give all that belongs to one curator to another; votes and tags on stories of both must be gone."""
    old, new = other.id, survivor.id
    await _keep_the_later_reactions(session, old, new)
    await _keep_the_later_web_reactions(session, old, new)
    if any(name.startswith(WEB) for name in await identities_of(session, old)):
        await insert_new(session, Identity, name=web_identity(new), curator_id=new)
    for column in (
        Identity.curator_id,
        Vote.curator_id,
        Tag.curator_id,
        Pitch.curator_id,
        Field.curator_id,
        Story.pitched_by,
        ReactionState.curator_id,
        Short.curator_id,
        Publication.curator_id,
    ):
        moved = update(column.class_).where(column == old).values({column.key: new})
        await session.execute(moved.execution_options(synchronize_session=False))
    await change_person(session, old, new)
    await session.execute(delete(JoinCode).where(JoinCode.curator_id.in_((old, new))))
    await session.execute(update(JoinCode).where(JoinCode.answered_by == old).values(answered_by=new))
    await session.execute(update(Curator).where(Curator.joined_to == old).values(joined_to=new))
    other.joined_to = new
    if other.is_editor:
        by_config = other.by_config and (survivor.by_config or not survivor.is_editor)
        survivor.role, survivor.by_config = Role.EDITOR, by_config
    await session.flush()


async def _keep_the_later_reactions(session: AsyncSession, old: int, new: int) -> None:
    """Of two states of one message, which then is in one room, keep the later."""
    theirs, ours = aliased(ReactionState), aliased(ReactionState)
    pairs = select(theirs, ours).join(
        ours, (ours.room == theirs.room) & (ours.message_id == theirs.message_id)
    )
    both = await session.execute(pairs.where(theirs.curator_id == old, ours.curator_id == new))
    for one, other in both.all():
        await session.delete(one if one.as_of < other.as_of else other)
    await session.flush()


async def _keep_the_later_web_reactions(session: AsyncSession, old: int, new: int) -> None:
    """Of two people's emojis on one message, keep those that were chosen later."""
    theirs, ours = aliased(RoomReaction), aliased(RoomReaction)
    both = (
        select(theirs.message_id, func.max(theirs.id), func.max(ours.id))
        .join(ours, ours.message_id == theirs.message_id)
        .where(theirs.curator_id == old, ours.curator_id == new)
        .group_by(theirs.message_id)
    )
    for message_id, their_last, our_last in (await session.execute(both)).all():
        earlier = old if their_last < our_last else new
        gone = RoomReaction.message_id == message_id, RoomReaction.curator_id == earlier
        await session.execute(delete(RoomReaction).where(*gone))
