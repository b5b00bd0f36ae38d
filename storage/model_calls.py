"""How often a model was asked on a day. The caller holds the session."""

from datetime import date

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from storage.event_records import Counter
from storage.upsert import count_up


async def count_call(session: AsyncSession, desk: str, day: date) -> int:
    """Count one more question of a desk's day, and return which one it is; other days are forgotten."""
    of_desk = f"model:{desk}:"
    count = await count_up(session, f"{of_desk}{day}")
    if count == 1:
        others = Counter.name.startswith(of_desk, autoescape=True) & (Counter.name < f"{of_desk}{day}")
        await session.execute(delete(Counter).where(others))
    return count
