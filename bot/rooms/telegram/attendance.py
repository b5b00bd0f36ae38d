"""Until when the rooms on Telegram were attended, and what may be missing after a long absence."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.rooms.intake import Intake
from bot.rooms.telegram.places import Places
from storage.failures import DatabaseFailure
from storage.room_states import note_seen, room_state

KEPT = timedelta(hours=24)
"""For which Telegram keeps what nobody fetches (Bot API, "Getting updates")."""
_NOTED_EVERY = timedelta(minutes=1)
_GRACE = 1.0  # seconds that the last note may take


@dataclass(slots=True)
class Attendance:
    """Notes that the desk was here."""

    intake: Intake
    places: Places
    _here_at: datetime | None = None
    _noted_at: datetime | None = None

    @property
    def is_new(self) -> bool:
        """Whether the desk has not been here since it started."""
        return self._noted_at is None

    async def here(self) -> None:
        """Note that all that happened until now is known; the first time, tell what may be missing."""
        self._here_at = now = self.intake.clock()
        if self._noted_at is None:
            await self._tell_of_gaps(now)
        elif now - self._noted_at < _NOTED_EVERY:
            return
        await self._note(now)

    async def close(self) -> None:
        """Note the last time the desk was here, where the database is there to note it."""
        if self._here_at is not None and self._here_at != self._noted_at:
            await asyncio.wait({asyncio.create_task(self._note_at_last(self._here_at))}, timeout=_GRACE)

    async def _note_at_last(self, at: datetime) -> None:
        with suppress(DatabaseFailure):
            await self._note(at)

    async def _note(self, at: datetime) -> None:
        async with self.intake.database.transaction() as session:
            for place in self.places.all:
                await note_seen(session, place.room, at)
        self._noted_at = at

    async def _tell_of_gaps(self, now: datetime) -> None:
        for place in self.places.all:
            async with self.intake.database.reading() as session:
                state = await room_state(session, place.room)
            since = state.seen_at if state is not None else None
            if since is not None and now - since > KEPT:
                await self.intake.say(
                    place.room,
                    f"away:{place.room}:{since.isoformat()}",
                    "away_gap",
                    since=self._said(since),
                    until=self._said(now - KEPT),
                )

    def _said(self, at: datetime) -> str:
        return f"{at.astimezone(self.intake.settings.config.zone):%Y-%m-%d %H:%M}"
