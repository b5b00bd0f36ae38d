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
from bot.rooms.telegram.search import Search, begin_search
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
    _unsent: set[str] = field(default_factory=set)  # keys of posts whose tries surely had no effect
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
        is_fresh = post.tried is None or post.key in self._unsent
        self._unsent.discard(post.key)
        search = None if is_fresh else await self._search_behind(post.tried or "")
        arrived = await _arrived(search, parts)
        if not arrived and (is_fresh or search is not None):
            self._unsent.add(post.key)
        for place, part in enumerate(parts[len(arrived) :], len(arrived)):
            arrived.append(await self._send(part, post, is_first=place == 0))
        return message_key(self.place.chat, arrived[-1])

    async def _search_behind(self, bookmark: str) -> Search | None:
        return await begin_search(
            self.database, self.line, rooms=self._rooms_here(), chat=self.place.chat, bookmark=bookmark
        )

    async def _send(self, part: Part, post: Post, *, is_first: bool) -> int:
        """Send one part; until a try of it may have had an effect, the whole post is known to be unsent."""
        chat = self.place.chat
        answered = _number_in(chat, post.reply_to) if is_first else None
        try:
            number = await self._send_to_topic(part, answered, self._thread_of(post))
        except TelegramTroubleError as trouble:
            if not trouble.is_surely_unsent:
                self._unsent.discard(post.key)
            raise
        except ChatMovedError as moved:
            await follow_chat(self.database, self.places, chat, moved.chat)
            raise
        except asyncio.CancelledError:
            self._unsent.discard(post.key)
            raise
        self._unsent.discard(post.key)
        return number

    async def _send_to_topic(self, part: Part, answered: int | None, thread: int | None) -> int:
        """Send to a topic; where it is gone, to the group, unless the topic is the room."""
        chat = self.place.chat
        try:
            return await self.line.send(chat, part, reply_to=answered, thread=thread)
        except NoTopicError as gone:
            if thread is None or self.place.topic:
                raise TelegramTroubleError(str(gone), Trouble.GONE) from None
        return await self.line.send(chat, part, reply_to=answered, thread=None)

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
            if emoji not in self._missed:
                self._missed.add(emoji)
                log.warning("emoji cannot be used here", extra={"room": self.name, "emoji": emoji})
        except ChatMovedError as moved:
            await follow_chat(self.database, self.places, chat, moved.chat)
            raise

    def _rooms_here(self) -> tuple[str, ...]:
        """Return the rooms of this chat: its messages are numbered together."""
        return tuple(place.room for place in self.places.in_chat(self.place.chat))


async def _arrived(search: Search | None, parts: Sequence[Part]) -> list[int]:
    """Return the numbers of the parts that are there; behind one that is missing, all are missing."""
    numbers: list[int] = []
    for part in parts if search else ():
        number = await search.find(part) if search else None
        if number is None:
            break
        numbers.append(number)
    return numbers


def _number_in(chat: int, message_id: str | None) -> int | None:
    """Return a message's number, None for one of another chat."""
    there, number = split_key(message_id) if message_id else (0, 0)
    return number if there == chat else None


def _parts_of(post: Post) -> tuple[Part, ...]:
    """Cut a post into messages; its buttons are under the last."""
    if post.card is not None:
        return (_card_part(post.card),)
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
