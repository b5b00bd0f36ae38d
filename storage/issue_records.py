"""Issues, and how stories were last set in them."""

import datetime as dt
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.record_base import JsonValue, Record, Words

_UNDATED = text("date IS NULL")  # NULLs are not equal: the unique key on the date lets any number of them in


class Issue(Record):
    """One dated appearance of the newsletter; without a date until it is first published."""

    __tablename__ = "issues"
    __table_args__ = (
        UniqueConstraint("desk", "date", name="uq_issues_date"),
        Index("ix_issues_undated", "desk", unique=True, sqlite_where=_UNDATED, postgresql_where=_UNDATED),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    desk: Mapped[str] = mapped_column(String(40))
    date: Mapped[dt.date | None] = mapped_column(default=None)
    path: Mapped[str | None] = mapped_column(Text, default=None)
    lead: Mapped[str | None] = mapped_column(Text, default=None)
    rendered_lead: Mapped[str | None] = mapped_column(Text, default=None)
    rendered: Mapped[str | None] = mapped_column(Words, default=None)  # the whole file as last rendered
    released_at: Mapped[datetime | None] = mapped_column(default=None)
    imported: Mapped[bool] = mapped_column(default=False)
    shorts: Mapped[list["Short"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="Short.id"
    )


class Short(Record):
    """A one-line piece of news that runs before the first section."""

    __tablename__ = "shorts"
    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    curator_id: Mapped[int] = mapped_column(ForeignKey("curators.id"))
    rendered: Mapped[bool] = mapped_column(default=False)
    withdrawn: Mapped[bool] = mapped_column(default=False)


class Placement(Record):
    """How a story was last rendered into an issue: the base against which hand edits are seen."""

    __tablename__ = "placements"
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id"), primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), primary_key=True)
    section: Mapped[str] = mapped_column(String(120))
    page: Mapped[dict[str, Any]]
    text: Mapped[str] = mapped_column(Text)


class Publication(Record):
    """One `/publish`: what it froze, and the commit that came of it."""

    __tablename__ = "publications"
    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    desk: Mapped[str] = mapped_column(String(40))
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id"), index=True)
    curator_id: Mapped[int] = mapped_column(ForeignKey("curators.id"))
    room: Mapped[str] = mapped_column(String(80))
    message_id: Mapped[str | None] = mapped_column(String(80), default=None)
    frozen: Mapped[dict[str, Any]]
    asked_at: Mapped[datetime]
    done_at: Mapped[datetime | None] = mapped_column(default=None)
    commit: Mapped[str | None] = mapped_column(String(64), default=None)
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JsonValue, default=None)
