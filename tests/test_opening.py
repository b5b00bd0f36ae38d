"""A desk that opens follows the config: its editors, its rooms."""

import pytest

from bot.config import Config
from bot.desk import Desk
from bot.hearing import DeskSettings
from bot.opening import DeskServedError, open_desk, take_desk
from storage.database import Database
from tests.fakes.room import FakeRoom

MOON, SUN = "https://site.test/wet-moon", "https://site.test/loud-sun"
NORA = "web:7"


def with_editors(config: Config, *editors: str) -> Config:
    return config.model_copy(update={"desk": config.desk.model_copy(update={"editors": editors})})


async def opened(desk: Desk, *rooms: str, editors: tuple[str, ...] = ()) -> Desk:
    """The desk as it is after a start with these rooms and editors in the config."""
    settings = DeskSettings(with_editors(desk.settings.config, *editors), rooms or desk.settings.rooms)
    await open_desk(desk.database, settings, rooms, desk.clock())
    return Desk(desk.database, settings, desk.clock)


async def test_a_room_that_is_new_in_the_config_is_shown_the_open_board(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    await room.write(desk, "ada", SUN)
    await room.ask(desk, "nora", "/spike 2 no")
    tower = FakeRoom("tower")

    both = await opened(desk, "web", "tower")
    await tower.settle(both)

    assert [card.url for card in tower.cards.values()] == [MOON]
    assert len(room.cards) == 2


async def test_whom_the_config_names_is_an_editor_and_no_longer_once_it_does_not(
    desk: Desk, room: FakeRoom
) -> None:
    assert "Only an editor" in await room.ask(desk, "ada", "/lead Hello.")

    named = await opened(desk, "web", editors=("web:ada",))
    assert "Only an editor" not in await room.ask(named, "ada", "/lead Hello.")

    unnamed = await opened(desk, "web")
    assert "Only an editor" in await room.ask(unnamed, "ada", "/lead Hello again.")


async def test_who_is_an_editor_by_invitation_stays_one_whatever_the_config_says(
    desk: Desk, room: FakeRoom
) -> None:
    await room.ask(desk, "nora", "/lead Hello.")

    await opened(desk, "web", editors=("web:nora",))
    unnamed = await opened(desk, "web")

    assert "Only an editor" not in await room.ask(unnamed, "nora", "/lead Hello again.")


@pytest.mark.parametrize("shared_database", ["postgresql"], indirect=True)
async def test_a_desk_on_postgresql_is_served_by_one_process_at_a_time(database: Database) -> None:
    lock = await take_desk(database, "gazette")

    with pytest.raises(DeskServedError, match="Another bot process serves this desk already"):
        await take_desk(database, "gazette", patience=0.1)
    beside = await take_desk(database, "another")
    await lock.close()
    again = await take_desk(database, "gazette", patience=0.1)

    for held in (again, beside):
        await held.close()
