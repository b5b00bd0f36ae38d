"""A chat room in memory: people act in it, the real desk and courier answer.

What people do becomes an event in the real inbox, and takes effect before the act returns: the desk hears
it, the pages that it sends for are found in `pages` instead of the web, and the courier says and draws
what follows.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.courier import Courier
from bot.desk import Desk
from bot.events import (
    ButtonPressed,
    Event,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    ReactionsOf,
    to_payload,
)
from bot.rooms.room import Post
from renderers.card import CardView
from storage.curators import curator_of
from storage.inbox import store_event
from storage.people_records import Role
from tests.fakes.platform import FakePlatform
from tests.fakes.reading import Readings

EDITORS = ("nora", "olga", "主编")


@dataclass
class FakeRoom:
    """One chat place, and the people in it."""

    name: str
    pages: Readings = field(default_factory=Readings)
    beside: list["FakeRoom"] = field(default_factory=list)  # the other rooms of the same desk
    people: set[str] = field(default_factory=set)
    _reactions: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    _event_ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.platform = FakePlatform(self.name)

    # What people do

    async def write(self, desk: Desk, name: str, text: str, *, reply_to: str | None = None) -> str:
        """Write a message; return its id."""
        message_id = self.platform.new_id()
        self.platform.messages[message_id] = text
        await self._do(desk, name, MessagePosted(message_id, self.person(name), text, desk.clock(), reply_to))
        return message_id

    async def ask(self, desk: Desk, name: str, command: str, *, reply_to: str | None = None) -> str:
        """Type a command; return what the bot answers, empty where it says nothing."""
        return self.answer_to(await self.write(desk, name, command, reply_to=reply_to))

    async def edit(self, desk: Desk, name: str, message_id: str, text: str) -> str:
        """Change a message; return what the bot says to that."""
        before = len(self.said)
        self.platform.messages[message_id] = text
        await self._do(desk, name, MessageEdited(message_id, self.person(name), text, desk.clock()))
        return "\n".join(post.text for post in self.said[before:])

    async def delete(self, desk: Desk, name: str, message_id: str) -> str:
        """Take a message back; return what the bot says to that."""
        before = len(self.said)
        del self.platform.messages[message_id]
        await self._do(desk, name, MessageDeleted(message_id, self.person(name), desk.clock()))
        return "\n".join(post.text for post in self.said[before:])

    async def react(self, desk: Desk, name: str, *emojis: str, story: int | None = None) -> None:
        """Put emojis on a card, one after another: the newest card, or that of a story."""
        standing = self._reactions.setdefault((name, self.card_id(story)), [])
        for emoji in emojis:
            if emoji not in standing:
                standing.append(emoji)
            await self._do(desk, name, self._reactions_of(desk, name, story))

    async def unreact(self, desk: Desk, name: str, emoji: str, *, story: int | None = None) -> None:
        """Take an emoji off a card; one that is not there changes nothing."""
        standing = self._reactions.setdefault((name, self.card_id(story)), [])
        if emoji in standing:
            standing.remove(emoji)
        await self._do(desk, name, self._reactions_of(desk, name, story))

    async def press(self, desk: Desk, name: str, button: str, *, story: int | None = None) -> None:
        """Press a card's button."""
        event = ButtonPressed(self.card_id(story), self.person(name), button, desk.clock())
        await self._do(desk, name, event)

    async def write_as_chat(self, desk: Desk, text: str) -> str:
        """Write a message as an admin of whom nobody knows which; return its id."""
        message_id = self.platform.new_id()
        self.platform.messages[message_id] = text
        event = MessagePosted(message_id, self.person("chat:1"), text, desk.clock(), name="The Gazette")
        await self.store_payload(desk, to_payload(replace(event, anonymous=True)))
        await self.settle(desk)
        return message_id

    async def press_under(self, desk: Desk, name: str, message_id: str, *, button: str = "") -> str:
        """Press the button under the bot's answer to a message; return what the bot says to that."""
        before = len(self.said)
        [asked] = [post for post in self.said if post.reply_to == message_id and post.buttons]
        key = button or asked.buttons[0].key
        event = ButtonPressed(self.platform.id_of(asked), self.person(name), key, desk.clock())
        await self._do(desk, name, event)
        return "\n".join(post.text for post in self.said[before:])

    async def approve(self, desk: Desk, *stories: int, emoji: str = "⚡") -> None:
        """Bring stories onto the slate, by the votes of two people who are there for that."""
        for story in stories:
            for name in ("yes", "aye"):
                self._reactions[name, self.card_id(story)] = [emoji]
                await self.store(desk, name, self._reactions_of(desk, name, story))
        await self.settle(desk)

    async def store(self, desk: Desk, name: str, event: Event, *, event_id: str | None = None) -> bool:
        """Store an event, as a room does before anything else; tell whether it is new."""
        if name not in self.people:
            self.people.add(name)
            role = Role.EDITOR if name in EDITORS else Role.CURATOR
            async with desk.database.transaction() as session:
                await curator_of(session, self.person(name), name=name, role=role, now=event.at)
        return await self.store_payload(desk, to_payload(event), event_id=event_id)

    async def store_payload(
        self, desk: Desk, payload: Mapping[str, Any], *, event_id: str | None = None
    ) -> bool:
        """Store a payload, be it one that no room of ours would store."""
        async with desk.database.transaction() as session:
            return await store_event(
                session,
                desk=desk.settings.name,
                room=self.name,
                event_id=event_id or f"e{next(self._event_ids)}",
                payload=payload,
                at=desk.clock(),
            )

    async def settle(self, desk: Desk) -> None:
        """Let the desk hear, pages be read and the courier go round, until nothing is left to do."""
        await desk.catch_up()
        await self.pages.read(desk)
        for room in (self, *self.beside):
            await room.courier(desk).go_round()

    def courier(self, desk: Desk) -> Courier:
        """Return a courier who serves this room."""
        return Courier(desk.database, desk.settings, self.platform, desk.clock)

    # What people see

    @property
    def cards(self) -> dict[str, CardView]:
        """The cards, by message."""
        return self.platform.cards

    @property
    def card(self) -> CardView:
        """The newest card."""
        return self.cards[self.card_id()]

    @property
    def said(self) -> list[Post]:
        """What the bot said, beside cards."""
        return self.platform.said

    @property
    def last(self) -> str:
        """What the bot said last."""
        return self.said[-1].text

    def card_of(self, story: int) -> CardView:
        """The card of a story."""
        return self.cards[self.card_id(story)]

    def card_id(self, story: int | None = None) -> str:
        """The message that shows a story, or the newest."""
        found = {card.number: message_id for message_id, card in self.cards.items()}
        return found[max(found) if story is None else story]

    def answer_to(self, message_id: str) -> str:
        """What the bot answered to a message, empty where it said nothing."""
        return "\n".join(post.text for post in self.said if post.reply_to == message_id)

    def person(self, name: str) -> str:
        """Somebody's identity on this platform."""
        return f"{self.name}:{name}"

    async def _do(self, desk: Desk, name: str, event: Event) -> None:
        await self.store(desk, name, event)
        await self.settle(desk)

    def _reactions_of(self, desk: Desk, name: str, story: int | None) -> ReactionsOf:
        card = self.card_id(story)
        return ReactionsOf(card, self.person(name), tuple(self._reactions[name, card]), desk.clock())
