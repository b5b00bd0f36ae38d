"""A room in trouble rests, is told of once, and keeps no other room waiting."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.courier import Courier
from bot.desk import Desk
from bot.rooms.room import RoomTroubleError, Trouble
from tests.fakes.platform import FakePlatform
from tests.fakes.room import FakeRoom

MOON = "https://site.test/wet-moon"


class TroubledPlatform(FakePlatform):
    """A platform that refuses everything with the same words until it is mended."""

    trouble: RoomTroubleError | None = None
    asked = 0

    def _require_connection(self) -> None:
        self.asked += 1
        if self.trouble is not None:
            raise self.trouble


class Day:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2020, 5, 13, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Tower(FakeRoom):
    """A room whose platform may be in trouble; its courier stays the same, as in a newsroom."""

    def __init__(self, day: Day) -> None:
        super().__init__("tower")
        self.troubled = TroubledPlatform("tower")
        self.platform = self.troubled
        self.day = day
        self._courier: Courier | None = None

    def courier(self, desk: Desk) -> Courier:
        if self._courier is None:
            self._courier = Courier(desk.database, desk.settings, self.platform, self.day)
        return self._courier


@pytest.fixture
def day() -> Day:
    return Day()


@pytest.fixture
def clock(day: Day) -> Callable[[], datetime]:
    return day


@pytest.fixture
def tower(day: Day, room: FakeRoom) -> Tower:
    tower = Tower(day)
    room.beside.append(tower)
    tower.beside.append(room)
    return tower


def told(room: FakeRoom) -> list[str]:
    return [post.text for post in room.said if post.reply_to is None]


async def test_editors_are_told_at_once_and_once_where_only_people_can_help(
    desk: Desk, room: FakeRoom, tower: Tower, day: Day
) -> None:
    tower.troubled.trouble = RoomTroubleError("bot was kicked", trouble=Trouble.GONE)
    await tower.write(desk, "ada", "/slate")
    for _ in range(5):
        day.later(100)
        await tower.settle(desk)

    assert len(told(room)) == 1
    assert "tower is not there for me any more (bot was kicked)" in told(room)[0]


async def test_what_may_pass_does_not_end_what_only_people_can_mend(
    desk: Desk, room: FakeRoom, tower: Tower, day: Day
) -> None:
    for number in range(6):
        gone = RoomTroubleError("bot was kicked", trouble=Trouble.GONE)
        tower.troubled.trouble = RoomTroubleError("no answer") if number % 2 else gone
        day.later(100)
        await tower.write(desk, "ada", "/slate")
        await room.settle(desk)

    assert len(told(room)) == 1


async def test_a_trouble_that_may_pass_is_told_of_after_a_minute(
    desk: Desk, room: FakeRoom, tower: Tower, day: Day
) -> None:
    tower.troubled.trouble = RoomTroubleError("no answer")
    await tower.write(desk, "ada", "/slate")
    day.later(30)
    await tower.settle(desk)
    assert told(room) == []

    day.later(40)
    await tower.settle(desk)
    await room.settle(desk)

    assert len(told(room)) == 1
    assert "I can't reach the room tower (no answer)" in told(room)[0]


async def test_what_waited_is_said_when_the_room_is_well_again_and_that_is_told(
    desk: Desk, room: FakeRoom, tower: Tower, day: Day
) -> None:
    tower.troubled.trouble = RoomTroubleError("bot was kicked", trouble=Trouble.GONE)
    await tower.write(desk, "ada", "/slate")
    tower.troubled.trouble = None
    day.later(2)

    await tower.settle(desk)
    await room.settle(desk)

    assert len(tower.said) == 1
    assert told(room)[1:] == ["The room tower is well again; what waited there is being said."]


async def test_a_short_trouble_is_never_mentioned(desk: Desk, room: FakeRoom, tower: Tower, day: Day) -> None:
    tower.troubled.trouble = RoomTroubleError("no answer")
    await tower.write(desk, "ada", "/slate")
    tower.troubled.trouble = None
    day.later(2)

    await tower.settle(desk)
    await room.settle(desk)

    assert len(tower.said) == 1
    assert told(room) == []


async def test_a_room_that_asks_to_wait_is_left_alone_as_long_as_it_says(
    desk: Desk, tower: Tower, day: Day
) -> None:
    tower.troubled.trouble = RoomTroubleError("flood", trouble=Trouble.BUSY, retry_after=37)
    await tower.write(desk, "ada", "/slate")
    tower.troubled.trouble, asked = None, tower.troubled.asked

    day.later(36)
    await tower.settle(desk)
    assert tower.troubled.asked == asked

    day.later(2)
    await tower.settle(desk)
    assert len(tower.said) == 1


async def test_a_clock_that_is_set_back_makes_no_pause_longer(desk: Desk, tower: Tower, day: Day) -> None:
    tower.troubled.trouble = RoomTroubleError("no answer")
    await tower.write(desk, "ada", "/slate")
    tower.troubled.trouble = None

    day.later(-3600)
    await tower.settle(desk)

    assert len(tower.said) == 1


async def test_the_pauses_between_tries_grow_to_a_minute(desk: Desk, tower: Tower, day: Day) -> None:
    tower.troubled.trouble = RoomTroubleError("no answer")
    await tower.write(desk, "ada", "/slate")
    asked = tower.troubled.asked
    for _ in range(3600):
        day.later(1)
        await tower.courier(desk).go_round()

    assert 60 <= tower.troubled.asked - asked <= 66


async def test_the_trouble_of_the_editors_own_room_is_told_there_when_it_is_over(
    desk: Desk, room: FakeRoom
) -> None:
    troubled, well = TroubledPlatform("web"), room.platform
    troubled.trouble = RoomTroubleError("disk full", trouble=Trouble.RIGHT)
    room.platform = troubled
    await room.write(desk, "ada", "/slate")

    room.platform = well
    await room.settle(desk)

    assert "I may not do that in the room web (disk full)" in told(room)[0]


async def test_what_a_platform_never_takes_is_skipped_and_told_of(
    desk: Desk, room: FakeRoom, tower: Tower
) -> None:
    tower.troubled.trouble = RoomTroubleError("can't parse entities", trouble=Trouble.REFUSED)
    await tower.write(desk, "ada", "/slate")
    tower.troubled.trouble = None
    await tower.write(desk, "ada", "/help slate")
    await room.settle(desk)

    assert len(tower.said) == 1
    assert told(room) == [
        "The room tower does not take a message of mine (can't parse entities), so I skip it. "
        "Please tell whoever runs Copydesk."
    ]


async def test_a_room_in_trouble_keeps_no_other_waiting(desk: Desk, room: FakeRoom, tower: Tower) -> None:
    tower.troubled.trouble = RoomTroubleError("bot was kicked", trouble=Trouble.GONE)
    await tower.write(desk, "ada", MOON)

    assert "#1" in await room.ask(desk, "ada", "/find moon")
    assert room.card.url == MOON
