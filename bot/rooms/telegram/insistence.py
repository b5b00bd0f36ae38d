"""Insists on a deed on Telegram until it is done: pauses grow, and the editors are told of what lasts."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from telegram.error import Conflict, TelegramError

from bot.room_trouble import tell_of_recovery, tell_of_trouble
from bot.rooms.intake import Intake
from bot.rooms.room import RoomTroubleError, Trouble
from bot.rooms.telegram.finishing import finished
from bot.rooms.telegram.places import Places
from bot.rooms.telegram.trouble import trouble_of
from storage.database import is_passing
from storage.room_states import room_state

log = logging.getLogger(__name__)

_Result = TypeVar("_Result")
_OF_A_ROOM = frozenset({Trouble.GONE, Trouble.RIGHT})
_CONFLICT_TOLD_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """How long to wait for what, in seconds."""

    first_pause: float = 1.0  # after a failure; each one doubles it
    longest_pause: float = 30.0
    conflict: float = 30.0  # after another program has read our updates
    poll: float = 30.0  # for which Telegram holds a question for updates open
    answer: float = 20.0  # for any other answer
    watch: float = 60.0  # between looks whether the webhook still stands


@dataclass(slots=True)
class Insistence:
    """Tries again for ever; knows the pause that is due, and what the editors were told."""

    intake: Intake
    places: Places
    pace: Pace
    _pause: float = 0.0
    _may_be_unwell: bool = True
    _noted: set[str] = field(default_factory=lambda: {Trouble.UNREACHABLE, Trouble.LOGIN})  # of the platform
    _conflict_told: datetime | None = None

    async def on(self, deed: Callable[[], Awaitable[_Result]]) -> _Result:
        """Return what a deed returns, as soon as it succeeds."""
        while True:
            try:
                result = await deed()
            except Exception as error:
                await asyncio.sleep(await finished(self._pause_after(error)))
            else:
                await finished(self._be_well())
                return result

    async def _pause_after(self, error: Exception) -> float:
        """Log a failure, tell of it where it lasts, and return how long to wait."""
        pause = self._grown_pause()
        try:
            if isinstance(error, Conflict):
                log.warning("another program reads the bot's updates", extra={"said": error.message})
                await self._tell_of_conflict()
                return self.pace.conflict
            if isinstance(error, TelegramError):
                error = trouble_of(error)
            if isinstance(error, RoomTroubleError):
                log.warning("telegram in trouble", extra={"trouble": error.detail})
                await self._tell_of(error)
                is_login = error.trouble == Trouble.LOGIN
                return error.retry_after or (self.pace.longest_pause if is_login else pause)
            self._log(error)
        except Exception as failure:
            self._log(failure)
        return pause

    def _grown_pause(self) -> float:
        """Return the pause that is due, a little shorter by chance, so that programs do not march in step."""
        self._pause = min(max(self._pause * 2, self.pace.first_pause), self.pace.longest_pause)
        return self._pause * random.uniform(0.5, 1.0)  # noqa: S311 - no secret depends on it

    def _log(self, error: Exception) -> None:
        if is_passing(error):
            log.warning("database is away; updates wait")
        else:
            log.error("telegram failed", exc_info=error)

    async def _tell_of_conflict(self) -> None:
        now = self.intake.clock()
        if self._conflict_told is not None and now - self._conflict_told < _CONFLICT_TOLD_FOR:
            return
        room = self.intake.settings.room_for_editors()
        await self.intake.say(room, f"telegram-conflict:{now.isoformat()}", "telegram_conflict")
        self._conflict_told = now

    async def _tell_of(self, trouble: RoomTroubleError) -> None:
        self._may_be_unwell = True
        self._noted.add(trouble.trouble)
        async with self.intake.database.transaction() as session:
            for place in self.places.all:
                state = await room_state(session, place.room)
                if state is not None and state.trouble in _OF_A_ROOM:
                    continue  # it lasts beyond this one, and the editors know
                now = self.intake.clock()
                await tell_of_trouble(session, self.intake.settings, place.room, trouble, now)
        self.intake.wake()

    async def _be_well(self) -> None:
        """Forget the pause; where a trouble of the whole platform was noted, tell that it is over."""
        self._pause = 0.0
        if not self._may_be_unwell:
            return
        try:
            async with self.intake.database.transaction() as session:
                for place in self.places.all:
                    state = await room_state(session, place.room)
                    if state is not None and state.trouble in self._noted:
                        now = self.intake.clock()
                        await tell_of_recovery(session, self.intake.settings, place.room, now)
            self._may_be_unwell = False
        except Exception as failure:
            self._log(failure)
