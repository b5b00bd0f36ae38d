"""A day in the room: people who pitch, vote, edit and publish at random, and what must be true of it after.

`Expected` is a model of the rules as people know them: what each said last is what counts. People say one
thing after another, each waiting for the acknowledgement; between people there is no order, so whatever
depends on one (such as who withdraws a story) is left to a single person.
"""

import asyncio
import datetime as dt
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slow_site import SlowSite
from tests.steady_visitor import SteadyVisitor

SECTIONS = {"⚡": "news", "🤓": "papers", "👨‍💻": "projects", "✍": "posts"}
BUSY, QUIET, FLEETING = "busy", "quiet", "fleeting"
"""Links that everyone judges; that one other person pitches too; that their pitcher takes back."""
THRESHOLD = 3  # above what a quiet link can reach, so that it never stands in a draft


@dataclass(slots=True)
class Opinion:
    """What one person holds of one story."""

    weight: int = 0
    section: str | None = None


@dataclass(slots=True)
class Expected:
    """What must be true when the day is over."""

    pitched: dict[str, str] = field(default_factory=dict)  # url → who pitched it
    seconded: dict[str, str] = field(default_factory=dict)  # url → who else may judge a quiet link
    opinions: dict[tuple[str, str], Opinion] = field(default_factory=dict)  # (url, name)
    titles: dict[str, str] = field(default_factory=dict)
    answers: dict[int, int] = field(default_factory=dict)  # message → how many answers it must have

    def opinion(self, url: str, name: str) -> Opinion:
        """Return what a person holds of a story, to be changed in place."""
        return self.opinions.setdefault((url, name), Opinion())


class Person:
    """Someone who works at the desk for a day."""

    def __init__(
        self, visitor: SteadyVisitor, site: SlowSite, expected: Expected, chance: random.Random
    ) -> None:
        self.visitor, self.expected, self.chance = visitor, expected, chance
        self.name = visitor.name
        self._site = site
        self._mine: dict[str, int] = {}  # fleeting url → the message that pitched it
        self._reactions: dict[int, list[str]] = {}
        self._count = 0

    async def work(self, is_over: Callable[[], bool]) -> None:
        """Do one thing after another until the day is over."""
        deeds = (*self.deeds(),)
        while not is_over():
            deed = self.chance.choices([d for d, _ in deeds], [w for _, w in deeds])[0]
            await deed()
            await asyncio.sleep(self.chance.uniform(0.0, 0.1))

    def deeds(self) -> Iterable[tuple[Callable[[], Any], int]]:
        """Return what this person does, and how often."""
        return (
            (self.pitch, 2),
            (self.pitch_fleeting, 1),
            (self.repeat, 2),
            (self.react, 16),
            (self.press, 8),
            (self.take_back, 2),
            (self.amend, 2),
            (self.choose_section, 2),
            (self.type_command, 2),
        )

    def _new_link(self, kind: str) -> str:
        self._count += 1
        return self._site.url(f"{kind}/{self.name.encode().hex()}/{self._count}")

    async def pitch(self) -> None:
        """Pitch a few links, unless several of mine are still being read: there is much to judge."""
        shown = {message["card"]["url"] for message in self.visitor.cards()}
        if sum(by == self.name and url not in shown for url, by in self.expected.pitched.items()) > 2:
            return
        urls = [
            self._new_link(self.chance.choice((BUSY, BUSY, QUIET))) for _ in range(self.chance.randint(1, 3))
        ]
        section = self.chance.choice((None, *SECTIONS.values()))
        await self.visitor.say(" ".join(["看这个", *urls, *([f"#{section}"] if section else [])]))
        for url in urls:
            self._has_pitched(url, section)

    def _has_pitched(self, url: str, section: str | None) -> None:
        self.expected.pitched.setdefault(url, self.name)
        opinion = self.expected.opinion(url, self.name)
        opinion.weight, opinion.section = 1, section or opinion.section

    async def pitch_fleeting(self) -> None:
        url = self._new_link(FLEETING)
        self._mine[url] = await self.visitor.say(f"{url} maybe")
        self._has_pitched(url, None)

    async def repeat(self) -> None:
        """Pitch a link that somebody else pitched, as another program would spell it."""
        free = [
            url
            for url, by in self.expected.pitched.items()
            if f"/{QUIET}/" in url
            and by != self.name
            and self.expected.seconded.get(url, self.name) == self.name
        ]
        if free:
            url = self.chance.choice(free)
            self.expected.seconded[url] = self.name
            message = await self.visitor.say(f"{url}?utm_source=chat#top")
            self.expected.answers[message] = 1
            self._has_pitched(url, None)

    def _card_to_judge(self) -> tuple[int, str] | None:
        """Choose a card, rather one that lacks little, so that some reach the slate."""
        cards = [message for message in self.visitor.cards() if self._may_judge(message["card"]["url"])]
        waiting = [m for m in cards if m["card"]["state"] == "waiting" and f"/{BUSY}/" in m["card"]["url"]]
        if waiting and self.chance.random() < 0.7:
            cards = sorted(waiting, key=lambda m: int(m["card"]["score"]))[-2:]
        message = self.chance.choice(cards) if cards else None
        return (message["id"], message["card"]["url"]) if message else None

    def _may_judge(self, url: str) -> bool:
        mine = self.name in (self.expected.pitched.get(url), self.expected.seconded.get(url))
        return f"/{BUSY}/" in url or (f"/{QUIET}/" in url and mine)

    async def react(self) -> None:
        """Let other emojis stand on a card than before; each time the whole state is sent."""
        found = self._card_to_judge()
        if found is None:
            return
        message, url = found
        emojis = self.chance.sample(["👍", *SECTIONS], k=self.chance.choice((0, 1, 1, 1, 1, 1, 2, 3)))
        emojis += ["👎"] if self.chance.random() < 0.1 else []
        await self.visitor.react(message, *emojis)
        before = self._reactions.get(message, [])
        now = [e for e in before if e in emojis] + [e for e in emojis if e not in before]
        self._reactions[message] = now
        if now != before:
            opinion = self.expected.opinion(url, self.name)
            chosen_otherwise = opinion.section if opinion.section != _section_of(before) else None
            opinion.weight = -1 if "👎" in now else int(bool(now))
            opinion.section = _section_of(now) or (chosen_otherwise if opinion.weight > 0 else None)

    async def press(self) -> None:
        """Press a button; one that says what is held already takes it back."""
        found = self._card_to_judge()
        if found is None:
            return
        message, url = found
        section = self.chance.choice((None, None, *SECTIONS.values()))
        weight = -1 if section is None and self.chance.random() < 0.2 else 1
        button = f"section:{section}" if section else ("up" if weight > 0 else "down")
        await self.visitor.press(message, button)
        opinion = self.expected.opinion(url, self.name)
        pressed = Opinion(weight, section)
        if button == "up" and opinion.section:
            opinion.weight = 1
        else:
            self.expected.opinions[url, self.name] = Opinion() if opinion == pressed else pressed

    async def take_back(self) -> None:
        """Delete a message with a link, or put another link in its place."""
        if not self._mine:
            return
        url = self.chance.choice(list(self._mine))
        message = self._mine.pop(url)
        if self.chance.random() < 0.5:
            await self.visitor.do("delete", message=message)
        else:
            instead = self._new_link(BUSY)
            await self.visitor.do("edit", message=message, text=f"{instead} instead")
            self._has_pitched(instead, None)
        self.expected.opinions[url, self.name] = Opinion()
        self.expected.answers[message] = 1

    async def amend(self) -> None:
        """Give a story another title; only its pitcher does here, so that it is known who was last."""
        mine = [
            m["card"]
            for m in self.visitor.cards()
            if self.expected.pitched.get(m["card"]["url"]) == self.name
        ]
        if mine:
            card, title = self.chance.choice(mine), f"{self.name}的标题 {self.chance.random():.6f}"
            await self._command(f"/amend {card['number']} title {title}")
            self.expected.titles[card["url"]] = title

    async def choose_section(self) -> None:
        found = self._card_to_judge()
        if found is not None:
            message, url = found
            section = self.chance.choice((*SECTIONS.values(),))
            number = self.visitor.messages[message]["card"]["number"]
            await self._command(f"/section {number} {section}")
            self.expected.opinion(url, self.name).section = section

    async def type_command(self) -> None:
        await self._command(
            self.chance.choice(("/slate", "/status", "/short 短讯一条", "/preview", "/find board"))
        )

    async def _command(self, text: str, answers: int = 1) -> int:
        message = await self.visitor.say(text)
        self.expected.answers[message] = answers
        return message


