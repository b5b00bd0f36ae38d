"""Visiting an issue's links: hosts in parallel, each politely; what is in doubt is never called dead."""

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from bot.issue_check import link_key
from bot.reading.article import Reading
from bot.reading.fetch import FetchFailedError
from bot.reading.fetching.fetch_limits import FetchLimits
from bot.reading.link_visit import LinkVisitor
from bot.reading.page import Page
from bot.reading.verdict import Reason, Verdict
from bot.reading.walls import sent_to_login
from renderers.issue_document import IssueDocument
from renderers.issue_lint import LintFinding, found
from renderers.story_head import links_in

_AT_ONCE, _AT_ONCE_PER_HOST = 10, 2
_PAUSE = 0.3
"""Seconds between two visits of one host: an issue links to one host about 14 times."""
_PATIENCE = 90.0
"""Seconds for all links together; what was not reached by then is in doubt."""
LINK_LIMITS = FetchLimits(connect_seconds=8.0, read_seconds=8.0, total_seconds=20.0)
"""What visiting one link may cost; shorter than for reading, since many are visited."""
FRESH = timedelta(minutes=10)
"""For which a link is taken to be as it was found, so that a second preview asks nobody again."""
_KEPT = 500  # links whose result is remembered
_SAYS_ITSELF = ("mp.weixin.qq.com",)
"""Hosts that answer 200 for a deleted article: the page must be read to know."""


class LinkState(StrEnum):
    """What came of visiting a link."""

    FINE = "fine"
    MOVED = "moved"
    DEAD = "dead"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Visit:
    """How a link was found: `detail` is where it moved to, or a reason's code."""

    state: LinkState
    detail: str = ""


ReadPage = Callable[[Page], Awaitable[Reading]]


@dataclass(slots=True)
class LinkCheck:
    """Visits links. `read` tells what a page says, for hosts that say only there that an article is gone."""

    visitor: LinkVisitor = field(default_factory=lambda: LinkVisitor(limits=LINK_LIMITS))
    read: ReadPage | None = None
    patience: float = _PATIENCE  # seconds for all
    pause: float = _PAUSE  # seconds between two visits of a host
    clock: Callable[[], float] = time.monotonic  # in seconds
    _known: dict[str, tuple[Visit, float]] = field(
        default_factory=dict, repr=False
    )  # with when it was visited

    async def check(self, urls: Iterable[str]) -> Mapping[str, Visit]:
        """Return how each link was found; never raises for a link.

        What was settled of late (`FRESH`) is not visited again.
        """
        wanted, stale = list(dict.fromkeys(urls)), self.clock() - FRESH.total_seconds()
        known = {url: visit for url, (visit, at) in self._known.items() if at > stale}
        found_now: dict[str, Visit] = {}
        hosts: dict[str, asyncio.Semaphore] = {}
        gate = asyncio.Semaphore(_AT_ONCE)
        visits = [
            asyncio.create_task(self._visit_politely(url, found_now, hosts, gate))
            for url in wanted
            if url not in known
        ]
        if visits:
            _, late = await asyncio.wait(visits, timeout=self.patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*visits, return_exceptions=True)
        found_now = _settled(found_now)
        self._remember(found_now)
        return {url: known.get(url) or found_now.get(url) or _LATE for url in wanted}

    def _remember(self, visits: Mapping[str, Visit]) -> None:
        """Keep what is certain; the oldest go where there are too many."""
        now = self.clock()
        for url, visit in visits.items():
            self._known.pop(url, None)  # it goes to the end
            if visit.state != LinkState.UNSURE:
                self._known[url] = visit, now
        for url in list(self._known)[: max(0, len(self._known) - _KEPT)]:
            del self._known[url]

    async def _visit_politely(
        self,
        url: str,
        into: dict[str, Visit],
        hosts: dict[str, asyncio.Semaphore],
        gate: asyncio.Semaphore,
    ) -> None:
        host = hosts.setdefault(_host(url), asyncio.Semaphore(_AT_ONCE_PER_HOST))
        async with host:
            async with gate:
                into[url] = await self._visit(url)
            await asyncio.sleep(self.pause)

    async def _visit(self, url: str) -> Visit:
        try:
            if self.read is not None and _host(url) in _SAYS_ITSELF:
                return _judged(await self.read(await self.visitor.fetch(url)))
            final = await self.visitor.look(url)
        except FetchFailedError as failure:
            return _failed(failure)
        if sent_to_login(url, final):
            return Visit(LinkState.UNSURE, Reason.LOGIN_PAGE)
        moved = link_key(final) != link_key(url)
        return Visit(LinkState.MOVED, final) if moved else Visit(LinkState.FINE)

    async def close(self) -> None:
        """Close every connection."""
        await self.visitor.close()


_LATE = Visit(LinkState.UNSURE, Reason.DEADLINE)
_NO_SUCH_HOST = Visit(LinkState.DEAD, Reason.UNKNOWN_HOST)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _judged(reading: Reading) -> Visit:
    """Take a page at its word where it says that the article is gone; a wall leaves us in doubt."""
    if reading.verdict == Verdict.GONE:
        return Visit(LinkState.DEAD, reading.reason)
    if reading.verdict in (Verdict.VERIFICATION, Verdict.LOGIN, Verdict.BLOCKED, Verdict.UNREADABLE):
        return Visit(LinkState.UNSURE, reading.reason)
    return Visit(LinkState.FINE)


def _failed(failure: FetchFailedError) -> Visit:
    """Call dead what its server calls gone, or whose host nobody knows; all else may pass."""
    if failure.reason in ("http-404", "http-410"):
        return Visit(LinkState.DEAD, failure.reason)
    lookup = getattr(failure.__cause__, "os_error", None)
    if isinstance(lookup, socket.gaierror) and lookup.errno == socket.EAI_NONAME:
        return _NO_SUCH_HOST
    return Visit(LinkState.UNSURE, str(failure.reason))


def _settled(visits: Mapping[str, Visit]) -> dict[str, Visit]:
    """Return the visits; where no host at all was reached, it is our own connection that is in doubt."""
    reached = any(visit.state in (LinkState.FINE, LinkState.MOVED) for visit in visits.values())
    doubt = Visit(LinkState.UNSURE, Reason.UNKNOWN_HOST)
    return {url: visit if reached or visit != _NO_SUCH_HOST else doubt for url, visit in visits.items()}


_CODES = {LinkState.DEAD: "dead-link", LinkState.MOVED: "moved-link", LinkState.UNSURE: "unsure-link"}


def links_of(issue: IssueDocument) -> tuple[str, ...]:
    """Return the web addresses of an issue's stories, each once: main links first, then those in the text."""
    main = [story.url for story in issue.stories if story.url.startswith(("http://", "https://"))]
    return tuple(dict.fromkeys([*main, *(url for story in issue.stories for url in story.links)]))


def live_findings(issue: IssueDocument, visits: Mapping[str, Visit]) -> Sequence[LintFinding]:
    """Return what visiting the links has shown, by the lines where they stand."""
    findings = []
    for story in issue.stories:
        for offset, line in enumerate(story.text.split("\n")):
            for url in dict.fromkeys([*([story.url] if offset == 0 else []), *links_in(line)]):
                visit = visits.get(url)
                if visit is not None and visit.state in _CODES:
                    detail = f" ({visit.detail})" if visit.detail else ""
                    findings.append(found(_CODES[visit.state], story.line + offset, f"{url}{detail}"))
    return tuple(dict.fromkeys(findings))
