"""The gateway: sessions that outlive their sockets, and the events they are sent."""

import asyncio
import json
import time
from dataclasses import dataclass, field

from aiohttp import WSCloseCode, WSMsgType, web

from tests.discord_server.clock import Clock
from tests.discord_server.connection import Connection
from tests.discord_server.intents import (
    CONTENT,
    MEMBERS,
    PRIVILEGED,
    application_flags,
    intent_of,
    without_content,
)
from tests.discord_server.refusals import Json
from tests.discord_server.world import Channel, Guild, User

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT = 0, 1, 2, 6, 7
REQUEST_MEMBERS, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 8, 9, 10, 11
SESSION_WAITS = 5 * 60.0
"""Seconds for which a session without a socket can be resumed; Discord says "a few minutes"."""


@dataclass(frozen=True, slots=True)
class SentEvent:
    """A dispatched event; `at` is monotonic seconds."""

    session: str
    sequence: int
    name: str
    payload: Json
    at: float

    def packet(self) -> Json:
        return {"op": DISPATCH, "t": self.name, "s": self.sequence, "d": self.payload}


@dataclass(eq=False)
class Session:
    """A session; `acknowledged` is the highest sequence the client named by heartbeat or RESUME."""

    id: str
    intents: int
    connection: Connection | None = None
    events: list[SentEvent] = field(default_factory=list)
    acknowledged: int = 0
    ended: bool = False
    left_at: float | None = None
    resumed: int = 0

    @property
    def sequence(self) -> int:
        """Return the sequence number of the latest event."""
        return len(self.events)

    def heard(self, sequence: object) -> None:
        if isinstance(sequence, int):
            self.acknowledged = max(self.acknowledged, sequence)


