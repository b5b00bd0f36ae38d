"""Kill the newsroom again and again while people work at it: nothing is lost, nothing is done twice."""

import asyncio
import datetime as dt
import json
import os
import random
import re
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.config import Config, load_config
from bot.operator_tasks import desk_status, invitation_link
from bot.tour.visitor import Message
from storage.people_records import Role
from tests.fakes.slow_site import SlowSite
from tests.newsroom_day import SECTIONS, THRESHOLD, EditorInChief, Expected, Opinion, Person
from tests.newsroom_process import NewsroomProcess, free_port
from tests.steady_visitor import SteadyVisitor

KILLS = int(os.environ.get("COPYDESK_TEST_KILLS") or (24 if os.environ.get("CI") else 8))
SEED = int(os.environ.get("COPYDESK_TEST_SEED") or random.SystemRandom().randrange(10**6))
PEOPLE = ("小林", "阿哲", "Ben", "编辑", "主编")
EDITORS = PEOPLE[-2:]


def config_file(folder: Path, *, database: str, site: SlowSite, port: int) -> Path:
    names = zip(SECTIONS.items(), ("新闻", "论文", "项目", "博文"), strict=True)
    sections = "".join(
        f'[[desk.sections]]\nkey = "{key}"\nname = "{name}"\nemoji = "{emoji}"\n'
        for (emoji, key), name in names
    )
    path = folder / "config.toml"
    path.write_text(
        f'[newsroom]\ndatabase = "{database}"\nstate = "{folder}/var"\nlanguage = "en"\n'
        f'[desk]\nname = "day"\nthreshold = {THRESHOLD}\n{sections}'
        f'[newsletter]\nrepository = "{folder}/newsletter.git"\n'
        f"[web]\nport = {port}\n"
        f'[reading]\nallowed_hosts = ["{site.host}"]\n'
    )
    return path


class Killer:
    """Kills the newsroom at random moments and starts it again."""

    def __init__(self, newsroom: NewsroomProcess, site: SlowSite, chance: random.Random) -> None:
        self.done = 0
        self.acknowledged, self.asked_to_publish = asyncio.Event(), asyncio.Event()
        self._newsroom, self._site, self._chance = newsroom, site, chance

    async def go_about(self, kills: int) -> None:
        moments = (
            self._whenever,
            self._after_an_ack,
            self._while_reading,
            self._while_committing,
            self._starting,
        )
        for _ in range(kills):
            moment = self._chance.choice(moments)
            if moment != self._starting:
                await self._newsroom.ready()
            await moment()
            await self._newsroom.kill()
            self.done += 1
            await self._newsroom.start()
        await self._newsroom.ready()

    async def _whenever(self) -> None:
        await asyncio.sleep(self._chance.uniform(0, 2))

    async def _after_an_ack(self) -> None:
        await self._next(self.acknowledged)

    async def _while_reading(self) -> None:
        await self._next(self._site.asked)
        await asyncio.sleep(self._chance.uniform(0, 0.4))

    async def _while_committing(self) -> None:
        await self._next(self.asked_to_publish)
        await asyncio.sleep(self._chance.uniform(0, 0.6))

    async def _starting(self) -> None:
        await asyncio.sleep(self._chance.uniform(0.3, 2.5))

    async def _next(self, event: asyncio.Event) -> None:
        event.clear()
        with suppress(TimeoutError):  # people may have nothing of that kind to do
            async with asyncio.timeout(6):
                await event.wait()


@dataclass(slots=True)
class Day:
    """A newsroom with people at work in it."""

    config: Config
    config_path: Path
    newsroom: NewsroomProcess
    site: SlowSite
    killer: Killer
    expected: Expected
    people: list[Person]

    async def work(self, kills: int) -> None:
        """Let people work until the killer is done; a day without an issue would prove little."""
        async with asyncio.TaskGroup() as group:
            killing = group.create_task(self.killer.go_about(kills))
            for person in self.people:
                group.create_task(person.work(lambda: killing.done() and self._has_published()))

    def _has_published(self) -> bool:
        return any("Written to" in message["text"] for message in self.people[0].visitor.messages.values())


