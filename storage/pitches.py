"""Pitches: which message pitched which story. The caller holds the session, and so the transaction."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.records import Pitch, Story
from storage.upsert import insert_new


async def add_pitch(
    session: AsyncSession,
    story: Story,
    *,
    curator_id: int,
    room: str,
    message_id: str,
    thread: str | None,
    note: str,
    now: datetime,
) -> bool:
    """Record that a message pitched a story; tell whether it had not before."""
    return await insert_new(
        session,
        Pitch,
        story_id=story.id,
        curator_id=curator_id,
        room=room,
        message_id=message_id,
        thread=thread,
        note=note,
        pitched_at=now,
    )


async def remove_pitch(session: AsyncSession, story: Story, room: str, message_id: str) -> None:
    """Forget that a message pitched a story."""
    for pitch in [p for p in story.pitches if (p.room, p.message_id) == (room, message_id)]:
        await session.delete(pitch)
    await session.flush()
