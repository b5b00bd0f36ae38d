"""One WebSocket of the gateway: what waits to be written, compressed as the client asked."""

import asyncio
import json
import zlib
from collections import deque
from typing import Any, Protocol

from aiohttp import web

from tests.discord_server.refusals import Json


class Compressor(Protocol):
    """A stream of compressed messages, as zlib makes it."""

    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self, mode: int, /) -> bytes: ...


class Connection:
    """A socket with its own writer, so that telling it something never waits."""

    def __init__(self, request: web.Request) -> None:
        self.request = request
        self.socket = web.WebSocketResponse(max_msg_size=0, compress=False)
        self.session: Any = None
        self.compression = request.query.get("compress", "")
        self._stream: Compressor | None = zlib.compressobj() if self.compression == "zlib-stream" else None
        self._outbox: deque[Json] = deque()
        self._something = asyncio.Event()

    def send(self, packet: Json) -> None:
        """Queue a packet behind those that wait."""
        self._outbox.append(packet)
        self._something.set()

    async def write_all(self) -> None:
        """Write what is queued, until the socket is gone."""
        while not self.socket.closed:
            await self._something.wait()
            self._something.clear()
            while self._outbox:
                try:
                    await self._write(self._outbox.popleft())
                except ConnectionError:
                    return

    async def _write(self, packet: Json) -> None:
        text = json.dumps(packet)
        if self._stream is None:
            await self.socket.send_str(text)
        else:
            packed = self._stream.compress(text.encode())
            await self.socket.send_bytes(packed + self._stream.flush(zlib.Z_SYNC_FLUSH))

    def cut(self) -> None:
        """Close the socket underneath, without a word."""
        if self.request.transport is not None:
            self.request.transport.abort()
