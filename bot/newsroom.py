"""The newsroom: opens database, engine, repository, rooms and pages; closes all in order.

On SQLite one process does everything, and a file lock keeps a second one out. On PostgreSQL the parts may
be processes of their own: `web` serves the pages, `bot` lets events take effect and says what follows,
`worker` reads pages and commits issues.
"""

import asyncio
import logging
import secrets
import socket
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from aiohttp import web

from bot.config import Config
from bot.config_tables import WEB_ROOM
from bot.courier import Courier
from bot.desk import Desk
from bot.engine import DEAD_AFTER, Engine, Starter
from bot.hearing import DeskSettings
from bot.issue_shelf import IssueShelf
from bot.opening import open_desk, take_desk
from bot.pages.front import WebFront
from bot.pages.site import make_app, open_site
from bot.press import Press
from bot.press_report import PressReport
from bot.pruning import Pruning
from bot.pull_request_workflows import pulls_of
from bot.pull_requests import PullRequestWatch
from bot.reading.workers import ReadingWorkers
from bot.reading_room import open_reading_room
from bot.rooms.intake import Intake
from bot.rooms.platforms import attend, open_platforms
from bot.rooms.room import Room
from bot.rooms.web_room import WebRoom
from bot.state_folder import StateLock, cookie_secret
from bot.ways import keys_of
from bot.web_settings import page_settings, preview_view
from bot.works import Works
from renderers.layout import Layout, load_layout
from renderers.new_issue import skeleton
from storage.database import Database, is_passing
from storage.migrate import migrate
from storage.newsletter_repo import NewsletterRepo, Signature

log = logging.getLogger(__name__)

_LOOK = 0.2  # seconds between looks for what other processes have stored
_LOOK_ALONE = 1.0  # where all parts are in one process, which tells its loops of what it stores
_GRACE = 5.0  # seconds that a work under way may take to its end when the newsroom closes
_REST = 1.0  # seconds to wait after the database failed


class Part(StrEnum):
    """A part of the newsroom that may be a process of its own."""

    WEB = "web"
    BOT = "bot"
    WORKER = "worker"


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


