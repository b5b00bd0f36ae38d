"""A Telegram group, or one topic of it, as a room: carries out what the desk wants said there."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import NoReturn

from telegram.constants import ReactionEmoji

from bot.emoji import plain
from bot.rooms.room import Post, RoomTroubleError, Trouble
from bot.rooms.telegram.line import Part, TelegramLine
from bot.rooms.telegram.moves import follow_chat
from bot.rooms.telegram.places import GENERAL, Place, Places, message_key, split_key
from bot.rooms.telegram.search import begin_search
from bot.rooms.telegram.tries import Tries, Try
from bot.rooms.telegram.trouble import (
    A_MOMENT,
    ChatMovedError,
    NoSuchReactionError,
    NoTopicError,
    TelegramTroubleError,
)
from renderers.card import CardView
from renderers.telegram_card import TelegramButton, telegram_card
from renderers.telegram_text import telegram_text
from storage.database import Database
from storage.room_states import highest_message, leave_cards_behind

log = logging.getLogger(__name__)

CAPTION_LIMIT = 1024
"""UTF-16 units of a file's caption; a longer text goes before the file."""
_BUTTONS_A_ROW = 3
_LOOK_FOR_BUDGET = 0.1  # seconds


@dataclass(slots=True)
class TelegramRoom:
    """A room on Telegram. `prepare` learns where the rooms are now; it is called before each deed."""

    place: Place
    places: Places
    line: TelegramLine
    database: Database
    prepare: Callable[[], Awaitable[None]]
    _tries: Tries = field(default_factory=Tries)
    _missed: set[str] = field(default_factory=set)  # emoji that could not be used here

    @property
    def name(self) -> str:
        """The room's name in the config."""
        return self.place.room

    @property
    def shows_state_by_reaction(self) -> bool:
        """Whether the bot's own reaction on a card says how the story stands."""
        return True

    @property
    def redraw_pause(self) -> float:
        """Return 1: Telegram bears about one message a second in a chat."""
        return 1.0

    async def turn(self) -> None:
        """Wait until the chat bears one more message by its budget; reactions use none of it."""
        budget = self.line.chat(self.place.chat).budget
        while not budget.has_capacity():  # noqa: ASYNC110 - the limiter tells nobody, unless one takes
            await asyncio.sleep(_LOOK_FOR_BUDGET)

    async def bookmark(self) -> str:
        """Return the highest message known in the chat; 0 where none is."""
        await self.prepare()
        chat = self.place.chat
        known = self.line.chat(chat)
        if not known.is_looked_up:
            async with self.database.reading() as session:
                known.saw(await highest_message(session, self._rooms_here(), f"{chat}:"))
            known.is_looked_up = True
        return message_key(chat, known.highest)

    async def post(self, post: Post) -> str:
        """Post a message, in parts where it is long, and return its id: that of the last part.

        After an earlier try whose end is not known, parts that arrived then are not sent again.
        """
        await self.prepare()
        parts = _parts_of(post)
        if not parts:
            raise LookupError("there is nothing to say")
        tried = self._tries.begin(post.key, self.place.chat, is_fresh=post.tried is None)
        try:
            if not tried.is_sure:
                await self._find_arrived(tried, parts, post.tried or "")
            for place, part in enumerate(parts[len(tried.arrived) :], len(tried.arrived)):
                tried.arrived.append(await self._send(part, post, tried, is_first=place == 0))
        except ChatMovedError as moved:
            await follow_chat(self.database, self.places, tried.chat, moved.chat)
            raise
        return message_key(tried.chat, tried.arrived[-1])

    async def _find_arrived(self, tried: Try, parts: Sequence[Part], bookmark: str) -> None:
        """Find the parts that are there; behind one that is missing, all are missing."""
        search = await begin_search(
            self.database, self.line, rooms=self._rooms_here(), chat=tried.chat, bookmark=bookmark
        )
        if search is None:
            return
        for part in parts[len(tried.arrived) :]:
            number = await search.find(part)
            if number is None:
                break
            tried.arrived.append(number)
        tried.is_sure = True

    async def _send(self, part: Part, post: Post, tried: Try, *, is_first: bool) -> int:
        """Send one part; note that nobody knows whether it arrived, unless that is certain."""
        answered = _number_in(tried.chat, post.reply_to) if is_first else None
        was_sure, tried.is_sure = tried.is_sure, False
        try:
            number = await self._send_to_topic(tried.chat, part, answered, self._thread_of(post))
        except TelegramTroubleError as trouble:
            tried.is_sure = was_sure and trouble.is_surely_unsent
            raise
        tried.is_sure = was_sure
        return number

    async def _send_to_topic(self, chat: int, part: Part, answered: int | None, thread: int | None) -> int:
        """Send to a topic; where it is gone or closed, to the group, unless the topic is the room."""
        try:
            return await self.line.send(chat, part, reply_to=answered, thread=thread)
        except NoTopicError as gone:
            if thread is None or self.place.topic:
                raise TelegramTroubleError(str(gone), gone.trouble) from None
        # to answer a message of that topic would be to write there again
        return await self._send_to_topic(chat, part, None, None)

    def _thread_of(self, post: Post) -> int | None:
        thread = int(post.thread) if post.thread else self.place.topic
        return None if thread in (0, GENERAL) else thread

    async def redraw(self, message_id: str, card: CardView) -> None:
        """Show a card's new state in the message that shows it; the same state again is no change.

        A card that stayed behind in the group's former chat is posted anew.
        """
        await self.prepare()
        chat, number = split_key(message_id)
        if chat != self.place.chat:
            await self._leave_behind(message_id)
        try:
            await self.line.show(chat, number, _card_part(card))
        except ChatMovedError as moved:
            await follow_chat(self.database, self.places, chat, moved.chat)
            raise

    async def _leave_behind(self, message_id: str) -> NoReturn:
        async with self.database.transaction() as session:
            count = await leave_cards_behind(session, self.name, f"{self.place.chat}:")
        if count:
            raise RoomTroubleError("the chat has moved", retry_after=A_MOMENT)
        raise LookupError(f"{message_id} stayed in the chat that was here before")

    async def react(self, message_id: str, emoji: str) -> None:
        """Set the bot's own reaction on a message; does without where the emoji can't be used here."""
        await self.prepare()
        chat, number = split_key(message_id)
        spelled = _palette().get(plain(emoji))
        if chat != self.place.chat:
            raise LookupError(f"{message_id} stayed in the chat that was here before")
        try:
            if spelled is None:
                raise NoSuchReactionError
            await self.line.react(chat, number, spelled)
        except NoSuchReactionError:
            self._do_without(emoji)
        except ChatMovedError as moved:
            await follow_chat(self.database, self.places, chat, moved.chat)
            raise
        except RoomTroubleError as trouble:
            if trouble.trouble is not Trouble.RIGHT:
                raise
            self._do_without(emoji)  # a receipt is not worth keeping what is to be said waiting

    def _do_without(self, emoji: str) -> None:
        if emoji not in self._missed:
            self._missed.add(emoji)
            log.warning("emoji cannot be used here", extra={"room": self.name, "emoji": emoji})

    def _rooms_here(self) -> tuple[str, ...]:
        """Return the rooms of this chat: its messages are numbered together."""
        return tuple(place.room for place in self.places.in_chat(self.place.chat))


