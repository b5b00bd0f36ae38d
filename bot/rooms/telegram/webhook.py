"""Telegram brings updates to an address of ours; each is on disk before it hears that it was taken."""

import asyncio
import hashlib
import hmac
import logging
from dataclasses import dataclass, field
from typing import NoReturn

from aiohttp import web
from telegram import Bot
from yarl import URL

from bot.config_tables import TelegramConfig
from bot.rooms.room import RoomTroubleError
from bot.rooms.telegram.attendance import Attendance
from bot.rooms.telegram.finishing import finished
from bot.rooms.telegram.insistence import Insistence, Pace
from bot.rooms.telegram.raw import id_of
from bot.rooms.telegram.taker import UpdateTaker
from bot.rooms.telegram.updates import ALLOWED_UPDATES

log = logging.getLogger(__name__)

_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_LARGEST_UPDATE = 4_000_000  # bytes
_GRACE = 1.0  # seconds that an update under way may take when the listener closes; Telegram brings it again


def secret_of(token: str) -> str:
    """Return the word by which Telegram shows that it is Telegram; only who has the token can know it."""
    return hmac.new(token.encode(), b"copydesk webhook", hashlib.sha256).hexdigest()


@dataclass(slots=True)
class Webhook:
    """The listener, and the watch over what Telegram was told of it."""

    bot: Bot
    config: TelegramConfig
    taker: UpdateTaker
    attendance: Attendance
    insistence: Insistence
    pace: Pace
    _runner: web.AppRunner | None = None
    _taking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def run(self) -> NoReturn:
        """Listen and watch for ever."""
        await self.insistence.on(self._listen)
        while True:
            await self.insistence.on(self._watch)
            await asyncio.sleep(self.pace.watch)

    async def close(self) -> None:
        """Listen no more. Telegram keeps what comes, and brings it again."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _listen(self) -> None:
        await self.close()
        app = web.Application(client_max_size=_LARGEST_UPDATE)
        app.router.add_route("*", "/{path:.*}", self.hear)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_GRACE)
        await self._runner.setup()
        host, port = self.config.webhook_host, self.config.webhook_port
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            raise RoomTroubleError(f"cannot listen on {host}:{port}: {error.strerror}") from None

    async def _watch(self) -> None:
        """Tell Telegram where we are, unless it knows."""
        known = await self.bot.get_webhook_info()
        is_known = known.url == self.config.webhook_url and set(known.allowed_updates) == set(ALLOWED_UPDATES)
        if not is_known or self.attendance.is_new:
            await self.bot.set_webhook(
                self.config.webhook_url,
                allowed_updates=ALLOWED_UPDATES,
                secret_token=secret_of(self.bot.token),
                max_connections=1,  # one after another, so that updates come in their order
                drop_pending_updates=False,
            )
        await finished(self.attendance.here())

    async def hear(self, request: web.Request) -> web.Response:
        """Take one update: 200 when it is on disk, 500 where it could not be, so that it comes again."""
        if request.path != (URL(self.config.webhook_url).path or "/"):
            return web.Response(status=404)
        given = request.headers.get(_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, secret_of(self.bot.token).encode()):
            return web.Response(status=403)
        try:
            update = await request.json()
        except ValueError:
            update = None
        if id_of(update) is None:
            log.error("not an update")  # to be brought again would not mend it
            return web.Response()
        try:
            async with self._taking:
                await finished(self.taker.take([update]))
        except Exception:
            log.exception("update not taken; Telegram brings it again")
            return web.Response(status=500)
        return web.Response()
