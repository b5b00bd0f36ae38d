"""A browser's side of the web room's protocol, without the browser."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import aiohttp

from storage.people_records import Curator
from tests.web_desk import WebDesk

Frame = dict[str, Any]


class Visitor:
    """Signed in as one curator; keeps what it was told, and what it did until that is stored."""

    def __init__(self, desk: WebDesk, curator: Curator) -> None:
        self.desk = desk
        self.curator = curator
        self.messages: dict[int, Frame] = {}
        self.since = 0
        self.outbox: list[Frame] = []
        self.keys = 0
        self.stored: dict[str, int] = {}
        self.refused: list[Frame] = []
        self.here: list[str] = []
        self._client: aiohttp.ClientSession | None = None
        self._socket: aiohttp.ClientWebSocketResponse | None = None

    async def __aenter__(self) -> "Visitor":
        await self.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.leave()

    async def connect(self, *, origin: str | None = None) -> None:
        self._client = aiohttp.ClientSession(
            cookies=self.desk.cookie(self.curator), cookie_jar=aiohttp.CookieJar(unsafe=True)
        )
        self._socket = await self._client.ws_connect(
            f"{self.desk.address}/socket", headers={"Origin": origin or self.desk.address}
        )
        await self.send(op="hello", since=self.since)

    async def leave(self) -> None:
        if self._client is not None:
            assert self._socket is not None
            await self._socket.close()
            await self._client.close()
            self._client = None

    async def vanish(self) -> None:
        """Lose the connection without a word of farewell."""
        assert self._client is not None
        await self._client.close()
        self._client = None

    @property
    def is_connected(self) -> bool:
        return self._client is not None

    async def send(self, **fields: object) -> None:
        assert self._socket is not None
        await self._socket.send_str(json.dumps(fields))

    async def send_text(self, text: str) -> None:
        assert self._socket is not None
        await self._socket.send_str(text)

    def note(self, op: str, **fields: object) -> str:
        """Put an op into the outbox."""
        self.keys += 1
        key = f"k{self.keys}"
        self.outbox.append({"op": op, "key": key, **fields})
        return key

    async def do(self, op: str, **fields: object) -> int:
        """Do something and wait until it is stored; return the message it concerns."""
        key = self.note(op, **fields)
        await self.flush()
        return self.stored.get(key, 0)

    async def flush(self) -> None:
        """Send the outbox, one op after another, until each has been answered."""
        while self.outbox:
            op = self.outbox[0]
            await self.send(**op)
            await self.hear_until(lambda op=op: op not in self.outbox)  # type: ignore[misc]

    async def hear_until(self, happened: Callable[[], bool]) -> None:
        async with asyncio.timeout(60):
            while not happened():
                await self.hear()

    async def catch_up(self, change: int) -> None:
        """Listen until this change has been told."""
        await self.hear_until(lambda: self.since >= change)

    async def see_all(self) -> None:
        """Listen until everything that has happened so far has been told."""
        await self.catch_up(await self.desk.front.feed.last_change())

    async def hear(self) -> Frame:
        """Take one frame from the room."""
        assert self._socket is not None
        frame: Frame = await self._socket.receive_json()
        match frame["op"]:
            case "changes":
                self._take(frame)
            case "stored":
                self.stored[frame["key"]] = frame["message"]
                self._settle(frame["key"])
            case "refused":
                self.refused.append(frame)
                self._settle(frame["key"])
            case "here":
                self.here = [person["name"] for person in frame["people"]]
        return frame

    def _take(self, frame: Frame) -> None:
        if frame["fresh"]:
            self.messages.clear()
        for message in frame["messages"]:
            assert frame["fresh"] or message["change"] > self.since, "told twice"
            self.messages[message["id"]] = message
        assert frame["fresh"] or frame["change"] > self.since
        self.since = frame["change"]

    def _settle(self, key: str) -> None:
        self.outbox = [op for op in self.outbox if op["key"] != key]
