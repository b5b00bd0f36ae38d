"""Asks Telegram for updates.

The next question acknowledges what the last one brought: by then it is on disk.
"""

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Any, NoReturn

from telegram import Bot
from telegram.error import Conflict, TelegramError, TimedOut

from bot.rooms.telegram.attendance import Attendance
from bot.rooms.telegram.finishing import finished
from bot.rooms.telegram.insistence import Insistence, Pace
from bot.rooms.telegram.raw import Raw, id_of
from bot.rooms.telegram.taker import UpdateTaker
from bot.rooms.telegram.updates import ALLOWED_UPDATES

MOST_AT_ONCE = 100
_METHOD = "getupdates"
"""Telegram takes a name in any case; spelled so, the library does not advise its own way of polling."""
_GRACE = 10.0  # seconds beyond the poll's own time


@dataclass(slots=True)
class Polling:
    """The loop that asks for updates."""

    bot: Bot
    taker: UpdateTaker
    attendance: Attendance
    insistence: Insistence
    pace: Pace
    _is_well: bool = False  # the last question was answered, and what came was taken

    async def run(self) -> NoReturn:
        """Ask and take for ever."""
        await self.insistence.on(self._without_webhook)
        offset: int | None = None
        while True:
            offset = await self.insistence.on(partial(self.poll, offset))

    async def _without_webhook(self) -> None:
        """Take away a webhook: beside it, nobody may ask for updates. What waits for it stays."""
        await self.bot.delete_webhook(drop_pending_updates=False)

    async def poll(self, offset: int | None) -> int | None:
        """Ask once and take what comes; return what the next question is to acknowledge, None for nothing.

        Telegram may begin its numbers anew after a quiet week, perhaps lower: so nothing is acknowledged
        twice. Raises what Telegram or the database raises; then nothing is acknowledged.
        """
        patience, self._is_well = (self.pace.poll if self._is_well else 0.0), False
        updates = await self._updates(offset, patience)
        await finished(self.taker.take(updates, is_backlog=len(updates) == MOST_AT_ONCE))
        await finished(self.attendance.here())
        self._is_well = True
        return max(id_of(update) or 0 for update in updates) + 1 if updates else None

    async def _updates(self, offset: int | None, patience: float) -> list[Raw]:
        """Ask; after a failure, and the first time, let Telegram answer at once: that it does is news."""
        asked: dict[str, Any] = {
            "timeout": int(patience),
            "limit": MOST_AT_ONCE,
            "allowed_updates": list(ALLOWED_UPDATES),
        }
        if offset is not None:
            asked["offset"] = offset
        try:
            updates = await ask_for_updates(self.bot, asked, within=patience + _GRACE)
        except Conflict as conflict:
            if "webhook" in conflict.message.lower():
                await self._without_webhook()
            raise
        named = [each for each in updates if id_of(each) is not None] if isinstance(updates, list) else []
        if updates and not named:
            raise TelegramError("Invalid server response")
        return named


async def ask_for_updates(bot: Bot, asked: dict[str, Any], *, within: float) -> object:
    """Return what Telegram answers within so many seconds; raises TimedOut for an answer that trickles in.

    The library counts only the silence between two bytes.
    """
    try:
        async with asyncio.timeout(within):
            return await bot.do_api_request(_METHOD, api_kwargs=asked, read_timeout=within)
    except TimeoutError:
        raise TimedOut from None
