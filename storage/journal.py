"""The journal: who did what, from which room, when. The caller holds the session."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from storage.curators import is_or_was
from storage.event_records import JournalLine
from storage.upsert import insert_new


async def write_line(
    session: AsyncSession,
    *,
    desk: str,
    deed: str,
    details: Mapping[str, Any],
    now: datetime,
    curator_id: int | None = None,
    room: str | None = None,
    story_id: int | None = None,
) -> JournalLine:
    """Append a line."""
    line = JournalLine(
        desk=desk,
        at=now,
        deed=deed,
        details=dict(details),
        curator_id=curator_id,
        room=room,
        story_id=story_id,
    )
    session.add(line)
    await session.flush()
    return line


async def write_line_once(  # noqa: PLR0913 - what, where, when
    session: AsyncSession,
    key: str,
    *,
    desk: str,
    deed: str,
    details: Mapping[str, Any],
    now: datetime,
    curator_id: int | None = None,
    room: str | None = None,
    story_id: int | None = None,
) -> bool:
    """Append a line unless one of this key stands there: a step may run again, its line may not."""
    return await insert_new(
        session,
        JournalLine,
        key=key,
        desk=desk,
        at=now,
        deed=deed,
        details=dict(details),
        curator_id=curator_id,
        room=room,
        story_id=story_id,
    )


async def lines_of_story(session: AsyncSession, story_id: int) -> Sequence[JournalLine]:
    """Return a story's lines, oldest first, with the people."""
    query = (
        select(JournalLine)
        .where(JournalLine.story_id == story_id)
        .options(selectinload(JournalLine.curator))
        .order_by(JournalLine.id)
    )
    return (await session.scalars(query)).all()


async def last_undoable(
    session: AsyncSession,
    desk: str,
    deeds: Sequence[str],
    *,
    curator_id: int | None = None,
    story_id: int | None = None,
) -> JournalLine | None:
    """Return the newest of these deeds that still stands: of one curator or anyone, of one story or any.

    What somebody did before two curators became one is theirs too.
    """
    query = (
        select(JournalLine)
        .where(JournalLine.desk == desk, JournalLine.deed.in_(deeds), JournalLine.undone_by.is_(None))
        .options(selectinload(JournalLine.curator), selectinload(JournalLine.story))
        .order_by(JournalLine.id.desc())
        .limit(1)
    )
    if curator_id is not None:
        query = query.where(is_or_was(JournalLine.curator_id, curator_id))
    if story_id is not None:
        query = query.where(JournalLine.story_id == story_id)
    return (await session.scalars(query)).first()


async def newer_publish(session: AsyncSession, line: JournalLine) -> JournalLine | None:
    """Return a publish of the same issue that came after this one and still stands, with who did it."""
    query = (
        select(JournalLine)
        .where(
            JournalLine.desk == line.desk,
            JournalLine.deed == line.deed,
            JournalLine.undone_by.is_(None),
            JournalLine.id > line.id,
        )
        .options(selectinload(JournalLine.curator))
        .order_by(JournalLine.id.desc())
    )
    newer = (await session.scalars(query)).all()
    return next((other for other in newer if other.details["issue"] == line.details["issue"]), None)


async def mark_undone(
    session: AsyncSession, line: JournalLine, curator_id: int, room: str | None, now: datetime
) -> None:
    """Append a line that says who undid this one, and point this one to it."""
    undoing = await write_line(
        session,
        desk=line.desk,
        deed="undo",
        details={"of": line.id},
        now=now,
        curator_id=curator_id,
        room=room,
        story_id=line.story_id,
    )
    line.undone_by = undoing.id
    await session.flush()
