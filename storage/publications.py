"""Questions about publishes. The caller holds the session, and so the transaction."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.issue_records import Publication


async def last_commit(session: AsyncSession, issue_id: int) -> str | None:
    """Return the newest commit that a publish of an issue made, or None before the first."""
    query = (
        select(Publication.commit)
        .where(Publication.issue_id == issue_id, Publication.commit.is_not(None))
        .order_by(Publication.done_at.desc())
        .limit(1)
    )
    return (await session.scalars(query)).first()
