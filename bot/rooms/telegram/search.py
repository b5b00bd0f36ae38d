"""Finds a message whose sending came to an unknown end, if it arrived.

A bot can't read a chat. It can try to edit a message to what it was to say: of its own, already so, Telegram
says that nothing changes; of somebody else's, or of none, that it can't be edited. Numbers rise within a
chat, so the message, if it is there, is one of the next behind the bookmark of the first try. Messages that
are known, people's and the bot's, are left alone. Where a second post of the same chat is uncertain too,
either might be taken for the other: nothing is searched then, and the post is said again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice

from bot.rooms.room import Trouble
from bot.rooms.telegram.line import Part, TelegramLine
from bot.rooms.telegram.places import split_key
from bot.rooms.telegram.trouble import TelegramTroubleError
from storage.database import Database
from storage.room_states import count_unsettled, known_messages

REACH = 10
"""How many unknown numbers behind the bookmark are tried; each try costs as much as an edit."""


@dataclass(slots=True)
class Search:
    """A search in one chat, from a bookmark upwards."""

    line: TelegramLine
    chat: int
    known: frozenset[int]
    above: int

    async def find(self, part: Part) -> int | None:
        """Return the number of the message that says this, and go on behind it; None where there is none."""
        for number in islice(self._unknown(), REACH):
            if await self._is(number, part):
                self.above = number
                return number
        return None

    def _unknown(self) -> Iterator[int]:
        return (number for number in count(self.above + 1) if number not in self.known)

    async def _is(self, number: int, part: Part) -> bool:
        try:
            await self.line.show(self.chat, number, part)
        except LookupError:
            return False
        except TelegramTroubleError as trouble:
            if trouble.trouble != Trouble.REFUSED:
                raise
            return False
        return True


async def begin_search(
    database: Database, line: TelegramLine, *, rooms: tuple[str, ...], chat: int, bookmark: str
) -> Search | None:
    """Prepare to search behind a bookmark; None where nothing could be found or told apart."""
    there, above = split_key(bookmark)
    if there != chat or above == 0:
        return None
    async with database.reading() as session:
        if await count_unsettled(session, rooms) > 1:
            return None
        known = await known_messages(session, rooms, f"{chat}:", above=above)
    own = frozenset(number for number in line.chat(chat).own if number > above)
    return Search(line, chat, known | own, above)
