"""Fetching a stranger's page: guarded at the socket, bounded in bytes, time and redirects."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.reading.fetching.address_guard import open_public_socket
from bot.reading.fetching.decompression import (
    ACCEPTED_ENCODINGS,
    CappedBody,
    TooBigError,
    UnknownEncodingError,
)
from bot.reading.fetching.fetch_failure import FetchFailedError, client_failure, status_failure
from bot.reading.fetching.fetch_limits import FetchLimits
from bot.reading.fetching.robots import LARGEST, PATIENCE, RobotsRules
from bot.reading.media_type import (
    UnreadableTypeError,
    declared_type,
    media_type_of,
    require_picture,
    require_readable,
)
from bot.reading.page import Page
from bot.reading.verdict import Reason, Verdict
from bot.reading.walls import CHALLENGED_STATUSES

__all__ = ["PAGES", "PICTURES", "FetchFailedError", "FetchLimits", "Fetcher", "Page", "Wanted"]

USER_AGENT = "Mozilla/5.0 (compatible; Copydesk; newsletter link reader)"

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK_BYTES = 65_536
_REFUSAL_BYTES, _REFUSAL_SECONDS = 65_536, 5.0
"""How much of a refusal is looked at for a test that a person could pass, and how long it is waited for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A kind of file: what we tell the server, what is refused before its body is read, what it is."""

    accept: str
    require: Callable[[str, str], None]
    type_of: Callable[[str, bytes], str]


_PAGE_TYPES = "text/html,application/xhtml+xml,application/pdf,text/plain;q=0.8,*/*;q=0.1"
PAGES = Wanted(_PAGE_TYPES, require_readable, media_type_of)
PICTURES = Wanted("image/jpeg,image/png,image/webp,image/gif;q=0.8", require_picture, declared_type)


class Fetcher:
    """Fetches pages from the public web, and from hosts that the operator allows by name.

    Each hop of a redirect is judged anew. Cookies are not kept, and the environment's proxies not used: a
    proxy would connect where the guard cannot see.
    """

    def __init__(
        self,
        *,
        allowed_hosts: Collection[str] = (),
        limits: FetchLimits | None = None,
        user_agent: str = USER_AGENT,
        resolver: AbstractResolver | None = None,
        robots: bool = False,
    ) -> None:
        """Prepare to fetch; nothing is opened before the first page.

        `allowed_hosts` holds "host" or "host:port": servers inside our own network that links may lead to.
        `robots` says whether each host's robots.txt is asked first.
        """
        self._allowed_hosts = frozenset(host.lower() for host in allowed_hosts)
        self._limits = limits or FetchLimits()
        self._user_agent = user_agent
        self._resolver = resolver
        self._robots = RobotsRules(self._robots_file) if robots else None
        self._public: aiohttp.ClientSession | None = None
        self._allowed: aiohttp.ClientSession | None = None

    async def fetch(self, url: str, wanted: Wanted = PAGES) -> Page:
        """Fetch one page, or another file that is wanted.

        Raises FetchFailedError, which says whether trying again later may help.
        """
        try:
            async with (
                asyncio.timeout(self._limits.total_seconds),
                self._answer(url, robots=self._robots, accept=wanted.accept) as answer,
            ):
                return await self._page(url, answer, wanted)
        except TimeoutError as error:
            raise FetchFailedError(Verdict.TOO_SLOW, Reason.DEADLINE, passing=True) from error
        except TooBigError as error:
            raise FetchFailedError(Verdict.TOO_BIG, Reason.BODY_SIZE) from error
        except UnreadableTypeError as error:
            raise FetchFailedError(Verdict.NOT_ARTICLE, error.reason) from error
        except UnknownEncodingError as error:
            raise FetchFailedError(Verdict.UNREADABLE, Reason.CONTENT_ENCODING) from error
        except aiohttp.ClientError as error:
            raise client_failure(error) from error

    @asynccontextmanager
    async def _answer(
        self,
        url: str,
        *,
        robots: RobotsRules | None = None,
        accept: str = PAGES.accept,
        method: str = "GET",
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Follow redirects to the answer at their end; its body is not read yet."""
        here = _web_address(url)
        for _ in range(self._limits.redirects + 1):
            if robots is not None and not await robots.allow(here):
                raise FetchFailedError(Verdict.BLOCKED, Reason.ROBOTS)
            session, headers = self._session_for(here), {"Accept": accept}
            asked = session.request(method, here, allow_redirects=False, headers=headers)
            async with asked as answer:
                if answer.status not in _REDIRECTS:
                    yield answer
                    return
                here = _next_hop(here, answer)
        raise FetchFailedError(Verdict.UNREADABLE, Reason.TOO_MANY_REDIRECTS)

    async def _robots_file(self, url: str) -> bytes:
        """Return a robots.txt, cut where it is too long; nothing where it cannot be had."""
        try:
            async with asyncio.timeout(PATIENCE), self._answer(url) as answer:
                return await _beginning(answer, LARGEST) if answer.status == 200 else b""
        except (TimeoutError, FetchFailedError, aiohttp.ClientError):
            return b""

    async def _page(self, url: str, answer: aiohttp.ClientResponse, wanted: Wanted) -> Page:
        if not 200 <= answer.status < 300:
            raise await refusal(answer)
        media_type = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        wanted.require(media_type, answer.url.path)
        if (answer.content_length or 0) > self._limits.body_bytes:
            raise TooBigError
        body = CappedBody(answer.headers.get("Content-Encoding", ""), cap=self._limits.body_bytes)
        async for chunk in answer.content.iter_chunked(_CHUNK_BYTES):
            body.add(chunk)
        whole = body.whole()
        return Page(
            url=url,
            final_url=str(answer.url),
            status=answer.status,
            content_type=wanted.type_of(media_type, whole),
            charset=answer.charset,
            body=whole,
        )

    def _session_for(self, here: URL) -> aiohttp.ClientSession:
        host = (here.host or "").lower()
        if host in self._allowed_hosts or f"{host}:{here.port}" in self._allowed_hosts:
            self._allowed = self._allowed or self._session(aiohttp.TCPConnector(resolver=self._resolver))
            return self._allowed
        self._public = self._public or self._session(
            aiohttp.TCPConnector(
                resolver=self._resolver,
                socket_factory=open_public_socket,
                limit_per_host=self._limits.connections_per_host,
            )
        )
        return self._public

    def _session(self, connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(
                total=None, sock_connect=self._limits.connect_seconds, sock_read=self._limits.read_seconds
            ),
            headers={
                "User-Agent": self._user_agent,
                "Accept-Encoding": ACCEPTED_ENCODINGS,
            },
            auto_decompress=False,
            trust_env=False,
        )

    async def close(self) -> None:
        """Close every connection."""
        for session in (self._public, self._allowed):
            if session is not None:
                await session.close()
        self._public = self._allowed = None


