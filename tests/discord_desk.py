"""A desk that meets on Discord: the project's own server, the real client, the real desk on a database.

Pages are read by `tests.fakes.reading.Readings` instead of the web. `start` and `stop` may be repeated: the
database and the server stay, as they do when the newsroom is started again.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import select

from bot.card import card_of
from bot.config import Config, parse_config
from bot.courier import Courier
from bot.desk import Desk
from bot.hearing import DeskSettings
from bot.rooms.discord.platform import DiscordPlatform
from bot.rooms.intake import Intake
from bot.rooms.web_room import WebRoom
from renderers.card import CardView
from storage.database import Database
from storage.event_records import Delivery, InboxEvent
from storage.failures import DatabaseFailure
from storage.room_records import RoomMessage
from storage.stories import story_by_number
from tests.conftest import SECTIONS
from tests.discord_server import DiscordServer, Message, until
from tests.fakes.reading import Readings

Found = TypeVar("Found")
PALETTE = ("👍", "👎", "⚡", "🤓", "👨‍💻", "✍️")
"""As Discord spells the emojis that are seeded under a card."""


def now() -> datetime:
    return datetime.now(UTC)


def discord_config(*channels: str, language: str = "en", **discord: Any) -> Config:
    """Return a config whose rooms on Discord are these channels, by id; the first is called discord."""
    rooms = [
        {"name": f"discord{index or ''}", "channel": int(channel)} for index, channel in enumerate(channels)
    ]
    return parse_config(
        {
            "newsroom": {"language": language, "timezone": "Asia/Shanghai"},
            "desk": {
                "name": "gazette",
                "sections": [{"key": key, "name": name, "emoji": emoji} for key, name, emoji in SECTIONS],
            },
            "newsletter": {"layout": "plain"},
            "discord": {"rooms": rooms, **discord},
        }
    )


@dataclass
class DiscordNewsroom:
    """The parts of a newsroom that matter here, with one task for each."""

    database: Database
    config: Config
    token: str
    clock: Callable[[], datetime] = now
    pages: Readings = field(default_factory=Readings)
    patience: timedelta = timedelta(minutes=1)
    stirred: asyncio.Event = field(default_factory=asyncio.Event)
    closing: bool = False
    _tasks: list["asyncio.Task[None]"] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.settings = DeskSettings(self.config, self.config.card_rooms)
        self.desk = Desk(self.database, self.settings, self.clock)
        self.intake = Intake(self.database, self.settings, self.clock, self.stirred.set)
        self.platform = DiscordPlatform(self.config, self.token, self.intake, patience=self.patience)

    async def start(self, *, connect: bool = True) -> None:
        """Let everything run; without `connect`, all but the connection."""
        work = self.platform.run if connect else self.platform.take_in
        rooms = [*self.platform.rooms.values(), WebRoom(self.database, clock=self.clock)]
        couriers = [Courier(self.database, self.settings, room, self.clock) for room in rooms]
        self._tasks = [asyncio.create_task(work())]
        self._tasks.append(asyncio.create_task(self._go_on(self.desk.catch_up)))
        self._tasks.append(asyncio.create_task(self._go_on(lambda: self.pages.read(self.desk))))
        self._tasks += [asyncio.create_task(self._go_on(courier.go_round)) for courier in couriers]

    async def stop(self) -> None:
        """Close in order: no new events, then the rest."""
        await self._leave()
        await self._rest()

    async def kill(self) -> None:
        """Leave Discord at once: what is in memory is lost."""
        platform = self.platform
        while not platform.desk.notices.empty():
            platform.desk.notices.get_nowait()
        platform.seen.caught_up.clear()
        await self._leave()
        await self._rest()

    async def _leave(self) -> None:
        work = self._tasks.pop(0)
        if not work.done():
            await self.platform.close()
        await ended(work)

    async def _rest(self) -> None:
        """Let what is under way come to its end: a transaction cut short may keep its lock."""
        self.closing = True
        self.stirred.set()
        await asyncio.wait(self._tasks, timeout=30)
        for task in self._tasks:
            await ended(task)
        self._tasks = []

    async def _go_on(self, work: Callable[[], Any]) -> None:
        while not self.closing:
            self.stirred.clear()
            try:
                if await work():
                    self.stirred.set()
                    continue
            except DatabaseFailure:
                pass  # as in the newsroom: it is tried again
            with suppress(TimeoutError):
                async with asyncio.timeout(0.1):
                    await self.stirred.wait()

    # What the desk knows

    async def events(self, kind: str = "", room: str = "discord") -> list[dict[str, Any]]:
        """Return what is in the inbox, oldest first."""
        async with self.database.reading() as session:
            query = select(InboxEvent.payload).where(InboxEvent.room == room).order_by(InboxEvent.id)
            found = (await session.scalars(query)).all()
        return [payload for payload in found if kind in ("", payload["kind"])]

    async def event_ids(self, room: str = "discord") -> list[str]:
        async with self.database.reading() as session:
            query = select(InboxEvent.event_id).where(InboxEvent.room == room).order_by(InboxEvent.id)
            return list((await session.scalars(query)).all())

    async def story(self, number: int) -> CardView | None:
        """Return what a story's card should show."""
        async with self.database.reading() as session:
            story = await story_by_number(session, self.settings.name, number)
            return card_of(story, self.settings) if story is not None else None

    async def score(self, number: int = 1) -> int | None:
        story = await self.story(number)
        return story.score if story is not None else None

    async def people(self, button: str, number: int = 1) -> tuple[str, ...]:
        """Return who chose a button of a story: by reaction, press or pitch."""
        story = await self.story(number)
        return next((b.people for b in story.buttons if b.key == button), ()) if story is not None else ()

    async def told(self) -> list[str]:
        """Return what was said in the web room, where the editors are."""
        async with self.database.reading() as session:
            query = select(RoomMessage).where(RoomMessage.card.is_(None)).order_by(RoomMessage.id)
            return [message.text for message in (await session.scalars(query)).all()]

    async def ordered(self, room: str = "discord") -> list[Delivery]:
        """Return what was to be said in a room, sent or not."""
        async with self.database.reading() as session:
            query = select(Delivery).where(Delivery.room == room).order_by(Delivery.id)
            return list((await session.scalars(query)).all())


