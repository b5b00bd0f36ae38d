"""How long a forge wants to be left alone when it was asked too often, kept until then."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

LONGEST = 3600.0
"""Seconds after which we ask again whatever the forge said: GitHub counts requests by the hour."""
UNSAID = 60.0
"""Seconds where it does not say how long: "at least one minute", says GitHub's page on rate limits."""
_EPOCH = 1_000_000_000  # a larger number is a time, in seconds since 1970; a smaller one a wait


@dataclass(slots=True)
class Pace:
    """Until when nothing is asked, by `time.monotonic`; one asker's, and gone with a restart."""

    until: float = 0.0

    def keep_off(self, seconds: float) -> None:
        """Let nothing be asked for so many seconds."""
        self.until = max(self.until, time.monotonic() + seconds)

    def rest(self) -> float:
        """Return how many seconds are left; 0 where we may ask."""
        return max(0.0, self.until - time.monotonic())


def wait_asked_for(headers: Mapping[str, str], *, now: float) -> float:
    """Return for how many seconds a refusal asks us to wait, from 1 to `LONGEST`.

    `Retry-After` is a number or a date (RFC 9110, 10.2.3). Without it, the time at which the limit begins
    anew counts where nothing is left of it: GitHub sends `X-RateLimit-Reset`, GitLab `RateLimit-Reset`.
    Header names are lower-case; `now` is in seconds since 1970, and the forge's own `Date` goes before it.
    """
    said_at = _moment(headers.get("date", ""))
    now = now if said_at is None else said_at
    seconds = _wait(headers.get("retry-after", ""), now)
    for prefix in ("x-ratelimit", "ratelimit"):
        if seconds is None and headers.get(f"{prefix}-remaining") == "0":
            seconds = _wait(headers.get(f"{prefix}-reset", ""), now)
    return UNSAID if seconds is None else min(max(seconds, 1.0), LONGEST)


def _wait(said: str, now: float) -> float | None:
    if re.fullmatch(r"[0-9]{1,15}", said.strip()):
        number = float(said)
        return number - now if number > _EPOCH else number
    moment = _moment(said)
    return None if moment is None else moment - now


def _moment(said: str) -> float | None:
    try:
        return parsedate_to_datetime(said).timestamp()
    except (ValueError, OverflowError):
        return None
