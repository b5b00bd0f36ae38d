"""What came in, what is to go out, and who did what."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.people_records import Curator
from storage.record_base import Record
from storage.records import Story


class InboxEvent(Record):
    """A platform's event, stored before anything is done with it."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("room", "event_id", name="uq_inbox_room_event"),
        Index("ix_inbox_unhandled", "desk", "handled_at", "id"),
        Index("ix_inbox_message", "room", "message_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    desk: Mapped[str] = mapped_column(String(40))
    room: Mapped[str] = mapped_column(String(80))
    event_id: Mapped[str] = mapped_column(String(120))
    message_id: Mapped[str | None] = mapped_column(String(80), default=None)
    payload: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]
    handled_at: Mapped[datetime | None] = mapped_column(default=None)
    failure: Mapped[str | None] = mapped_column(Text, default=None)


class JournalLine(Record):
    """Who did what, from which room, when. Append-only; an undone line points to what undid it."""

    __tablename__ = "journal"
    __table_args__ = (Index("ix_journal_story", "story_id", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    desk: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    curator_id: Mapped[int | None] = mapped_column(ForeignKey("curators.id"), default=None)
    room: Mapped[str | None] = mapped_column(String(80), default=None)
    story_id: Mapped[int | None] = mapped_column(ForeignKey("stories.id"), default=None)
    deed: Mapped[str] = mapped_column(String(24))
    details: Mapped[dict[str, Any]]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("journal.id"), default=None)
    key: Mapped[str | None] = mapped_column(String(160), unique=True, default=None)
    curator: Mapped[Curator | None] = relationship(lazy="raise")
    story: Mapped[Story | None] = relationship(lazy="raise")


class Delivery(Record):
    """Something to say in a room: the intent is stored with its cause, the result after sending.

    `tried` is the room's bookmark from before a try whose end is not known yet; `message_id` is the result.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_waiting", "sent_at", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    desk: Mapped[str] = mapped_column(String(40))
    room: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(16))
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    tried: Mapped[str | None] = mapped_column(String(120), default=None)
    message_id: Mapped[str | None] = mapped_column(String(80), default=None)
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    failure: Mapped[str | None] = mapped_column(Text, default=None)


class Errand(Record):
    """A durable workflow to be started, stored with its cause; starting it twice starts it once."""

    __tablename__ = "errands"
    id: Mapped[str] = mapped_column(String(160), primary_key=True)
    workflow: Mapped[str] = mapped_column(String(40))
    arguments: Mapped[list[str]]
    delay: Mapped[float] = mapped_column(default=0.0)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None] = mapped_column(index=True, default=None)


class Counter(Record):
    """A number counted up inside a transaction: story numbers, changes of a room."""

    __tablename__ = "counters"
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    value: Mapped[int]


class Executor(Record):
    """A worker process's heartbeat, by which the living take over the dead one's workflows."""

    __tablename__ = "executors"
    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    seen: Mapped[float]
