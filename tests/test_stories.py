"""The lists of stories hold what may yet run, without the articles, which no list shows."""

from datetime import date

from sqlalchemy import update

from bot.desk import Desk
from storage.issue_records import Issue
from storage.records import Story
from storage.stories import find_stories, pitched_stories, story_by_number
from tests.fakes.room import FakeRoom

MOON, SUN = "https://site.test/wet-moon", "https://site.test/loud-sun"


async def test_a_story_in_a_draft_is_not_among_those_that_may_yet_run(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", f"{MOON} {SUN}")
    async with desk.database.transaction() as session:
        issue = Issue(desk=desk.settings.name, date=date(2020, 5, 15))
        session.add(issue)
        await session.flush()
        await session.execute(update(Story).where(Story.number == 1).values(issue_id=issue.id))

    async with desk.database.reading() as session:
        assert [story.number for story in await pitched_stories(session, desk.settings.name)] == [2]
    assert "#1" not in await room.ask(desk, "ada", "/slate")


async def test_a_list_comes_without_the_articles_that_a_story_has(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    await room.ask(desk, "ada", "/text 1 A moon so wet that it dripped.")

    async with desk.database.reading() as session:
        for [listed] in (
            await pitched_stories(session, desk.settings.name),
            (await find_stories(session, desk.settings.name, ["dripped"], limit=10))[0],
        ):
            assert (listed.field("title"), listed.field("text")) == ("Wet moon", "")
        story = await story_by_number(session, desk.settings.name, 1)
        assert story is not None
        assert "dripped" in story.field("text")


async def test_the_newest_finds_come_with_the_count_of_all(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", f"{MOON} {SUN} https://site.test/third")

    async with desk.database.reading() as session:
        found, count = await find_stories(session, desk.settings.name, ["site.test"], limit=2)

    assert ([story.number for story in found], count) == ([3, 2], 3)
