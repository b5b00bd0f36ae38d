"""The clock of this machine beside those of others: dates of issues and lost votes hang on it. Pure."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from bot.doctor.finding import Check, Finding

MOST = timedelta(seconds=30)
"""How far a clock may be off."""
_CLOCK = Check("clock", "time")


@dataclass(slots=True)
class ServerTimes:
    """What other machines said the time was, and what ours said at that moment.

    `newest_event` is when the desk stored its last event, by our own clock.
    """

    newest_event: datetime | None = None
    _heard: dict[str, timedelta] = field(default_factory=dict)

    def hear(self, who: str, date: str | None, now: datetime) -> None:
        """Take the Date header of an answer (RFC 9110, whole seconds); nonsense is left out."""
        try:
            theirs = parsedate_to_datetime(date or "")
        except (ValueError, OverflowError):
            return
        self.hear_time(who, theirs, now)

    def hear_time(self, who: str, theirs: datetime, now: datetime) -> None:
        """Take a time that somebody said; the first word of each counts."""
        aware = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
        self._heard.setdefault(who, now - aware)

    @property
    def heard(self) -> bool:
        """Whether anybody said the time."""
        return bool(self._heard)

    def findings(self, now: datetime) -> list[Finding]:
        """Compare. Where nobody said the time, an event stored later than now shows a clock set back."""
        if self._heard:
            return [self._against_others()]
        if self.newest_event is not None and self.newest_event - now > MOST:
            said = f"{_spelled(now - self.newest_event)} the newest event that the desk has stored"
            return [_CLOCK.warning(said, SET_CLOCK)]
        return [_CLOCK.skipped("nobody could be asked for the time")]

    def _against_others(self) -> Finding:
        who, off = max(self._heard.items(), key=lambda one: abs(one[1]))
        if abs(off) > MOST:
            return _CLOCK.warning(f"{_spelled(off)} the clock of {who}", SET_CLOCK)
        return _CLOCK.fine(f"the same as that of {', '.join(self._heard)}")


def _spelled(off: timedelta) -> str:
    direction = "ahead of" if off > timedelta() else "behind"
    return f"this machine's clock is {round(abs(off).total_seconds())} s {direction}"


SET_CLOCK = "Let the machine keep time by the network: sudo timedatectl set-ntp true"
