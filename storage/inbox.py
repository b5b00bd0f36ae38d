"""The inbox: where each event is stored before anything is done with it. The caller holds the session."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.event_records import InboxEvent
from storage.record_base import storable
from storage.upsert import insert_new


async def store_event(
    session: AsyncSession, *, desk: str, room: str, event_id: str, payload: Mapping[str, Any], at: datetime
) -> bool:
    """Store a platform's event; tell whether it is new. The same event is stored once."""
    return await insert_new(
        session,
        InboxEvent,
        desk=desk,
        room=room,
        event_id=event_id,
        message_id=payload.get("message_id"),
        payload=dict(payload),
        received_at=at,
    )


async def set_aside_raw(
    session: AsyncSession,
    *,
    desk: str,
    room: str,
    event_id: str,
    raw: Mapping[str, Any],
    failure: str,
    at: datetime,
) -> bool:
    """Keep what no room could make an event of, as one that failed; tell whether it is new.

    Characters that the database does not take are left out.
    """
    return await insert_new(
        session,
        InboxEvent,
        desk=desk,
        room=room,
        event_id=event_id,
        payload={"kind": "Unreadable", "raw": storable(dict(raw))},
        received_at=at,
        handled_at=at,
        failure=failure,
    )


async def unhandled_events(session: AsyncSession, desk: str, *, limit: int) -> Sequence[InboxEvent]:
    """Return the desk's events that have not taken effect yet, in the order stored."""
    query = (
        select(InboxEvent)
        .where(InboxEvent.desk == desk, InboxEvent.handled_at.is_(None))
        .order_by(InboxEvent.id)
        .limit(limit)
    )
    return (await session.scalars(query)).all()


async def mark_handled(
    session: AsyncSession, event: InboxEvent, at: datetime, *, failure: str | None = None
) -> bool:
    """Record that an event has taken effect; tell whether it had not before.

    The row's state is asked of the database, so that two processes that hold the same event do it once.
    """
    result = await session.execute(
        update(InboxEvent)
        .where(InboxEvent.id == event.id, InboxEvent.handled_at.is_(None))
        .values(handled_at=at, failure=failure)
        .returning(InboxEvent.id)
    )
    return result.first() is not None


async def count_unhandled(session: AsyncSession, desk: str) -> int:
    """Count the events that wait to take effect."""
    query = (
        select(func.count())
        .select_from(InboxEvent)
        .where(InboxEvent.desk == desk, InboxEvent.handled_at.is_(None))
    )
    return await session.scalar(query) or 0


async def text_of_message(session: AsyncSession, room: str, message_id: str) -> str | None:
    """Return what a message said when it was last written or edited."""
    query = (
        select(InboxEvent.payload)
        .where(InboxEvent.room == room, InboxEvent.message_id == message_id)
        .order_by(InboxEvent.id.desc())
    )
    payloads = (await session.scalars(query)).all()
    return next((payload["text"] for payload in payloads if "text" in payload), None)


async def event_heard_in(session: AsyncSession, room: str, event_id: int) -> Mapping[str, Any] | None:
    """Return an event that has taken effect in a room, by its id in the inbox."""
    event = await session.get(InboxEvent, event_id)
    if event is None or event.room != room or event.handled_at is None or event.failure is not None:
        return None
    return event.payload


async def heard_of_message(
    session: AsyncSession, room: str, message_id: str, *, besides: int
) -> Sequence[Mapping[str, Any]]:
    """Return what else has taken effect of what was done to a message, in the order stored."""
    query = (
        select(InboxEvent.payload)
        .where(
            InboxEvent.room == room,
            InboxEvent.message_id == message_id,
            InboxEvent.id != besides,
            InboxEvent.handled_at.is_not(None),
            InboxEvent.failure.is_(None),
        )
        .order_by(InboxEvent.id)
    )
    return (await session.scalars(query)).all()


async def wait_for_hearing(session: AsyncSession, room: str, message_id: str) -> None:
    """Wait until nobody hears what was done to a message, and let nobody hear it until this session ends.

    Who hears an event holds it, and then asks for cards; who holds a card first would wait in a circle.
    """
    of_message = InboxEvent.room == room, InboxEvent.message_id == message_id
    await session.execute(select(InboxEvent.id).where(*of_message).order_by(InboxEvent.id).with_for_update())


async def hear_again(session: AsyncSession, room: str, message_id: str) -> None:
    """Let what was done to a message wait to take effect once more, unless it failed."""
    await session.execute(
        update(InboxEvent)
        .where(
            InboxEvent.room == room,
            InboxEvent.message_id == message_id,
            InboxEvent.failure.is_(None),
        )
        .values(handled_at=None)
    )


async def failed_events(session: AsyncSession, desk: str) -> Sequence[InboxEvent]:
    """Return the events that could not take effect, oldest first: kept for whoever mends the cause."""
    query = (
        select(InboxEvent)
        .where(InboxEvent.desk == desk, InboxEvent.failure.is_not(None))
        .order_by(InboxEvent.id)
    )
    return (await session.scalars(query)).all()


async def take_up_again(session: AsyncSession, event_id: int) -> None:
    """Let an event that failed wait to take effect once more."""
    await session.execute(
        update(InboxEvent).where(InboxEvent.id == event_id).values(handled_at=None, failure=None)
    )
