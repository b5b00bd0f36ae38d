"""Questions and changes about people. The caller holds the session, and so the transaction.

Somebody who was two curators and has become one is counted, and named, as who they are now.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from storage.people_records import Curator, Identity, Role


async def curator_of(
    session: AsyncSession, identity: str, *, name: str, role: Role, now: datetime
) -> Curator:
    """Return the person behind an identity; a first appearance makes a curator of this role.

    `name` is what the platform calls them now, empty where it does not say. Somebody of one identity is
    called so; somebody of several keeps the name by which the desk knows them.
    """
    known = await session.get(Identity, identity, options=[joinedload(Identity.curator)])
    if known is not None:
        if name and known.curator.name != name and len(await identities_of(session, known.curator_id)) == 1:
            known.curator.name = name
        return known.curator
    curator = Curator(name=name or identity[:80], role=role, since=now)
    session.add(curator)
    await session.flush()
    session.add(Identity(name=identity, curator_id=curator.id))
    await session.flush()
    return curator


def name_editor(curator: Curator) -> None:
    """Make an editor of somebody whom the config names; an editor by invitation stays that."""
    if not curator.is_editor:
        curator.role, curator.by_config = Role.EDITOR, True


async def follow_config(session: AsyncSession, editors: Collection[str]) -> None:
    """Make editors of the people behind these identities, and curators of whom the config named before."""
    named = set(await session.scalars(select(Identity.curator_id).where(Identity.name.in_(editors))))
    for curator in await session.scalars(
        select(Curator).where(or_(Curator.by_config, Curator.id.in_(named)))
    ):
        if curator.id in named:
            name_editor(curator)
        else:
            curator.role, curator.by_config = Role.CURATOR, False
    await session.flush()


async def identities_of(session: AsyncSession, curator_id: int) -> Sequence[str]:
    """Return what the platforms call a person, such as ``discord:12``."""
    query = select(Identity.name).where(Identity.curator_id == curator_id).order_by(Identity.name)
    return (await session.scalars(query)).all()


async def present_curator(session: AsyncSession, curator_id: int) -> Curator | None:
    """Return who a curator is now."""
    curator = await session.get(Curator, curator_id)
    if curator is not None and curator.joined_to is not None:
        return await session.get(Curator, curator.joined_to)
    return curator


async def first_editor(session: AsyncSession) -> Curator | None:
    """Return the editor who has been here longest."""
    query = select(Curator).where(*_editors()).order_by(Curator.id).limit(1)
    return (await session.scalars(query)).first()


async def editor_names(session: AsyncSession) -> tuple[str, ...]:
    """Return the names of the people who can do what a curator may not."""
    query = select(Curator.name).where(*_editors()).order_by(Curator.id)
    return tuple((await session.scalars(query)).all())


async def count_curators(session: AsyncSession) -> int:
    """Count the people of the desk."""
    query = select(func.count()).select_from(Curator).where(Curator.joined_to.is_(None))
    return await session.scalar(query) or 0


def _editors() -> tuple[ColumnElement[bool], ...]:
    return (Curator.role == Role.EDITOR, Curator.joined_to.is_(None))


def is_or_was(column: InstrumentedAttribute[int | None], curator_id: int) -> ColumnElement[bool]:
    """Ask of a column with somebody's id that it is this person, or who they were before they were one."""
    return or_(column == curator_id, column.in_(select(Curator.id).where(Curator.joined_to == curator_id)))
