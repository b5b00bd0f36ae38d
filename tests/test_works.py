"""A bug in reading a page ends in a card that says what to do, never in silence."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy.exc import OperationalError

from bot.desk import Desk
from bot.events import MessagePosted
from bot.reader import StoryReader
from bot.reading.fetch import Fetcher
from bot.reading.workers import ReadingWorkers
from bot.works import or_unreadable, settle
from storage.database import Database
from storage.outbox import waiting_errands
from storage.records import Story
from storage.stories import story_by_number
from storage.story_counts import unread_stories
from tests.fakes.reading import reading
from tests.fakes.room import FakeRoom
from tests.fakes.web import local_web


@pytest.fixture
async def reader(desk: Desk, room: FakeRoom) -> AsyncIterator[StoryReader]:
    """A reader whose clock has stopped, so that reading breaks; a story waits for it."""
    workers = ReadingWorkers(processes=1)
    async with local_web() as site:
        fetcher = Fetcher(allowed_hosts=(site.host,))
        link = site.url("/english")
        await room.store(desk, "ada", MessagePosted("m1", room.person("ada"), link, desk.clock()))
        await desk.catch_up()
        yield StoryReader(desk.database, desk.settings, fetcher, workers, stopped_clock)
        await fetcher.close()
        await workers.close()


def stopped_clock() -> datetime:
    raise RuntimeError("the clock has stopped")


async def story_of(desk: Desk) -> Story:
    async with desk.database.reading() as session:
        story = await story_by_number(session, desk.settings.name, 1)
    assert story is not None
    return story


async def test_a_page_that_breaks_the_reading_gets_a_card_with_what_to_do(
    desk: Desk, room: FakeRoom, reader: StoryReader
) -> None:
    story = await story_of(desk)
    read = await or_unreadable(reader.read_page(story.id), again=True)
    await settle(replace(reader, clock=desk.clock), story.id, read, errand="read:1", tries=0)
    await room.courier(desk).go_round()

    assert (read["verdict"], read["passing"]) == ("unreadable", True)
    assert "/retry 1" in room.card.problem
    assert "/text 1" in room.card.problem
    async with desk.database.reading() as session:
        assert "read:1:try-1" in [errand.id for errand in await waiting_errands(session, limit=9)]


async def test_the_reason_of_an_unreadable_page_is_the_reference_in_the_log(
    desk: Desk, reader: StoryReader, caplog: pytest.LogCaptureFixture
) -> None:
    story = await story_of(desk)
    read = await or_unreadable(reader.read_page(story.id), again=False)

    [record] = [record for record in caplog.records if record.message == "reading failed"]
    assert read["reason"] == f"bug-{vars(record)['reference']}"


async def test_a_database_that_is_away_is_no_verdict() -> None:
    away = Database("postgresql://nobody@127.0.0.1:1/nowhere")

    async def look() -> dict[str, object]:
        await away.check()
        return {}

    with pytest.raises(OperationalError):
        await or_unreadable(look(), again=True)
    await away.close()


async def test_a_reading_that_cannot_be_written_down_gets_a_card_too(
    desk: Desk, room: FakeRoom, reader: StoryReader
) -> None:
    story = await story_of(desk)
    of_an_older_release = {"verdict": "fine", "reason": ""}

    await settle(replace(reader, clock=desk.clock), story.id, of_an_older_release, errand="read:1", tries=0)
    await room.courier(desk).go_round()

    assert (await story_of(desk)).verdict == "unreadable"
    assert "/retry 1" in room.card.problem


async def test_a_story_that_cannot_be_settled_at_all_is_logged_and_still_counted(
    desk: Desk, reader: StoryReader, caplog: pytest.LogCaptureFixture
) -> None:
    missing = (await story_of(desk)).id + 1

    await settle(reader, missing, reading("A title"), errand="read:2", tries=0)

    [record] = [record for record in caplog.records if record.message == "story left unsettled"]
    assert vars(record)["reference"].startswith("bug-")
    async with desk.database.reading() as session:
        assert await unread_stories(session, desk.settings.name) == 1
