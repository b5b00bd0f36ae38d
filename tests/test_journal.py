"""The journal: who did what, from which room, when."""

from bot.desk import Desk
from storage.journal import lines_of_story, write_line_once
from storage.stories import story_by_number
from tests.fakes.room import FakeRoom

MOON = "https://site.test/wet-moon"


async def lines(desk: Desk, number: int = 1) -> list[tuple[str, str | None, str | None]]:
    """A story's deeds, who did each, and from which room."""
    async with desk.database.reading() as session:
        story = await story_by_number(session, desk.settings.name, number)
        assert story is not None
        found = await lines_of_story(session, story.id)
        return [(one.deed, one.curator.name if one.curator else None, one.room) for one in found]


async def test_every_deed_on_a_story_is_written_down(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    await room.react(desk, "ben", "🤓")
    await room.ask(desk, "ada", "/amend 1 title A moon")
    await room.ask(desk, "nora", "/spike 1 old")
    await room.ask(desk, "nora", "/undo")

    assert await lines(desk) == [
        ("pitch", "ada", "web"),
        ("vote", "ada", "web"),
        ("read", None, None),
        ("vote", "ben", "web"),
        ("tag", "ben", "web"),
        ("amend", "ada", "web"),
        ("spike", "nora", "web"),
        ("undo", "nora", "web"),
    ]


async def test_what_changed_nothing_is_not_written_down(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    before = await lines(desk)

    await room.react(desk, "ada", "👍")
    await room.ask(desk, "ben", "/spike 1 old")
    await room.ask(desk, "ben", "/slate")

    assert await lines(desk) == before


async def test_a_step_that_runs_again_writes_its_line_once(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    for expected in (True, False):
        async with desk.database.transaction() as session:
            wrote = await write_line_once(
                session, "step-1", desk="gazette", deed="read", details={}, now=desk.clock(), story_id=None
            )
        assert wrote == expected
