"""Kill the newsroom in a storm of events on two platforms: what they saw taken had its effect, once."""

import asyncio
import os
import random
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.operator_tasks import desk_status
from storage.database import Database
from storage.records import Story
from storage.stories import pitched_stories
from tests.fakes.slow_site import SlowSite
from tests.storm import Expected, OnDiscord, OnTelegram, Opinion
from tests.three_rooms import ThreeRooms, open_for_the_first_time, three_rooms

KILLS = int(os.environ.get("COPYDESK_TEST_KILLS") or (10 if os.environ.get("CI") else 4))
SEED = int(os.environ.get("COPYDESK_TEST_SEED") or random.SystemRandom().randrange(10**6))


class Storm:
    """Eight people on two platforms, and somebody who kills the newsroom."""

    def __init__(self, rooms: ThreeRooms, site: SlowSite, seed: int) -> None:
        self.rooms, self.expected, self.is_over = rooms, Expected(), False
        self._chance = random.Random(f"{seed} killer")
        self._on_telegram = [self._telegram(name, site, seed) for name in ("Tao", "Tim", "Tessa", "Tomo")]
        self._on_discord = [self._discord(name, site, seed) for name in ("Dan", "Dora", "Dede", "Duo")]

    def _telegram(self, name: str, site: SlowSite, seed: int) -> OnTelegram:
        chance = random.Random(f"{seed} {name}")
        person = self.rooms.telegram.user(name)
        return OnTelegram(name, self.rooms, site, self.expected, chance, person=person)

    def _discord(self, name: str, site: SlowSite, seed: int) -> OnDiscord:
        chance = random.Random(f"{seed} {name}")
        person = self.rooms.discord.user(name)
        return OnDiscord(name, self.rooms, site, self.expected, chance, person=person)

    async def rage(self, kills: int) -> None:
        """Let everybody act until the newsroom was killed so many times and stands again."""
        async with asyncio.TaskGroup() as group:
            for pitcher, *others in (self._on_telegram, self._on_discord):
                group.create_task(pitcher.work(pitcher.pitch, lambda: self.is_over))
                for reacting in others[:2]:
                    group.create_task(reacting.work(reacting.react, lambda: self.is_over))
                group.create_task(others[2].work(others[2].press, lambda: self.is_over))
            group.create_task(self._kill(kills))

    async def _kill(self, kills: int) -> None:
        newsroom = self.rooms.newsroom
        for _ in range(kills):
            await newsroom.ready()
            await asyncio.sleep(self._chance.uniform(0.2, 5))
            await newsroom.kill()
            await asyncio.sleep(self._chance.uniform(0, 0.5))
            await newsroom.start()
        await newsroom.ready()
        await asyncio.sleep(2)
        self.is_over = True


def faults_of_cards(rooms: ThreeRooms, expected: Expected, stories: Mapping[str, Story]) -> list[str]:
    """Compare what both platforms show with what the desk holds."""
    faults = []
    for name, shown in (
        ("telegram", {url: len(cards) for url, cards in rooms.telegram_cards().items()}),
        ("discord", {url: len(cards) for url, cards in rooms.discord_cards().items()}),
    ):
        faults += [
            f"{shown.get(url, 0)} cards for {url} on {name}"
            for url in expected.pitched.keys() | shown.keys()
            if shown.get(url) != 1
        ]
    for url, [card, *_] in rooms.telegram_cards().items():
        buttons = [b["text"] for row in card["reply_markup"]["inline_keyboard"] for b in row]
        faults += _faults_of_votes("telegram", url, buttons[:2], stories.get(url))
    for url, [message, *_] in rooms.discord_cards().items():
        labels = [str(part.get("label", "")) for row in message.components for part in row["components"]]
        faults += _faults_of_votes("discord", url, labels[:2], stories.get(url))
    return faults


def _faults_of_votes(name: str, url: str, buttons: list[str], story: Story | None) -> list[str]:
    weights = [vote.weight for vote in story.votes] if story else []
    wanted = [weights.count(1), weights.count(-1)]
    shown = [int("".join(c for c in button if c.isdigit()) or 0) for button in buttons]
    return [f"{url} shows {shown} on {name}, not {wanted}"] if shown != wanted else []


