"""What is known of a message on a platform: who wrote it, what was done to it.

The caller holds the session.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.event_records import Delivery, InboxEvent
from storage.records import Card, Pitch, Story, StoryStatus


async def done_to_message(session: AsyncSession, room: str, message_id: str) -> Sequence[Mapping[str, Any]]:
    """Return the payloads of all that was stored of a message, in the order stored."""
    query = (
        select(InboxEvent.payload)
        .where(InboxEvent.room == room, InboxEvent.message_id == message_id)
        .order_by(InboxEvent.id)
    )
    return (await session.scalars(query)).all()


async def reactions_stored(session: AsyncSession, room: str, message_id: str) -> dict[str, tuple[str, ...]]:
    """Return everybody's reactions on a message as last stored: person → emojis in the order chosen."""
    payloads = await done_to_message(session, room, message_id)
    states = [payload for payload in payloads if payload.get("kind") == "ReactionsOf"]
    return {payload["person"]: tuple(payload["emojis"]) for payload in states}


async def writer_of(session: AsyncSession, room: str, message_id: str) -> tuple[str, str] | None:
    """Return identity and name of who wrote a message; None for one that was never stored."""
    for payload in await done_to_message(session, room, message_id):
        if payload.get("kind") in ("MessagePosted", "MessageEdited"):
            return payload["person"], payload.get("name", "")
    return None


async def commands_given(session: AsyncSession, room: str, message_id: str) -> Sequence[Mapping[str, Any]]:
    """Return the commands that a menu or a form gave under this id, in the order stored."""
    payloads = await done_to_message(session, room, message_id)
    return [payload for payload in payloads if payload.get("kind") == "CommandGiven"]


async def is_bots_message(session: AsyncSession, room: str, message_id: str) -> bool:
    """Tell whether a message is one of the bot's, as far as that is recorded."""
    card = select(Card.story_id).where(Card.room == room, Card.message_id == message_id)
    answer = select(Delivery.id).where(Delivery.room == room, Delivery.message_id == message_id)
    return await session.scalar(card) is not None or await session.scalar(answer.limit(1)) is not None


async def awaits_card(session: AsyncSession, room: str) -> bool:
    """Tell whether a card is being posted whose message is not recorded yet."""
    query = select(Card.story_id).where(Card.room == room, Card.message_id.is_(None)).limit(1)
    return await session.scalar(query) is not None


async def open_cards(session: AsyncSession, desk: str, room: str) -> Sequence[str]:
    """Return the messages that show open stories in a room, oldest story first."""
    query = (
        select(Card.message_id)
        .join(Story, Story.id == Card.story_id)
        .where(
            Story.desk == desk,
            Story.status == StoryStatus.PITCHED,
            Card.room == room,
            Card.message_id.is_not(None),
        )
        .order_by(Story.id)
    )
    return [message_id for message_id in (await session.scalars(query)).all() if message_id]


async def open_pitches(session: AsyncSession, desk: str, room: str) -> Sequence[str]:
    """Return the messages that pitched open stories in a room, oldest first."""
    query = (
        select(Pitch.message_id)
        .join(Story, Story.id == Pitch.story_id)
        .where(Story.desk == desk, Story.status == StoryStatus.PITCHED, Pitch.room == room)
        .order_by(Pitch.id)
    )
    return list(dict.fromkeys((await session.scalars(query)).all()))
