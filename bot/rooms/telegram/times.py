"""When things happened on Telegram: all but the press of a button say so themselves.

Updates come in the order in which things happened, so a press lies between those around it; what the desk
does with it goes by its time, and one from a backlog must not seem later than a reaction that came after it.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.rooms.telegram.raw import Raw, date_of

_LATE = 60.0  # seconds after which an update is taken for one that waited while nobody fetched it
_TOGETHER = 5.0  # seconds between updates that come from one backlog
_REMEMBERED = 50  # updates by which our clock is compared with Telegram's


@dataclass(slots=True)
class Timekeeper:
    """Knows how Telegram's clock and ours compare, and how far the updates have come."""

    _lags: deque[float] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    _latest: tuple[datetime, datetime] | None = None  # when the last dated update happened, and when it came

    def times_of(self, updates: Sequence[Raw], now: datetime, *, is_backlog: bool) -> list[datetime]:
        """Return when each update happened, to the second; `is_backlog`: more are waiting behind these."""
        dates = [date_of(update) for update in updates]
        last = self._latest[0] if self._latest else None
        since = None  # the last date among these updates
        times: list[datetime] = []
        for place, date in enumerate(dates):
            after = next((each for each in dates[place:] if each is not None), None)
            unsaid = (is_backlog and since) or self._still_late(now) or self._on_telegrams_clock(now)
            time = after or unsaid
            times.append(time if date or last is None else max(time, last))
            since = date or since
            last = max(date, last) if date and last else date or last
        return times

    def note(self, updates: Sequence[Raw], now: datetime) -> None:
        """Remember updates that have been taken."""
        for date in filter(None, map(date_of, updates)):
            self._latest = (date, now)
            self._lags.append((now - date).total_seconds())

    def _still_late(self, now: datetime) -> datetime | None:
        """Return the time of the update before, where these come from one backlog with it."""
        if self._latest is None:
            return None
        happened, came = self._latest
        is_late = (came - happened).total_seconds() > _LATE
        return happened if is_late and (now - came).total_seconds() < _TOGETHER else None

    def _on_telegrams_clock(self, now: datetime) -> datetime:
        """Return the time as Telegram has it: the least lag of late is how far our clock is ahead."""
        ahead = min(self._lags, default=0.0)
        if abs(ahead) > _LATE:
            ahead = 0.0
        return (now - timedelta(seconds=ahead)).replace(microsecond=0)
