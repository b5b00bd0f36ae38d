"""What is known of rooms on platforms. The caller holds the session, and so the transaction."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

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
