"""Seeding: the palette under each card, so that one press is a vote.

Discord grants four reactions a second, so it is done beside what is to be said. What a crash leaves unseeded
is found when open cards are looked at again; a reaction set twice is one.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.rooms.discord.desk import DiscordDesk
from bot.rooms.discord.events import ids_of
from bot.rooms.discord.room import DiscordRoom
from bot.rooms.room import LASTING, RoomTroubleError, Trouble

log = logging.getLogger(__name__)

_MOST_TRIES = 10
_LONGEST_REST = 60.0


@dataclass(slots=True)
class Seeding:
    """Puts the palette under cards, one card after another."""

    desk: DiscordDesk
    room_of: Callable[[str], DiscordRoom]
    started: str
    _waiting: "asyncio.Queue[tuple[str, int]]" = field(default_factory=asyncio.Queue)  # card, tries before

    def seed(self, message_id: str) -> None:
        """Ask for a card to be seeded, in its turn."""
        self._waiting.put_nowait((message_id, 0))

    async def go_on(self) -> None:
        """Seed what waits, until it is cancelled."""
        while True:
            await self._seed(*await self._waiting.get())

    async def _seed(self, message_id: str, tries: int) -> None:
        """Seed a card; one that can't be seeded now waits its time, and keeps no other waiting."""
        name = self.desk.channels.room_of_id(ids_of(message_id)[0])
        if name is None:
            return
        try:
            for emoji in self.desk.palette():
                await self._put(name, message_id, emoji)
        except LookupError:
            return  # the card is gone
        except RoomTroubleError as trouble:
            if trouble.trouble in LASTING:
                await self._complain(name, trouble)
            elif tries < _MOST_TRIES:
                rest = min(trouble.retry_after or 2.0**tries, _LONGEST_REST)
                again = (message_id, tries + 1)
                asyncio.get_running_loop().call_later(rest, self._waiting.put_nowait, again)
            else:
                log.warning("card not seeded", extra={"card": message_id})

    async def _put(self, room: str, message_id: str, emoji: str) -> None:
        """Set one emoji; what Discord will never take, such as a 21st on a message, is left out."""
        try:
            await self.room_of(room).put_reaction(message_id, emoji)
        except RoomTroubleError as trouble:
            if trouble.trouble is not Trouble.REFUSED:
                raise
            log.warning("emoji refused", extra={"card": message_id, "detail": trouble.detail})

    async def _complain(self, room: str, trouble: RoomTroubleError) -> None:
        log.warning("card not seeded", extra={"room": room, "trouble": trouble.detail})
        if trouble.trouble is Trouble.RIGHT:
            key = f"discord:seeding:{room}:{self.started}"
            await self.desk.tell_editors(key, "discord_seeding", place=room, detail=trouble.detail)
