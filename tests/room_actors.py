"""People of the scenario in real rooms: at the browser's socket, in a Telegram group, in a Discord channel.

The newsroom runs beside them. `settled` looks at its database: what was done is stored, has taken effect,
pages are read, and every room has its cards.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select

from bot.emoji import plain
from bot.tour.visitor import Visitor
from storage.database import Database
from storage.event_records import Delivery, Errand, InboxEvent
from storage.records import Card, Story
from tests.discord_server import Message, User
from tests.telegram_server import Person
from tests.three_rooms import ThreeRooms

PATIENCE = 60.0
Payloads = Sequence[Mapping[str, Any]]


class Actor:
    """People in one room of the newsroom's desk."""

    def __init__(self, rooms: ThreeRooms) -> None:
        self.rooms = rooms
        self.database = Database(rooms.config.newsroom.database)
        self._is_stored: Callable[[], Awaitable[bool]] | None = None

    async def settled(self) -> None:
        """Wait until all that was done has taken effect everywhere."""
        await self._until(self._stored)
        await self._until(self._is_idle)

    async def drawn(self) -> None:
        """Wait until every card in every room shows what it should."""
        await self._until(self._is_drawn)

    async def _until(self, true: Callable[[], Awaitable[bool]]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not await true():
            if time.monotonic() > deadline:
                raise TimeoutError("the newsroom never came to rest")
            await asyncio.sleep(0.05)

    async def close(self) -> None:
        """Leave."""
        await self.database.close()

    def card_url(self, number: int) -> str:
        """Return the link of a story, by what the group's cards say."""
        for url, [card, *_] in self.rooms.telegram_cards().items():
            if card["text"].startswith(f"#{number} "):
                return url
        raise LookupError(f"no card shows #{number}")

    async def _stored(self) -> bool:
        return not self.rooms.telegram.waiting and (self._is_stored is None or await self._is_stored())

    async def _is_idle(self) -> bool:
        under_way = or_(
            exists().where(InboxEvent.handled_at.is_(None)),
            exists().where(Delivery.sent_at.is_(None)),
            exists().where(Errand.started_at.is_(None)),
            exists().where(Card.drawn == 0),  # one that is only to be redrawn holds nobody up
            exists().where(Story.being_read_since.is_not(None)),
        )
        return not await self._is_there(under_way)

    async def _is_drawn(self) -> bool:
        return not await self._is_there(exists().where(Card.drawn < Card.version))

    async def _is_there(self, found: ColumnElement[bool]) -> bool:
        async with self.database.reading() as session:
            return bool(await session.scalar(select(found)))

    async def payloads(self, message_id: str) -> Payloads:
        """Return what was stored of a message."""
        query = select(InboxEvent.payload).where(InboxEvent.message_id == message_id).order_by(InboxEvent.id)
        async with self.database.reading() as session:
            return (await session.scalars(query)).all()

    def wait_for(self, message_id: str, is_it: Callable[[Payloads], bool]) -> None:
        """Let `settled` wait until something is stored of a message."""

        async def is_stored() -> bool:
            return is_it(await self.payloads(message_id))

        self._is_stored = is_stored


class WebActor(Actor):
    """People at the browser's socket."""

    def __init__(self, rooms: ThreeRooms, people: Mapping[str, Visitor]) -> None:
        super().__init__(rooms)
        self.people = people

    async def write(self, name: str, text: str) -> str:
        return str(await self.people[name].say(text))

    async def edit(self, name: str, message: str, text: str) -> None:
        await self.people[name].do("edit", message=int(message), text=text)

    async def delete(self, name: str, message: str) -> None:
        await self.people[name].do("delete", message=int(message))

    async def react(self, name: str, story: int, emoji: str) -> None:
        await self.react_with(name, story, emoji)

    async def react_with(self, name: str, story: int, *emojis: str) -> None:
        await self.people[name].react(await self._card(name, story), *emojis)

    async def unreact(self, name: str, story: int) -> None:
        await self.react_with(name, story)

    async def press(self, name: str, story: int, button: str) -> None:
        await self.people[name].press(await self._card(name, story), button)

    async def _card(self, name: str, story: int) -> int:
        return int((await self.people[name].card_of(self.card_url(story)))["id"])


class TelegramActor(Actor):
    """People in the group."""

    def __init__(self, rooms: ThreeRooms, people: Mapping[str, Person]) -> None:
        super().__init__(rooms)
        self.people = people

    async def write(self, name: str, text: str) -> str:
        return str(await self.rooms.telegram.say(self.rooms.group, self.people[name], text))

    async def edit(self, name: str, message: str, text: str) -> None:
        await self.rooms.telegram.edit(self.rooms.group, int(message), text)

    async def react(self, name: str, story: int, emoji: str) -> None:
        await self.rooms.telegram.react(self.rooms.group, self._card(story), self.people[name], emoji)

    async def unreact(self, name: str, story: int) -> None:
        await self.rooms.telegram.react(self.rooms.group, self._card(story), self.people[name])

    async def press(self, name: str, story: int, button: str) -> None:
        press = await self.rooms.telegram.press(
            self.rooms.group, self._card(story), self.people[name], button
        )
        await press.wait()

    def _card(self, story: int) -> int:
        [card, *_] = self.rooms.telegram_cards()[self.card_url(story)]
        return int(card["message_id"])


class DiscordActor(Actor):
    """People in the channel."""

    def __init__(self, rooms: ThreeRooms, people: Mapping[str, User]) -> None:
        super().__init__(rooms)
        self.people = people
        self._standing: dict[tuple[str, int], tuple[str, ...]] = {}

    async def write(self, name: str, text: str) -> str:
        message = await self.rooms.discord.say(self.rooms.channel, self.people[name], text)
        self.wait_for(self._id(message), lambda stored: bool(stored))
        return message.id

    async def edit(self, name: str, message: str, text: str) -> None:
        before = await self._count_of("MessageEdited", message)
        await self.rooms.discord.edit(message, text)
        self._wait_for_kind("MessageEdited", message, before + 1)

    async def delete(self, name: str, message: str) -> None:
        message_id = self._id(self.rooms.discord.message(message))
        await self.rooms.discord.delete(message)
        self.wait_for(message_id, lambda stored: any(one["kind"] == "MessageDeleted" for one in stored))

    async def react(self, name: str, story: int, emoji: str) -> None:
        await self.react_with(name, story, emoji)

    async def unreact(self, name: str, story: int) -> None:
        await self.react_with(name, story)

    async def react_with(self, name: str, story: int, *emojis: str) -> None:
        card, before = self._card(story), self._standing.get((name, story), ())
        for emoji in before:
            if emoji not in emojis:
                await self.rooms.discord.unreact(self.people[name], card, emoji)
        for emoji in emojis:
            if emoji not in before:
                await self.rooms.discord.react(self.people[name], card, emoji)
        self._standing[name, story] = emojis
        person, wanted = f"discord:{self.people[name].id}", [plain(emoji) for emoji in emojis]

        def is_it(stored: Payloads) -> bool:
            states = [one["emojis"] for one in stored if one["person"] == person and "emojis" in one]
            return bool(states) and sorted(states[-1]) == sorted(wanted)

        self.wait_for(self._id(card), is_it)

    async def press(self, name: str, story: int, button: str) -> None:
        await self.rooms.discord.click(self.people[name], self._card(story), button)

    def _card(self, story: int) -> Message:
        [card, *_] = self.rooms.discord_cards()[self.card_url(story)]
        return card

    def _id(self, message: Message) -> str:
        return f"{message.channel.id}:{message.id}"

    async def _count_of(self, kind: str, message: str) -> int:
        stored = await self.payloads(self._id(self.rooms.discord.message(message)))
        return sum(one["kind"] == kind for one in stored)

    def _wait_for_kind(self, kind: str, message: str, count: int) -> None:
        message_id = self._id(self.rooms.discord.message(message))
        self.wait_for(message_id, lambda stored: sum(one["kind"] == kind for one in stored) >= count)