def _number_in(chat: int, message_id: str | None) -> int | None:
    """Return a message's number, None for one of another chat."""
    there, number = split_key(message_id) if message_id else (0, 0)
    return number if there == chat else None


def _parts_of(post: Post) -> tuple[Part, ...]:
    """Cut a post into messages; its buttons are under the last."""
    if post.card is not None:
        return (_card_part(post.card),)
    if post.ready is not None:
        return (Part(str(post.ready["text"])),)
    parts = [Part(html) for html in telegram_text(post.text)]
    if post.file is not None:
        captions = telegram_text(post.text, limit=CAPTION_LIMIT)
        fits = len(captions) <= 1
        file = Part(captions[0] if captions and fits else "", post.file)
        parts = [file] if fits else [*parts, file]
    rows = tuple(
        tuple(TelegramButton(each.label, each.key) for each in post.buttons[start : start + _BUTTONS_A_ROW])
        for start in range(0, len(post.buttons), _BUTTONS_A_ROW)
    )
    return (*parts[:-1], replace(parts[-1], buttons=rows)) if parts else ()


def _card_part(card: CardView) -> Part:
    message = telegram_card(card)
    return Part(message.html, buttons=message.buttons)


@cache
def _palette() -> Mapping[str, str]:
    """Return Telegram's palette: our spelling of each emoji, and Telegram's."""
    return {plain(str(emoji.value)): str(emoji.value) for emoji in ReactionEmoji}