async def cancelled(task: "asyncio.Task[None]") -> None:
    """End a task."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


@dataclass(slots=True)
class Newsroom:
    """The running program around the desk. Use `async with`."""

    config: Config
    parts: frozenset[Part] = frozenset(Part)
    clock: Callable[[], datetime] = utc_now
    dead_after: float = DEAD_AFTER
    look_every: float = 0.0  # seconds between looks for what nobody has told us of; 0: by the parts
    site: web.AppRunner | None = None
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _stirred: list[asyncio.Event] = field(default_factory=list)  # one for each loop
    _closing: bool = False
    _closed_by: float = 0.0  # the event loop's time at which the grace of all works ends

    @property
    def settings(self) -> DeskSettings:
        """Return the desk's rules and rooms."""
        return DeskSettings(self.config, self.config.card_rooms)

    def __post_init__(self) -> None:
        """Look often where other processes may have stored something."""
        alone = self.parts == frozenset(Part)
        self.look_every = self.look_every or (_LOOK_ALONE if alone else _LOOK)

    async def __aenter__(self) -> "Newsroom":
        try:
            await self._open()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close in order: no new events, then what is under way, then the database."""
        await self._stack.aclose()

    async def _open(self) -> None:
        self.config.newsroom.state.mkdir(parents=True, exist_ok=True)
        database = Database(self.config.newsroom.database)
        if database.is_sqlite:
            self._stack.callback(StateLock(self.config.newsroom.state / "copydesk.lock").close)
        self._stack.push_async_callback(database.close)
        await migrate(database)
        press = await self._press(database)
        if Part.WORKER in self.parts:
            await self._open_engine(database, press)
        front = await self._front(database, press)
        if Part.BOT in self.parts:
            await self._open_desk(database, front, press)
        if Part.WEB in self.parts:
            await self._open_site(front)

    async def _open_site(self, front: WebFront) -> None:
        self.site = await open_site(make_app(front), self.config.web.host, self.config.web.port)
        self._stack.push_async_callback(self.site.cleanup)

    async def _press(self, database: Database) -> Press:
        newsletter = self.config.newsletter
        layout: Layout = load_layout(newsletter.layout)
        repo = NewsletterRepo(
            newsletter.repository,
            remote=newsletter.remote or None,
            branch=newsletter.branch,
            token_variable=newsletter.token_env or None,
            keys=keys_of(newsletter),
        )
        begun_by = Signature("Copydesk", f"copydesk@{newsletter.email_domain}")
        await repo.open(skeleton(layout), begun_by, self.clock())
        return Press(database, self.settings, repo, layout, self.clock)

    async def _open_engine(self, database: Database, press: Press) -> None:
        reader = open_reading_room(database, self.settings, self.clock, self._stack)
        report = PressReport(database, self.settings, self.clock)
        starter = self._starter(database)
        await starter.open()  # the tables must stand before the engine is launched
        await starter.close()
        executor = "local" if database.is_sqlite else f"{socket.gethostname()}-{secrets.token_hex(4)}"
        works = Works(reader, press, report, self.wake)
        engine = Engine(database, works, executor=executor, dead_after=self.dead_after)
        self._stack.push_async_callback(engine.close)
        await engine.open()

    async def _front(self, database: Database, press: Press) -> WebFront:
        front = WebFront(
            database,
            desk=self.config.desk.name,
            room=WEB_ROOM,
            clock=self.clock,
            secret=cookie_secret(self.config.newsroom.state / "secret.key"),
            settings=page_settings(self.settings),
            wake=self.wake,
            preview=lambda: preview_view(press),
        )
        front.feed.look_every = self.look_every
        workers = ReadingWorkers(processes=1)  # none is started before an issue with a picture is opened
        self._stack.push_async_callback(workers.close)
        front.shelf = IssueShelf(press, workers)
        return front

    async def _open_desk(self, database: Database, front: WebFront, press: Press) -> None:
        lock = await take_desk(database, self.config.desk.name)
        self._stack.push_async_callback(lock.close)
        starter = self._starter(database)
        await starter.open()
        self._stack.push_async_callback(starter.close)
        desk = Desk(database, self.settings, self.clock)
        pruning = Pruning(database, starter, self.clock)
        rooms = await self._open_rooms(database, front)
        couriers = [
            Courier(database, self.settings, room, self.clock, lambda: self._closing).go_round
            for room in rooms
        ]
        watch = PullRequestWatch(pulls_of(press), self.clock)
        for work in (desk.hear_some, *couriers, starter.start_errands, pruning.go_on, watch.go_on):
            self._go_on(work)

    async def _open_rooms(self, database: Database, front: WebFront) -> list[Room]:
        """Open all rooms; those on platforms connect in their own time."""
        rooms: list[Room] = [WebRoom(database, WEB_ROOM, clock=self.clock, tell=front.nudge)]
        intake = Intake(database, self.settings, self.clock, self.wake)
        for platform in open_platforms(self.config, intake):
            self._stack.push_async_callback(platform.close)
            self._stack.push_async_callback(cancelled, asyncio.create_task(attend(platform)))
            rooms += platform.rooms.values()
        await open_desk(database, self.settings, [room.name for room in rooms], self.clock())
        return rooms

    def _starter(self, database: Database) -> Starter:
        return Starter(database, clock=self.clock, at_once=self.config.reading.at_once)

    def _go_on(self, work: Callable[[], Awaitable[int]]) -> None:
        """Do a work again whenever something stirs, until the newsroom closes."""
        task = asyncio.create_task(self._loop(work))

        async def stop() -> None:
            now = asyncio.get_running_loop().time()
            if not self._closing:
                self._closing, self._closed_by = True, now + _GRACE
            self.wake()
            left = max(0.0, self._closed_by - now)
            await asyncio.wait({task}, timeout=left)  # a transaction cut short may keep its lock
            await cancelled(task)

        self._stack.push_async_callback(stop)

    async def _loop(self, work: Callable[[], Awaitable[int]]) -> None:
        stirred = asyncio.Event()
        self._stirred.append(stirred)
        while not self._closing:
            stirred.clear()  # before the look: what stirs during it is looked for at once
            try:
                if await work():
                    self.wake()
                    continue
            except Exception as error:  # one failure must not end the newsroom; it is tried again
                log.log(
                    logging.WARNING if is_passing(error) else logging.ERROR,
                    "work failed",
                    exc_info=not is_passing(error),
                )
                await asyncio.sleep(_REST)
            with suppress(TimeoutError):
                async with asyncio.timeout(self.look_every):
                    await stirred.wait()

    def wake(self) -> None:
        """Let the loops look at once instead of a little later."""
        for stirred in self._stirred:
            stirred.set()
