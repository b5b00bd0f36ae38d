"""What the doctor asks the database. The caller holds the session, and so the transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.event_records import InboxEvent
from storage.room_records import RoomState


async def database_time(session: AsyncSession) -> datetime | None:
    """Return the time by the database server's clock; None for SQLite, which has ours."""
    if session.get_bind().dialect.name == "sqlite":
        return None
    return await session.scalar(select(func.now()))


async def newest_event_at(session: AsyncSession) -> datetime | None:
    """Return when the last event was stored."""
    return await session.scalar(select(func.max(InboxEvent.received_at)))


async def moved_rooms(session: AsyncSession) -> Sequence[RoomState]:
    """Return the rooms which their platform has moved since the config was written."""
    return (await session.scalars(select(RoomState).where(RoomState.chat.is_not(None)))).all()
