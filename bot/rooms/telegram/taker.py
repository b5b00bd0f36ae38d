"""Takes a batch of Telegram's updates: stores what the desk must hear, and then does what else they ask for.

When `take` returns, everything is on disk and may be acknowledged. What can't be read, or what the database
will not have, is put in quarantine and stops nothing behind it.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.rooms.intake import Intake
from bot.rooms.telegram.moves import follow_chat
from bot.rooms.telegram.places import Places
from bot.rooms.telegram.raw import Raw, chat_of, id_of
from bot.rooms.telegram.times import Timekeeper
from bot.rooms.telegram.updates import Identity, News, Standing, Stranger, read_update
from storage.database import is_passing
from storage.failures import DatabaseFailure

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answering:
    """What is to be said at once, and need not arrive."""

    press: Callable[[str], None]
    stranger: Callable[[Stranger], None]
    message: Callable[[int, int], None]  # somebody else's message was seen in a chat
    moved: Callable[[], None]  # a room has another chat now


@dataclass(slots=True)
class UpdateTaker:
    """Takes updates for the rooms on Telegram."""

    intake: Intake
    places: Places
    bot: Identity
    answering: Answering
    timekeeper: Timekeeper = field(default_factory=Timekeeper)

    async def take(self, updates: Sequence[Raw], *, is_backlog: bool = False) -> None:
        """Take updates in their order; `is_backlog` says that more are waiting behind them.

        Raises what the database raises where it is away: then nothing may be acknowledged.
        """
        now = self.intake.clock()
        times = self.timekeeper.times_of(updates, now, is_backlog=is_backlog)
        read = [(raw, self._read(raw, at)) for raw, at in zip(updates, times, strict=True)]
        await self._store([(raw, news) for raw, news in read if isinstance(news, News)])
        for raw, news in read:
            if isinstance(news, News):
                await self._act(raw, news)
            else:
                await self._set_aside(raw, news)
        self.timekeeper.note(updates, now)

    def _read(self, raw: Raw, at: datetime) -> News | str:
        """Return an update's news, or the name of what went wrong while it was read."""
        try:
            news = read_update(raw, self.places, self.bot, pressed_at=at)
        except Exception as error:
            return type(error).__name__
        if news.moved is not None:
            for place in self.places.in_chat(news.moved[0]):
                place.move(news.moved[1])
        return news

    async def _store(self, read: Sequence[tuple[Raw, News]]) -> None:
        heard = [incoming for _, news in read for incoming in news.heard]
        try:
            await self.intake.take(heard)
        except Exception as failure:
            await self._raise_if_away(failure)
            for raw, news in read:
                await self._store_one(raw, news)

    async def _store_one(self, raw: Raw, news: News) -> None:
        try:
            await self.intake.take(news.heard)
        except Exception as failure:
            await self._raise_if_away(failure)
            await self._set_aside(raw, type(failure).__name__)

    async def _raise_if_away(self, failure: Exception) -> None:
        """Raise a failure that comes from where the database is, and not from what was asked of it."""
        if is_passing(failure):
            raise failure
        await self.intake.database.check()

    async def _set_aside(self, raw: Raw, problem: str) -> None:
        """Put an update in quarantine; one from a chat that is no room is none of ours."""
        chat, update_id = chat_of(raw), id_of(raw)
        rooms = self.places.in_chat(chat) if chat is not None else self.places.all
        if not rooms or update_id is None:
            log.warning("unreadable update of a strange chat", extra={"problem": problem})
            return
        event_id, said = f"{self.bot.id}:{update_id}", f"update {update_id}: {problem}"
        try:
            await self.intake.quarantine(rooms[0].room, event_id, raw, said)
        except DatabaseFailure as failure:
            await self._raise_if_away(failure)
            await self.intake.quarantine(rooms[0].room, event_id, {"update_id": update_id}, said)

    async def _act(self, raw: Raw, news: News) -> None:
        """Do what else an update asks for; done twice, it makes no difference."""
        if news.message is not None:
            self.answering.message(*news.message)
        if news.press:
            self.answering.press(news.press)
        if news.stranger is not None:
            self.answering.stranger(news.stranger)
        if news.moved is not None and await follow_chat(self.intake.database, self.places, *news.moved):
            self.intake.wake()
            self.answering.moved()
        for standing in news.standing:
            await self._tell(standing, raw)

    async def _tell(self, standing: Standing, raw: Raw) -> None:
        room = self.intake.settings.room_for_editors(besides=standing.room)
        key = f"standing:{standing.room}:{self.bot.id}:{id_of(raw)}"
        await self.intake.say(room, key, standing.sentence, name=standing.room)
