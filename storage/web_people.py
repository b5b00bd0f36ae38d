"""Who signs in to the web room. The caller holds the session, and so the transaction."""

import unicodedata
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.curators import present_curator
from storage.people_records import Curator, Identity, Invitation, Role
from storage.upsert import count_up, insert_new

WEB = "web:"
"""What identities in the web room begin with."""


class NameTakenError(Exception):
    """Somebody else has this name already."""


async def admit(session: AsyncSession, invitation: Invitation, name: str, now: datetime) -> Curator:
    """Return the curator who follows an invitation, a new one where it carries no known name.

    A known curator keeps their role, except that an editor's invitation makes an editor of them.
    Raises NameTakenError when a name that the invitation does not carry belongs to somebody.
    """
    await count_up(session, "sign-in")  # its lock lets two people who want one name come one after another
    curator = await curator_named(session, invitation.name or name)
    if curator is not None and invitation.name is None:
        raise NameTakenError
    if curator is None:
        curator = Curator(name=invitation.name or name, role=invitation.role, since=now)
        session.add(curator)
    elif invitation.role == Role.EDITOR:
        curator.role, curator.by_config = Role.EDITOR, False
    await session.flush()
    await insert_new(session, Identity, name=web_identity(curator.id), curator_id=curator.id)
    return curator


async def curator_named(session: AsyncSession, name: str) -> Curator | None:
    """Return the first of the web room's people with a name; case, width and spaces make no other name.

    On other platforms people call themselves what they like, so that a name there says nothing here. Who has
    become one with somebody else still has the name, and is who they are now. All names are read: a
    newsroom's people are few, and SQLite folds the case of ASCII only.
    """
    wanted = _folded(name)
    by_web = Identity.name.startswith(WEB)
    ids = select(Identity.curator_id).where(by_web)
    query = select(Curator).where(or_(Curator.id.in_(ids), Curator.joined_to.in_(ids))).order_by(Curator.id)
    for curator in (await session.scalars(query)).all():
        if _folded(curator.name) == wanted:
            return await present_curator(session, curator.id)
    return None


async def curator_of_id(session: AsyncSession, curator_id: int) -> Curator | None:
    """Return who the curator of an id is now."""
    return await present_curator(session, curator_id)


def web_identity(curator_id: int) -> str:
    """Name a curator as events of the web room do."""
    return f"{WEB}{curator_id}"


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
