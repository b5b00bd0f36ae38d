"""Invitations to the web room. The caller holds the session, and so the transaction."""

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy.ext.asyncio import AsyncSession

from storage.people_records import Invitation, Role

_TOKEN_BYTES = 32  # 256 bit: not to be guessed, however many tries


async def invite(
    session: AsyncSession, role: Role, *, name: str | None = None, days: float = 7, now: datetime
) -> str:
    """Store an invitation for `days` days and return the token of its link ``/sign-in/TOKEN``.

    The token is not kept, only its digest. With a name, whoever opens the link signs in as that curator,
    as often as they like; without one, each opener chooses a name that nobody has.
    """
    token = token_urlsafe(_TOKEN_BYTES)
    session.add(
        Invitation(
            digest=_digest(token), role=role, name=name, created_at=now, expires_at=now + timedelta(days=days)
        )
    )
    await session.flush()
    return token


async def invitation(session: AsyncSession, token: str) -> Invitation | None:
    """Return the invitation of a token, expired or not."""
    return await session.get(Invitation, _digest(token))


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
