"""The connection to Discord: one login, one queue, and the desk's rooms there.

What comes in goes DeskClient → queue → DiscordIntake → inbox; what goes out, courier → DiscordRoom.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.config import Config
from bot.config_tables import DiscordConfig
from bot.rooms.discord.catch_up import CatchUp
from bot.rooms.discord.client import DeskClient
from bot.rooms.discord.desk import DiscordDesk
from bot.rooms.discord.events import Mark
from bot.rooms.discord.intake import DiscordIntake
from bot.rooms.discord.interactions import Interactions
from bot.rooms.discord.registration import register_commands
from bot.rooms.discord.room import DiscordRoom
from bot.rooms.discord.seeding import Seeding
from bot.rooms.discord.seen import EVERY, Seen
from bot.rooms.intake import Intake
from bot.rooms.room import Room, RoomTroubleError, Trouble
from storage.failures import DatabaseFailure

log = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=1)
"""After which editors are told that Discord is away."""
_FIRST_REST, _LONGEST_REST = 1.0, 120.0
"""Seconds between two logins; each rest doubles. Who logs in 1000 times a day has their token reset."""
_LASTED = 600.0  # seconds after which a login counts as one that worked
_DRAIN, _LOGOUT = 3.0, 1.0  # seconds that the queue and the goodbye may take when the newsroom closes
_LOOK = 1.0  # seconds between looks at the connection


class DiscordPlatform:
    """Discord, as the newsroom sees it."""

    def __init__(self, config: Config, token: str, intake: Intake, *, patience: timedelta = PATIENCE) -> None:
        self._token, self._patience = token, patience
        self.desk = DiscordDesk(config, intake)
        self._rooms = {
            room.name: DiscordRoom(self.desk, room.name, self.client, self.seed)
            for room in config.discord.rooms
        }
        self._started = self.desk.now().isoformat()
        self.intake = DiscordIntake(self.desk)
        self.seen = Seen(self.desk, self.intake)
        self.seeding = Seeding(self.desk, self._rooms.__getitem__, self._started)
        self.catching_up = CatchUp(self.desk, self.seed)
        self._interactions = Interactions(self.desk)
        self._client: DeskClient | None = None
        self._fault = Trouble.UNREACHABLE
        self._ready = asyncio.Event()
        self._away_since: datetime | None = self.desk.now()
        self._rest = _FIRST_REST
        self._is_taking_in = False

    @property
    def rooms(self) -> Mapping[str, Room]:
        """The rooms by name."""
        return dict(self._rooms)

    def client(self) -> discord.Client:
        """Return the login of now; raises RoomTroubleError where there is none."""
        if self._client is None or self._client.user is None or self._client.is_closed():
            raise RoomTroubleError("not logged in", trouble=self._fault)
        return self._client

    def seed(self, message_id: str) -> None:
        """Ask for the palette under a card."""
        self.seeding.seed(message_id)

    def new_client(self) -> DeskClient:
        """Return a client for one more login."""
        point_at(self.desk.config.discord)
        self._client = DeskClient(
            self.desk, interacted=self._interactions.hear, connection=self._connection_changed
        )
        return self._client

    async def run(self) -> None:
        """Take in what people do until it is cancelled; log in again whenever that ends."""
        async with asyncio.TaskGroup() as group:
            work = group.create_task(self.take_in())
            try:
                while True:
                    began = asyncio.get_running_loop().time()
                    await self._attend()
                    if asyncio.get_running_loop().time() - began > _LASTED:
                        self._rest = _FIRST_REST
                    await asyncio.sleep(self._rest)
                    self._rest = min(self._rest * 2, _LONGEST_REST)
            finally:
                await self.close()
                work.cancel()

    async def take_in(self) -> None:
        """Store what the client puts into the queue, and do what follows from a connection."""
        self._is_taking_in = True
        works = (
            self.intake.go_on,
            self._stay_caught_up,
            self.seeding.go_on,
            self._note_seen,
            self._watch,
        )
        try:
            await asyncio.gather(*map(_for_ever, works))
        finally:
            self._is_taking_in = False

    async def close(self) -> None:
        """Store and acknowledge what waits in the queue, log out, and note until when all is known."""
        is_up_to_date = self._away_since is None
        is_stored = await self._drain()
        client, self._client = self._client, None
        if client is not None:
            with suppress(Exception):  # whatever the library meets on its way out
                async with asyncio.timeout(_LOGOUT):
                    await client.close()
        if is_stored and await self._drain() and is_up_to_date:
            with suppress(DatabaseFailure):
                await self.seen.note(at_the_end=True)

    async def _drain(self) -> bool:
        """Wait until what is in the queue is on disk; tell whether it is."""
        if not self._is_taking_in:
            return False
        mark = Mark()
        self.desk.put(mark)
        with suppress(TimeoutError):
            async with asyncio.timeout(_DRAIN):
                await mark.reached.wait()
                await self.intake.acknowledged()
        return mark.reached.is_set()

    async def _attend(self) -> None:
        """Be logged in for as long as it lasts."""
        client = self.new_client()
        try:
            await client.start(self._token)
        except discord.LoginFailure:
            await self._tell("login", Trouble.LOGIN)
        except discord.PrivilegedIntentsRequired:
            await self._tell("intents", Trouble.RIGHT)
        except Exception as error:  # the library names no end of what a connection may raise
            log.warning("discord away", extra={"error": type(error).__name__})
            self._fault = Trouble.UNREACHABLE
        self._connection_changed(False, False)
        with suppress(Exception):  # where this task is cancelled, `close` does it, after what waits is stored
            await client.close()

    async def _tell(self, cause: str, fault: Trouble) -> None:
        """Tell the editors why nobody is logged in, once for a cause and a start."""
        self._fault = fault
        key = f"discord:{cause}:{self._started}"
        rooms = self.desk.intake.settings.wording.listed(list(self._rooms))
        sentences = {"login": "discord_login", "intents": "discord_intents", "lost": "discord_lost"}
        try:
            await self.desk.tell_editors(key, sentences[cause], rooms=rooms)
        except DatabaseFailure:
            log.warning("editors not told", extra={"cause": cause})

    def _connection_changed(self, stands: bool, missed: bool) -> None:
        if missed:
            self.seen.caught_up.clear()
            self._ready.set()
        if stands:
            self._away_since, self._fault = None, Trouble.UNREACHABLE
        elif self._away_since is None:
            self._away_since = self.desk.now()

    async def _watch(self) -> None:
        """Tell the editors where Discord stays away."""
        while True:
            await asyncio.sleep(_LOOK)
            away = self._away_since
            if away is None or self._fault is not Trouble.UNREACHABLE:
                continue
            if self.desk.now() - away >= self._patience:
                await self._tell("lost", Trouble.UNREACHABLE)

    async def _stay_caught_up(self) -> None:
        """Catch up after each new session; try again until it is done."""
        await self._ready.wait()
        self._ready.clear()
        rest = _FIRST_REST
        while not self._ready.is_set():
            try:
                await self._catch_up(self.client())
                return
            except (RoomTroubleError, DatabaseFailure) as trouble:
                log.warning("not caught up yet: %s", trouble)
            with suppress(TimeoutError):
                async with asyncio.timeout(rest):
                    await self._ready.wait()
            rest = min(rest * 2, _LONGEST_REST)

    async def _catch_up(self, client: discord.Client) -> None:
        """Catch up with each room; one in trouble keeps no other waiting, and is tried again."""
        troubles: list[RoomTroubleError] = []
        for room in [name for name in self._rooms if name not in self.seen.caught_up]:
            try:
                await self.catching_up.catch_up(client, room)
            except RoomTroubleError as trouble:
                troubles.append(trouble)
                continue
            if self._ready.is_set():
                return  # a further session: what was missed before it is not known yet
            self.seen.caught_up.add(room)
        await register_commands(self.desk, client, self._started)
        if troubles:
            raise troubles[0]

    async def _note_seen(self) -> None:
        await asyncio.sleep(EVERY)
        if self._away_since is None:
            await self.seen.note()


async def _for_ever(work: Callable[[], Awaitable[None]]) -> None:
    """Do a work again and again; a failure ends neither it nor the others."""
    while True:
        try:
            await work()
        except Exception:
            log.exception("work on discord failed")
            await asyncio.sleep(_FIRST_REST)


def point_at(config: DiscordConfig) -> None:
    """Let the library call the config's addresses, which are Discord's own unless somebody changed them.

    The library keeps them in its classes, so they hold for every client of the process.
    """
    if config.api != DiscordConfig().api:
        Route.BASE = config.api.rstrip("/")
    if config.gateway != DiscordConfig().gateway:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(config.gateway)
