"""A desk at home on Telegram: the real desk, couriers, intake and platform, against the tests' own Telegram.

People act on the server, as they do on Telegram; the desk works beside the test, and a test waits until what
it expects is there. `TelegramHome.quiet` waits until nothing is left to do, so that a test may say that
something did not happen.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import select

from bot.config import Config, parse_config
from bot.courier import Courier
from bot.desk import Desk
from bot.hearing import DeskSettings
from bot.rooms.intake import Intake
from bot.rooms.telegram.insistence import Pace
from bot.rooms.telegram.platform import TelegramPlatform
from storage.cards import undrawn_cards
from storage.database import Database
from storage.event_records import Delivery, InboxEvent
from storage.failures import DatabaseFailure
from storage.inbox import count_unhandled
from storage.outbox import waiting_deliveries, waiting_errands
from storage.records import Story
from storage.stories import story_by_id, story_by_number
from tests.fakes.reading import Readings
from tests.telegram_server import Button, Chat, Person, TelegramServer

SECTIONS = (
    ("news", "News", "⚡"),
    ("papers", "Papers", "🤓"),
    ("projects", "Projects", "👨‍💻"),
    ("posts", "Posts", "✍"),
)
QUICK = Pace(first_pause=0.01, longest_pause=0.05, conflict=0.02, poll=5, answer=2, watch=0.05)
PATIENCE = 30.0  # seconds that a test waits for what must come
_LOOK = 0.05  # seconds; each look costs processor time
_GRACE = 3.0  # seconds that works under way may take to their end, as in the newsroom

_Found = TypeVar("_Found")


@dataclass
class TelegramHome:
    """A newsroom's parts that matter to Telegram, its people and its group."""

    server: TelegramServer
    database: Database
    config: Config
    group: Chat
    pace: Pace = QUICK
    pages: Readings = field(default_factory=Readings)
    later: timedelta = timedelta()  # by which the newsroom's clock is ahead
    platform: TelegramPlatform | None = None
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _closing: bool = False
    _stirred: asyncio.Event = field(default_factory=asyncio.Event)

    def clock(self) -> datetime:
        return datetime.now(UTC) + self.later

    def let_time_pass(self, **time: float) -> None:
        """Put the newsroom's clock forward, as if it had rested or been away."""
        self.later += timedelta(**time)

    @property
    def settings(self) -> DeskSettings:
        return DeskSettings(self.config, self.config.card_rooms)

    @property
    def desk(self) -> Desk:
        return Desk(self.database, self.settings, self.clock)

    # The newsroom

    async def open(self) -> None:
        """Start the newsroom."""
        self._closing = False
        intake = Intake(self.database, self.settings, self.clock, self._stirred.set)
        self.platform = TelegramPlatform(self.config, self.server.token, intake, pace=self.pace)
        desk = self.desk
        couriers = [
            Courier(self.database, self.settings, room, self.clock) for room in self.platform.rooms.values()
        ]
        self._tasks = [asyncio.create_task(self.platform.run())]
        for work in (desk.catch_up, lambda: self.pages.read(desk), *(c.go_round for c in couriers)):
            self._tasks.append(asyncio.create_task(self._go_on(work)))

    async def close(self) -> None:
        """Stop it in order, as the newsroom does: what is under way ends, then the platform goes."""
        self._closing = True
        works = self._tasks[1:]
        if works:
            await asyncio.wait(works, timeout=_GRACE)
        await self._end_tasks()
        if self.platform is not None:
            await self.platform.close()
            self.platform = None

    async def crash(self) -> None:
        """End everything at once; nothing is noted or said any more."""
        await self._end_tasks()
        self.platform = None

    async def _end_tasks(self) -> None:
        for task in reversed(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    async def _go_on(self, work: Callable[[], Awaitable[int]]) -> None:
        while not self._closing:
            try:
                if await work():
                    continue
            except DatabaseFailure:
                pass  # as the newsroom does, try again
            await asyncio.sleep(_LOOK)

    # What people see

    async def until(self, look: Callable[[], _Found]) -> _Found:
        """Return what a look finds, as soon as it finds something."""

        async def found() -> _Found:
            return look()

        return await self.until_known(found)

    async def until_known(self, look: Callable[[], Awaitable[_Found]]) -> _Found:
        """Return what a look into the desk's memory finds, as soon as it finds something."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while not (found := await look()):
                    await asyncio.sleep(_LOOK)
                return found
        ended = [str(task.exception()) for task in self._tasks if task.done() and not task.cancelled()]
        chat = [message.get("text", "…") for message in self.server.messages(self.group)]
        raise AssertionError(f"it never came; {ended=} {chat=}")

    async def quiet(self) -> None:
        """Wait until everything has been taken in, has had its effect, and is said and shown."""
        await self.until_known(self._is_quiet)

    async def _is_quiet(self) -> bool:
        if self.server.waiting:
            return False
        async with self.database.reading() as session:
            waits = await count_unhandled(session, self.settings.name)
            waits += len([e for e in await waiting_errands(session, limit=9) if not e.delay])
            for room in self.config.telegram.rooms:
                desk, name = self.settings.name, room.name
                waits += len(await waiting_deliveries(session, desk, room=name, limit=9))
                waits += len(await undrawn_cards(session, desk, room=name, limit=9))
        return not waits

    async def card(self, number: int = 1, *, chat: Chat | None = None) -> int:
        """Wait for a story's card and return its message."""
        return await self.until(lambda: self.card_now(number, chat=chat))

    def card_now(self, number: int = 1, *, chat: Chat | None = None) -> int:
        """Return the message that shows a story, 0 where none does."""
        shown = [m for m in self.server.bot_messages(chat or self.group) if is_card(m, number)]
        return int(shown[-1]["message_id"]) if shown else 0

    def cards(self, chat: Chat | None = None) -> list[str]:
        """Return the first line of each card in a chat."""
        messages = self.server.bot_messages(chat or self.group)
        return [message["text"].split("\n")[0] for message in messages if is_card(message)]

    def answers(self, chat: Chat | None = None) -> list[str]:
        """Return what the bot said in a chat, beside cards."""
        messages = self.server.bot_messages(chat or self.group)
        return [words_of(message) for message in messages if not is_card(message)]

    def counts(self, number: int = 1) -> dict[str, str]:
        """Return the labels of a card's buttons by what they send: {"up": "👍 2"}."""
        rows = self.server.buttons_of(self.group, self.card_now(number)) if self.card_now(number) else []
        return {button.data: button.label for row in rows for button in row}

    async def shows(self, button: str, label: str, number: int = 1) -> None:
        """Wait until a button of a story's card has this label."""
        await self.until(lambda: self.counts(number).get(button) == label)

    async def story(self, number: int = 1) -> Story | None:
        """Return a story as the desk knows it, None where there is none."""
        async with self.database.reading() as session:
            found = await story_by_number(session, self.settings.name, number)
            return await story_by_id(session, found.id) if found else None

    async def votes(self, number: int = 1) -> dict[str, int]:
        """Return the votes on a story by name."""
        story = await self.story(number)
        return {vote.curator.name: vote.weight for vote in story.votes} if story else {}

    async def told(self, room: str = "web") -> list[str]:
        """Return what is to be said in a room, said or not; the editors' room is the web's."""
        async with self.database.reading() as session:
            rows = await session.scalars(select(Delivery).where(Delivery.room == room).order_by(Delivery.id))
            return [str(row.payload.get("text", row.payload.get("emoji"))) for row in rows]

    async def inbox(self) -> Sequence[InboxEvent]:
        """Return every event that was stored, in order."""
        async with self.database.reading() as session:
            return (await session.scalars(select(InboxEvent).order_by(InboxEvent.id))).all()

    # What people do, in short

    async def says(self, person: Person, text: str, **more: Any) -> int:
        """Write in the group; return the message."""
        return await self.server.say(self.group, person, text, **more)

    async def asks(self, person: Person, command: str, **more: Any) -> str:
        """Give a command in the group; return what the bot answers to it."""
        asked = await self.says(person, command, **more)
        return await self.until(lambda: self.answer_to(asked))

    def answer_to(self, message: int) -> str:
        """Return what the bot has answered to a message, empty where nothing."""
        return "\n".join(
            words_of(each)
            for each in self.server.bot_messages(self.group)
            if each.get("reply_to_message", {}).get("message_id") == message and not is_card(each)
        )

    async def reacts(self, person: Person, *emojis: str, number: int = 1) -> None:
        """React to a story's card."""
        await self.server.react(self.group, await self.card(number), person, *emojis)

    async def presses(self, person: Person, button: str, number: int = 1) -> dict[str, Any]:
        """Press a button of a story's card; return what the bot answers to the press."""
        press = await self.server.press(self.group, await self.card(number), person, button)
        return await press.wait()


def words_of(message: dict[str, Any]) -> str:
    """Return a message's text or caption."""
    return str(message.get("text", message.get("caption", "")))


def is_card(message: dict[str, Any], number: int | None = None) -> bool:
    """Tell whether a message is a card, perhaps of one story: votes hang under it."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    sends = {button.get("callback_data") for row in rows for button in row}
    begin = "#" if number is None else f"#{number} "
    return {"up", "down"} <= sends and message.get("text", "").startswith(begin)


def telegram_config(server: TelegramServer, rooms: list[dict[str, Any]], **telegram: Any) -> Config:
    """Return a desk's config: two votes are needed, cards stand on Telegram only."""
    editors = telegram.pop("editors", ())
    return parse_config(
        {
            "newsroom": {"language": telegram.pop("language", "en"), "timezone": "Asia/Shanghai"},
            "desk": {
                "name": "gazette",
                "editors": [f"telegram:{each.id}" for each in editors],
                "sections": [{"key": key, "name": name, "emoji": emoji} for key, name, emoji in SECTIONS],
            },
            "newsletter": {"layout": "plain"},
            "web": {"cards": False},
            "telegram": {"api": server.url, "rooms": rooms, "messages_per_minute": 600} | telegram,
        }
    )


@asynccontextmanager
async def telegram_home(
    database: Database, *, group: dict[str, Any] | None = None, is_open: bool = True, **telegram: Any
) -> AsyncIterator[TelegramHome]:
    """Give a home on a new Telegram with one group; Nora is an editor there.

    `group` goes to `TelegramServer.group`, the rest into the config's table `telegram`.
    """
    async with TelegramServer() as server:
        nora = server.user("Nora")
        chat = server.group("Desk", **(group or {}))
        config = telegram_config(server, [{"chat": chat.id}], editors=[nora], **telegram)
        home = TelegramHome(server, database, config, chat)
        if is_open:
            await home.open()
        try:
            yield home
        finally:
            await home.close()


__all__ = ["Button", "TelegramHome", "telegram_config", "telegram_home"]
