"""Votes, tags and the reactions they come from. The caller holds the session, and so the transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.people_records import Curator
from storage.records import Card, ReactionState, Tag, Vote
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
    heard: Sequence[str],
    as_of: datetime,
) -> None:
    """Record one curator's reactions on a message, in the order chosen, and those that took effect."""
    await insert_or_change(
        session,
        ReactionState,
        key={"room": room, "message_id": message_id, "curator_id": curator_id},
        emojis=list(emojis),
        heard=list(heard),
        as_of=as_of,
    )


async def reactions_on_cards_of(
    session: AsyncSession, story_id: int
) -> Sequence[tuple[ReactionState, Curator]]:
    """Return everybody's reactions on a story's cards, the oldest state first, with the people."""
    query = (
        select(ReactionState, Curator)
        .join(Card, (Card.room == ReactionState.room) & (Card.message_id == ReactionState.message_id))
        .join(Curator, Curator.id == ReactionState.curator_id)
        .where(Card.story_id == story_id)
        .order_by(ReactionState.as_of, ReactionState.room, ReactionState.curator_id)
        .execution_options(populate_existing=True)
    )
    return [(state, curator) for state, curator in (await session.execute(query)).all()]


async def heard_on_cards_by(
    session: AsyncSession, curator_id: int, *, story_id: int | None = None
) -> dict[int, list[list[str]]]:
    """Return which emojis of a person took effect, on each card of a story or of all, by story."""
    query = (
        select(Card.story_id, ReactionState.heard)
        .join(Card, (Card.room == ReactionState.room) & (Card.message_id == ReactionState.message_id))
        .where(ReactionState.curator_id == curator_id)
        .order_by(Card.story_id, Card.room)
    )
    if story_id is not None:
        query = query.where(Card.story_id == story_id)
    found: dict[int, list[list[str]]] = {}
    for shown, heard in (await session.execute(query)).all():
        found.setdefault(shown, []).append(heard)
    return found
