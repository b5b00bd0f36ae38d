"""The server: the platform, on a port of this machine."""

import time
from collections.abc import Iterable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.discord_server.gateway import SentEvent, Session
from tests.discord_server.mischief import Mischief
from tests.discord_server.people import Person, Place, Said
from tests.discord_server.pointing import client_pointed_at
from tests.discord_server.rate_limits import RateLimits
from tests.discord_server.refusals import Json
from tests.discord_server.rest import PLATFORM, Call, Rest
from tests.discord_server.routes import add_routes
from tests.discord_server.using import Using
from tests.discord_server.world import Message

TOKEN = "MTAx.server.of-the-tests"  # it opens nothing but this server


class DiscordServer(Using):
    """A Discord of one's own: `async with DiscordServer() as server:`.

    `privileged` are the portal's switches that are on, `heartbeat_interval` is in seconds, and port 0 takes a
    free one.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        privileged: Iterable[str] = ("message_content", "members", "presences"),
        heartbeat_interval: float = 41.25,
        port: int = 0,
    ) -> None:
        super().__init__(token=token, privileged=set(privileged), heartbeat_interval=heartbeat_interval)
        self.found_guild("Newsroom")
        self.port = port
        self.mischief = Mischief()
        self.limits = RateLimits()
        self.rest = Rest(self, self.mischief, self.limits)
        self.fail, self.slow = self.mischief.fail, self.mischief.slow
        self.drop, self.break_answer = self.mischief.drop, self.mischief.break_answer
        self.drop_connections = self.stream.drop_connections
        self.forget_sessions = self.stream.forget_sessions
        self.ask_to_reconnect = self.stream.ask_to_reconnect
        self.invalidate_sessions = self.stream.invalidate_sessions
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
        if kind is None and self.rest.bugs:
            raise ExceptionGroup("calls this server could not handle", self.rest.bugs)

    async def open(self) -> None:
        """Listen; after a close, on the same port and with all that was."""
        app = web.Application(middlewares=[self.rest.middleware()], client_max_size=64 * 1024 * 1024)
        app[PLATFORM] = self
        add_routes(app)
        app.router.add_get("/gateway", self.stream.serve)
        app.router.add_get("/gateway/", self.stream.serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def close(self) -> None:
        """Stop listening and cut every connection."""
        self.stream.drop_connections()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v10"

    @property
    def gateway(self) -> str:
        return f"ws://127.0.0.1:{self.port}/gateway"

    def serving_discord_py(self) -> AbstractContextManager[None]:
        """Point this process's discord.py here while the block runs."""
        return client_pointed_at(self.api, self.gateway)

    def advance(self, seconds: float) -> None:
        """Move the platform's clock on, so that tokens and nonces grow old."""
        self.clock.advance(seconds)

    def rate_limits(self, on: bool) -> None:
        """Count calls in real buckets, or tell of generous ones."""
        self.limits.enforced = on

    def limit_everything(self, seconds: float) -> None:
        """Answer every call with a global 429 for that long."""
        self.limits.all_until = time.monotonic() + seconds

    def stop_answering_heartbeats(self, *, stop: bool = True) -> None:
        self.stream.answers_heartbeats = not stop

    @property
    def calls(self) -> list[Call]:
        return self.rest.calls

    def calls_to(self, method: str, path_end: str = "") -> list[Call]:
        """Return the calls of a method whose path ends so."""
        return [one for one in self.calls if one.method == method and one.path.endswith(path_end)]

    @property
    def sent_events(self) -> list[SentEvent]:
        return self.stream.sent

    @property
    def sessions(self) -> list[Session]:
        """Return every session there was, each with the highest sequence number acknowledged."""
        return self.stream.sessions

    @property
    def connected(self) -> bool:
        """Say whether a client is logged in at the gateway now."""
        return any(one.connection is not None for one in self.sessions)

    def messages(self, place: Place, *, seen_by: Person | None = None) -> list[Message]:
        """Return the messages of a channel, oldest first, with those shown to one person alone."""
        reader = None if seen_by is None else self.person(seen_by)
        found = self.messages_in[self.place(place).id].values()
        return [one for one in found if not one.ephemeral or (reader and one.shown_to is reader)]

    def from_bot(self, place: Place) -> list[Message]:
        """Return what the bot wrote for all in a channel, oldest first."""
        return [one for one in self.messages(place) if one.author is self.bot]

    def embed_of(self, said: Said) -> Json:
        """Return the first embed of a message."""
        return self.message(said).embeds[0]

    def buttons_of(self, said: Said) -> dict[str, Json]:
        """Return a message's buttons by custom id (by url for a link), in order."""
        parts = [part for row in self.message(said).components for part in row["components"]]
        return {part.get("custom_id") or part["url"]: part for part in parts if part["type"] == 2}

    def reactions_of(self, said: Said) -> dict[str, list[str]]:
        """Return the names of those who reacted, by emoji, in order."""
        found = self.message(said).reactions.items()
        return {emoji: [user.name for user in users.values()] for emoji, users in found}

    @property
    def command_names(self) -> dict[str, list[str]]:
        """Return the names of the registered commands by guild id, "" for the global ones."""
        return {scope: list(found) for scope, found in self.commands.items() if found}
