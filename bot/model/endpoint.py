"""Asking an endpoint that speaks OpenAI's /chat/completions: bounded in bytes, and told as little as can be.

The endpoint is the operator's own choice, and so may be inside the network; what it answers is a stranger's.
"""

from collections.abc import Sequence
from typing import Any

import aiohttp

from bot.model.answer import refused_parameter
from bot.model.no_draft import NoDraft, NoDraftError
from bot.model.prompt import Message
from bot.summary_tables import ModelConfig

_LARGEST_ANSWER = 1_000_000
"""Bytes; a long answer with its thoughts and what servers add has a tenth."""
_CHUNK_BYTES = 65_536
_CONNECT_SECONDS = 10.0
_PAUSE = 0.5
"""Seconds before the second try, where the endpoint does not say."""
_LONGEST_PAUSE = 10.0


class Endpoint:
    """A model behind an address. The key goes into the header and nowhere else."""

    def __init__(self, config: ModelConfig, key: str) -> None:
        """Prepare to ask; nothing is opened before the first question. `key` may be empty."""
        self._config, self._key = config, key
        self._session: aiohttp.ClientSession | None = None
        self._closed = False
        self._tokens_key = "max_tokens"
        self._with_temperature = True

    async def ask(self, messages: Sequence[Message]) -> bytes:
        """Return the bytes of an answer, whatever they are; the caller bounds the time.

        Raises NoDraftError, with a pause where asking again may help.
        """
        if self._config.key_env and not (self._key.isascii() and self._key.isprintable() and self._key):
            raise NoDraftError(NoDraft.DENIED)
        if self._closed:
            raise NoDraftError(NoDraft.UNREACHABLE)
        try:
            async with self._open().post(
                f"{self._config.url}/chat/completions",
                json=self._request(messages),
                headers={"Authorization": f"Bearer {self._key}"} if self._key else {},
                allow_redirects=False,
            ) as answer:
                body = await _bounded(answer)
        except (aiohttp.ClientConnectorError, aiohttp.ServerTimeoutError):
            raise NoDraftError(NoDraft.UNREACHABLE, pause=_PAUSE) from None
        except (aiohttp.ClientError, OSError, ValueError):  # their words may hold the address
            raise NoDraftError(NoDraft.BROKEN, pause=_PAUSE) from None
        if answer.status != 200:
            raise self._refusal(answer, body)
        return body

    def _request(self, messages: Sequence[Message]) -> dict[str, Any]:
        asked = {
            "model": self._config.model,
            "messages": list(messages),
            "stream": False,
            self._tokens_key: self._config.output_tokens,
        }
        return asked | ({"temperature": self._config.temperature} if self._with_temperature else {})

    def _refusal(self, answer: aiohttp.ClientResponse, body: bytes) -> NoDraftError:
        match answer.status:
            case 401 | 403 | 407:
                return NoDraftError(NoDraft.DENIED)
            case 404:
                return NoDraftError(NoDraft.UNKNOWN)
            case 429:
                return NoDraftError(NoDraft.BUSY, pause=_pause_before(answer))
            case 400 if self._does_without(refused_parameter(body)):
                return NoDraftError(NoDraft.BROKEN, pause=0.0, otherwise=True)
            case status:
                return NoDraftError(NoDraft.BROKEN, pause=_PAUSE if status >= 500 else None)

    def _does_without(self, parameter: str) -> bool:
        """Ask differently from now on: newer models take neither of these two. Tell whether that is new."""
        before = (self._tokens_key, self._with_temperature)
        if parameter == "max_tokens":
            self._tokens_key = "max_completion_tokens"
        if parameter == "temperature":
            self._with_temperature = False
        return before != (self._tokens_key, self._with_temperature)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS),
                headers={"Accept": "application/json", "Accept-Encoding": "identity"},
                auto_decompress=False,
                trust_env=False,
            )
        return self._session

    async def close(self) -> None:
        """Close every connection, for good: work that is still under way opens none again."""
        self._closed = True
        if self._session is not None:
            await self._session.close()


async def _bounded(answer: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in answer.content.iter_chunked(_CHUNK_BYTES):
        body += chunk
        if len(body) > _LARGEST_ANSWER:
            answer.close()
            raise NoDraftError(NoDraft.BROKEN)
    return bytes(body)


def _pause_before(answer: aiohttp.ClientResponse) -> float | None:
    """Return how long the endpoint asks us to wait; None where that is too long for one draft."""
    asked = answer.headers.get("Retry-After", "")
    seconds = float(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else _PAUSE
    return seconds if seconds <= _LONGEST_PAUSE else None
