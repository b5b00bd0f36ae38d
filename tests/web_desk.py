"""A web room on a real socket and a real database, for tests; the test plays the desk."""

import itertools
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web

from bot.issue_shelf import IssueShelf
from bot.pages.cookie import COOKIE, make_cookie
from bot.pages.front import WebFront
from bot.pages.page_settings import PageSettings, PaletteEmoji
from bot.pages.preview_view import PreviewView
from bot.pages.site import make_app, open_site
from bot.rooms.web_room import WebRoom
from renderers.card import CardButton, CardView
from storage.database import Database
from storage.invitations import invitation, invite
from storage.people_records import Curator, Role
from storage.web_people import admit

SECRET = b"not a secret: tests only"
SETTINGS = PageSettings(
    title="The Marshland Gazette",
    palette=(
        PaletteEmoji("👍", "Run it"),
        PaletteEmoji("👎", "Leave it"),
        PaletteEmoji("⚡", "News"),
        PaletteEmoji("🤓", "Papers"),
    ),
    commands=(
        ("/help", "what you can type here"),
        ("/preview", "the issue as it would be now"),
        ("/publish [date]", "write the issue into the repository"),
        ("/spike N reason", "drop a story"),
    ),
)
PREVIEW = PreviewView(
    title="Issue of 2 May",
    path="issues/2020-05-02.md",
    html="<h1>Issue</h1><p>Reeds grow fast.</p>",
    markdown="# Issue\n\nReeds grow fast.\n",
    difference=("--- a", "+++ b", "@@ -1 +1 @@", "-Reeds grow.", "+Reeds grow fast."),
)


@dataclass
class WebDesk:
    """A database with a front before it. `close` and `open` again restart the server on the same port."""

    database: Database
    settings: PageSettings = SETTINGS
    port: int = 0
    wakes: int = 0
    tick: "itertools.count[int]" = field(default_factory=itertools.count)
    runner: web.AppRunner | None = None
    shelf: IssueShelf | None = None

    def __post_init__(self) -> None:
        self.room = WebRoom(self.database, clock=self.now)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def now(self) -> datetime:
        return datetime(2026, 5, 2, 9, 0, tzinfo=UTC) + timedelta(seconds=next(self.tick))

    def woken(self) -> None:
        self.wakes += 1

    async def preview(self) -> PreviewView:
        return PREVIEW

    async def open(self) -> None:
        self.port = self.port or free_port()
        self.front = WebFront(
            self.database,
            desk="gazette",
            clock=self.now,
            secret=SECRET,
            settings=self.settings,
            wake=self.woken,
            preview=self.preview,
        )
        self.front.shelf = self.shelf
        self.runner = await open_site(make_app(self.front), "127.0.0.1", self.port)

    async def close(self) -> None:
        if self.runner is not None:
            await self.runner.cleanup()
            self.runner = None

    async def invite(self, role: Role = Role.CURATOR, *, name: str | None = None, days: float = 7) -> str:
        async with self.database.transaction() as session:
            return await invite(session, role, name=name, days=days, now=self.now())

    async def person(self, name: str, role: Role = Role.CURATOR) -> Curator:
        token = await self.invite(role, name=name)
        async with self.database.transaction() as session:
            found = await invitation(session, token)
            assert found is not None
            return await admit(session, found, name, self.now())

    def cookie(self, curator: Curator) -> dict[str, str]:
        return {COOKIE: make_cookie(curator.id, secret=SECRET, now=self.now())}


@asynccontextmanager
async def web_desk(url: str, settings: PageSettings = SETTINGS) -> AsyncIterator[WebDesk]:
    """Open a desk on a database with current tables."""
    database = Database(url)
    desk = WebDesk(database, settings)
    await desk.open()
    try:
        yield desk
    finally:
        await desk.close()
        await database.close()


def new_file(folder: Path, migrated_file: Path) -> str:
    """Return the address of a new SQLite database with current tables."""
    return f"sqlite:///{shutil.copyfile(migrated_file, folder / 'web.db')}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


CARD = CardView(
    number=1,
    title="Reeds that count",
    url="https://marsh.test/reeds",
    source="Marsh Weekly",
    authors="A. Heron",
    date="2026-05-01",
    language="English",
    pitched_by="pitched by Ada",
    notes=("worth a look",),
    summary="A reed counts the tides. Nobody knows why.",
    summary_label="draft summary",
    advice="suggested: News",
    state="waiting",
    standing="1 more vote",
    problem="",
    score=0,
    section="",
    buttons=(
        CardButton("up", "👍", "Run it", 0),
        CardButton("down", "👎", "Leave it", 0),
        CardButton("section:news", "⚡", "News", 0),
    ),
)


def voted(card: CardView, *people: str) -> CardView:
    """The card after these people pressed its first button."""
    up = replace(card.buttons[0], count=len(people), people=people)
    return replace(card, buttons=(up, *card.buttons[1:]), score=len(people))
