"""What a person does in the room: stored with its inbox event in one transaction, or not at all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.events import (
    ButtonPressed,
    Event,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    ReactionsOf,
    to_payload,
)
from bot.pages.ops import Deed, Delete, Edit, Press, React, RefusedError, Say
from storage.database import Database, Session
from storage.inbox import store_event
from storage.people_records import Curator
from storage.room_messages import (
    NewMessage,
    add_message,
    change_of,
    message_to_change,
    rewrite,
    set_reactions,
    take_back,
)
from storage.room_records import RoomMessage
from storage.web_people import curator_of_id, web_identity


@dataclass(frozen=True, slots=True)
class Stored:
    """The message that a deed concerns, and its latest change: who has seen that has seen the deed."""

    message: int
    change: int


@dataclass(frozen=True)
class Deeds:
    """Carries out what people ask for. The desk learns of it from the inbox."""

    database: Database
    desk: str
    room: str
    palette: frozenset[str]
    clock: Callable[[], datetime]

    async def carry_out(self, curator: Curator, deed: Deed) -> Stored:
        """Store a deed and return the message it concerns; when this returns, it is on disk.

        The same key again has no second effect and is answered alike. Raises RefusedError.
        """
        at = self.clock()
        async with self.database.transaction() as session:
            curator = await curator_of_id(session, curator.id) or curator  # they may have become one since
            if isinstance(deed, Say):
                message_id = await self._say(session, curator, deed, at)
            else:
                message_id = deed.message
                await self._do(session, curator, deed, at)
            return Stored(message_id, await change_of(session, message_id))

    async def _do(
        self, session: Session, curator: Curator, deed: Edit | Delete | React | Press, at: datetime
    ) -> None:
        if not await self._store(session, curator, deed.key, _event(deed, curator, at)):
            return
        message = await message_to_change(session, self.room, deed.message)
        if message is None or message.deleted_at is not None:
            raise RefusedError("refused.no_message", key=deed.key)
        await self._change(session, message, curator, deed, at)

    async def _say(self, session: Session, curator: Curator, deed: Say, at: datetime) -> int:
        if deed.reply_to and await message_to_change(session, self.room, deed.reply_to) is None:
            raise RefusedError("refused.no_message", key=deed.key)
        key = f"person:{curator.id}:{deed.key}"
        new = NewMessage(key=key, text=deed.text, curator_id=curator.id, reply_to=deed.reply_to or None)
        message_id = await add_message(session, self.room, new, at)
        reply_to = str(deed.reply_to) if deed.reply_to else None
        person = web_identity(curator.id)
        posted = MessagePosted(str(message_id), person, deed.text, at, reply_to=reply_to)
        await self._store(session, curator, deed.key, posted)
        return message_id

    async def _change(
        self,
        session: Session,
        message: RoomMessage,
        curator: Curator,
        deed: Edit | Delete | React | Press,
        at: datetime,
    ) -> None:
        if isinstance(deed, Edit | Delete) and message.curator_id != curator.id:
            raise RefusedError("refused.not_yours", key=deed.key)
        match deed:
            case Edit():
                await rewrite(session, message, deed.text, at)
            case Delete():
                await take_back(session, message, at)
            case React():
                standing = {reaction.emoji for reaction in message.reactions}
                if not set(deed.emojis) <= self.palette | standing:
                    raise RefusedError("refused.unknown_emoji", key=deed.key)
                await set_reactions(session, message, curator.id, deed.emojis)
            case Press():  # changes nothing here: the desk redraws the card
                if deed.button not in _buttons(message):
                    raise RefusedError("refused.no_button", key=deed.key)

    async def _store(self, session: Session, curator: Curator, key: str, event: Event) -> bool:
        return await store_event(
            session,
            desk=self.desk,
            room=self.room,
            event_id=f"{curator.id}:{key}",
            payload=to_payload(event),
            at=event.at,
        )


def _event(deed: Edit | Delete | React | Press, curator: Curator, at: datetime) -> Event:
    message, person = str(deed.message), web_identity(curator.id)
    match deed:
        case Edit():
            return MessageEdited(message, person, deed.text, at)
        case Delete():
            return MessageDeleted(message, person, at)
        case React():
            return ReactionsOf(message, person, deed.emojis, at)
        case Press():
            return ButtonPressed(message, person, deed.button, at)


def _buttons(message: RoomMessage) -> set[str]:
    on_card = {button["key"] for button in (message.card or {}).get("buttons", ())}
    return on_card | {key for key, _ in message.buttons or ()}
