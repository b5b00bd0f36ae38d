"""How much one person may ask of the room."""

from collections.abc import Callable

BURST = 30  # ops: an outbox that waited for the connection
EACH_SECOND = 5.0  # ops: faster than anyone types or clicks for long


class Allowance:
    """A bucket of ops for each person, filled as time goes by."""

    def __init__(
        self,
        now: Callable[[], float],
        *,
        burst: int = BURST,
        each_second: float = EACH_SECOND,
    ) -> None:
        self._now = now
        self._burst = burst
        self._rate = each_second
        self._buckets: dict[int, tuple[float, float]] = {}

    def take(self, curator_id: int) -> float:
        """Take one op; return 0, or after how many seconds there will be one."""
        now = self._now()
        left, then = self._buckets.get(curator_id, (float(self._burst), now))
        left = min(self._burst, left + (now - then) * self._rate)
        if left < 1:
            self._buckets[curator_id] = left, now
            return (1 - left) / self._rate
        self._buckets[curator_id] = left - 1, now
        return 0.0
