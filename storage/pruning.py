"""What has been done and said may be forgotten. The caller holds the session.

The inbox, the journal and the rooms stay: they are the record of what people gave and did.
"""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.event_records import Delivery, Errand


async def forget_sent(session: AsyncSession, *, before: datetime, limit: int) -> int:
    """Forget up to `limit` deliveries that were sent, or given up, before a time; return how many."""
    old = select(Delivery.id).where(Delivery.sent_at < before).order_by(Delivery.sent_at).limit(limit)
    gone = await session.scalars(delete(Delivery).where(Delivery.id.in_(old)).returning(Delivery.id))
    return len(gone.all())


async def forget_started(session: AsyncSession, *, before: datetime, limit: int) -> int:
    """Forget up to `limit` errands that were started before a time; return how many."""
    old = select(Errand.id).where(Errand.started_at < before).order_by(Errand.started_at).limit(limit)
    gone = await session.scalars(delete(Errand).where(Errand.id.in_(old)).returning(Errand.id))
    return len(gone.all())
