"""What the desk wants said is said once, in order, whatever happens to the connection or the courier."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import text as sql

from bot.courier import MOST_TRIES, Courier
from bot.desk import Desk
from bot.events import ButtonPressed, MessagePosted
from bot.hearing import DeskSettings
from bot.rooms.room import Post
from storage.cards import story_shown_by
from storage.inbox import mark_handled, unhandled_events
from tests.fakes.platform import FakePlatform
from tests.fakes.room import FakeRoom

MOON, SUN = "https://site.test/wet-moon", "https://site.test/loud-sun"


async def test_an_answer_is_said_once_though_the_connection_drops_behind_it(
    desk: Desk, room: FakeRoom
) -> None:
    room.platform.drops_after_posting = True

    await room.write(desk, "ada", "/slate")
    assert len(room.said) == 1  # it is there, and the courier does not know
    await room.settle(desk)
    await room.settle(desk)

    assert len(room.said) == 1


async def test_a_card_is_posted_once_and_shows_what_came_while_the_connection_was_gone(
    desk: Desk, room: FakeRoom
) -> None:
    room.platform.drops_after_posting = True
    await room.write(desk, "ada", MOON)
    assert len(room.cards) == 1

    room.platform.is_away = True
    await room.write(desk, "ben", MOON)
    room.platform.is_away = False
    await room.settle(desk)

    assert len(room.cards) == 1
    assert room.card.score == 2


async def test_many_votes_are_one_redraw(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    before = room.platform.redraws
    for number in range(20):
        name = f"voter {number}"
        await room.store(desk, name, ButtonPressed(room.card_id(), room.person(name), "up", desk.clock()))

    await room.settle(desk)

    assert room.card.score == 21
    assert room.platform.redraws == before + 1


async def test_a_card_is_redrawn_in_place(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    card = room.card_id()

    await room.react(desk, "ben", "🤓")

    assert room.card_id() == card
    assert len(room.cards) == 1


async def test_a_room_in_trouble_does_not_stop_another(desk: Desk, room: FakeRoom) -> None:
    both = Desk(desk.database, DeskSettings(desk.settings.config, ("web", "tower")), desk.clock)
    tower = FakeRoom("tower", beside=[room])
    room.beside = [tower]
    tower.platform.is_away = True
    for number in range(101):  # more than the courier takes along at once
        asked = MessagePosted(f"m{number}", tower.person("zoe"), "/help slate", desk.clock())
        await tower.store(both, "zoe", asked)

    await room.write(both, "ada", MOON)
    assert "#1 Wet moon" in await room.ask(both, "ada", "/find moon")
    assert (len(room.cards), len(tower.cards)) == (1, 0)

    tower.platform.is_away = False
    await room.settle(both)
    assert len(tower.said) == 101
    assert tower.card == room.card


async def test_what_can_never_be_said_does_not_stop_what_can(desk: Desk, room: FakeRoom) -> None:
    message = await room.write(desk, "ada", "good morning")
    room.platform.is_away = True
    await room.edit(desk, "ada", message, MOON)  # its receipt waits
    del room.platform.messages[message]
    room.platform.is_away = False

    answer = await room.ask(desk, "ada", "/help slate")

    assert "what would run" in answer
    assert room.card.url == MOON


async def test_a_card_that_somebody_deleted_does_not_stop_others(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    del room.platform.cards[room.card_id()]

    await room.write(desk, "ben", f"{MOON} {SUN}")

    assert [card.url for card in room.cards.values()] == [SUN]


async def test_the_order_of_answers_is_that_of_the_questions(desk: Desk, room: FakeRoom) -> None:
    room.platform.is_away = True
    asked = [await room.write(desk, "ada", f"/story {number}") for number in (3, 1, 2)]
    room.platform.is_away = False

    await room.settle(desk)

    assert [post.reply_to for post in room.said] == asked


async def test_a_burst_of_votes_waits_for_one_redraw_where_the_platform_counts_them(
    desk: Desk, room: FakeRoom
) -> None:
    day = [datetime(2020, 5, 13, 9, tzinfo=UTC)]
    courier = Courier(desk.database, desk.settings, room.platform, lambda: day[0])
    room.platform.redraw_pause = 1.0
    await room.write(desk, "ada", MOON)
    await room.write(desk, "ada", SUN)
    before = room.platform.redraws
    for number in range(5):
        name = f"voter {number}"
        pressed = ButtonPressed(room.card_id(1), room.person(name), "up", desk.clock())
        await room.store(desk, name, pressed)
        await desk.catch_up()
        await courier.go_round()
    assert room.platform.redraws == before + 1  # the first shows at once

    day[0] += timedelta(seconds=1.1)
    await courier.go_round()

    assert room.platform.redraws == before + 2
    assert room.card_of(1).score == 6


@dataclass
class BrokenPlatform(FakePlatform):
    """A platform whose client meets a bug of its own in what holds a certain word."""

    word: str = "wasps"

    async def post(self, post: Post) -> str:
        if self.word in post.text or (post.card is not None and self.word in post.card.url):
            raise ValueError("nobody foresaw this")
        return await super().post(post)


async def insist(desk: Desk, courier: Courier) -> int:
    """Let the courier go round as often as the newsroom would; return how often it failed."""
    failures = 0
    for _ in range(3 * MOST_TRIES):
        try:
            await courier.go_round()
        except ValueError:
            failures += 1
    return failures


async def test_what_meets_a_bug_each_time_is_skipped_and_the_editors_are_told(
    desk: Desk, room: FakeRoom
) -> None:
    desk = Desk(desk.database, DeskSettings(desk.settings.config, ("web", "tower")), desk.clock)
    tower = FakeRoom("tower")
    tower.platform = BrokenPlatform("tower")
    for number, text in enumerate(("/story wasps", "/help slate")):
        asked = MessagePosted(f"m{number}", tower.person("zoe"), text, desk.clock())
        await tower.store(desk, "zoe", asked)
    await desk.catch_up()

    assert await insist(desk, tower.courier(desk)) == MOST_TRIES - 1
    await room.settle(desk)

    assert ["what would run" in post.text for post in tower.said] == [True]
    assert "The room tower does not take a message of mine" in room.last


async def test_a_card_that_meets_a_bug_each_time_keeps_no_other_waiting(desk: Desk, room: FakeRoom) -> None:
    room.platform = BrokenPlatform("web")
    await room.store(
        desk, "ada", MessagePosted("m0", "web:ada", f"https://site.test/wasps {MOON}", desk.clock())
    )
    room.platform.messages["m0"] = "links"
    await desk.catch_up()
    await room.pages.read(desk)

    await insist(desk, room.courier(desk))

    assert [card.url for card in room.cards.values()] == [MOON]


async def test_a_closing_newsrooms_courier_stops_between_two_messages(desk: Desk, room: FakeRoom) -> None:
    for number in range(5):
        await room.store(
            desk, "ada", MessagePosted(f"m{number}", "web:ada", f"/story {number}", desk.clock())
        )
    await desk.catch_up()
    closing = Courier(desk.database, desk.settings, room.platform, desk.clock, lambda: len(room.said) >= 2)

    await closing.go_round()
    assert len(room.said) == 2

    await room.settle(desk)
    assert len(room.said) == 5


async def test_a_press_that_is_heard_while_its_card_is_recorded_counts(desk: Desk, room: FakeRoom) -> None:
    await room.store(desk, "ada", MessagePosted("m0", "web:ada", MOON, desk.clock()))
    room.platform.messages["m0"] = MOON
    await desk.catch_up()
    await room.pages.read(desk)
    await room.store(
        desk, "ben", ButtonPressed("m1", "web:ben", "up", desk.clock())
    )  # under the card to come

    async with desk.database.transaction() as session:  # as the desk does it
        [press] = await unhandled_events(session, desk.settings.name, limit=9)
        assert await mark_handled(session, press, desk.clock())
        posting = asyncio.create_task(room.courier(desk).go_round())
        await until(lambda: is_held_up(desk, room))
        assert await story_shown_by(session, "web", "m1") is None
    await posting
    await room.settle(desk)

    assert room.card_id() == "m1"
    assert room.card.score == 2


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(30):
        while not await holds():
            await asyncio.sleep(0.01)


async def is_held_up(desk: Desk, room: FakeRoom) -> bool:
    """Tell whether the courier waits for the desk: on SQLite for the one who writes, else for a lock."""
    if desk.database.is_sqlite:
        return True
    async with desk.database.reading() as session:
        waits = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        return bool(await session.scalar(sql(waits))) and bool(room.cards)


async def test_while_much_waits_for_the_desk_cards_are_drawn_now_and_then_and_all_in_the_end(
    desk: Desk, room: FakeRoom
) -> None:
    day = [datetime(2020, 5, 13, 9, tzinfo=UTC)]
    courier = Courier(desk.database, desk.settings, room.platform, lambda: day[0])
    await room.write(desk, "ada", MOON)
    await courier.go_round()

    async def votes(*numbers: int) -> None:
        for number in numbers:
            name = f"voter {number}"
            pressed = ButtonPressed(room.card_id(), room.person(name), "up", desk.clock())
            await room.store(desk, name, pressed)

    await votes(0)
    await desk.catch_up()
    await votes(*range(1, 31))
    await courier.go_round()
    assert room.card.score == 1  # thirty events wait

    day[0] += timedelta(seconds=2.1)
    await courier.go_round()
    assert room.card.score == 2

    await desk.catch_up()
    await courier.go_round()
    assert room.card.score == 32


async def test_answers_are_said_while_much_waits_for_the_desk(desk: Desk, room: FakeRoom) -> None:
    courier = room.courier(desk)
    await room.write(desk, "ada", MOON)
    asked = MessagePosted("m77", room.person("ada"), "/help slate", desk.clock())
    await room.store(desk, "ada", asked)
    await desk.catch_up()
    for number in range(30):
        name = f"voter {number}"
        await room.store(desk, name, ButtonPressed(room.card_id(), room.person(name), "up", desk.clock()))

    await courier.deliver()

    assert "what would run" in room.answer_to("m77")
