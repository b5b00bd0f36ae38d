"""The outbox: what is to be said in rooms and which workflows are to start, stored with their cause.

The intent is committed together with the change that caused it; the result is recorded after. The caller
holds the session.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.event_records import Delivery, Errand
from storage.upsert import insert_new


async def order_delivery(
    session: AsyncSession,
    *,
    desk: str,
    room: str,
    key: str,
    kind: str,
    payload: Mapping[str, Any],
    now: datetime,
) -> None:
    """Ask for something to be said in a room; the same key is said once."""
    await insert_new(
        session, Delivery, desk=desk, room=room, key=key, kind=kind, payload=dict(payload), created_at=now
    )


async def is_ordered(session: AsyncSession, key: str) -> bool:
    """Tell whether something was asked to be said under this key, said or not."""
    return await session.scalar(select(Delivery.id).where(Delivery.key == key)) is not None


async def delivery_endings(session: AsyncSession, keys: Collection[str]) -> Sequence[tuple[bool, str | None]]:
    """Tell of each delivery of these keys whether it is over, and why it will never be said, if so."""
    query = select(Delivery.sent_at, Delivery.failure).where(Delivery.key.in_(keys)).order_by(Delivery.id)
    return [(row.sent_at is not None, row.failure) for row in (await session.execute(query)).all()]


async def waiting_deliveries(
    session: AsyncSession, desk: str, *, room: str, limit: int
) -> Sequence[Delivery]:
    """Return what is still to be said in a room, in the order asked for."""
    query = (
        select(Delivery)
        .where(Delivery.desk == desk, Delivery.sent_at.is_(None), Delivery.room == room)
        .order_by(Delivery.id)
        .limit(limit)
    )
    return (await session.scalars(query)).all()


async def mark_tried(session: AsyncSession, delivery: Delivery, bookmark: str) -> None:
    """Record that a delivery is about to be said, and where its room stood before."""
    await session.execute(update(Delivery).where(Delivery.id == delivery.id).values(tried=bookmark))


async def mark_sent(
    session: AsyncSession, delivery: Delivery, now: datetime, failure: str | None, *, message_id: str | None
) -> None:
    """Record that something was said and in which message, or why it never will be."""
    await session.execute(
        update(Delivery)
        .where(Delivery.id == delivery.id)
        .values(sent_at=now, failure=failure, message_id=message_id)
    )


async def give_up_deliveries(
    session: AsyncSession, desk: str, *, rooms: Collection[str], now: datetime
) -> None:
    """Record that what waits for other rooms than these will not be said: the config has them no more."""
    await session.execute(
        update(Delivery)
        .where(Delivery.desk == desk, Delivery.sent_at.is_(None), Delivery.room.not_in(rooms))
        .values(sent_at=now, failure="no such room")
    )


async def order_errand(
    session: AsyncSession,
    *,
    errand_id: str,
    workflow: str,
    arguments: Sequence[str],
    now: datetime,
    delay: float = 0.0,
) -> None:
    """Ask for a workflow to be started, `delay` seconds later; the same id is started once."""
    await insert_new(
        session,
        Errand,
        id=errand_id,
        workflow=workflow,
        arguments=list(arguments),
        created_at=now,
        delay=delay,
    )


async def waiting_errands(session: AsyncSession, *, limit: int, last: Sequence[str] = ()) -> Sequence[Errand]:
    """Return the workflows that are still to be started, in the order asked for; these kinds `last`."""
    query = (
        select(Errand)
        .where(Errand.started_at.is_(None))
        .order_by(Errand.workflow.in_(last), Errand.created_at, Errand.id)
        .limit(limit)
    )
    return (await session.scalars(query)).all()


async def mark_started(session: AsyncSession, errand_ids: Sequence[str], now: datetime) -> None:
    """Record that the engine has taken these workflows."""
    await session.execute(update(Errand).where(Errand.id.in_(errand_ids)).values(started_at=now))