class EditorInChief(Person):
    """The person who publishes; others judge meanwhile."""

    def __init__(self, *given: Any, asked_to_publish: asyncio.Event, today: dt.date) -> None:
        super().__init__(*given)
        self._asked_to_publish = asked_to_publish
        self._dates = [today + dt.timedelta(days=days) for days in (0, 1, 2)]

    def deeds(self) -> Iterable[tuple[Callable[[], Any], int]]:
        return ((self.publish, 6), (self.lead, 1), (self.type_command, 1))

    async def lead(self) -> None:
        await self._command(f"/lead 本期导读 {self.chance.random():.6f}")

    async def work(self, is_over: Callable[[], bool]) -> None:
        """Work as others do, and see the day off with a last publish."""
        await super().work(is_over)
        await self._publish()

    async def publish(self) -> None:
        """Publish and wait for the answer, while others go on; sometimes take it back."""
        await self._publish()
        if self.chance.random() < 0.25:
            await self._unpublish()

    async def _publish(self) -> None:
        message = await self._command(f"/publish {self.chance.choice(self._dates)}")
        self._asked_to_publish.set()
        await self.visitor.answer_to(message, patience=120)

    async def _unpublish(self) -> None:
        undo = await self._command("/undo publish")
        self._asked_to_publish.set()
        answer = await self.visitor.answer_to(undo, patience=120)
        if "the answer follows" in answer["text"]:
            self.expected.answers[undo] = 2
            await self.visitor.until(lambda: self._answers(undo) >= 2, "the undo's outcome", 120)

    def _answers(self, message: int) -> int:
        quoting = [m["reply_to"] for m in self.visitor.messages.values() if m["author"] is None]
        return sum(quoted is not None and quoted["id"] == message for quoted in quoting)


def _section_of(emojis: list[str]) -> str | None:
    """The section that emojis choose: the last of them."""
    return next((SECTIONS[e] for e in reversed(emojis) if e in SECTIONS), None)
