"""The Bot API over HTTP: a test starts it, points the bot at its address, and plays everybody else."""

import asyncio
import contextlib
import json
import time
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import web

from tests.telegram_server.chat_methods import CHAT_METHODS
from tests.telegram_server.delivery_methods import DELIVERY_METHODS
from tests.telegram_server.message_methods import MESSAGE_METHODS
from tests.telegram_server.mischief import Mischief
from tests.telegram_server.parameters import Parameters, read_parameters
from tests.telegram_server.people import People
from tests.telegram_server.refusal import RefusalError
from tests.telegram_server.views import Views
from tests.telegram_server.world import Json, Person, World

TOKEN = "123456:a-bot-of-the-tests"
LARGEST_REQUEST = 60 * 1024 * 1024
METHODS = {**MESSAGE_METHODS, **CHAT_METHODS, **DELIVERY_METHODS}
SPELLINGS = {name.lower(): name for name in [*METHODS, "getUpdates"]}
"""The Bot API takes a method's name in any case."""


@dataclass(slots=True)
class Call:
    """One request of the bot."""

    method: str
    parameters: Parameters
    at: float
    """time.monotonic() when it came."""
    status: int | None = None
    """The HTTP status of the answer; None while there is none, and for a dropped connection."""


class TelegramServer(People, Mischief, Views):
    """Telegram, as far as a bot can tell. Use it as an async context manager."""

    def __init__(self, token: str = TOKEN, *, port: int = 0, reads_all: bool = False) -> None:
        """Prepare a server; `reads_all` turns privacy mode off, port 0 means any free one."""
        self.world = World(token, reads_all=reads_all)
        People.__init__(self, self.world)
        Mischief.__init__(self, self.world)
        Views.__init__(self, self.world)
        self.calls: list[Call] = []
        self.port = port
        self._closing = contextlib.AsyncExitStack()

    @property
    def token(self) -> str:
        return self.world.token

    @property
    def bot(self) -> Person:
        return self.world.bot

    @property
    def url(self) -> str:
        """The address before /bot<token>/<method>: python-telegram-bot's base_url is f"{url}/bot"."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def acknowledged(self) -> list[int]:
        """The ids of the updates that the bot has taken, in order."""
        return self.world.feed.acknowledged

    @property
    def waiting(self) -> list[Json]:
        """The updates that the bot has not taken, oldest first."""
        return [json.loads(update.text) for update in self.world.feed.waiting]

    def calls_of(self, method: str) -> list[Call]:
        """Return every request of one method, in the order they came."""
        return [call for call in self.calls if call.method == method]

    def let_time_pass(self, seconds: float) -> None:
        """Put the platform's clock forward: presses go stale, old updates are dropped."""
        self.world.later += seconds

    @property
    def updates(self) -> dict[int, Json]:
        """Every update there ever was, by its id, taken or not."""
        return {update_id: json.loads(text) for update_id, text in self.world.feed.told.items()}

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Begin to listen; after a stop, at the same address and with the same world."""
        app = web.Application(client_max_size=LARGEST_REQUEST)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/{path:.*}", self._file)
        # A poll ends when its client goes; nothing else may, see _carry_out.
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1, access_log=None)
        await runner.setup()
        self._closing.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", self.port, reuse_address=True).start()
        self.port = int(runner.addresses[0][1])
        delivery = asyncio.create_task(self.world.webhook.run())
        self._closing.push_async_callback(_stopped, delivery)

    async def stop(self) -> None:
        """Be down: nobody is answered, and no webhook is called."""
        await self._closing.aclose()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = SPELLINGS.get(request.match_info["method"].lower(), request.match_info["method"])
        call = Call(method, Parameters(), time.monotonic())
        self.calls.append(call)
        try:
            call.parameters = await read_parameters(request)
            return await self._within_mischief(request, call)
        except RefusalError as refusal:
            call.status = refusal.status
            return web.json_response(refusal.as_json(), status=refusal.status)

    async def _within_mischief(self, request: web.Request, call: Call) -> web.StreamResponse:
        """Carry out a call, unless something goes wrong on the way."""
        slow = self._trouble("slow", call.method, call.parameters)
        drop = self._trouble("drop", call.method, call.parameters)
        if slow and not slow.after_effect:
            await asyncio.sleep(slow.seconds)
        if drop and not drop.after_effect:
            return _hung_up(request)
        result = await self._carry_out(request.match_info["token"], call)
        if slow and slow.after_effect:
            await asyncio.sleep(slow.seconds)
        if drop:
            return _hung_up(request)
        broken = self._trouble("break", call.method, call.parameters)
        call.status = broken.status if broken else 200
        if broken:
            page = "<html><body>Something is wrong</body></html>"
            return web.Response(text=page, content_type="text/html", status=broken.status)
        return web.Response(text=f'{{"ok":true,"result":{result}}}', content_type="application/json")

    async def _carry_out(self, token: str, call: Call) -> str:
        """Return the result of a method as JSON text. Only getUpdates waits for anything."""
        self._refuse_stranger(token)
        self._refuse_if_ordered(call.method, call.parameters)
        self._refuse_flood(call.method, call.parameters)
        if call.method == "getUpdates":
            return await self.world.feed.poll(
                offset=call.parameters.number("offset"),
                limit=min(max(call.parameters.number("limit", 100), 1), 100),
                timeout=float(call.parameters.get("timeout") or 0),
                allowed=call.parameters.get("allowed_updates"),
            )
        if call.method not in METHODS:
            raise RefusalError(404, "Not Found: method not found")
        return json.dumps(METHODS[call.method](self.world, call.parameters), ensure_ascii=False)

    def _refuse_stranger(self, token: str) -> None:
        if not token.partition(":")[0].isdecimal():
            raise RefusalError(404, "Not Found")
        if token != self.token:
            raise RefusalError(401, "Unauthorized")

    async def _file(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != self.token:
            return web.json_response(RefusalError(401, "Unauthorized").as_json(), status=401)
        file_id = request.match_info["path"].removeprefix("documents/").partition("/")[0]
        if file_id not in self.world.files:
            return web.json_response(RefusalError(404, "Not Found").as_json(), status=404)
        return web.Response(body=self.world.files[file_id][1])


def _hung_up(request: web.Request) -> web.Response:
    """Close a connection under the client's feet."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _stopped(task: asyncio.Task[Any]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
