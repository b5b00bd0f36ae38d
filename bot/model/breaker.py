"""An endpoint that fails again and again is left alone for a while."""

from dataclasses import dataclass

FAILURES = 3
"""In a row; a single one may be chance."""
REST = 300.0
"""Seconds."""


@dataclass(slots=True)
class Breaker:
    """Counts failures in a row. Times are seconds of a clock that only goes forward."""

    failures: int = 0
    rests_until: float = 0.0

    def rests(self, now: float) -> bool:
        """Tell whether the endpoint is to be left alone."""
        return now < self.rests_until

    def note(self, now: float, *, failed: bool) -> None:
        """Take how a question ended. After a rest, one more failure begins the next."""
        self.failures = self.failures + 1 if failed else 0
        if self.failures >= FAILURES:
            self.rests_until = now + REST
