"""What a site's robots.txt says of us, for newsletters that ask it.

A person handed us this one page, as they would a browser; robots.txt is written for programs that follow
links by themselves. So it is asked only where `reading.robots` says so. RFC 9309 is followed but for its
§2.3.1.4: a file that cannot be had allows everything, because there is no crawl to stop.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from urllib.robotparser import RobotFileParser

from yarl import URL

ROBOT = "Copydesk"
"""The name by which robots.txt may speak of us."""
LARGEST = 512_000
"""Bytes of robots.txt: RFC 9309 §2.5 asks for no fewer than 500 KiB."""
PATIENCE = 10.0
"""Seconds for a robots.txt, its redirects included."""
_FRESH = 86_400.0
"""Seconds for which an answer is kept: RFC 9309 §2.4 allows a day."""
_MOST_HOSTS = 1000


class RobotsRules:
    """Asks each site's robots.txt once a day."""

    def __init__(
        self, fetch: Callable[[str], Awaitable[bytes]], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Remember how to fetch: `fetch` returns the file at an address, or no bytes where there is none."""
        self._fetch = fetch
        self._clock = clock
        self._known: OrderedDict[str, tuple[float, RobotFileParser]] = OrderedDict()

    async def allow(self, url: URL) -> bool:
        """Tell whether a page may be fetched."""
        rules = await self._rules_of(str(url.origin()))
        return rules.can_fetch(ROBOT, str(url))

    async def _rules_of(self, origin: str) -> RobotFileParser:
        now = self._clock()
        asked, rules = self._known.get(origin, (now - _FRESH, None))
        if rules is None or now - asked >= _FRESH:
            rules = await asyncio.to_thread(_parsed, await self._fetch(f"{origin}/robots.txt"))
            self._known[origin] = (now, rules)
            while len(self._known) > _MOST_HOSTS:
                self._known.popitem(last=False)
        return rules


def _parsed(file: bytes) -> RobotFileParser:
    rules = RobotFileParser()
    try:
        rules.parse(file.decode("utf-8", "replace").splitlines())
    except ValueError:  # a path such as "//[", which is no address
        rules = RobotFileParser()
        rules.parse([])
    return rules
