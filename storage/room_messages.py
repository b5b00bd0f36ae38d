"""Messages of the web room. The caller holds the session, and so the transaction.

Each change of a message takes the room's next change number. The counter's row is locked until the
transaction ends, so numbers become visible in their order: who has seen change N has seen all before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from storage.room_records import RoomMessage, RoomReaction
from storage.upsert import count_up

OPEN_CARD_STATES = ("waiting", "slate", "drafted", "vetoed", "unread")


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to add; without a curator it is the bot's. The key is unique in the room.

    `buttons` under an answer are keys with labels.
    """

    key: str
    text: str = ""
    curator_id: int | None = None
    card: dict[str, Any] | None = None
    file: dict[str, Any] | None = None
    buttons: tuple[tuple[str, str], ...] = ()
    reply_to: int | None = None


async def add_message(session: AsyncSession, room: str, new: NewMessage, at: datetime) -> int:
    """Add a message once and return its id; a key that the room has already adds nothing."""
    known = await message_id(session, room, new.key)
    if known is not None:
        return known
    change = await count_up(session, _counter(room))
    known = await message_id(session, room, new.key)  # whoever held the counter may have added it
    if known is not None:
        return known
    message = RoomMessage(
        room=room,
        key=new.key,
        change=change,
        curator_id=new.curator_id,
        text=new.text,
        card=new.card,
        card_state=new.card["state"] if new.card else None,
        file=new.file,
        buttons=[list(button) for button in new.buttons] or None,
        reply_to=new.reply_to,
        posted_at=at,
    )
    session.add(message)
    await session.flush()
    return message.id


async def message_id(session: AsyncSession, room: str, key: str) -> int | None:
    """Return the id of the room's message with this key."""
    query = select(RoomMessage.id).where(RoomMessage.room == room, RoomMessage.key == key)
    return await session.scalar(query)


async def change_of(session: AsyncSession, message_id: int) -> int:
    """Return the number of a message's latest change, 0 for a message that is not there."""
    return await session.scalar(select(RoomMessage.change).where(RoomMessage.id == message_id)) or 0


async def message_to_change(session: AsyncSession, room: str, message_id: int) -> RoomMessage | None:
    """Return a message with its reactions, locked against other changes until the transaction ends.

    The lock leaves the key free, so that a new message may refer to this one meanwhile.
    """
    query = (
        select(RoomMessage)
        .where(RoomMessage.room == room, RoomMessage.id == message_id)
        .options(selectinload(RoomMessage.reactions))
        .with_for_update(key_share=True)
    )
    return await session.scalar(query)


async def rewrite(session: AsyncSession, message: RoomMessage, text: str, at: datetime) -> None:
    """Give a message other words."""
    if message.text != text:
        message.text, message.edited_at = text, at
        await _count_change(session, message)


async def take_back(session: AsyncSession, message: RoomMessage, at: datetime) -> None:
    """Leave a tombstone of a message: its words and reactions are gone."""
    if message.deleted_at is None:
        message.text, message.deleted_at = "", at
        await session.execute(delete(RoomReaction).where(RoomReaction.message_id == message.id))
        await _count_change(session, message)


async def redraw_card(session: AsyncSession, message: RoomMessage, card: dict[str, Any]) -> None:
    """Show a card's new state; an equal card is no change."""
    if message.card != card:
        message.card, message.card_state = card, card["state"]
        await _count_change(session, message)


async def set_reactions(
    session: AsyncSession, message: RoomMessage, curator_id: int | None, emojis: Sequence[str]
) -> None:
    """Make these the reactions of one curator (or of the bot) on a message, in this order."""
    standing = [found.emoji for found in message.reactions if found.curator_id == curator_id]
    if standing == list(emojis):
        return
    await session.execute(
        delete(RoomReaction).where(
            RoomReaction.message_id == message.id, RoomReaction.curator_id.is_not_distinct_from(curator_id)
        )
    )
    for emoji in emojis:  # one by one: their ids keep the order
        session.add(RoomReaction(message_id=message.id, curator_id=curator_id, emoji=emoji))
        await session.flush()
    await _count_change(session, message)


async def change_person(session: AsyncSession, old: int, new: int, *, shown: int = 200) -> None:
    """Let one curator stand for another on messages and reactions; the newest `shown` are told anew."""
    theirs = select(RoomReaction.message_id).where(RoomReaction.curator_id == old)
    seen = select(RoomMessage).where(or_(RoomMessage.curator_id == old, RoomMessage.id.in_(theirs)))
    newest = (await session.scalars(seen.order_by(RoomMessage.id.desc()).limit(shown))).all()
    for table in (RoomMessage, RoomReaction):
        await session.execute(
            update(table)
            .where(table.curator_id == old)
            .values(curator_id=new)
            .execution_options(synchronize_session=False)
        )
    for message in reversed(newest):
        await _count_change(session, message)


async def last_change(session: AsyncSession, room: str) -> int:
    """Return the number of the room's latest change, 0 for an empty room."""
    query = select(func.max(RoomMessage.change)).where(RoomMessage.room == room)
    return await session.scalar(query) or 0


async def messages_changed_after(
    session: AsyncSession, room: str, change: int, *, limit: int
) -> Sequence[RoomMessage]:
    """Return the messages that changed after a change, in the order of their latest changes."""
    query = _shown_messages(room).where(RoomMessage.change > change).order_by(RoomMessage.change).limit(limit)
    return (await session.scalars(query)).all()


async def latest_messages(session: AsyncSession, room: str, *, limit: int) -> Sequence[RoomMessage]:
    """Return the room's latest messages and every card that is still open, oldest first."""
    latest = select(RoomMessage.id).where(RoomMessage.room == room).order_by(RoomMessage.id.desc())
    is_open = RoomMessage.card_state.in_(OPEN_CARD_STATES)
    ids = (await session.scalars(latest.limit(limit))).all()
    query = _shown_messages(room).where(or_(RoomMessage.id >= min(ids, default=0), is_open))
    return (await session.scalars(query.order_by(RoomMessage.id))).all()


async def file_of_message(session: AsyncSession, room: str, message_id: int) -> dict[str, Any] | None:
    """Return the file that goes with a message."""
    query = select(RoomMessage.file).where(RoomMessage.room == room, RoomMessage.id == message_id)
    return await session.scalar(query)


def _shown_messages(room: str) -> Select[RoomMessage]:
    return (
        select(RoomMessage)
        .where(RoomMessage.room == room)
        .options(
            joinedload(RoomMessage.curator),
            joinedload(RoomMessage.replied_to).joinedload(RoomMessage.curator),
            selectinload(RoomMessage.reactions).joinedload(RoomReaction.curator),
        )
    )


async def _count_change(session: AsyncSession, message: RoomMessage) -> None:
    message.change = await count_up(session, _counter(message.room))


def _counter(room: str) -> str:
    return f"room:{room}"
