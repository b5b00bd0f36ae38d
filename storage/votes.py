"""Votes, tags and the reactions they come from. The caller holds the session, and so the transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from storage.records import ReactionState, Tag, Vote
from storage.upsert import insert_or_change


async def cast_vote(
    session: AsyncSession, story_id: int, curator_id: int, weight: int, *, now: datetime
) -> None:
    """Make this the curator's one vote for the story.

    A vote taken back stays as one of weight 0, so that an older one which arrives late stays out.
    """
    key = {"story_id": story_id, "curator_id": curator_id}
    await insert_or_change(session, Vote, key=key, weight=weight, cast_at=now)


async def tag_story(
    session: AsyncSession, story_id: int, curator_id: int, section: str | None, *, now: datetime
) -> None:
    """Make this the curator's one choice of a section; None withdraws it."""
    key = {"story_id": story_id, "curator_id": curator_id}
    if section:
        await insert_or_change(session, Tag, key=key, section=section, cast_at=now)
    else:
        await session.execute(delete(Tag).filter_by(**key))


async def reactions_of(
    session: AsyncSession, room: str, message_id: str, curator_id: int
) -> ReactionState | None:
    """Return what was last known of one curator's reactions on a message."""
    return await session.get(ReactionState, (room, message_id, curator_id), populate_existing=True)


async def store_reactions(
    session: AsyncSession,
    *,
    room: str,
    message_id: str,
    curator_id: int,
    emojis: Sequence[str],
    as_of: datetime,
) -> None:
    """Record one curator's reactions on a message, in the order chosen."""
    await insert_or_change(
        session,
        ReactionState,
        key={"room": room, "message_id": message_id, "curator_id": curator_id},
        emojis=list(emojis),
        as_of=as_of,
    )
