"""The web room, whose platform we are."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.people_records import Curator
from storage.record_base import Record

# A message without a card holds NULL, not JSON's null: questions then need only one of them.
_Absentable = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class RoomMessage(Record):
    """A message in the web room, whose platform we are.

    `change` grows with every change of any message of the room, so that a browser which knows the last
    change it saw asks for what came after, and misses and repeats nothing.
    """

    __tablename__ = "room_messages"
    __table_args__ = (
        UniqueConstraint("room", "key", name="uq_room_messages_key"),
        Index("ix_room_messages_change", "room", "change"),
        Index("ix_room_messages_card_state", "room", "card_state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    room: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(160))
    change: Mapped[int]
    curator_id: Mapped[int | None] = mapped_column(ForeignKey("curators.id"), default=None)
    text: Mapped[str] = mapped_column(Text, default="")
    card: Mapped[dict[str, Any] | None] = mapped_column(_Absentable, default=None)
    card_state: Mapped[str | None] = mapped_column(String(16), default=None)
    file: Mapped[dict[str, Any] | None] = mapped_column(_Absentable, default=None)
    buttons: Mapped[list[list[str]] | None] = mapped_column(_Absentable, default=None)  # keys with labels
    reply_to: Mapped[int | None] = mapped_column(ForeignKey("room_messages.id"), default=None)
    posted_at: Mapped[datetime]
    edited_at: Mapped[datetime | None] = mapped_column(default=None)
    deleted_at: Mapped[datetime | None] = mapped_column(default=None)
    curator: Mapped[Curator | None] = relationship(lazy="raise")
    replied_to: Mapped["RoomMessage | None"] = relationship(lazy="raise", remote_side=[id])
    reactions: Mapped[list["RoomReaction"]] = relationship(lazy="raise", order_by="RoomReaction.id")


class RoomReaction(Record):
    """An emoji on a message of the web room; without a curator it is the bot's own."""

    __tablename__ = "room_reactions"
    __table_args__ = (UniqueConstraint("message_id", "curator_id", "emoji", name="uq_room_reactions_emoji"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("room_messages.id"))
    curator_id: Mapped[int | None] = mapped_column(ForeignKey("curators.id"), default=None)
    emoji: Mapped[str] = mapped_column(String(40))
    curator: Mapped[Curator | None] = relationship(lazy="raise")


class RoomState(Record):
    """What is known of a room on a platform.

    `chat` is where the platform has moved it since the config was written. Until `seen_at` all that happened
    there is known; `read_to` is the last message known. `trouble` is what keeps us from writing there.
    """

    __tablename__ = "room_states"
    room: Mapped[str] = mapped_column(String(80), primary_key=True)
    chat: Mapped[str | None] = mapped_column(String(80), default=None)
    seen_at: Mapped[datetime | None] = mapped_column(default=None)
    read_to: Mapped[str | None] = mapped_column(String(80), default=None)
    trouble: Mapped[str | None] = mapped_column(String(40), default=None)
    trouble_since: Mapped[datetime | None] = mapped_column(default=None)
