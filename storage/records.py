"""Stories, what people think of them, and the people.

A story has an id, the database's own, and a number, counted per desk, which is what people see (``#12``).
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.issue_records import Issue
from storage.people_records import Curator
from storage.record_base import Record, Words

_UNDRAWN = text("drawn < version")


class StoryStatus(StrEnum):
    """A story's life. Being on the slate is computed, never stored."""

    PITCHED = "pitched"
    PUBLISHED = "published"
    SPIKED = "spiked"


class Author(StrEnum):
    """Who wrote a field of a story; the machine never overwrites the others."""

    MACHINE = "machine"
    CURATOR = "curator"
    EDITOR = "editor"
    GIT = "git"


class Story(Record):
    """An article the desk considers."""

    __tablename__ = "stories"
    __table_args__ = (
        UniqueConstraint("desk", "number", name="uq_stories_number"),
        Index("ix_stories_status", "desk", "status", "issue_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    desk: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    status: Mapped[StoryStatus] = mapped_column(String(16), default=StoryStatus.PITCHED)
    url: Mapped[str] = mapped_column(Text)
    pitched_at: Mapped[datetime]
    pitched_by: Mapped[int | None] = mapped_column(ForeignKey("curators.id"))
    read_at: Mapped[datetime | None] = mapped_column(default=None)
    verdict: Mapped[str | None] = mapped_column(String(20), default=None)
    reason: Mapped[str | None] = mapped_column(String(80), default=None)
    advice: Mapped[str | None] = mapped_column(String(120), default=None)
    confidence: Mapped[float] = mapped_column(default=0.0)
    second_advice: Mapped[str | None] = mapped_column(String(120), default=None)  # where the first is unsure
    drafted_by: Mapped[str | None] = mapped_column(String(20), default=None)  # as Summary.drafted_by
    no_draft: Mapped[str | None] = mapped_column(String(20), default=None)  # why a model's was not taken
    doubts: Mapped[list[str]] = mapped_column(default=list)  # of a model's draft: what the text does not say
    same_as: Mapped[int | None] = mapped_column(default=None)  # the id of a story with the same text
    likeness: Mapped[float] = mapped_column(default=0.0)  # to that story's text, from 0 to 1
    place: Mapped[int | None] = mapped_column(default=None)
    run_before: Mapped[int | None] = mapped_column(default=None)  # in a draft: a story's id, until it is set
    spike_reason: Mapped[str | None] = mapped_column(Text, default=None)
    withdrawn: Mapped[bool] = mapped_column(default=False)  # spiked by its pitcher: a new pitch reopens it
    being_read_since: Mapped[datetime | None] = mapped_column(default=None)
    issue_id: Mapped[int | None] = mapped_column(ForeignKey("issues.id"), index=True, default=None)
    section: Mapped[str | None] = mapped_column(String(120), default=None)
    fields: Mapped[list["Field"]] = relationship(lazy="raise", cascade="all, delete-orphan")
    votes: Mapped[list["Vote"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="Vote.curator_id"
    )
    tags: Mapped[list["Tag"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="Tag.curator_id"
    )
    pitches: Mapped[list["Pitch"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="Pitch.id"
    )
    issue: Mapped["Issue | None"] = relationship(lazy="raise")

    def field(self, name: str) -> str:
        """Return a field's text, empty where nobody has written it."""
        return next((field.value for field in self.fields if field.name == name), "")

    def author_of(self, name: str) -> Author | None:
        """Tell who wrote a field."""
        return next((field.author for field in self.fields if field.name == name), None)


class LinkKey(Record):
    """One spelling of a link, and the story it belongs to: the key decides what is a duplicate."""

    __tablename__ = "links"
    desk: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(2100), primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), index=True)


class Field(Record):
    """One field of a story, and who wrote it."""

    __tablename__ = "fields"
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[str] = mapped_column(Words())
    author: Mapped[Author] = mapped_column(String(16))
    curator_id: Mapped[int | None] = mapped_column(ForeignKey("curators.id"), default=None)
    written_at: Mapped[datetime]


class Pitch(Record):
    """One message in which a curator dropped the story's link."""

    __tablename__ = "pitches"
    __table_args__ = (UniqueConstraint("story_id", "room", "message_id", name="uq_pitches_message"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"))
    curator_id: Mapped[int] = mapped_column(ForeignKey("curators.id"))
    room: Mapped[str] = mapped_column(String(80))
    message_id: Mapped[str] = mapped_column(String(80))
    thread: Mapped[str | None] = mapped_column(String(40), default=None)
    note: Mapped[str] = mapped_column(Text, default="")
    pitched_at: Mapped[datetime]
    curator: Mapped[Curator] = relationship(lazy="raise")


class Vote(Record):
    """One curator's +1 or −1: one vote per curator and story, over all rooms."""

    __tablename__ = "votes"
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), primary_key=True)
    curator_id: Mapped[int] = mapped_column(ForeignKey("curators.id"), primary_key=True)
    weight: Mapped[int]
    cast_at: Mapped[datetime]
    curator: Mapped[Curator] = relationship(lazy="raise")


class Tag(Record):
    """One curator's choice of a section for a story."""

    __tablename__ = "tags"
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), primary_key=True)
    curator_id: Mapped[int] = mapped_column(ForeignKey("curators.id"), primary_key=True)
    section: Mapped[str] = mapped_column(String(120))
    cast_at: Mapped[datetime]
    curator: Mapped[Curator] = relationship(lazy="raise")


class ReactionState(Record):
    """What one curator's reactions on one message are now, in the order they were chosen.

    `heard` are those that took effect last: on the card of a closed story, what stands waits for it to open.
    """

    __tablename__ = "reactions"
    room: Mapped[str] = mapped_column(String(80), primary_key=True)
    message_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    curator_id: Mapped[int] = mapped_column(ForeignKey("curators.id"), primary_key=True)
    emojis: Mapped[list[str]]
    heard: Mapped[list[str]]
    as_of: Mapped[datetime]


class Card(Record):
    """The bot's message that shows a story in one room.

    `version` counts the changes of what it is to show; `drawn` is the version that it shows. Both stand in
    one row, so that a change which comes while the card is drawn is never lost between two transactions.
    """

    __tablename__ = "cards"
    __table_args__ = (
        UniqueConstraint("room", "message_id", name="uq_cards_message"),
        Index("ix_cards_undrawn", "room", "story_id", sqlite_where=_UNDRAWN, postgresql_where=_UNDRAWN),
    )
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id"), primary_key=True)
    room: Mapped[str] = mapped_column(String(80), primary_key=True)
    message_id: Mapped[str | None] = mapped_column(String(80), default=None)
    tried: Mapped[str | None] = mapped_column(String(120), default=None)
    version: Mapped[int] = mapped_column(default=1)
    drawn: Mapped[int] = mapped_column(default=0)
    emoji: Mapped[str | None] = mapped_column(String(40), default=None)
