"""The sockets of the browsers that show the room."""

import asyncio
import json
import logging
from contextlib import suppress

from aiohttp import WSCloseCode, WSMsgType, web

from bot.pages.front import WebFront
from bot.pages.ops import LONGEST_TEXT, Deed, Hello, Ping, RefusedError, read_op
from storage.failures import DatabaseFailure
from storage.people_records import Curator

log = logging.getLogger(__name__)

HEARTBEAT = 20.0  # seconds; proxies close a silent connection after 30 to 60
LARGEST_FRAME = 512 * 1024  # bytes: the longest text with every letter escaped in JSON
_FAREWELL = 2.0  # seconds that a browser has to answer a close
_RETRY = 2.0  # seconds to wait when the database is away


class RoomSockets:
    """All open sockets: who is here, and how each hears what happens."""

    def __init__(self, front: WebFront) -> None:
        self._front = front
        self._open: dict[web.WebSocketResponse, Curator] = {}
        self._telling: set[asyncio.Task[None]] = set()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Talk with one browser until it leaves; refuse other sites' pages and whoever is not signed in."""
        if not self._front.is_ours(request):
            raise web.HTTPForbidden(text="origin")
        curator = await self._front.curator_of(request)
        if curator is None:
            raise web.HTTPUnauthorized(text="sign in")
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT, timeout=_FAREWELL, max_msg_size=LARGEST_FRAME)
        await socket.prepare(request)
        self._open[socket] = curator
        try:
            await self._talk(socket, curator)
        finally:
            del self._open[socket]
            self._tell_who_is_here()
        return socket

    async def close(self) -> None:
        """Close every socket; the browsers come back by themselves."""
        await asyncio.gather(*(socket.close(code=WSCloseCode.GOING_AWAY) for socket in self._open))

    async def _talk(self, socket: web.WebSocketResponse, curator: Curator) -> None:
        telling: asyncio.Task[None] | None = None
        try:
            async for frame in socket:
                if frame.type is not WSMsgType.TEXT:
                    continue
                since = await self._answer(socket, curator, frame.data)
                if since is not None and telling is None:
                    telling = asyncio.create_task(self._keep_telling(socket, since))
                    self._tell_who_is_here()
        finally:
            if telling is not None:
                telling.cancel()
                with suppress(asyncio.CancelledError):
                    await telling

    async def _answer(self, socket: web.WebSocketResponse, curator: Curator, frame: str) -> int | None:
        """Answer one frame; return from which change on the browser wants to be told, when it says so."""
        try:
            op = read_op(frame)
            match op:
                case Hello():
                    return op.since
                case Ping():
                    await _send(socket, op="pong")
                case _:
                    await self._carry_out(socket, curator, op)
        except RefusedError as refused:
            await self._refuse(socket, refused)
        return None

    async def _carry_out(self, socket: web.WebSocketResponse, curator: Curator, deed: Deed) -> None:
        wait = self._front.allowance.take(curator.id)
        if wait:
            raise RefusedError("refused.too_fast", key=deed.key, retry=wait)
        try:
            stored = await self._front.deeds.carry_out(curator, deed)
        except DatabaseFailure:
            log.exception("deed not stored")
            raise RefusedError("refused.not_stored", key=deed.key, retry=_RETRY) from None
        await _send(socket, op="stored", key=deed.key, message=stored.message, change=stored.change)
        self._front.wake()
        self._front.nudge()

    async def _refuse(self, socket: web.WebSocketResponse, refused: RefusedError) -> None:
        why = self._front.text(refused.word, limit=LONGEST_TEXT)
        await _send(socket, op="refused", key=refused.key, why=why, retry=refused.retry)

    async def _keep_telling(self, socket: web.WebSocketResponse, since: int) -> None:
        """Tell changes until the browser leaves; when that fails, it has to come back and ask anew."""
        try:
            await self._tell_changes(socket, since)
        except DatabaseFailure:
            log.exception("changes not told")
        except ConnectionError:
            log.debug("browser gone")
        await socket.close()

    async def _tell_changes(self, socket: web.WebSocketResponse, since: int) -> None:
        """Send what changed after `since`, then each change, at the pace at which the browser takes them."""
        feed = self._front.feed
        if since == 0 or since > await feed.last_change():  # another database than the browser has seen
            first = await feed.first_changes()
            await socket.send_str(first.frame)
            since = first.change
        while not socket.closed:
            changes = await feed.next_changes(since)
            if changes.change > since:
                await socket.send_str(changes.frame)
                since = changes.change

    def _tell_who_is_here(self) -> None:
        """Tell everyone who is here now; nobody waits for a browser that is slow to listen."""
        people = {curator.id: curator.name for curator in self._open.values()}
        shown = [{"id": curator_id, "name": people[curator_id]} for curator_id in sorted(people)]
        for socket in self._open:
            telling = asyncio.create_task(_send(socket, op="here", people=shown))
            self._telling.add(telling)
            telling.add_done_callback(self._telling.discard)


async def _send(socket: web.WebSocketResponse, **fields: object) -> None:
    """Send a frame; a browser that has just left needs none."""
    with suppress(ConnectionError):
        await socket.send_str(json.dumps(fields, ensure_ascii=False))
