"""A visitor who, like a browser, comes back when the room is gone and sends again what was not taken."""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import aiohttp

from bot.tour.visitor import NotHeardError, Visitor


class SteadyVisitor(Visitor):
    """Keeps a socket open for as long as it is there; an op keeps its key until it is acknowledged."""

    def __init__(self, address: str, token: str, name: str, *, acknowledged: Callable[[], None]) -> None:
        super().__init__(address, token, name)
        self._acknowledged = acknowledged
        self._returns = 0  # how often the socket was opened
        self._waiting: dict[str, Mapping[str, Any]] = {}
        self._staying: asyncio.Task[None] | None = None
        self._again: set[asyncio.Task[None]] = set()

    async def sign_in(self) -> None:
        """Open the invitation, however often the room goes away meanwhile."""
        while True:
            with suppress(aiohttp.ClientError, TimeoutError):
                return await super().sign_in()
            if self._http is not None:
                await self._http.close()
            await asyncio.sleep(0.05)

    async def connect(self) -> None:
        """Come, and come back each time that the socket closes."""
        self._staying = asyncio.create_task(self._stay())

    async def _stay(self) -> None:
        while True:
            with suppress(aiohttp.ClientError, ConnectionError, TimeoutError):
                await super().connect()
                self._returns += 1
                for frame in list(self._waiting.values()):
                    await self._offer(frame)
                if self._listening is not None:
                    await self._listening
            await asyncio.sleep(0.05)

    async def disconnect(self) -> None:
        """Leave for good."""
        if self._staying is not None:
            self._staying.cancel()
            with suppress(asyncio.CancelledError):
                await self._staying
        await super().disconnect()

    async def until(self, true: Callable[[], bool], what: str, patience: float = 20.0) -> None:
        """Wait until something is true, from the room's last return on: while it is away it owes nothing."""
        while True:
            returns = self._returns
            try:
                return await super().until(true, what, patience)
            except NotHeardError:
                if self._returns == returns:
                    raise

    async def send(self, op: str, *, key: str | None = None, **fields: object) -> str:
        """Send an op now if the room is there, and again at each return until it is acknowledged."""
        key = key or secrets.token_hex(8)
        self._waiting[key] = {"op": op, "key": key, **fields}
        await self._offer(self._waiting[key])
        return key

    async def do(self, op: str, *, patience: float = 120.0, **fields: object) -> int:
        """Send an op and wait, through any number of restarts, until it is stored."""
        return await super().do(op, patience=patience, **fields)

    async def _offer(self, frame: Mapping[str, Any]) -> None:
        if self._socket is not None and not self._socket.closed:
            with suppress(ConnectionError):
                await self._socket.send_json(frame)

    def _take(self, said: Mapping[str, Any]) -> None:
        if said["op"] == "refused" and said.get("retry"):
            asyncio.get_running_loop().call_later(said["retry"], self._offer_again, said["key"])
            return
        super()._take(said)
        if said["op"] in ("stored", "refused") and self._waiting.pop(said["key"], None) is not None:
            self._acknowledged()

    def _offer_again(self, key: str) -> None:
        if key in self._waiting:
            again = asyncio.create_task(self._offer(self._waiting[key]))
            self._again.add(again)
            again.add_done_callback(self._again.discard)
