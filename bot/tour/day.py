"""The tour's stage directions: someone does something, and the room must show what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.tour.lines import Lines
from bot.tour.moments import Answered, Audience, Changed, Drawn, Narrated, Reacted, Received, Said
from bot.tour.setting import Setting
from bot.tour.visitor import Message, Visitor

Card = Mapping[str, Any]

PAGES = {
    "npu": "npu-int4.html",
    "pebble": "pebble-1-0.html",
    "keys": "lazy-keys.html",
    "bench": "tinybench-spring.html",
    "reed": "reed-0-9.html",
    "sdk": "vendor/npu-sdk-open.html",  # there is no such page
    "giveaway": "board-giveaway.html",
    "late": "coin-cell-year.html",
}
"""Our names for the stories, and where on the sample site they stand."""


class UnexpectedError(Exception):
    """The room or git does not show what the script expects."""


def expect(true: bool, what: str) -> None:
    """Raise UnexpectedError unless it is so."""
    if not true:
        raise UnexpectedError(f"expected: {what}")


@dataclass(slots=True)
class Day:
    """A day at the desk, played before an audience. What is shown is what the room showed."""

    setting: Setting
    lines: Lines
    audience: Audience
    cards: dict[str, int] = field(default_factory=dict)  # our name for a story → message of its card

    async def narrate(self, key: str, *, at: tuple[int, int]) -> None:
        """Turn the clock and tell what is coming."""
        self.setting.clock.turn_to(*at)
        await self.audience.see(Narrated(f"{at[0]:02}:{at[1]:02}", self.lines.line(key)))

    async def pitch(self, who: str, story: str) -> None:
        """Drop a link; the receipt must come."""
        person = self.setting.people[who]
        text = self.lines.line(f"pitch_{story}", url=self._link(story))
        await self._received(person, await self._say(person, text))

    async def card_comes(self, story: str) -> Card:
        """Wait for the card of a link that was dropped."""
        message = await self.eyes.card_of(self._link(story))
        self.cards[story] = message["id"]
        await self.audience.see(Drawn(message["card"]))
        return self.card(story)

    async def pitch_again(self, who: str, story: str, *, tail: str) -> None:
        """Drop a link that the desk knows, in another spelling; an answer must come instead of a card."""
        person, shown = self.setting.people[who], len(self.eyes.cards())
        text = self.lines.line(f"pitch_{story}_again", url=self._link(story) + tail)
        message = await self._say(person, text)
        await self._received(person, message)
        await self._answer(person, message)
        expect(len(self.eyes.cards()) == shown, "no second card for the same link")

    async def say(self, who: str, key: str) -> None:
        """Say something that is none of the desk's business: it does not answer."""
        await self._say(self.setting.people[who], self.lines.line(key))

    async def ask(self, who: str, key: str, story: str | None = None) -> Message:
        """Type a command; the bot must answer."""
        person = self.setting.people[who]
        number = self.card(story)["number"] if story else None
        return await self._answer(person, await self._say(person, self.lines.line(key, number=number)))

    async def react(self, who: str, story: str, *emojis: str, state: str, score: int) -> None:
        """Let these be someone's reactions on a card; the card must come to stand like this."""
        person, number = self.setting.people[who], self.card(story)["number"]
        await person.react(self.cards[story], *emojis)
        await self.audience.see(Reacted(person.name, number, emojis))
        await self.stands(story, state=state, score=score)

    async def press(self, who: str, story: str, button: str, *, state: str, score: int) -> None:
        """Press a card's button; the card must come to stand like this."""
        person, card = self.setting.people[who], self.card(story)
        drawn = next(b for b in card["buttons"] if b["key"] == button)
        await person.press(self.cards[story], button)
        label = f"{drawn['emoji']} {drawn['label']}"
        await self.audience.see(Reacted(person.name, card["number"], (label,), pressed=True))
        await self.stands(story, state=state, score=score)

    async def redrawn(self, story: str, true: Callable[[Card], bool], what: str) -> None:
        """Wait until a card shows something, then look at it."""
        await self.eyes.until(lambda: true(self.card(story)), what)
        await self.audience.see(Drawn(self.card(story)))

    async def stands(self, story: str, *, state: str, score: int) -> None:
        """Wait until a story stands like this, then look at what changed on its card."""

        def true() -> bool:
            card = self.card(story)
            return bool(card["state"] == state and card["score"] == score)

        await self.eyes.until(true, f"{story} to be {state} with score {score:+d}")
        card = self.card(story)
        await self.audience.see(
            Changed(card["number"], card["title"], card["state"], card["standing"], card["score"])
        )

    @property
    def eyes(self) -> Visitor:
        """Return the person through whose eyes the day is seen: the editor. The room is the same for all."""
        return self.setting.people["zhou"]

    def card(self, story: str) -> Card:
        """Return a story's card as it is shown now."""
        card: Card = self.eyes.messages[self.cards[story]]["card"]
        return card

    def _link(self, story: str) -> str:
        return f"{self.setting.articles}/{PAGES[story]}"

    async def _say(self, person: Visitor, text: str) -> int:
        await self.audience.see(Said(person.name, text))
        return await person.say(text)

    async def _received(self, person: Visitor, message: int) -> None:
        await person.until(lambda: person.has_receipt(message), f"a receipt on message {message}")
        await self.audience.see(Received(person.name))

    async def _answer(self, person: Visitor, message: int) -> Message:
        answer = await person.answer_to(message)
        file = answer["file"]["name"] if answer["file"] else None
        await self.audience.see(Answered(answer["text"], file))
        return answer
