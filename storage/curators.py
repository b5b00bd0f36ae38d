"""Questions and changes about people. The caller holds the session, and so the transaction."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from storage.people_records import Curator, Identity, Role


async def curator_of(
    session: AsyncSession, identity: str, *, name: str, role: Role, now: datetime
) -> Curator:
    """Return the person behind an identity; a first appearance makes a curator of this name and role."""
    known = await session.get(Identity, identity, options=[selectinload(Identity.curator)])
    if known is not None:
        return known.curator
    curator = Curator(name=name, role=role, since=now)
    session.add(curator)
    await session.flush()
    session.add(Identity(name=identity, curator_id=curator.id))
    await session.flush()
    return curator


async def first_editor(session: AsyncSession) -> Curator | None:
    """Return the editor who has been here longest."""
    query = select(Curator).where(Curator.role == Role.EDITOR).order_by(Curator.id).limit(1)
    return (await session.scalars(query)).first()


async def editor_names(session: AsyncSession) -> tuple[str, ...]:
    """Return the names of the people who can do what a curator may not."""
    query = select(Curator.name).where(Curator.role == Role.EDITOR).order_by(Curator.id)
    return tuple((await session.scalars(query)).all())


async def count_curators(session: AsyncSession) -> int:
    """Count the people of the desk."""
    return await session.scalar(select(func.count()).select_from(Curator)) or 0
