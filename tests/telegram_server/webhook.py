"""Bringing updates to the bot's own address, one after another."""

import asyncio
from dataclasses import dataclass

import aiohttp

from tests.telegram_server.feed import UpdateFeed, Waiting

PATIENCE = aiohttp.ClientTimeout(total=60)


@dataclass
class Webhook:
    """Where updates go, and how the last delivery failed."""

    feed: UpdateFeed
    secret: str = ""
    pause: float = 0.05
    """Seconds before an update that was not taken is brought again; the platform waits longer."""
    last_error: str = ""
    last_error_at: int = 0
    max_connections: int = 40
    repeats: int = 0
    """How many updates will be brought once more though they were taken."""

    async def run(self) -> None:
        """Deliver for ever: the next update goes out when the one before it was answered with 2xx."""
        async with aiohttp.ClientSession(timeout=PATIENCE) as client:
            while True:
                if not (self.feed.webhook_url and self.feed.waiting):
                    await self.feed.change()
                    continue
                first = self.feed.waiting[0]
                if not await self._deliver(client, first):
                    await asyncio.sleep(self.pause)
                elif self.repeats:
                    self.repeats -= 1
                elif self.feed.waiting and self.feed.waiting[0] is first:
                    self.feed.take_first()

    async def _deliver(self, client: aiohttp.ClientSession, update: Waiting) -> bool:
        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.secret
        try:
            async with client.post(
                self.feed.webhook_url, data=update.text.encode(), headers=headers, allow_redirects=False
            ) as answer:
                if answer.status // 100 == 2:
                    return True
                self._failed(f"Wrong response from the webhook: {answer.status} {answer.reason}", update)
        except aiohttp.ClientConnectorError:
            self._failed("Connection refused", update)
        except (aiohttp.ClientError, TimeoutError, ConnectionError) as trouble:
            self._failed(f"Read error: {type(trouble).__name__}", update)
        return False

    def _failed(self, reason: str, update: Waiting) -> None:
        self.last_error, self.last_error_at = reason, int(update.at)
