"""The tour's clock: a day that goes by in a minute."""

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from zoneinfo import ZoneInfo


class DayClock:
    """Runs as fast as any clock, but can be turned on to a later hour; never runs back."""

    def __init__(self, day: date, zone: ZoneInfo, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._day, self._zone, self._monotonic = day, zone, monotonic
        self._start = datetime.combine(day, time_of_day(), tzinfo=zone)
        self._since = monotonic()

    def __call__(self) -> datetime:
        """Return the time, aware."""
        return self._start + timedelta(seconds=self._monotonic() - self._since)

    def turn_to(self, hour: int, minute: int) -> None:
        """Let it be this time of the day now, unless it is later already."""
        then = datetime.combine(self._day, time_of_day(hour, minute), tzinfo=self._zone)
        self._start = max(self(), then)
        self._since = self._monotonic()
