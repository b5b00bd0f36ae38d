"""One board over several rooms: a story's cards, where the bot speaks, and one day played in a room."""

import pytest

from bot.config import parse_config
from bot.desk import Desk
from bot.hearing import DeskSettings
from tests.fakes.room import FakeRoom
from tests.scenario import AFTER_DELETIONS, AFTER_THE_DAY, desk_state, play, play_deletions

MOON, SUN = "https://site.test/wet-moon", "https://site.test/loud-sun"
SITE = "https://site.test"
ROOMS = ("web", "tower", "cellar")


@pytest.fixture
def board(desk: Desk) -> Desk:
    """A desk that meets in three rooms, with cards in two of them."""
    return Desk(desk.database, DeskSettings(desk.settings.config, ("web", "tower")), desk.clock)


@pytest.fixture
def rooms() -> tuple[FakeRoom, FakeRoom, FakeRoom]:
    made = (FakeRoom("web"), FakeRoom("tower"), FakeRoom("cellar"))
    for room in made:
        room.beside = [other for other in made if other is not room]
    return made


Rooms = tuple[FakeRoom, FakeRoom, FakeRoom]


@pytest.mark.parametrize("where", [0, 1, 2])
async def test_a_link_shows_as_a_card_in_each_room_that_has_cards(
    board: Desk, rooms: Rooms, where: int
) -> None:
    web, tower, cellar = rooms
    message = await rooms[where].write(board, "ada", MOON)

    assert rooms[where].platform.reactions[message] == "👀"
    assert (len(web.cards), len(tower.cards), len(cellar.cards)) == (1, 1, 0)
    assert web.card == tower.card


async def test_a_vote_anywhere_redraws_every_card(board: Desk, rooms: Rooms) -> None:
    web, tower, cellar = rooms
    await cellar.write(board, "ada", MOON)

    await tower.react(board, "ben", "🤓")
    assert (web.card.score, tower.card.score, web.card.section) == (2, 2, "Papers")

    await web.press(board, "cyd", "section:news")
    await cellar.ask(board, "dan", "/section 1 news")
    assert web.card == tower.card
    assert (web.card.score, web.card.section) == (3, "News")
    assert tower.platform.reactions[tower.card_id()] == web.platform.reactions[web.card_id()] == "👍"


async def test_what_is_said_to_somebody_is_said_in_their_room_only(board: Desk, rooms: Rooms) -> None:
    web, tower, cellar = rooms
    await web.write(board, "ada", f"{MOON} worth it")

    again = await cellar.write(board, "zoe", f"{MOON} seen this?")
    await tower.ask(board, "ben", "/slate")
    await cellar.ask(board, "zoe", "/amend 1 title A moon")

    assert "That is #1 already" in cellar.answer_to(again)
    assert (len(web.said), len(tower.said), len(cellar.said)) == (0, 1, 2)
    assert web.card.notes == tower.card.notes == ("worth it", "seen this?")


async def test_a_room_without_cards_gets_none(board: Desk, rooms: Rooms) -> None:
    tables = {
        "desk": {"sections": [s.model_dump() for s in board.settings.config.desk.sections]},
        "newsletter": {"layout": "plain"},
        "web": {"cards": False},
        "telegram": {
            "rooms": [{"name": "tower", "chat": -1}, {"name": "cellar", "chat": -2, "cards": False}]
        },
    }
    config = parse_config(tables)
    desk = Desk(board.database, DeskSettings(config, config.card_rooms), board.clock)
    web, tower, cellar = rooms

    await web.write(desk, "ada", MOON)

    assert (len(web.cards), len(tower.cards), len(cellar.cards)) == (0, 1, 0)
    assert tower.card.title == "Wet moon"


async def test_a_message_is_its_own_rooms(board: Desk, rooms: Rooms) -> None:
    """Two rooms may call different messages by the same id."""
    web, tower, _ = rooms
    await web.write(board, "ada", "good morning")
    here = await web.write(board, "ada", MOON)
    there = await tower.write(board, "ben", SUN)
    assert here == there

    await tower.delete(board, "ben", there)

    assert (web.card_of(1).state, web.card_of(2).state) == ("waiting", "spiked")


class PlayedRoom:
    """The fake room, as the scenario sees one."""

    def __init__(self, desk: Desk, room: FakeRoom) -> None:
        self.desk, self.room = desk, room
        self._standing: dict[tuple[str, int], tuple[str, ...]] = {}

    async def write(self, name: str, text: str) -> str:
        return await self.room.write(self.desk, name, text)

    async def edit(self, name: str, message: str, text: str) -> None:
        await self.room.edit(self.desk, name, message, text)

    async def react(self, name: str, story: int, emoji: str) -> None:
        await self.react_with(name, story, emoji)

    async def unreact(self, name: str, story: int) -> None:
        await self.react_with(name, story)

    async def react_with(self, name: str, story: int, *emojis: str) -> None:
        for emoji in self._standing.get((name, story), ()):
            if emoji not in emojis:
                await self.room.unreact(self.desk, name, emoji, story=story)
        if emojis:
            await self.room.react(self.desk, name, *emojis, story=story)
        self._standing[name, story] = emojis

    async def press(self, name: str, story: int, button: str) -> None:
        await self.room.press(self.desk, name, button, story=story)

    async def delete(self, name: str, message: str) -> None:
        await self.room.delete(self.desk, name, message)

    async def settled(self) -> None:
        await self.room.settle(self.desk)


async def test_a_day_in_a_room_leaves_the_desk_as_it_does_in_every_room(desk: Desk, room: FakeRoom) -> None:
    played = PlayedRoom(desk, room)

    await play(played, SITE)
    assert await desk_state(desk.database, desk.settings) == AFTER_THE_DAY

    await play_deletions(played, SITE)
    assert await desk_state(desk.database, desk.settings) == AFTER_DELETIONS