@asynccontextmanager
async def a_day(folder: Path, database: str, seed: int) -> AsyncIterator[Day]:
    async with SlowSite(seed=seed) as site:
        port = free_port()
        path = config_file(folder, database=database, site=site, port=port)
        config = load_config(path)
        newsroom = NewsroomProcess(path, address=config.web.address, log=folder / "newsroom.log")
        killer = Killer(newsroom, site, random.Random(f"{seed} killer"))
        try:
            await _start_at_last(newsroom, random.Random(f"{seed} start"))
            day = Day(config, path, newsroom, site, killer, Expected(), [])
            await _let_people_in(day, seed)
            yield day
        except BaseException:
            print(newsroom.said(), await desk_status(config))
            raise
        finally:
            for person in day.people:
                await person.visitor.leave()
            await newsroom.kill()


async def _start_at_last(newsroom: NewsroomProcess, chance: random.Random) -> None:
    """Kill the very first start, so that tables and repository are begun twice."""
    await newsroom.start()
    await asyncio.sleep(chance.uniform(1, 4))
    await newsroom.kill()
    await newsroom.start()
    await newsroom.ready()


async def _let_people_in(day: Day, seed: int) -> None:
    for name in PEOPLE:
        role = Role.EDITOR if name in EDITORS else Role.CURATOR
        token = (await invitation_link(day.config, role, name=name)).rpartition("/")[2]
        visitor = SteadyVisitor(day.newsroom.address, token, name, acknowledged=day.killer.acknowledged.set)
        await visitor.sign_in()
        await visitor.connect()
        given = (visitor, day.site, day.expected, random.Random(f"{seed} {name}"))
        today = dt.datetime.now(dt.UTC).date()
        asked = day.killer.asked_to_publish
        publishes = name == PEOPLE[-1]
        day.people.append(
            EditorInChief(*given, asked_to_publish=asked, today=today) if publishes else Person(*given)
        )


def faults_of_room(day: Day, seen: Mapping[int, Message]) -> list[str]:
    """Compare what the room shows with what people did."""
    cards = [message for message in seen.values() if message["card"]]
    return [
        *_faults_of_cards(day.expected, cards),
        *_faults_of_opinions(day.expected, cards),
        *_faults_of_messages(day, seen),
    ]


def _faults_of_cards(expected: Expected, cards: list[Message]) -> list[str]:
    shown = Counter(message["card"]["url"] for message in cards)
    numbers = Counter(message["card"]["number"] for message in cards)
    titles = {message["card"]["url"]: message["card"]["title"] for message in cards}
    return [
        *(f"{shown[url]} cards for {url}" for url in expected.pitched.keys() | shown if shown[url] != 1),
        *(f"a card for {url}, which nobody pitched" for url in shown.keys() - expected.pitched.keys()),
        *(f"#{number} on {count} cards" for number, count in numbers.items() if count > 1),
        *(
            f"{url}: title {titles.get(url)}"
            for url, title in expected.titles.items()
            if titles.get(url) != title
        ),
    ]


def _faults_of_opinions(expected: Expected, cards: list[Message]) -> list[str]:
    shown: dict[tuple[str, str], list[Opinion]] = {}
    for card in (message["card"] for message in cards):
        for button in card["buttons"]:
            for person in button["people"]:
                held = shown.setdefault((card["url"], person), [Opinion()])[0]
                if button["key"].startswith("section:"):
                    held.section = button["key"].removeprefix("section:")
                else:
                    held.weight += 1 if button["key"] == "up" else -1
    return [
        f"{name} said {wanted} of {url}, the card shows {found}"
        for (url, name) in expected.opinions.keys() | shown.keys()
        if (wanted := expected.opinions.get((url, name), Opinion()))
        != (found := shown.get((url, name), [Opinion()])[0])
    ]


def _faults_of_messages(day: Day, seen: Mapping[int, Message]) -> list[str]:
    answers = Counter(m["reply_to"]["id"] for m in seen.values() if m["author"] is None and m["reply_to"])
    keys = Counter((m["author"]["id"], m["key"]) for m in seen.values() if m["author"])
    links = [m for m in seen.values() if m["author"] and day.site.host in m["text"] and not m["deleted"]]
    wanted = day.expected.answers
    return [
        *(
            f"{answers[m]} answers to {seen[m]['text']!r}, not {n}"
            for m, n in wanted.items()
            if answers[m] != n
        ),
        *(f"an answer to {seen[m]['text']!r}" for m in answers.keys() - wanted.keys()),
        *(f"{count} messages with the key {key}" for key, count in keys.items() if count > 1),
        *(f"no receipt on {m['text']!r}" for m in links if not _has_receipt(m)),
    ]


def _has_receipt(message: Message) -> bool:
    return any(reaction["bot"] and reaction["emoji"] == "👀" for reaction in message["reactions"])


