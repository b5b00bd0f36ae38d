"""Buckets: how many calls of a kind a place takes in how many seconds."""

import math
import re
import time
from dataclasses import dataclass, field

BUCKETS = (
    ("POST", re.compile(r"/channels/(\d+)/messages"), "messages", 5, 5.0),
    ("PUT DELETE", re.compile(r"/channels/(\d+)/messages/\d+/reactions/.+"), "reactions", 1, 0.25),
    ("PATCH", re.compile(r"/channels/(\d+)/messages/\d+"), "edits", 5, 5.0),
)
"""Methods, path with the channel that counts, name, calls, seconds. Rates as people saw them."""
GENEROUS = {"Limit": "1000", "Remaining": "999", "Reset-After": "1.000"}


@dataclass
class Bucket:
    """What is left of a limit until it is full again; times are monotonic seconds."""

    name: str
    limit: int
    seconds: float
    used: int = 0
    resets_at: float = 0.0

    def take(self) -> float | None:
        """Take one call; return the seconds to wait when there is none left."""
        now = time.monotonic()
        if now >= self.resets_at:
            self.used, self.resets_at = 0, now + self.seconds
        if self.used >= self.limit:
            return math.ceil((self.resets_at - now) * 1000) / 1000
        self.used += 1
        return None

    def headers(self) -> dict[str, str]:
        left = max(0.0, self.resets_at - time.monotonic())
        return spelled_headers(
            {
                "Limit": str(self.limit),
                "Remaining": str(self.limit - self.used),
                "Reset-After": f"{math.ceil(left * 1000) / 1000:.3f}",
                "Reset": f"{time.time() + left:.3f}",
                "Bucket": self.name,
            }
        )


@dataclass
class RateLimits:
    """All buckets; while off, every answer tells of a generous one."""

    enforced: bool = False
    buckets: dict[tuple[str, str], Bucket] = field(default_factory=dict)
    all_until: float = 0.0

    def bucket(self, method: str, path: str) -> Bucket | None:
        """Return the bucket a call is counted in."""
        if not self.enforced:
            return None
        for methods, pattern, name, limit, seconds in BUCKETS:
            found = pattern.fullmatch(path)
            if found and method in methods.split():
                key = (name, found[1])
                return self.buckets.setdefault(key, Bucket(name, limit, seconds))
        return None

    def everywhere(self) -> float | None:
        """Return the seconds for which no call is taken at all."""
        left = self.all_until - time.monotonic()
        return round(left, 3) if left > 0 else None


def spelled_headers(values: dict[str, str]) -> dict[str, str]:
    return {f"X-RateLimit-{name}": value for name, value in values.items()}
