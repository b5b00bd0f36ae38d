"""How many stories there are, and how far they are. The caller holds the session."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.records import Story, StoryStatus


async def count_stories(session: AsyncSession, desk: str) -> dict[StoryStatus, int]:
    """Count the desk's stories by status."""
    query = select(Story.status, func.count()).where(Story.desk == desk).group_by(Story.status)
    return {StoryStatus(status): count for status, count in (await session.execute(query)).all()}


async def unread_stories(session: AsyncSession, desk: str) -> int:
    """Count the stories whose page is still being read."""
    query = (
        select(func.count())
        .select_from(Story)
        .where(Story.desk == desk, Story.status == StoryStatus.PITCHED, Story.read_at.is_(None))
    )
    return await session.scalar(query) or 0
