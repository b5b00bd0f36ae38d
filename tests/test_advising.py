"""What the desk learnt from published stories advises the next card."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.advising import learn_sections, order_learning
from bot.config import Config
from bot.desk import Desk
from bot.events import MessagePosted
from bot.import_issues import import_issues
from bot.newsroom import Newsroom
from bot.opening import open_desk
from bot.reader import StoryReader
from bot.reading.fetch import Fetcher
from bot.reading.sections.features import PastStory
from bot.reading.sections.work import FEWEST_STORIES
from bot.reading.workers import ReadingWorkers
from storage.database import Database
from storage.outbox import waiting_errands
from storage.reading_records import SectionModel
from storage.records import Author, Story, StoryStatus
from storage.section_models import add_model, newest_model, newest_published
from storage.stories import add_story, write_field
from tests.fakes.newsroom import config_of, signed_in
from tests.fakes.reading import reading
from tests.fakes.room import FakeRoom
from tests.fakes.web import LocalWeb, local_web
from tests.made_up_archive import archive, write_issues

_TOO_LITTLE = 100_000_000  # bytes of address: a process starts in them, numbers do not load
MARSH_PAGE = reading(
    "The snail and the heron keep time", summary="Reeds, water, mist and an otter in the tide."
)


@pytest.fixture
async def site() -> AsyncIterator[LocalWeb]:
    async with local_web() as site:
        yield site


@pytest.fixture(scope="module")
def workers() -> Iterator[ReadingWorkers]:
    """One process for all tests here: what it loads to learn takes a second."""
    workers = ReadingWorkers(processes=1)
    yield workers
    asyncio.run(workers.close())


@pytest.fixture
async def reader(desk: Desk, workers: ReadingWorkers) -> AsyncIterator[StoryReader]:
    """A reader; the pages it settles are made up."""
    fetcher = Fetcher()
    yield StoryReader(desk.database, desk.settings, fetcher, workers, desk.clock)
    await fetcher.close()


async def publish(desk: Desk, stories: list[PastStory]) -> None:
    """Let stories have run, oldest first."""
    now = desk.clock()
    async with desk.database.transaction() as session:
        for past in stories:
            words, name = past.words, desk.settings.name
            story = await add_story(
                session, desk=name, key=words.url, url=words.url, pitched_by=None, now=now
            )
            assert story is not None
            story.status, story.section = StoryStatus.PUBLISHED, past.section
            for field in ("title", "source", "text"):
                value = getattr(words, field)
                await write_field(
                    session, story.id, field, value, author=Author.GIT, curator_id=None, now=now
                )


async def settle(reader: StoryReader, desk: Desk, room: FakeRoom, *, read: dict[str, object]) -> Story:
    """Let somebody drop a link whose page says this."""
    await room.store(desk, "ada", MessagePosted("m1", room.person("ada"), "https://new.test/a", desk.clock()))
    await desk.catch_up()
    async with desk.database.reading() as session:
        [errand] = [e for e in await waiting_errands(session, limit=9) if e.workflow == "read"]
    story_id = int(errand.arguments[0])
    read = read | {"final_url": "https://new.test/a"}
    await reader.settle(story_id, read, errand=errand.id, tries=0)
    await room.courier(desk).go_round()
    async with desk.database.reading() as session:
        return await session.get_one(Story, story_id)


async def learn(reader: StoryReader) -> int | None:
    return await learn_sections(reader.database, reader.workers, reader.settings, reader.clock)


async def test_stories_that_ran_teach_the_next_card(desk: Desk, room: FakeRoom, reader: StoryReader) -> None:
    await publish(desk, archive(60))
    assert await learn(reader) == 1

    story = await settle(reader, desk, room, read=MARSH_PAGE)

    assert (story.advice, story.second_advice) == ("posts", None)
    assert room.card.advice == f"Suggested section: ✍ Posts ({round(100 * story.confidence)} %)"
    assert story.confidence > 0.6


async def test_a_card_shows_two_sections_where_the_first_is_unsure(
    desk: Desk, room: FakeRoom, reader: StoryReader
) -> None:
    await publish(desk, archive(60, kitchen="papers"))
    await learn(reader)
    either = reading(
        "Heron engine", summary="Heron, engine, snail, valve, reeds, piston, water, gear, otter, boiler."
    )

    story = await settle(reader, desk, room, read=either)
    shown = room.card.advice
    await room.react(desk, "ben", "👍")

    first, second = ("✍ Posts", "⚡ News") if story.advice == "posts" else ("⚡ News", "✍ Posts")
    assert shown == f"{first} or {second}? A 👍 alone counts for the first"
    assert room.card.section == first.partition(" ")[2]


async def test_before_anything_is_learnt_the_site_and_the_source_advise(
    desk: Desk, room: FakeRoom, reader: StoryReader
) -> None:
    few = archive(6, marsh="papers")
    await publish(desk, few)
    assert await learn(reader) is None

    story = await settle(
        reader, desk, room, read=MARSH_PAGE | {"fields": {"title": "T", "source": "Marsh Weekly"}}
    )

    ran = [past.section for past in few if past.words.source == "Marsh Weekly"]
    assert story.advice == max(("news", "papers"), key=ran.count)


async def test_a_model_of_another_release_is_as_good_as_none(
    desk: Desk, room: FakeRoom, reader: StoryReader
) -> None:
    async with desk.database.transaction() as session:
        await add_model(session, desk.settings.name, b"\x80\x04junk", stories=60, now=desk.clock(), keep=3)

    story = await settle(reader, desk, room, read=MARSH_PAGE)

    assert (story.verdict, story.advice) == ("fine", None)


async def test_a_worker_that_fails_costs_the_advice_and_nothing_else(
    desk: Desk, room: FakeRoom, reader: StoryReader, caplog: pytest.LogCaptureFixture
) -> None:
    await publish(desk, archive(60))
    await learn(reader)
    cramped = replace(reader, workers=ReadingWorkers(processes=1, memory=_TOO_LITTLE))

    story = await settle(cramped, desk, room, read=MARSH_PAGE)
    again = await learn(cramped)
    await cramped.workers.close()

    assert (story.verdict, story.advice, again) == ("fine", None, None)
    assert {"advice failed", "learning failed"} <= {record.message for record in caplog.records}


async def test_a_page_that_could_not_be_read_is_not_judged_by_its_address(
    desk: Desk, room: FakeRoom, reader: StoryReader
) -> None:
    await publish(desk, archive(60))
    await learn(reader)

    story = await settle(reader, desk, room, read=reading(verdict="login"))

    assert story.advice is None


async def test_the_last_three_models_are_kept(database: Database, desk: Desk) -> None:
    for number in range(5):
        async with database.transaction() as session:
            weights = bytes([number])
            await add_model(session, "gazette", weights, stories=number, now=desk.clock(), keep=3)
    async with database.transaction() as session:
        await add_model(session, "another", b"", stories=1, now=desk.clock(), keep=3)

    async with database.reading() as session:
        versions = [await session.get(SectionModel, ("gazette", version)) for version in range(1, 6)]
        newest = await newest_model(session, "gazette")
        assert [model is not None for model in versions] == [False, False, True, True, True]
        assert newest is not None
        assert (newest.version, newest.weights, newest.stories) == (5, b"\x04", 4)


async def test_the_newest_stories_are_learnt_from_in_the_order_they_ran(desk: Desk) -> None:
    stories = archive(8, machines="rumours")
    await publish(desk, stories)

    async with desk.database.reading() as session:
        found = await newest_published(session, desk.settings.name, sections=["posts"], limit=3, characters=5)

    assert [story.url for story in found] == [story.words.url for story in stories[3::2]]
    assert {story.section for story in found} == {"posts"}
    assert [story.words["title"] for story in found] == [story.words.title[:5] for story in stories[3::2]]


async def test_learning_is_ordered_once_for_the_same_stories(desk: Desk) -> None:
    async def ordered() -> int:
        async with desk.database.transaction() as session:
            await order_learning(session, desk.settings.name, desk.clock())
        async with desk.database.reading() as session:
            errands = await waiting_errands(session, limit=9)
            return len([errand for errand in errands if errand.workflow == "learn"])

    stories = archive(FEWEST_STORIES + 1)
    await publish(desk, stories[: FEWEST_STORIES - 1])
    assert await ordered() == 0
    await publish(desk, stories[FEWEST_STORIES - 1 : -1])

    assert [await ordered(), await ordered()] == [1, 1]
    await publish(desk, stories[-1:])
    assert await ordered() == 2


async def test_a_desk_that_opens_learns_from_what_ran_before(desk: Desk) -> None:
    await publish(desk, archive(FEWEST_STORIES))

    for _ in range(2):
        await open_desk(desk.database, desk.settings, ["web"], desk.clock())

    async with desk.database.reading() as session:
        errands = await waiting_errands(session, limit=9)
    assert [errand.workflow for errand in errands] == ["learn"]


async def test_an_import_beside_a_running_newsroom_advises_its_next_card(
    tmp_path: Path, site: LocalWeb, database_url: str
) -> None:
    config = config_of(tmp_path, database_url, site.host)
    issues = tmp_path / "issues"
    issues.mkdir()
    write_issues(issues, archive(60))

    async with Newsroom(config), signed_in(config, "ada") as ada:
        await import_issues(config, str(issues))
        await until_learnt(config)
        await ada.say(site.url("/english"))
        card = await ada.card_of(site.url("/english"))

    assert card["card"]["title"] == "The reeds keep time"
    assert "Posts" in card["card"]["advice"]


async def until_learnt(config: Config) -> None:
    database = Database(config.newsroom.database)
    async with asyncio.timeout(60):
        while True:
            async with database.reading() as session:
                if await newest_model(session, config.desk.name) is not None:
                    break
            await asyncio.sleep(0.05)
    await database.close()
