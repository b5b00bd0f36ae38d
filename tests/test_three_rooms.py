"""One desk in three real rooms: the same day gives the same desk, wherever people act."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.hearing import DeskSettings
from bot.operator_tasks import invitation_link
from bot.tour.visitor import Visitor
from storage.people_records import Role
from tests.fakes.slow_site import SlowSite
from tests.room_actors import DiscordActor, TelegramActor, WebActor
from tests.scenario import (
    AFTER_DELETIONS,
    AFTER_THE_DAY,
    DeskState,
    RoomUnderTest,
    desk_state,
    play,
    play_deletions,
)
from tests.three_rooms import ThreeRooms, open_for_the_first_time, three_rooms

NAMES = ("ada", "ben", "cyd", "nora")


@dataclass
class House:
    """A newsroom, its three rooms, and the same four people in each."""

    rooms: ThreeRooms
    site: str
    web: WebActor
    telegram: TelegramActor
    discord: DiscordActor

    async def state(self) -> DeskState:
        settings = DeskSettings(self.rooms.config, self.rooms.config.card_rooms)
        return await desk_state(self.web.database, settings)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        site = await stack.enter_async_context(SlowSite(seed=1, longest_wait=0.0))
        rooms = await stack.enter_async_context(
            three_rooms(tmp_path, people=NAMES, editors=("nora",), hosts=(site.host,))
        )
        await open_for_the_first_time(rooms)
        visitors = {name: await stack.enter_async_context(await visitor(rooms, name)) for name in NAMES}
        web = WebActor(rooms, visitors)
        telegram, discord = TelegramActor(rooms, rooms.on_telegram), DiscordActor(rooms, rooms.on_discord)
        for actor in (web, telegram, discord):
            stack.push_async_callback(actor.close)
        yield House(rooms, site.url("").rstrip("/"), web, telegram, discord)


async def visitor(rooms: ThreeRooms, name: str) -> Visitor:
    role = Role.EDITOR if name == "nora" else Role.CURATOR
    token = (await invitation_link(rooms.config, role, name=name)).rpartition("/")[2]
    return Visitor(rooms.config.web.address, token, name)


async def test_a_day_at_the_browser(house: House) -> None:
    await play(house.web, house.site)
    assert await house.state() == AFTER_THE_DAY

    await play_deletions(house.web, house.site)
    assert await house.state() == AFTER_DELETIONS


async def test_a_day_on_telegram(house: House) -> None:
    await play(house.telegram, house.site)

    assert await house.state() == AFTER_THE_DAY


async def test_a_day_on_discord(house: House) -> None:
    await play(house.discord, house.site)
    assert await house.state() == AFTER_THE_DAY

    await play_deletions(house.discord, house.site)
    assert await house.state() == AFTER_DELETIONS


class Everywhere:
    """The same people, each in a room of their own."""

    def __init__(self, actors: Mapping[str, RoomUnderTest]) -> None:
        self._actors = actors

    async def write(self, name: str, text: str) -> str:
        return await self._actors[name].write(name, text)

    async def edit(self, name: str, message: str, text: str) -> None:
        await self._actors[name].edit(name, message, text)

    async def react(self, name: str, story: int, emoji: str) -> None:
        await self._actors[name].react(name, story, emoji)

    async def unreact(self, name: str, story: int) -> None:
        await self._actors[name].unreact(name, story)

    async def press(self, name: str, story: int, button: str) -> None:
        await self._actors[name].press(name, story, button)

    async def settled(self) -> None:
        for actor in self._actors.values():
            await actor.settled()


async def test_a_day_with_each_in_a_room_of_their_own(house: House) -> None:
    rooms: dict[str, RoomUnderTest] = {
        "ada": house.web,
        "ben": house.telegram,
        "cyd": house.discord,
        "nora": house.telegram,
    }

    await play(Everywhere(rooms), house.site)

    assert await house.state() == AFTER_THE_DAY
    await house.web.drawn()
    [visitor, *_] = house.web.people.values()
    shown = {card["card"]["url"]: card["card"]["score"] for card in visitor.cards()}
    assert shown.keys() == house.rooms.telegram_cards().keys() == house.rooms.discord_cards().keys()
