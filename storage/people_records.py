"""The people of the desk."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.record_base import Record


class Role(StrEnum):
    """What a person may do; an editor may also publish, spike and amend others' words."""

    CURATOR = "curator"
    EDITOR = "editor"


class Curator(Record):
    """A person, whichever rooms they come from.

    `joined_to` is set where somebody was two curators who have become one: the other is who they are now.
    Who is an editor `by_config` is one for as long as the config says so; others are by invitation.
    """

    __tablename__ = "curators"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[Role] = mapped_column(String(16), default=Role.CURATOR)
    since: Mapped[datetime]
    joined_to: Mapped[int | None] = mapped_column(default=None)
    by_config: Mapped[bool] = mapped_column(default=False, server_default=false())

    @property
    def is_editor(self) -> bool:
        """Tell whether this person is an editor."""
        return self.role == Role.EDITOR


class Identity(Record):
    """A curator's name on one platform, such as ``web:lin``."""

    __tablename__ = "identities"
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    curator_id: Mapped[int] = mapped_column(ForeignKey("curators.id"), index=True)
    curator: Mapped[Curator] = relationship(lazy="raise")


class Invitation(Record):
    """A link by which someone signs in to the web room; only the token's digest is kept."""

    __tablename__ = "invitations"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[Role] = mapped_column(String(16))
    name: Mapped[str | None] = mapped_column(String(80), default=None)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class JoinCode(Record):
    """A code by which a person says in one room that they are also somebody in another.

    `answered_by` is who gave the code elsewhere; the one who asked for it must then agree, in the `room`
    where they were told of it. `asked_about` is whom they were asked about: an answer in place of that one's
    is asked about anew.
    """

    __tablename__ = "join_codes"
    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    curator_id: Mapped[int] = mapped_column(ForeignKey("curators.id"), index=True)
    room: Mapped[str] = mapped_column(String(80))
    thread: Mapped[str | None] = mapped_column(String(40), default=None)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("curators.id"), default=None)
    asked_about: Mapped[int | None] = mapped_column(default=None)
    expires_at: Mapped[datetime]