async def ended(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def eventually(look: Callable[[], Any], *, seconds: float = 30.0, what: str = "") -> Any:
    """Await what `look` gives again and again, and return the first true thing; TimeoutError in the end."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not (found := await look()):
        if asyncio.get_running_loop().time() > deadline:
            raise TimeoutError(f"waited {seconds} s in vain {what}")
        await asyncio.sleep(0.01)
    return found


@dataclass
class DiscordHouse:
    """A Discord server with the channel #desk, and the newsroom that meets there."""

    server: DiscordServer
    database: Database
    language: str = "en"
    newsroom: DiscordNewsroom = field(init=False)

    def __post_init__(self) -> None:
        self.channel = self.server.channel("desk")
        self.newsroom = self.new_newsroom()

    def new_newsroom(self, **about: Any) -> DiscordNewsroom:
        config = discord_config(
            self.channel.id, language=self.language, api=self.server.api, gateway=self.server.gateway
        )
        token = about.pop("token", self.server.token)
        self.newsroom = DiscordNewsroom(self.database, config, token, **about)
        return self.newsroom

    async def open(self) -> None:
        """Start, and wait until the bot is logged in and has caught up."""
        await self.newsroom.start()
        await until(lambda: self.newsroom.platform.seen.caught_up, what="for the first look around")

    async def restart(self) -> None:
        """Close the newsroom and open it again; what happens between, happens unseen."""
        await self.newsroom.stop()
        self.new_newsroom()
        await self.open()

    # What people see

    @property
    def cards(self) -> list[Message]:
        """The cards in #desk, oldest first."""
        return [one for one in self.server.from_bot(self.channel) if one.embeds]

    @property
    def said(self) -> list[str]:
        """What the bot said in #desk beside cards."""
        return [one.content for one in self.server.from_bot(self.channel) if not one.embeds and one.content]

    async def card(self, number: int = 1) -> Message:
        """Wait for a story's card, with its palette."""
        found = await until(lambda: [one for one in self.cards if title_of(one).startswith(f"#{number} ")])
        await until(lambda: set(found[0].reactions) >= set(PALETTE), what="for the palette")
        return found[0]

    async def pitch(self, who: str, url: str) -> Message:
        """Post a link and wait until its card is there; return the card."""
        before = len(self.cards)
        await self.server.say(self.channel, who, url)
        await until(lambda: len(self.cards) > before, what="for a card")
        return await self.card(before + 1)

    async def settles(self, look: Callable[[], Any], what: str = "") -> Any:
        return await eventually(look, what=what)

    async def scores(self, score: int, number: int = 1) -> None:
        async def is_so() -> bool:
            return await self.newsroom.score(number) == score

        await eventually(is_so, what=f"for the score {score}")

    async def chose(self, button: str, *people: str, number: int = 1) -> None:
        """Wait until these people stand behind a button of a story, and no others."""

        async def is_so() -> bool:
            return await self.newsroom.people(button, number) == people

        await eventually(is_so, what=f"for {people} at {button}")

    async def hears(self, word: str, *, place: Any = None) -> str:
        """Wait until the bot says something that holds a word; return it."""
        where = place or self.channel

        def heard() -> list[str]:
            return [one.content for one in self.server.from_bot(where) if word in one.content]

        return (
            await until(heard, what=f"for {word!r} in {[m.content for m in self.server.from_bot(where)]}")
        )[0]

    async def editors_hear(self, word: str) -> str:
        async def heard() -> list[str]:
            return [text for text in await self.newsroom.told() if word in text]

        found: list[str] = await eventually(heard, what=f"for {word!r}")
        return found[0]


def title_of(message: Message) -> str:
    return str(message.embeds[0].get("title", "")) + " " if message.embeds else ""


@asynccontextmanager
async def discord_house(
    database: Database, *, language: str = "en", opened: bool = True
) -> AsyncIterator[DiscordHouse]:
    """Open a server with a newsroom on a database."""
    async with DiscordServer() as server:
        with server.serving_discord_py():
            house = DiscordHouse(server, database, language)
            if opened:
                await house.open()
            try:
                yield house
            finally:
                if house.newsroom._tasks:
                    await house.newsroom.stop()