async def settled(day: Day, patience: float = 60.0) -> Mapping[int, Message]:
    """Wait until the room shows all it should and nothing is under way; return what a newcomer is shown."""
    deadline = time.monotonic() + patience
    seen = day.people[0].visitor.messages
    while time.monotonic() < deadline:
        status = await desk_status(day.config)
        if not status["events_waiting"] and not status["being_read"] and not faults_of_room(day, seen):
            break
        await asyncio.sleep(0.3)
    await asyncio.sleep(1.5)  # what is done twice shows up a little later
    return await _all_messages(day)


async def _all_messages(day: Day) -> Mapping[int, Message]:
    """Read the whole room from its first change, as a browser that was away all day."""
    token = (await invitation_link(day.config, Role.CURATOR, name="Late")).rpartition("/")[2]
    late = SteadyVisitor(day.newsroom.address, token, "Late", acknowledged=lambda: None)
    late.change = 1
    last = max(person.visitor.change for person in day.people)
    await late.sign_in()
    await late.connect()
    try:
        await late.until(lambda: late.change >= last, "the whole day")
        return dict(late.messages)
    finally:
        await late.leave()


def faults_of_repository(folder: Path, seen: Mapping[int, Message]) -> list[str]:
    """Compare the newsletter's repository with what the room was told."""
    ids = Counter(
        _git(folder, "log", "--format=%(trailers:key=Publish-Id,valueonly,separator=%x20)", "main").split()
    )
    ids.pop("begin", None)
    said = "\n".join(message["text"] for message in seen.values() if message["author"] is None)
    told = Counter(re.findall(r"[Cc]ommit ([0-9a-f]{7})\b", said))
    there = Counter(_git(folder, "log", "--format=%h", "--abbrev=7", "main").split())
    issues = "".join(
        _git(folder, "show", f"main:{path}")
        for path in _git(folder, "ls-tree", "-r", "-z", "--name-only", "main").split("\0")
        if path
    )
    drafted = [m["card"]["url"] for m in seen.values() if m["card"] and m["card"]["state"] == "drafted"]
    other = [m["card"]["url"] for m in seen.values() if m["card"] and m["card"]["state"] != "drafted"]
    return [
        *(f"{count} commits with the publish id {id_}" for id_, count in ids.items() if count > 1),
        *(f"commit {id_} was told {count} times" for id_, count in told.items() if count > 1),
        *(f"commit {id_} was told and is not there" for id_ in told.keys() - there.keys()),
        *([f"{len(ids)} commits, {len(told)} told"] if len(ids) != len(told) else []),
        *([] if ids else ["nothing was ever published"]),
        *(
            f"{url} stands {issues.count(f'({url})')} times in git"
            for url in drafted
            if issues.count(f"({url})") != 1
        ),
        *(f"{url} stands in git, undrafted" for url in other if f"({url})" in issues),
        *_git(folder, "fsck", "--full", "--strict", "--no-dangling", "--no-progress").splitlines(),
    ]


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def faults_of_files(folder: Path) -> list[str]:
    """Let SQLite check the desk's file and the engine's."""
    faults = []
    for path in sorted(folder.glob("*.db")):
        with sqlite3.connect(path) as connection:
            answer = connection.execute("PRAGMA integrity_check").fetchall()
            faults += [f"{path.name}: {line}" for line in answer if line != ("ok",)]
    return faults


@pytest.mark.timeout(120 + 40 * KILLS)  # each kill costs a start, and a start on a busy machine many seconds
async def test_whatever_was_acknowledged_is_there_once_though_the_newsroom_is_killed_again_and_again(
    tmp_path: Path,
) -> None:
    print(f"replay: COPYDESK_TEST_SEED={SEED} COPYDESK_TEST_KILLS={KILLS}")

    async with a_day(tmp_path, f"sqlite:///{tmp_path}/var/copydesk.db", SEED) as day:
        await day.work(KILLS)
        seen = await settled(day)
        status = await desk_status(day.config)
        await day.newsroom.stop()

    print(json.dumps(status), f"{len(seen)} messages")
    assert faults_of_room(day, seen) == []
    for person in day.people:
        assert person.visitor.refused == {}
        assert [m for m in seen.values() if person.visitor.messages.get(m["id"]) != m] == []
    assert status["events_failed"] == []
    assert sum(status["stories"].values()) == len(day.expected.pitched) == status["cards"]
    assert faults_of_repository(tmp_path / "newsletter.git", seen) == []
    assert faults_of_files(tmp_path / "var") == []
    assert await day.newsroom.orphans() == []
