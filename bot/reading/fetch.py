"""Fetching a stranger's page: guarded at the socket, bounded in bytes, time and redirects."""

import asyncio
from collections.abc import Collection

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.reading.address_guard import BlockedAddressError, open_public_socket
from bot.reading.decompression import ACCEPTED_ENCODINGS, CappedBody, TooBigError, UnknownEncodingError
from bot.reading.fetch_limits import FetchLimits
from bot.reading.page import Page
from bot.reading.verdict import Verdict

__all__ = ["FetchFailedError", "FetchLimits", "Fetcher", "Page"]

USER_AGENT = "Mozilla/5.0 (compatible; Copydesk; newsletter link reader)"

_READABLE = frozenset({"text/html", "application/xhtml+xml", "text/plain", "text/markdown"})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK_BYTES = 65_536


class FetchFailedError(Exception):
    """No page came back."""

    def __init__(self, verdict: Verdict, reason: str, *, passing: bool = False) -> None:
        super().__init__(f"{verdict}: {reason}")
        self.verdict = verdict
        self.reason = reason
        """A short code, such as "http-404" or "private-address"."""
        self.passing = passing
        """True where trying again later may help."""


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
    ) -> None:
        """Prepare to fetch; nothing is opened before the first page.

        `allowed_hosts` holds "host" or "host:port": servers inside our own network that links may lead to.
        """
        self._allowed_hosts = frozenset(host.lower() for host in allowed_hosts)
        self._limits = limits or FetchLimits()
        self._user_agent = user_agent
        self._resolver = resolver
        self._public: aiohttp.ClientSession | None = None
        self._allowed: aiohttp.ClientSession | None = None

    async def fetch(self, url: str) -> Page:
        """Fetch one page.

        Raises FetchFailedError, which says whether trying again later may help.
        """
        try:
            async with asyncio.timeout(self._limits.total_seconds):
                return await self._follow(url)
        except TimeoutError as error:
            raise FetchFailedError(Verdict.TOO_SLOW, "deadline", passing=True) from error
        except TooBigError as error:
            raise FetchFailedError(Verdict.TOO_BIG, "body-size") from error
        except UnknownEncodingError as error:
            raise FetchFailedError(Verdict.UNREADABLE, "content-encoding") from error
        except aiohttp.ClientError as error:
            raise _client_failure(error) from error

    async def _follow(self, url: str) -> Page:
        here = _web_address(url)
        for _ in range(self._limits.redirects + 1):
            async with self._session_for(here).get(here, allow_redirects=False) as answer:
                if answer.status not in _REDIRECTS:
                    return await self._page(url, answer)
                here = _next_hop(here, answer)
        raise FetchFailedError(Verdict.UNREADABLE, "too-many-redirects")

    async def _page(self, url: str, answer: aiohttp.ClientResponse) -> Page:
        _refuse_status(answer.status)
        media_type = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        _refuse_media_type(media_type)
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
            content_type=media_type or _sniffed(whole),
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
                "Accept": "text/html,application/xhtml+xml,text/plain;q=0.8,*/*;q=0.1",
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
        raise FetchFailedError(Verdict.BLOCKED, "not-a-web-address") from error
    raise FetchFailedError(Verdict.BLOCKED, "not-a-web-address")


def _next_hop(here: URL, answer: aiohttp.ClientResponse) -> URL:
    try:
        target = here.join(URL(answer.headers["Location"]))
    except (KeyError, ValueError) as error:
        raise FetchFailedError(Verdict.UNREADABLE, "bad-redirect") from error
    return _web_address(str(target))


def _refuse_status(status: int) -> None:
    if 200 <= status < 300:
        return
    reason = f"http-{status}"
    if status in (404, 410):
        raise FetchFailedError(Verdict.GONE, reason)
    if status in (401, 402, 403, 407, 451):
        raise FetchFailedError(Verdict.BLOCKED, reason)
    if status == 429:
        raise FetchFailedError(Verdict.BLOCKED, reason, passing=True)
    raise FetchFailedError(Verdict.UNREADABLE, reason, passing=status in (408, 425) or status >= 500)


def _refuse_media_type(media_type: str) -> None:
    if media_type and media_type not in _READABLE:
        reason = "pdf" if media_type == "application/pdf" else "media-type"
        raise FetchFailedError(Verdict.NOT_ARTICLE, reason)


def _sniffed(body: bytes) -> str:
    """Guess the media type that a server left out."""
    if body.startswith(b"%PDF-"):
        raise FetchFailedError(Verdict.NOT_ARTICLE, "pdf")
    if b"\0" in body[:1024] and not body.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FetchFailedError(Verdict.NOT_ARTICLE, "media-type")
    return "text/html" if b"<" in body[:1024] else "text/plain"


def _client_failure(error: aiohttp.ClientError) -> FetchFailedError:
    """Say what a failure of aiohttp's means for the story."""
    match error:
        case aiohttp.ClientConnectorCertificateError():
            return FetchFailedError(Verdict.UNREADABLE, "certificate")
        case aiohttp.ClientConnectorDNSError():
            return FetchFailedError(Verdict.GONE, "unknown-host", passing=True)
        case aiohttp.ClientConnectorError(os_error=BlockedAddressError()):
            return FetchFailedError(Verdict.BLOCKED, "private-address")
        case aiohttp.InvalidURL():
            return FetchFailedError(Verdict.BLOCKED, "not-a-web-address")
        case _:
            return FetchFailedError(Verdict.UNREADABLE, "connection", passing=True)
