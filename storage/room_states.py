"""What is known of rooms on platforms. The caller holds the session, and so the transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, case, cast, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from storage.event_records import Delivery, InboxEvent
from storage.records import Card, Story, StoryStatus
from storage.room_records import RoomState
from storage.upsert import insert_or_change


async def room_state(session: AsyncSession, room: str) -> RoomState | None:
    """Return what is known of a room; None for one that nothing was ever noted of."""
    return await session.get(RoomState, room, populate_existing=True)


async def note_seen(session: AsyncSession, room: str, at: datetime, *, read_to: str | None = None) -> None:
    """Record that all that happened in a room until then is known, and the last message where it is given."""
    values = {"seen_at": at} | ({"read_to": read_to} if read_to else {})
    await insert_or_change(session, RoomState, key={"room": room}, **values)


async def note_chat(session: AsyncSession, room: str, chat: str) -> None:
    """Record where the platform has moved a room."""
    await insert_or_change(session, RoomState, key={"room": room}, chat=chat)


async def note_trouble(session: AsyncSession, room: str, trouble: str | None, since: datetime | None) -> None:
    """Record what keeps us from writing in a room, None where nothing does."""
    await insert_or_change(session, RoomState, key={"room": room}, trouble=trouble, trouble_since=since)


async def moved_chats(session: AsyncSession) -> Mapping[str, str]:
    """Return, by room, where the platform has moved it."""
    query = select(RoomState.room, RoomState.chat).where(RoomState.chat.is_not(None))
    return {row.room: row.chat for row in await session.execute(query)}


async def leave_cards_behind(session: AsyncSession, room: str, prefix: str) -> int:
    """Have the cards of open stories posted anew whose messages stand elsewhere; return how many.

    `prefix` begins every message id of the place where the room is now.
    """
    open_stories = select(Story.id).where(Story.status == StoryStatus.PITCHED)
    result = await session.execute(
        update(Card)
        .where(
            Card.room == room,
            Card.message_id.is_not(None),
            Card.message_id.not_like(f"{prefix}%"),
            Card.story_id.in_(open_stories),
        )
        .values(message_id=None, tried=None, emoji=None, version=Card.version + 1)
        .returning(Card.story_id)
    )
    return len(result.all())


async def highest_message(session: AsyncSession, rooms: Sequence[str], prefix: str) -> int:
    """Return the highest number of a message known in rooms, 0 for none.

    Ids are read as the prefix and a number. People's messages count, and the bot's own.
    """
    highest = 0
    for ids, room in _MESSAGE_IDS:
        number = _number(ids, prefix)
        highest = max(highest, await session.scalar(select(func.max(number)).where(room.in_(rooms))) or 0)
    return highest


async def known_messages(
    session: AsyncSession, rooms: Sequence[str], prefix: str, *, above: int
) -> frozenset[int]:
    """Return the numbers above one of the messages that are surely people's, or the bot's own and known.

    That somebody reacted to a message or pressed a button under it does not make it known: it may be the
    one whose sending came to an unknown end.
    """
    known: set[int] = set()
    for ids, room in _MESSAGE_IDS:
        number = _number(ids, prefix)
        query = select(number).where(room.in_(rooms), number > above)
        if ids.class_ is InboxEvent:
            query = query.where(
                InboxEvent.payload["kind"].as_string().in_(("MessagePosted", "MessageEdited"))
            )
        known |= set((await session.scalars(query)).all())
    return frozenset(known)


async def count_unsettled(session: AsyncSession, rooms: Sequence[str]) -> int:
    """Count the posts in rooms that were tried and of which nobody knows yet whether they arrived."""
    said = select(func.count()).where(
        Delivery.room.in_(rooms), Delivery.tried.is_not(None), Delivery.sent_at.is_(None)
    )
    shown = select(func.count()).where(
        Card.room.in_(rooms),
        Card.tried.is_not(None),
        Card.message_id.is_(None),
        Card.drawn < Card.version,  # else it was refused, and is not there
    )
    return (await session.scalar(said) or 0) + (await session.scalar(shown) or 0)


_MESSAGE_IDS = (
    (InboxEvent.message_id, InboxEvent.room),
    (Delivery.message_id, Delivery.room),
    (Card.message_id, Card.room),
)


def _number(ids: InstrumentedAttribute[str | None], prefix: str) -> ColumnElement[int]:
    """Return the number behind the prefix; 0 for other ids, which no cast may meet."""
    number = cast(func.substr(ids, len(prefix) + 1), BigInteger)
    return case((ids.like(f"{prefix}%"), number), else_=0)
