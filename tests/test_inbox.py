"""Events take effect in order, once; a bug in one does not stop the next."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.config import Config
from bot.desk import MOST_TRIES, Desk
from bot.events import (
    ButtonPressed,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    ReactionsOf,
    from_payload,
    to_payload,
)
from storage.database import Database, is_passing
from storage.inbox import failed_events, take_up_again, unhandled_events
from tests.fakes.room import FakeRoom

MOON, SUN = "https://site.test/wet-moon", "https://site.test/loud-sun"


def posted(desk: Desk, room: FakeRoom, name: str, text: str) -> MessagePosted:
    """A message that somebody wrote, not stored yet."""
    message_id = room.platform.new_id()
    room.platform.messages[message_id] = text
    return MessagePosted(message_id, room.person(name), text, desk.clock())


async def failures(desk: Desk) -> list[str | None]:
    async with desk.database.reading() as session:
        return [event.failure for event in await failed_events(session, desk.settings.name)]


async def test_an_event_stored_twice_takes_effect_once(desk: Desk, room: FakeRoom) -> None:
    event = posted(desk, room, "ada", MOON)

    assert await room.store(desk, "ada", event, event_id="telegram-77")
    assert not await room.store(desk, "ada", event, event_id="telegram-77")
    await room.settle(desk)

    assert (len(room.cards), room.card.score, room.said) == (1, 1, [])


async def test_an_event_heard_twice_takes_effect_once(desk: Desk, room: FakeRoom) -> None:
    await room.store(desk, "ada", posted(desk, room, "ada", MOON))
    async with desk.database.reading() as session:
        [event] = await unhandled_events(session, desk.settings.name, limit=10)

    assert await desk.hear(event)
    assert not await desk.hear(event)


async def test_events_take_effect_in_the_order_stored(desk: Desk, room: FakeRoom) -> None:
    await room.store(desk, "nora", posted(desk, room, "nora", MOON))
    await room.store(desk, "nora", posted(desk, room, "nora", "/amend 1 title First"))
    await room.store(desk, "nora", posted(desk, room, "nora", "/amend 1 title Second"))
    await room.store(desk, "nora", posted(desk, room, "nora", "/spike 1 old"))
    await room.store(desk, "nora", posted(desk, room, "nora", SUN))

    assert await desk.catch_up() == 5
    await room.settle(desk)

    assert (room.card_of(1).title, room.card_of(1).state) == ("Second", "spiked")
    assert room.card_of(2).url == SUN


async def test_more_events_than_are_fetched_at_once_all_take_effect(desk: Desk, room: FakeRoom) -> None:
    for number in range(51):
        await room.store(desk, "ada", posted(desk, room, "ada", f"message {number}"))

    assert await desk.catch_up() == 51
    assert await desk.catch_up() == 0


async def test_an_event_that_meets_a_bug_is_kept_answered_and_passed_by(desk: Desk, room: FakeRoom) -> None:
    """No room stores a message without words; whichever bug does it, the desk must go on."""
    broken = {**to_payload(posted(desk, room, "ada", "")), "text": None}
    await room.store_payload(desk, broken)
    await room.write(desk, "ada", MOON)

    [reference] = await failures(desk)
    assert reference
    assert f"Please quote {reference}" in room.said[0].text
    assert room.said[0].reply_to == broken["message_id"]
    assert room.card.url == MOON


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"kind": "MessagePosted"},
        {"kind": "Whispered", "at": "2020-05-13T09:00:00+00:00"},
        {"kind": "MessageDeleted", "message_id": "m1", "person": "web:ada", "at": "yesterday"},
        {"kind": "MessageDeleted", "message_id": "m1", "person": "web:ada", "at": None},
        {"kind": "ReactionsOf", "message_id": "m1", "person": "x", "emojis": 5, "at": "2020-05-13"},
    ],
)
async def test_what_no_room_of_ours_has_stored_is_kept_and_passed_by(
    desk: Desk, room: FakeRoom, payload: dict[str, Any]
) -> None:
    await room.store_payload(desk, payload)
    await room.write(desk, "ada", MOON)

    assert len(await failures(desk)) == 1
    assert (room.card.url, room.said) == (MOON, [])


async def test_an_event_of_somebody_who_cannot_even_be_stored_is_kept_and_passed_by(
    desk: Desk, room: FakeRoom
) -> None:
    nobody = {**to_payload(posted(desk, room, "ada", "/status")), "person": ["no", "name"]}
    await room.store_payload(desk, nobody)
    await room.write(desk, "ada", MOON)

    assert len(await failures(desk)) == 1
    assert (room.card.url, room.said) == (MOON, [])


async def test_an_event_that_failed_may_be_tried_again(desk: Desk, room: FakeRoom, config: Config) -> None:
    await room.store_payload(desk, {"kind": "Whispered", "message_id": "m1"})
    await desk.catch_up()
    [before] = await failures(desk)

    async with desk.database.transaction() as session:
        [event] = await failed_events(session, desk.settings.name)
        await take_up_again(session, event.id)
    await desk.catch_up()

    [after] = await failures(desk)
    assert after != before


async def test_an_event_that_failed_before_is_answered_when_it_is_tried_again(
    desk: Desk, room: FakeRoom
) -> None:
    await room.store(desk, "ada", posted(desk, room, "ada", "/status"))
    async with desk.database.transaction() as session:
        [event] = await unhandled_events(session, desk.settings.name, limit=10)
        whole = dict(event.payload)
        event.payload = {**whole, "text": None}
    await room.settle(desk)
    async with desk.database.transaction() as session:
        [event] = await failed_events(session, desk.settings.name)
        event.payload = whole
        await take_up_again(session, event.id)
    await room.settle(desk)

    complaint, answer = (post.text for post in room.said)
    assert "Something went wrong" in complaint
    assert "open stories" in answer


async def test_an_event_that_fails_the_database_again_and_again_is_set_aside(
    desk: Desk, room: FakeRoom
) -> None:
    await room.store(desk, "ada", posted(desk, room, "ada", "/status"))
    tries = 0

    def clock() -> datetime:
        nonlocal tries
        tries += 1
        if tries <= MOST_TRIES:
            raise PoolTimeoutError("no connection is free")
        return desk.clock()

    unlucky = Desk(desk.database, desk.settings, clock)
    for _ in range(MOST_TRIES - 1):
        with pytest.raises(PoolTimeoutError):
            await unlucky.catch_up()
    assert await failures(desk) == []

    assert await unlucky.catch_up() == 1
    assert len(await failures(desk)) == 1


async def test_a_database_that_is_away_wears_no_event_out(desk: Desk, room: FakeRoom) -> None:
    await room.store(desk, "ada", posted(desk, room, "ada", "/status"))
    async with desk.database.reading() as session:
        [event] = await unhandled_events(session, desk.settings.name, limit=10)
    away = Database("postgresql://nobody@127.0.0.1:1/nowhere")

    stranded = Desk(away, desk.settings, desk.clock)
    for _ in range(MOST_TRIES + 1):
        with pytest.raises(DBAPIError) as refused:
            await stranded.hear(event)
        assert is_passing(refused.value)
    await away.close()


async def test_a_statement_that_is_too_much_does_not_pass(desk: Desk) -> None:
    statement = (
        f"SELECT {'+'.join(['1'] * 3000)}"
        if desk.database.is_sqlite
        else "SET LOCAL statement_timeout = 1; SELECT pg_sleep(1)"
    )
    with pytest.raises(DBAPIError) as refused:
        async with desk.database.transaction() as session:
            await session.execute(text(statement))

    assert not is_passing(refused.value)


async def test_a_lock_that_another_holds_passes(desk: Desk) -> None:
    async with desk.database.transaction() as holder, desk.database.reading() as other:
        if desk.database.is_sqlite:
            statement = "DELETE FROM counters"
            await other.execute(text("PRAGMA busy_timeout = 0"))
        else:
            statement = "LOCK TABLE counters NOWAIT"
        await holder.execute(text(statement))
        with pytest.raises(DBAPIError) as refused:
            await other.execute(text(statement))
        assert is_passing(refused.value)


async def test_a_refused_deed_leaves_nothing_behind(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", f"{MOON} {SUN}")
    before = room.card_of(1)

    await room.ask(desk, "ada", f"/amend 1 url {SUN}")

    assert room.card_of(1) == before
    assert await failures(desk) == []


async def test_another_desks_events_are_left_alone(desk: Desk, room: FakeRoom) -> None:
    await room.store(desk, "ada", posted(desk, room, "ada", MOON))
    async with desk.database.reading() as session:
        assert len(await unhandled_events(session, "elsewhere", limit=10)) == 0


def test_events_come_back_from_the_inbox_as_they_went_in(desk_time: Any) -> None:
    for event in (
        MessagePosted("m1", "web:1", "看 https://a.test/", desk_time, reply_to="m0"),
        MessageEdited("m1", "web:1", "", desk_time),
        MessageDeleted("m1", "web:1", desk_time),
        ReactionsOf("m1", "web:1", ("👍", "👨‍💻"), desk_time),
        ButtonPressed("m1", "web:1", "section:news", desk_time),
    ):
        assert from_payload(to_payload(event)) == event


@pytest.fixture
def desk_time(clock: Any) -> Any:
    return clock()
