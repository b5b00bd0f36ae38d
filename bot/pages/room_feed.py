"""Which changes of the room a browser has yet to see."""

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from bot.pages.message_view import message_view
from storage.database import Database
from storage.failures import DatabaseFailure
from storage.room_messages import last_change, latest_messages, messages_changed_after
from storage.room_records import RoomMessage

log = logging.getLogger(__name__)

LOOK_EVERY = 0.2
"""Seconds between looks where the desk may run in another process."""
AFTER_FAILURE = 2.0  # seconds: one line in the log, not five
PAGE = 200  # messages in one frame


@dataclass(frozen=True, slots=True)
class Changes:
    """A frame for the browser, and the last change that it holds."""

    frame: str
    change: int


class RoomFeed:
    """Watches the room's change number while somebody listens, and reads what came after a number.

    Every browser asks for itself, from the change it has; those at the same change share one reading.
    """

    def __init__(self, database: Database, room: str) -> None:
        self.look_every = LOOK_EVERY
        self._database = database
        self._room = room
        self._last = 0
        self._moved = asyncio.Condition()
        self._nudged = asyncio.Event()
        self._listened_to = asyncio.Event()
        self._listeners = 0
        self._pages: dict[int, asyncio.Task[Changes]] = {}

    def nudge(self) -> None:
        """Look at once, for something has changed in this process."""
        self._nudged.set()

    async def watch(self) -> None:
        """Look again and again, as long as somebody listens; runs until cancelled."""
        while True:
            await self._listened_to.wait()
            try:
                await self._look()
            except DatabaseFailure:
                log.exception("room not readable")
                await asyncio.sleep(AFTER_FAILURE)
            await self._pause()

    async def _look(self) -> None:
        last = await self.last_change()
        if last != self._last:
            async with self._moved:
                self._last = last
                self._pages.clear()
                self._moved.notify_all()

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(self.look_every):
                await self._nudged.wait()
        except TimeoutError:
            pass
        self._nudged.clear()

    async def next_changes(self, seen: int) -> Changes:
        """Wait until the room has changes after `seen`, then return the next page of them."""
        async with self._moved:
            self._listen(1)
            try:
                await self._moved.wait_for(lambda: self._last > seen)
            finally:
                self._listen(-1)
        page = self._pages.get(seen)
        if page is None or (page.done() and page.exception() is not None):
            page = self._pages[seen] = asyncio.create_task(self._read_after(seen))
        return await asyncio.shield(page)

    def _listen(self, more: int) -> None:
        self._listeners += more
        if self._listeners:
            self._listened_to.set()
        else:
            self._listened_to.clear()

    async def first_changes(self) -> Changes:
        """Return what a newcomer is shown: the latest messages and every open card."""
        async with self._database.reading() as session:
            change = await last_change(session, self._room)
            messages = await latest_messages(session, self._room, limit=PAGE)
        return Changes(_frame(messages, change, fresh=True), change)

    async def last_change(self) -> int:
        """Return the number of the room's latest change."""
        async with self._database.reading() as session:
            return await last_change(session, self._room)

    async def _read_after(self, seen: int) -> Changes:
        async with self._database.reading() as session:
            messages = await messages_changed_after(session, self._room, seen, limit=PAGE)
        change = messages[-1].change if messages else seen
        return Changes(_frame(messages, change, fresh=False), change)


def _frame(messages: Sequence[RoomMessage], change: int, *, fresh: bool) -> str:
    shown = [message_view(message) for message in messages]
    return json.dumps(
        {"op": "changes", "messages": shown, "change": change, "fresh": fresh}, ensure_ascii=False
    )
