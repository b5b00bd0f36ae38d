"""People who storm two platforms at random, and what must be true when the storm is over.

`Expected` is a model of the rules as people know them. Each person acts on a card in one way only (by
reaction, or by button), so that what they did last there is plain.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.discord_server import NoAnswerError
from tests.discord_server.world import User
from tests.fakes.slow_site import SlowSite
from tests.telegram_server.world import Person
from tests.three_rooms import SECTIONS, ThreeRooms

BUTTONS = ("up", "down", *(f"section:{key}" for key in SECTIONS.values()))
EMOJIS = ("👍", "👎", *SECTIONS)

Opinion = tuple[int, str | None]
"""A weight and a section."""


@dataclass(slots=True)
class Expected:
    """What must be true when the storm is over. A press whose fate its presser can't know allows two ends."""

    pitched: dict[str, str] = field(default_factory=dict)  # url → who pitched it
    opinions: dict[tuple[str, str], tuple[Opinion, ...]] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)  # message → answers it must have


def opinion_of_emoji(emoji: str | None) -> Opinion:
    """What one emoji on a card says."""
    if emoji is None:
        return (0, None)
    return (-1, None) if emoji == "👎" else (1, SECTIONS.get(emoji))


def opinion_after_press(button: str, held: Opinion) -> Opinion:
    """What a press says, by the rules for people: again takes back, 👍 leaves a section."""
    pressed: Opinion = {"up": (1, None), "down": (-1, None)}.get(button, (1, button.removeprefix("section:")))
    if button == "up" and held[1]:
        return (1, held[1])
    return (0, None) if pressed == held else pressed


@dataclass(slots=True)
class Stormer:
    """Someone who acts on one platform, with hardly a pause."""

    name: str
    rooms: ThreeRooms
    site: SlowSite
    expected: Expected
    chance: random.Random
    pitched: int = 0

    async def work(self, deed: Callable[[], Awaitable[None]], is_over: Callable[[], bool]) -> None:
        """Do one thing after another until the storm is over."""
        while not is_over():
            await deed()
            await asyncio.sleep(self.chance.uniform(0.0, 0.2))

    def new_link(self) -> str:
        """A link that nobody has pitched."""
        self.pitched += 1
        return self.site.url(f"storm/{self.name}/{self.pitched}")

    def take_note(self, url: str) -> None:
        self.expected.pitched[url] = self.name
        self.expected.opinions[url, self.name] = ((1, None),)

    def choose(self, urls: list[str]) -> str | None:
        return self.chance.choice(sorted(urls)) if urls else None


@dataclass(slots=True)
class OnTelegram(Stormer):
    """Someone in the group."""

    person: Person = field(kw_only=True)
    standing: dict[str, str | None] = field(default_factory=dict)

    async def pitch(self) -> None:
        """Drop a link, or ask something, then rest a little."""
        if self.chance.random() < 0.3:
            sent = await self.rooms.telegram.say(self.rooms.group, self.person, "/help slate")
            self.expected.asked[f"telegram:{sent}"] = 1
        else:
            url = self.new_link()
            await self.rooms.telegram.say(self.rooms.group, self.person, f"look {url}")
            self.take_note(url)
        await asyncio.sleep(self.chance.uniform(0.3, 1.2))

    async def react(self) -> None:
        """Put an emoji on a card, another one, or none: an ordinary member has one at a time."""
        cards = self.rooms.telegram_cards()
        if url := self.choose([url for url in cards if url in self.expected.pitched]):
            emoji = self.chance.choice((None, *EMOJIS))
            message = cards[url][0]["message_id"]
            await self.rooms.telegram.react(
                self.rooms.group, message, self.person, *([emoji] if emoji else [])
            )
            self.expected.opinions[url, self.name] = (opinion_of_emoji(emoji),)

    async def press(self) -> None:
        """Press a button of a card; the platform keeps the press until it is taken."""
        cards = self.rooms.telegram_cards()
        if url := self.choose([url for url in cards if url in self.expected.pitched]):
            button = self.chance.choice(BUTTONS)
            message = cards[url][0]["message_id"]
            await self.rooms.telegram.press(self.rooms.group, message, self.person, button)
            [held] = self.expected.opinions.get((url, self.name), ((0, None),))
            self.expected.opinions[url, self.name] = (opinion_after_press(button, held),)


@dataclass(slots=True)
class OnDiscord(Stormer):
    """Someone in the channel."""

    person: User = field(kw_only=True)
    standing: dict[str, str | None] = field(default_factory=dict)

    async def pitch(self) -> None:
        """Drop a link, or ask something, then rest a little."""
        if self.chance.random() < 0.3:
            sent = await self.rooms.discord.say(self.rooms.channel, self.person, "/help slate")
            self.expected.asked[f"discord:{sent.id}"] = 1
        else:
            url = self.new_link()
            await self.rooms.discord.say(self.rooms.channel, self.person, f"look {url}")
            self.take_note(url)
        await asyncio.sleep(self.chance.uniform(0.3, 1.2))

    async def react(self) -> None:
        """Take one's emoji off a card and put another one there, or none."""
        cards = self.rooms.discord_cards()
        if url := self.choose([url for url in cards if url in self.expected.pitched]):
            emoji, before = self.chance.choice((None, *EMOJIS)), self.standing.get(url)
            if before is not None:
                await self.rooms.discord.unreact(self.person, cards[url][0], before)
            if emoji is not None:
                await self.rooms.discord.react(self.person, cards[url][0], emoji)
            self.standing[url] = emoji
            self.expected.opinions[url, self.name] = (opinion_of_emoji(emoji),)

    async def press(self) -> None:
        """Press a button; where nobody answers, it may have counted or not, and is not pressed again."""
        cards = self.rooms.discord_cards()
        free = [u for u in cards if len(self.expected.opinions.get((u, self.name), ((),))) == 1]
        if url := self.choose([u for u in free if u in self.expected.pitched]):
            button = self.chance.choice(BUTTONS)
            [held] = self.expected.opinions.get((url, self.name), ((0, None),))
            after = opinion_after_press(button, held)
            try:
                await self.rooms.discord.click(self.person, cards[url][0], button)
                self.expected.opinions[url, self.name] = (after,)
            except NoAnswerError:
                if after != held:
                    self.expected.opinions[url, self.name] = (held, after)
