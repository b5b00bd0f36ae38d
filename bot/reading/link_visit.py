"""Visiting a link to see whether it still leads somewhere, without reading the page."""

import asyncio

import aiohttp

from bot.reading.fetch import Fetcher, FetchFailedError, refusal
from bot.reading.fetching.fetch_failure import client_failure
from bot.reading.verdict import Reason, Verdict


class LinkVisitor(Fetcher):
    """A fetcher that looks before it reads, with the same guard and the same limits."""

    async def look(self, url: str) -> str:
        """Return the address at which a link ends.

        HEAD is asked, and GET where the server gives that no good answer. Raises FetchFailedError as `fetch`
        does.
        """
        try:
            async with asyncio.timeout(self._limits.total_seconds):
                return await self._ask_head(url) or await self._ask(url)
        except TimeoutError as error:
            raise FetchFailedError(Verdict.TOO_SLOW, Reason.DEADLINE, passing=True) from error
        except aiohttp.ClientError as error:
            raise client_failure(error) from error

    async def _ask_head(self, url: str) -> str | None:
        """Return where a link ends, or None where the server does not say so to HEAD; some hang up on it."""
        try:
            async with self._answer(url, robots=self._robots, method="HEAD") as answer:
                return str(answer.url) if 200 <= answer.status < 300 else None
        except aiohttp.ClientConnectorError:
            raise
        except aiohttp.ClientError:
            return None

    async def _ask(self, url: str) -> str:
        async with self._answer(url, robots=self._robots) as answer:
            if not 200 <= answer.status < 300:
                raise await refusal(answer)
            return str(answer.url)
