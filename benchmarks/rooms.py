"""One desk in three rooms: how long an event takes on each platform, what a storm of reactions costs."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from benchmarks.figure import Figure, figure, percentiles
from benchmarks.pages import pages
from benchmarks.site import serving
from benchmarks.start import megabytes
from storage.database import Database
from storage.event_records import InboxEvent
from tests.discord_server.world import User
from tests.storm import EMOJIS
from tests.telegram_server.world import Person
from tests.three_rooms import ThreeRooms, three_rooms

_SINGLE = 40  # messages and reactions one by one
_PACE = 0.5  # seconds between them
_CARDS, _REACTIONS, _MISSED = 50, 5000, 500
_GRANTED = 20  # what Telegram grants in a minute
_PATIENCE = 900.0


async def figures() -> AsyncIterator[Figure]:
    """Measure each platform, then the storm, then what was missed."""
    with TemporaryDirectory(prefix="copydesk-measured-") as name:
        async with serving() as host, three_rooms(Path(name), hosts=(host,), threshold=99) as rooms:
            desk = BusyDesk(rooms, host)
            yield figure("three rooms, first start to ready", await desk.start(), "s")
            yield figure("three rooms, memory idle", desk.memory(), "MB")
            for found in [*await desk.telegram_latency(), *await desk.discord_latency()]:
                yield found
            await desk.fill_the_board()
            for found in [*await desk.catch_up(), *await desk.storm()]:
                yield found
            yield figure("three rooms, memory after all that", desk.memory(), "MB")


class BusyDesk:
    """Three rooms and the people who measure them."""

    def __init__(self, rooms: ThreeRooms, host: str) -> None:
        self.rooms, self.host = rooms, host
        self.telegram, self.discord = rooms.telegram, rooms.discord
        self.ada: Person = self.telegram.user("Ada")
        self.bob: User = self.discord.user("Bob")

    def link(self, kind: str, number: int) -> str:
        """A link that nobody has dropped, to one of the generated pages."""
        paths = list(pages())
        return f"http://{self.host}{paths[number % len(paths)]}?{kind}={number}"

    async def start(self) -> float:
        """Start the newsroom; return the seconds until the web room answers and both platforms are there."""
        begun = time.perf_counter()
        await self.rooms.newsroom.start()
        await self.rooms.newsroom.ready()
        polls = len(self.telegram.calls_of("getUpdates"))
        await _until(lambda: self.discord.connected and len(self.telegram.calls_of("getUpdates")) >= polls)
        return time.perf_counter() - begun

    def memory(self) -> float:
        return megabytes(self.rooms.newsroom.tree())

    async def telegram_latency(self) -> list[Figure]:
        """From a message to its receipt, from a reaction to the card that shows it, on Telegram."""
        sent, receipts, effects = {}, [], []
        for number in range(_SINGLE):
            begun, at = time.perf_counter(), time.time()
            message = await self.telegram.say(self.rooms.group, self.ada, self.link("telegram", number))
            sent[f"{self.rooms.group.id}:{message}"] = at
            await _until(partial(self._taken_on_telegram, message))
            receipts.append(time.perf_counter() - begun)
            await asyncio.sleep(_PACE)
        stored = await self._stored("telegram", sent)
        url = self.link("telegram", 0)
        await _until(lambda: url in self.rooms.telegram_cards())
        card = self.rooms.telegram_cards()[url][0]["message_id"]
        for number in range(_SINGLE):
            person = self.telegram.user(f"voter {number}")
            begun = time.perf_counter()
            await self.telegram.react(self.rooms.group, card, person, "👍")
            await _until(partial(self._shows, self._telegram_votes, url, number + 2))
            effects.append(time.perf_counter() - begun)
            await asyncio.sleep(_PACE)
        return [
            *percentiles("Telegram: message to stored", stored),
            *percentiles("Telegram: message to receipt", receipts),
            *percentiles("Telegram: reaction to redrawn card", effects),
        ]

    async def discord_latency(self) -> list[Figure]:
        """The same on Discord."""
        sent, receipts, effects = {}, [], []
        for number in range(_SINGLE):
            begun, at = time.perf_counter(), time.time()
            message = await self.discord.say(self.rooms.channel, self.bob, self.link("discord", number))
            sent[f"{self.rooms.channel.id}:{message.id}"] = at
            await _until(partial(message.reactions.__contains__, "👀"))
            receipts.append(time.perf_counter() - begun)
            await asyncio.sleep(_PACE)
        stored = await self._stored("discord", sent)
        url = self.link("discord", 0)
        await _until(lambda: url in self.rooms.discord_cards())
        card = self.rooms.discord_cards()[url][0]
        for number in range(_SINGLE):
            person = self.discord.user(f"voter {number}")
            begun = time.perf_counter()
            await self.discord.react(person, card, "👍")
            await _until(partial(self._shows, self._discord_votes, url, number + 2))
            effects.append(time.perf_counter() - begun)
            await asyncio.sleep(_PACE)
        return [
            *percentiles("Discord: message to stored", stored),
            *percentiles("Discord: message to receipt", receipts),
            *percentiles("Discord: reaction to redrawn card", effects),
        ]

    async def fill_the_board(self) -> None:
        """Have fifty cards in each room."""
        for number in range(_CARDS):
            await self.discord.say(self.rooms.channel, self.bob, self.link("board", number))
        wanted = {self.link("board", number) for number in range(_CARDS)}
        await _until(lambda: wanted <= self.rooms.telegram_cards().keys() & self.rooms.discord_cards().keys())
        self.board = sorted(wanted)

    async def catch_up(self) -> list[Figure]:
        """Miss 500 events on Discord while the newsroom is down; start it, with Telegram's own budget."""
        await self.rooms.newsroom.stop()
        path = self.rooms.newsroom.config
        path.write_text(
            re.sub(r"messages_per_minute = \d+", f"messages_per_minute = {_GRANTED}", path.read_text())
        )
        people = [self.discord.user(f"missed {number}") for number in range(_MISSED // 2 // _CARDS)]
        cards = self.rooms.discord_cards()
        messages = [
            await self.discord.say(self.rooms.channel, self.bob, self.link("missed", number))
            for number in range(_MISSED // 2)
        ]
        for number in range(_MISSED // 2):
            card = cards[self.board[number % _CARDS]][0]
            await self.discord.react(people[number // _CARDS], card, "🤓")
        begun = time.perf_counter()
        started = await self.start()
        await _until(lambda: all("👀" in message.reactions for message in messages))
        receipts = time.perf_counter() - begun
        await _until(lambda: all(self._discord_votes(url) == 1 + len(people) for url in self.board))
        return [
            figure("three rooms, later start to ready", started, "s"),
            figure("500 missed Discord events, start to the last receipt", receipts, "s"),
            figure("500 missed Discord events, start to all cards right", time.perf_counter() - begun, "s"),
        ]

    async def storm(self) -> list[Figure]:
        """5,000 reactions on 50 cards, half on each platform."""
        on_telegram = [self.telegram.user(f"storm {number}") for number in range(_REACTIONS // 2 // _CARDS)]
        on_discord = [self.discord.user(f"storm {number}") for number in range(_REACTIONS // 2 // _CARDS)]
        edits = self._edits()
        telegram_cards, discord_cards = self.rooms.telegram_cards(), self.rooms.discord_cards()
        before = {url: self._discord_votes(url) for url in self.board}
        begun = time.perf_counter()
        for emoji, person, other in zip(EMOJIS * 9, on_telegram, on_discord, strict=False):
            vote = "👍" if emoji == "👎" else emoji
            for url in self.board:
                message = telegram_cards[url][0]["message_id"]
                await self.telegram.react(self.rooms.group, message, person, vote)
                await self.discord.react(other, discord_cards[url][0], vote)
            await asyncio.sleep(0)
        wanted = {url: votes + len(on_telegram) + len(on_discord) for url, votes in before.items()}
        await _until(lambda: all(self._discord_votes(url) == wanted[url] for url in self.board))
        discord = time.perf_counter() - begun
        await _until(lambda: all(self._telegram_votes(url) == wanted[url] for url in self.board))
        return [
            figure("5,000 reactions on 50 cards, until Discord's cards are right", discord, "s"),
            figure(
                "5,000 reactions, edits sent to Discord", len(self.discord.calls_to("PATCH")) - edits[1], ""
            ),
            figure("5,000 reactions, until Telegram's cards are right", time.perf_counter() - begun, "s"),
            figure("5,000 reactions, edits sent to Telegram", self._edits()[0] - edits[0], ""),
        ]

    def _edits(self) -> tuple[int, int]:
        return len(self.telegram.calls_of("editMessageText")), len(self.discord.calls_to("PATCH"))

    def _taken_on_telegram(self, message: int) -> bool:
        return self.telegram.bot_reaction(self.rooms.group, message) == "👀"

    def _shows(self, votes: Callable[[str], int], url: str, wanted: int) -> bool:
        return votes(url) == wanted

    def _telegram_votes(self, url: str) -> int:
        [card, *_] = self.rooms.telegram_cards()[url]
        return _count(card["reply_markup"]["inline_keyboard"][0][0]["text"])

    def _discord_votes(self, url: str) -> int:
        [card, *_] = self.rooms.discord_cards()[url]
        return _count(str(card.components[0]["components"][0].get("label", "")))

    async def _stored(self, room: str, sent: dict[str, float]) -> list[float]:
        """Return the seconds from each message to when it was stored."""
        database = Database(self.rooms.config.newsroom.database)
        async with database.reading() as session:
            query = select(InboxEvent.message_id, InboxEvent.received_at).where(InboxEvent.room == room)
            arrived: dict[str | None, datetime] = dict((await session.execute(query)).tuples().all())
        await database.close()
        return [arrived[message].timestamp() - at for message, at in sent.items()]


def _count(label: str) -> int:
    return int("".join(character for character in label if character.isdigit()) or 0)


async def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.perf_counter() + _PATIENCE
    while not is_so():
        if time.perf_counter() > deadline:
            raise TimeoutError("what was measured never came")
        await asyncio.sleep(0.002)