def faults_of_opinions(expected: Expected, stories: Mapping[str, Story]) -> list[str]:
    """Compare what the desk holds with what people did last."""
    held: dict[tuple[str, str], Opinion] = {}
    for url, story in stories.items():
        sections = {tag.curator.name: tag.section for tag in story.tags}
        for vote in story.votes:
            held[url, vote.curator.name] = (vote.weight, sections.get(vote.curator.name))
    return [
        f"{name} said {' or '.join(map(str, allowed))} of {url}, the desk holds {held.get((url, name))}"
        for (url, name), allowed in expected.opinions.items()
        if held.get((url, name), (0, None)) not in allowed
    ]


def faults_of_answers(rooms: ThreeRooms, expected: Expected) -> list[str]:
    """Count the answers to what was asked."""
    on_telegram = Counter(
        f"telegram:{m['reply_to_message']['message_id']}"
        for m in rooms.telegram.bot_messages(rooms.group)
        if m.get("reply_to_message")
    )
    on_discord = Counter(f"discord:{m.reply_to}" for m in rooms.discord.from_bot(rooms.channel) if m.reply_to)
    answers = on_telegram + on_discord
    return [f"{answers[m]} answers to {m}, not {n}" for m, n in expected.asked.items() if answers[m] != n]


async def held_by(rooms: ThreeRooms) -> dict[str, Story]:
    """Read the desk's stories by their links."""
    database = Database(rooms.config.newsroom.database)
    try:
        async with database.reading() as session:
            return {story.url: story for story in await pitched_stories(session, "board")}
    finally:
        await database.close()


async def faults(storm: Storm) -> list[str]:
    """All that is not as it must be."""
    stories = await held_by(storm.rooms)
    return [
        *(f"{url} is lost" for url in storm.expected.pitched.keys() - stories.keys()),
        *(f"{url} was never pitched" for url in stories.keys() - storm.expected.pitched.keys()),
        *faults_of_opinions(storm.expected, stories),
        *faults_of_cards(storm.rooms, storm.expected, stories),
        *faults_of_answers(storm.rooms, storm.expected),
    ]


async def settled(storm: Storm, patience: float = 60.0) -> list[str]:
    """Wait until nothing is wrong any more; return what still is when nothing has moved for so long."""
    seen, deadline = -1, time.monotonic() + patience
    while time.monotonic() < deadline:
        status = await desk_status(storm.rooms.config)
        left = status["events_waiting"] + status["being_read"] + len(storm.rooms.telegram.waiting)
        if left != seen:  # it goes on: a backlog on a busy machine takes its time
            seen, deadline = left, time.monotonic() + patience
        if not left and not await faults(storm):
            break
        await asyncio.sleep(0.5)
    await asyncio.sleep(1.5)  # what is done twice shows up a little later
    return await faults(storm)


@pytest.mark.timeout(300 + 60 * KILLS)
async def test_what_two_platforms_saw_taken_took_effect_once_though_the_newsroom_is_killed(
    tmp_path: Path,
) -> None:
    print(f"replay: COPYDESK_TEST_SEED={SEED} COPYDESK_TEST_KILLS={KILLS}")

    async with SlowSite(seed=SEED) as site, three_rooms(tmp_path, hosts=(site.host,), threshold=99) as rooms:
        storm = Storm(rooms, site, SEED)
        await open_for_the_first_time(rooms)
        await storm.rage(KILLS)
        wrong = await settled(storm)
        status = await desk_status(rooms.config)
        await rooms.newsroom.stop()

    print(f"{len(rooms.telegram.acknowledged)} updates taken, {len(rooms.discord.sent_events)} events sent")
    print(f"{len(storm.expected.pitched)} stories, {len(storm.expected.opinions)} opinions, {status}")
    assert wrong == [], "\n".join(wrong)
    assert status["events_failed"] == []
    assert status["cards"] == 3 * len(storm.expected.pitched)
    assert await rooms.newsroom.orphans() == []