def _web_address(url: str) -> URL:
    """Read an address, leaving out a user name and password: aiohttp would send them on."""
    try:
        address = URL(url)
        if address.scheme in ("http", "https") and address.host:
            return address.with_user(None)
    except ValueError as error:
        raise FetchFailedError(Verdict.BLOCKED, Reason.NOT_A_WEB_ADDRESS) from error
    raise FetchFailedError(Verdict.BLOCKED, Reason.NOT_A_WEB_ADDRESS)


def _next_hop(here: URL, answer: aiohttp.ClientResponse) -> URL:
    try:
        target = here.join(URL(answer.headers["Location"]))
    except (KeyError, ValueError) as error:
        raise FetchFailedError(Verdict.UNREADABLE, Reason.BAD_REDIRECT) from error
    return _web_address(str(target))


async def refusal(answer: aiohttp.ClientResponse) -> FetchFailedError:
    """Say what a status means; where a test for people is usual, after a look at the words beside it."""
    if answer.status not in CHALLENGED_STATUSES:
        return status_failure(answer.status)
    challenged = answer.headers.get("cf-mitigated", "").lower() == "challenge"
    try:
        async with asyncio.timeout(_REFUSAL_SECONDS):
            body = await _beginning(answer, _REFUSAL_BYTES)
    except (TimeoutError, aiohttp.ClientError):
        body = b""
    return status_failure(answer.status, body, challenged=challenged)


async def _beginning(answer: aiohttp.ClientResponse, most: int) -> bytes:
    """Return at most so many bytes of a body, unpacked; none where it cannot be unpacked."""
    try:
        body = CappedBody(answer.headers.get("Content-Encoding", ""), cap=most)
        async for chunk in answer.content.iter_chunked(_CHUNK_BYTES):
            body.add(chunk)
    except TooBigError:
        pass
    except UnknownEncodingError:
        return b""
    return body.whole()[:most]
