"""The platform's clock, which tests may move on, and the snowflake ids made from it."""

import itertools
import time
from datetime import UTC, datetime

EPOCH_MS = 1420070400000
"""The first second of 2015, from which Discord counts."""


class Clock:
    """Seconds since 1970, by the wall clock and by how far a test moved on."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._counter = itertools.count(1)
        self._latest_ms = 0

    def now(self) -> float:
        """Return the platform's time in seconds since 1970."""
        return time.time() + self._ahead

    def advance(self, seconds: float) -> None:
        """Let the platform's time jump on; what expires there expires."""
        self._ahead += seconds

    def snowflake(self) -> str:
        """Return an id greater than all before it, which holds the time of now in milliseconds."""
        self._latest_ms = max(self._latest_ms, int(self.now() * 1000))
        return str(((self._latest_ms - EPOCH_MS) << 22) | (next(self._counter) & 0x3FFFFF))


def time_of(snowflake: str) -> datetime:
    """Return when an id was made."""
    return datetime.fromtimestamp(((int(snowflake) >> 22) + EPOCH_MS) / 1000, UTC)


def spelled(moment: datetime) -> str:
    """Spell a time as Discord does: ISO 8601 with microseconds and an offset."""
    return moment.isoformat(timespec="microseconds")
