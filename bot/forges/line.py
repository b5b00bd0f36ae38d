"""The line to a forge: JSON over HTTP with a token in the header, and its refusals as errors for people."""

import asyncio
import json
import re
import time
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.forges.forge_error import (
    AlreadyOpenError,
    ForgeAwayError,
    ForgeBusyError,
    ForgeError,
    ForgeMovedError,
    ForgeRefusedError,
    ForgeTokenError,
    NoForgeRightError,
    NoSuchProjectError,
    NothingToMergeError,
)
from bot.forges.pace import Pace, wait_asked_for
from bot.forges.proxy import proxy_for

_DEPTH = 4  # of what a refusal says: GitHub's errors are a list of tables in a table
_MOST_SAID = 2000  # characters of one of its words
_MOST_BYTES = 4 << 20  # of an answer; a hundred pull requests with long texts are less


@dataclass(frozen=True, slots=True)
class Answer:
    """A forge's answer: what it says, and its headers by lower-case name."""

    content: Any
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """Asks one forge. `address` ends without a slash, `seconds` bounds a request and its answer."""

    address: str
    headers: Mapping[str, str] = field(repr=False)
    seconds: float = 20.0
    pace: Pace = field(default_factory=Pace, compare=False)

    async def ask(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request and return the answer; raises a `ForgeError`. No redirect is followed.

        Where the forge said that it was asked too often, nothing is sent until the time that it named.
        """
        if rest := self.pace.rest():
            raise ForgeBusyError(rest)
        status, raw, given = await self._sent(method, path, json=body, params=query)
        content = _content(raw)
        if status >= 300:
            trouble = _explain(status, _said(content, self._hidden()), given)
            if isinstance(trouble, ForgeBusyError):
                self.pace.keep_off(trouble.seconds)
            raise trouble
        if content is None:
            raise ForgeAwayError  # a page of a proxy, say
        return Answer(content, given)

    async def _sent(self, method: str, path: str, **what: Any) -> tuple[int, bytes, dict[str, str]]:
        """Send a request; return the answer's status, content, and headers by lower-case name."""
        timeout, how = aiohttp.ClientTimeout(total=self.seconds), what | proxy_for(self.address)
        how["allow_redirects"] = False
        headers = {"User-Agent": "Copydesk", "Accept": "application/json", **self.headers}
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout, headers=headers) as session,
                session.request(method, self.address + path, **how) as response,
            ):
                raw = await _read_some(response)
                return response.status, raw, {k.lower(): v for k, v in response.headers.items()}
        except (aiohttp.ClientError, TimeoutError, asyncio.IncompleteReadError, OSError) as away:
            raise ForgeAwayError from away

    def _hidden(self) -> tuple[str, ...]:
        """Return the words of our headers that no answer may repeat to people: the token is among them."""
        return tuple(word for value in self.headers.values() for word in value.split() if len(word) >= 8)


async def _read_some(response: aiohttp.ClientResponse) -> bytes:
    raw = bytearray()
    async for chunk in response.content.iter_chunked(1 << 16):
        raw += chunk
        if len(raw) > _MOST_BYTES:
            raise ForgeAwayError
    return bytes(raw)


def _content(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


_BY_STATUS: Mapping[int, Callable[[], ForgeError]] = {
    401: ForgeTokenError,
    403: NoForgeRightError,
    404: NoSuchProjectError,
    408: ForgeAwayError,
}


def _explain(status: int, said: str, headers: Mapping[str, str]) -> ForgeError:
    """Turn a refusal into an error for people."""
    if status == 429 or (status == 403 and _is_limit(said, headers)):
        return ForgeBusyError(wait_asked_for(headers, now=time.time()))
    if status in _BY_STATUS:
        return _BY_STATUS[status]()
    if status < 400:
        return ForgeMovedError()
    if re.search(r"no commits between|no changes|nothing to (merge|compare)", said, re.IGNORECASE):
        return NothingToMergeError()
    if status in (409, 422) and "already exists" in said:
        return AlreadyOpenError()
    return ForgeAwayError() if status >= 500 else ForgeRefusedError(said)


def _is_limit(said: str, headers: Mapping[str, str]) -> bool:
    """Tell a rate limit of GitHub's from a missing right: both are 403."""
    return (
        "retry-after" in headers
        or headers.get("x-ratelimit-remaining") == "0"
        or "rate limit" in said.lower()
    )


def _said(content: Any, hidden: Iterable[str]) -> str:
    """Collect what a forge says of a refusal: GitHub in errors, GitLab in message (a text, list or table)."""
    words: list[str] = []

    def collect(part: Any, depth: int) -> None:
        if isinstance(part, str):
            words.append(part[:_MOST_SAID])
        elif isinstance(part, list) and depth:
            for one in part[:5]:
                collect(one, depth - 1)
        elif isinstance(part, dict) and depth:
            for name, one in list(part.items())[:20]:
                if name not in ("documentation_url", "url", "resource", "code", "field", "status"):
                    collect(one, depth - 1)

    collect(content, _DEPTH)
    said = "; ".join(words)
    for secret in hidden:
        said = said.replace(secret, "…")
    plain = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in said)
    return " ".join(plain.split())[:300]
