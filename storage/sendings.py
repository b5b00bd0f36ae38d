"""What was sent of a released issue by which channel. The caller holds the session."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.issue_records import Issue
from storage.press_records import Sending
from storage.upsert import insert_new


async def order_sending(session: AsyncSession, issue_id: int, channel: str, *, now: datetime) -> bool:
    """Write down that an issue is to go out by a channel; tell whether that is new."""
    return await insert_new(session, Sending, issue_id=issue_id, channel=channel, ordered_at=now)


async def sending_of(session: AsyncSession, issue_id: int, channel: str) -> Sending:
    """Return how an issue's way by a channel stands now; raises NoResultFound."""
    query = select(Sending).where(Sending.issue_id == issue_id, Sending.channel == channel)
    return (await session.scalars(query.execution_options(populate_existing=True))).one()


async def sendings_of(session: AsyncSession, issue_id: int) -> Sequence[Sending]:
    """Return an issue's sendings, in the order they were asked for."""
    query = select(Sending).where(Sending.issue_id == issue_id).order_by(Sending.ordered_at, Sending.channel)
    return (await session.scalars(query)).all()


async def sendings_besides(
    session: AsyncSession, issue_id: int, channels: Collection[str]
) -> Sequence[Sending]:
    """Return an issue's sendings by other channels than these, in the order they were asked for."""
    return [one for one in await sendings_of(session, issue_id) if one.channel not in channels]


async def last_released(session: AsyncSession, desk: str) -> Issue | None:
    """Return the issue that was released last."""
    query = (
        select(Issue)
        .where(Issue.desk == desk, Issue.released_at.is_not(None))
        .order_by(Issue.released_at.desc(), Issue.id.desc())
        .limit(1)
    )
    return (await session.scalars(query)).first()


def note_try(sending: Sending, part: str | None) -> None:
    """Record that a part is about to be sent; None: nothing is under way, and a new try may begin."""
    sending.done = {**_done(sending), "tried": part}


def note_sent(sending: Sending, part: str, result: str) -> None:
    """Record that a part was sent, and what came back."""
    done = _done(sending)
    sending.done = {**done, "tried": None, "sent": {**done["sent"], part: result}}


def note_upload(sending: Sending, digest: str, address: str) -> None:
    """Record that a channel keeps a picture, by the digest of its bytes, and at which address."""
    sending.done = {**_done(sending), "uploads": {**uploads(sending), digest: address}}


def begin_again(sending: Sending) -> None:
    """Forget what was sent, so that the whole issue goes out once more; pictures stay where they are kept."""
    kept = uploads(sending)
    sending.sent_at, sending.failure, sending.done = None, None, {"uploads": kept} if kept else None


def part_in_doubt(sending: Sending) -> str | None:
    """Return the part whose sending was begun and never ended: nobody here knows whether it went out."""
    tried: str | None = _done(sending)["tried"]
    return tried


def parts_sent(sending: Sending) -> dict[str, str]:
    """Return the parts that were sent, with what came back."""
    sent: dict[str, str] = _done(sending)["sent"]
    return sent


def uploads(sending: Sending) -> dict[str, str]:
    """Return the addresses at which a channel keeps pictures, by the digests of their bytes."""
    kept: dict[str, str] = (sending.done or {}).get("uploads", {})
    return kept


def _done(sending: Sending) -> dict[str, Any]:
    return {"tried": None, "sent": {}, **(sending.done or {})}