@dataclass
class Gateway:
    """Everything behind /gateway. `hello` interval in seconds."""

    token: str
    bot: User
    guilds: dict[str, Guild]
    clock: Clock
    privileged: set[str]
    hello_interval: float = 41.25
    answers_heartbeats: bool = True
    sessions: list[Session] = field(default_factory=list)
    connections: set[Connection] = field(default_factory=set)
    sent: list[SentEvent] = field(default_factory=list)
    close_codes: list[int | None] = field(default_factory=list)

    def emit(self, event: str, payload: Json, place: Channel | None = None) -> None:
        """Send an event to each session that wants it and may see where it happened."""
        if place is not None and not place.visible_to(self.bot):
            return
        need = intent_of(event)
        for session in self.sessions:
            if not session.ended and (not need or session.intents & need):
                self._dispatch(session, event, self._as_seen(session, event, payload))

    def _as_seen(self, session: Session, event: str, payload: Json) -> Json:
        if session.intents & CONTENT or event not in ("MESSAGE_CREATE", "MESSAGE_UPDATE"):
            return payload
        return without_content(payload, self.bot.id)

    def _dispatch(self, session: Session, event: str, payload: Json) -> None:
        sent = SentEvent(session.id, session.sequence + 1, event, payload, time.monotonic())
        session.events.append(sent)
        self.sent.append(sent)
        if session.connection is not None:
            session.connection.send(sent.packet())

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Speak with one client until its socket closes."""
        connection = Connection(request)
        await connection.socket.prepare(request)
        self.connections.add(connection)
        writer = asyncio.create_task(connection.write_all())
        connection.send({"op": HELLO, "d": {"heartbeat_interval": round(self.hello_interval * 1000)}})
        try:
            await self._listen(connection)
        finally:
            writer.cancel()
            self._leave(connection)
        return connection.socket

    async def _listen(self, connection: Connection) -> None:
        async for message in connection.socket:
            if message.type is not WSMsgType.TEXT:
                refusal: tuple[int, str] | None = (4002, "Decode error.")
            else:
                refusal = self._obey(connection, message.data)
            if refusal is not None:
                code, reason = refusal
                self.close_codes.append(code)
                await connection.socket.close(code=code, message=reason.encode())
                return

    def _leave(self, connection: Connection) -> None:
        """Keep the session for a RESUME, unless the client said goodbye with 1000 or 1001."""
        self.connections.discard(connection)
        session: Session | None = connection.session
        if session is None or session.connection is not connection:
            return
        session.connection, session.left_at = None, self.clock.now()
        if connection.socket.close_code in (WSCloseCode.OK, WSCloseCode.GOING_AWAY):
            session.ended = True

    def _obey(self, connection: Connection, text: str) -> tuple[int, str] | None:
        try:
            packet = json.loads(text)
        except ValueError:
            return 4002, "Decode error."
        return self._hear(connection, packet["op"], packet.get("d"))

    def _hear(self, connection: Connection, op: int, said: Json) -> tuple[int, str] | None:
        """Obey one packet; return a close code and its text when the client must go."""
        if op == HEARTBEAT:
            if connection.session is not None:
                connection.session.heard(said)
            if self.answers_heartbeats:
                connection.send({"op": HEARTBEAT_ACK})
        elif op == IDENTIFY:
            return self._identify(connection, said)
        elif op == RESUME:
            return self._resume(connection, said)
        elif connection.session is None:
            return 4003, "Not authenticated."
        elif op == REQUEST_MEMBERS:
            self._send_members(connection.session, said)
        return None

    def _identify(self, connection: Connection, said: Json) -> tuple[int, str] | None:
        if connection.session is not None:
            return 4005, "Already authenticated."
        if said["token"] != self.token:
            return 4004, "Authentication failed."
        if any(said["intents"] & bit and name not in self.privileged for name, bit in PRIVILEGED.items()):
            return 4014, "Disallowed intent(s)."
        session = Session(self.clock.snowflake(), said["intents"], connection)
        connection.session = session
        self.sessions.append(session)
        self._dispatch(session, "READY", self._ready(connection, session))
        if session.intents & intent_of("GUILD_CREATE"):
            for guild in self.guilds.values():
                self._dispatch(session, "GUILD_CREATE", guild.created(self.bot, members=[self.bot]))
        return None

    def _ready(self, connection: Connection, session: Session) -> Json:
        return {
            "v": 10,
            "user": self.bot.payload(),
            "guilds": [{"id": guild_id, "unavailable": True} for guild_id in self.guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": f"ws://{connection.request.host}/gateway",
            "application": {"id": self.bot.id, "flags": application_flags(self.privileged)},
            "shard": [0, 1],
        }

    def _resume(self, connection: Connection, said: Json) -> tuple[int, str] | None:
        if said["token"] != self.token:
            return 4004, "Authentication failed."
        self._end_what_waited_too_long()
        found = [one for one in self.sessions if one.id == said["session_id"] and not one.ended]
        if not found:
            connection.send({"op": INVALID_SESSION, "d": False})
            return None
        [session] = found
        if not 0 <= (said["seq"] or 0) <= session.sequence:
            return 4007, "Invalid seq."
        session.heard(said["seq"])
        session.connection, connection.session = connection, session
        session.resumed, session.left_at = session.resumed + 1, None
        for event in session.events[said["seq"] or 0 :]:
            connection.send(event.packet())
        self._dispatch(session, "RESUMED", {})
        return None

    def _end_what_waited_too_long(self) -> None:
        for session in self.sessions:
            if session.left_at is not None and self.clock.now() - session.left_at > SESSION_WAITS:
                session.ended = True

    def _send_members(self, session: Session, asked: Json) -> None:
        guild = self.guilds[str(asked["guild_id"])]
        everyone = [user for user, _ in guild.members.values()]
        users = everyone if session.intents & MEMBERS else [self.bot]
        members = [guild.full_member(user) for user in users]
        chunk = {"guild_id": guild.id, "members": members, "chunk_index": 0, "chunk_count": 1}
        self._dispatch(session, "GUILD_MEMBERS_CHUNK", {**chunk, "nonce": asked.get("nonce")})

    def drop_connections(self, *, forget_sessions: bool = False) -> None:
        """Cut every socket without a word; the client may RESUME unless its session is forgotten."""
        if forget_sessions:
            self.forget_sessions()
        for connection in [*self.connections]:
            connection.cut()

    def forget_sessions(self) -> None:
        """End every session: a RESUME is answered with INVALID_SESSION."""
        for session in self.sessions:
            session.ended = True

    def ask_to_reconnect(self) -> None:
        """Send RECONNECT to every client."""
        for connection in self.connections:
            connection.send({"op": RECONNECT, "d": None})

    def invalidate_sessions(self, *, resumable: bool = False) -> None:
        """Send INVALID_SESSION to every client."""
        if not resumable:
            self.forget_sessions()
        for connection in self.connections:
            connection.send({"op": INVALID_SESSION, "d": resumable})
