"""What Telegram brings is on disk before it is acknowledged, once, whatever happens on the way."""

import asyncio
import contextlib
import hmac
import sqlite3
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from telegram import Bot
from telegram.error import TimedOut

from bot.rooms.telegram.polling import ask_for_updates
from bot.rooms.telegram.webhook import secret_of
from storage.database import Database
from storage.inbox import failed_events
from storage.room_states import room_state
from tests.newsroom_process import free_port
from tests.telegram_desk import PATIENCE, TelegramHome, telegram_home
from tests.telegram_server import Person

MOON, SUN = "https://site.test/wet-moon", "https://site.test/loud-sun"
Look = Callable[[], Any]


@pytest.fixture
async def home(database: Database) -> AsyncIterator[TelegramHome]:
    async with telegram_home(database) as home:
        yield home


@pytest.fixture
async def closed(database: Database) -> AsyncIterator[TelegramHome]:
    """A home whose newsroom has not started."""
    async with telegram_home(database, is_open=False) as home:
        yield home


def message_from(home: TelegramHome, person: Person, text: str, message_id: int = 700) -> dict[str, Any]:
    return {
        "message_id": message_id,
        "from": person.as_json(),
        "chat": home.group.as_json(),
        "date": int(home.clock().timestamp()),
        "text": text,
    }


async def test_every_kind_of_update_is_asked_for_by_name(home: TelegramHome) -> None:
    await home.until(lambda: home.server.calls_of("getUpdates"))

    [asked, *_] = home.server.calls_of("getUpdates")
    assert set(asked.parameters["allowed_updates"]) == {
        "message",
        "edited_message",
        "message_reaction",
        "message_reaction_count",
        "callback_query",
        "my_chat_member",
    }


async def test_an_update_that_cannot_be_read_stops_nothing_and_the_editors_hear_of_it(
    home: TelegramHome,
) -> None:
    ann = home.server.user("Ann")
    broken = message_from(home, ann, "half a message")
    del broken["date"]

    home.server.push_raw({"message": broken})
    await home.says(ann, MOON)

    await home.card()
    [told] = await home.until_known(home.told)
    assert "could not read" in told
    async with home.database.reading() as session:
        [kept] = await failed_events(session, "gazette")
    assert kept.payload["raw"]["message"]["text"] == "half a message"


@pytest.mark.parametrize(
    "broken",
    [
        {"message": None},
        {"message": 7},
        {"message": {"chat": "none"}},
        {"message_reaction": {"chat": {"id": 1}}},
        {"callback_query": {"id": "1", "data": "up"}},
        {"no_such_kind": {"date": "yesterday"}},
        {},
    ],
)
@pytest.mark.parametrize("shared_database", ["sqlite"], indirect=True)
async def test_no_update_whatever_its_shape_blocks_those_behind_it(
    home: TelegramHome, broken: dict[str, Any]
) -> None:
    ann = home.server.user("Ann")

    home.server.push_raw(broken)
    await home.says(ann, MOON)

    await home.card()


async def test_an_update_that_the_database_refuses_is_set_aside_and_the_rest_of_the_batch_is_stored(
    closed: TelegramHome,
) -> None:
    """PostgreSQL takes no NUL in JSON; SQLite does, and there is nothing to set aside."""
    ann = closed.server.user("Ann")
    await closed.says(ann, MOON)
    closed.server.push_raw({"message": message_from(closed, ann, "a\0 b")})
    await closed.says(ann, SUN)

    await closed.open()

    await closed.card(2)
    await closed.quiet()
    async with closed.database.reading() as session:
        failed = await failed_events(session, "gazette")
    stored = [event.payload.get("text") for event in await closed.inbox()]
    assert stored.count(MOON) == stored.count(SUN) == 1
    if closed.database.is_sqlite:
        assert failed == []
    else:
        [kept] = failed
        assert kept.payload["raw"]["message"]["text"] == "a b"
        assert len(await closed.told()) == 1


async def test_what_comes_twice_has_its_effect_once(home: TelegramHome) -> None:
    ann = home.server.user("Ann")
    update = {"update_id": 5000, "message": message_from(home, ann, "/find nothing")}

    home.server.push_raw(update)
    await home.until(home.answers)
    await home.quiet()
    home.server.push_raw(update)

    await home.quiet()
    assert home.answers() == ["Nothing found for “nothing”."]
    assert len(await home.inbox()) == 1


async def test_numbers_that_begin_anew_and_lower_lose_nothing(closed: TelegramHome) -> None:
    """After a quiet week Telegram chooses the next number by chance."""
    ann = closed.server.user("Ann")
    closed.pace = replace(closed.pace, poll=1)
    await closed.open()
    closed.server.push_raw({"update_id": 900_000, "message": message_from(closed, ann, MOON, 701)})
    await closed.card()

    def is_quiet_week() -> bool:
        last = closed.server.calls_of("getUpdates")[-1]
        return not closed.server.waiting and last.status is None and "offset" not in last.parameters

    await closed.until(is_quiet_week)
    closed.server.push_raw({"update_id": 1_500, "message": message_from(closed, ann, SUN, 702)})

    await closed.card(2)


@pytest.mark.parametrize("shared_database", ["postgresql"], indirect=True)
async def test_nothing_is_lost_or_done_twice_by_a_crash(closed: TelegramHome) -> None:
    """Within one process, a transaction cut short on SQLite would keep its lock; a killed one has none."""
    ann, ben = closed.server.user("Ann"), closed.server.user("Ben")
    for number in range(12):
        await closed.says(ann, f"https://site.test/page-{number}")

    for tenths in (1, 3, 5):  # each time killed a little later
        await closed.open()
        await asyncio.sleep(tenths / 10)
        await closed.crash()
    await closed.says(ben, "/find nothing")
    await closed.open()

    await closed.until(lambda: len(set(closed.cards())) == 12)
    await closed.quiet()
    assert len(closed.cards()) == 12
    assert len([each for each in await closed.inbox() if each.payload["kind"] == "MessagePosted"]) == 13
    assert len(closed.server.acknowledged) == 13
    assert len(closed.answers()) == 1


async def test_a_second_program_on_the_same_token_is_told_of_once_and_outlasted(home: TelegramHome) -> None:
    ann = home.server.user("Ann")
    home.server.fail(
        "getUpdates", 409, description="Conflict: terminated by other getUpdates request", times=3
    )

    await home.says(ann, MOON)

    await home.card()
    told = await home.told()
    assert len(told) == 1
    assert "same token" in told[0]


async def test_a_webhook_that_is_set_is_taken_away_and_what_waited_for_it_is_not_lost(
    closed: TelegramHome,
) -> None:
    ann = closed.server.user("Ann")
    closed.server.world.feed.webhook_url = "http://127.0.0.1:9/nobody"
    await closed.says(ann, MOON)

    await closed.open()

    await closed.card()
    assert closed.server.world.feed.webhook_url == ""


async def test_a_webhook_that_somebody_sets_meanwhile_is_taken_away_again(home: TelegramHome) -> None:
    ann = home.server.user("Ann")
    await home.says(ann, MOON)
    await home.card()

    home.server.world.feed.webhook_url = "http://127.0.0.1:9/nobody"
    home.server.world.feed.wake()
    await home.says(ann, SUN)

    await home.card(2)


@pytest.mark.parametrize("shared_database", ["sqlite"], indirect=True)
async def test_failures_slowness_and_broken_answers_only_delay(home: TelegramHome) -> None:
    ann = home.server.user("Ann")
    home.server.fail("getUpdates", 502, times=2)
    home.server.fail("getUpdates", 429, retry_after=1)
    home.server.break_answer("getUpdates", times=2)
    home.server.drop("getUpdates", times=2)
    home.server.slow("getUpdates", 0.2)

    await home.says(ann, MOON)

    await home.card()
    await home.quiet()
    assert len(home.cards()) == 1


@pytest.mark.parametrize("shared_database", ["sqlite"], indirect=True)
async def test_a_platform_that_is_away_at_the_start_is_waited_for(database: Database) -> None:
    async with telegram_home(database, is_open=False) as home:
        ann = home.server.user("Ann")
        home.server.fail("getMe", 503, times=3)
        home.server.fail("deleteWebhook", 500, times=3)

        await home.open()
        await home.says(ann, MOON)

        await home.card()


async def test_a_token_that_telegram_does_not_know_is_told_of_once_without_the_token(
    database: Database,
) -> None:
    async with telegram_home(database, is_open=False) as home:
        home.server.fail("getMe", 401, times=4)
        await home.open()

        [told, over] = await home.until_known(lambda: _two(home))

        assert "does not know the bot's token" in told
        assert "well again" in over
        assert home.server.token not in told
        assert home.server.token.partition(":")[2] not in told


async def _two(home: TelegramHome) -> list[str]:
    told = await home.told()
    return told if len(told) == 2 else []


async def test_a_platform_that_is_away_for_long_is_told_of_and_so_is_its_return(home: TelegramHome) -> None:
    await home.until(lambda: home.server.calls_of("getUpdates"))
    home.server.fail("getUpdates", 500, times=10_000)
    home.server.world.feed.wake()
    home.server.push_raw({})

    async def is_noted() -> bool:
        async with home.database.reading() as session:
            state = await room_state(session, "telegram")
            return state is not None and state.trouble is not None

    await home.until_known(is_noted)
    assert await home.told() == []

    home.let_time_pass(minutes=2)
    [told] = await home.until_known(home.told)
    home.server.be_well()

    assert "can't reach the room telegram" in told
    [_, over] = await home.until_known(lambda: _two(home))
    assert "well again" in over


@pytest.mark.parametrize("shared_database", ["sqlite"], indirect=True)
async def test_of_a_group_that_threw_the_bot_out_the_editors_hear_once_however_often_telegram_is_away(
    home: TelegramHome,
) -> None:
    ann = home.server.user("Ann")
    await home.says(ann, "/find nothing")
    home.server.fail("sendMessage", 403, description="Forbidden: bot was kicked", times=10_000)
    await home.says(ann, "/find it")
    [told] = await home.until_known(home.told)

    for failures in range(1, 4):
        home.server.fail("getUpdates", 502)
        home.server.push_raw({})
        await home.until(partial(_failed_and_back, home, failures))
        home.let_time_pass(minutes=2)

    assert "not there for me any more" in told
    assert await home.told() == [told]


def _failed_and_back(home: TelegramHome, failures: int) -> bool:
    answers = [call.status for call in home.server.calls_of("getUpdates")]
    return answers.count(502) == failures and 200 in answers[-2:]


@pytest.mark.parametrize("shared_database", ["sqlite"], indirect=True)
async def test_a_locked_database_does_not_keep_the_platform_from_closing(
    home: TelegramHome, database: Database
) -> None:
    await home.says(home.server.user("Ann"), "/find nothing")
    await home.until(home.answers)
    await home.quiet()

    path = str(database.url.database)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None, timeout=PATIENCE)) as other:
        other.execute("BEGIN IMMEDIATE")
        home.let_time_pass(minutes=2)
        async with asyncio.timeout(PATIENCE):
            await home.close()


@pytest.mark.parametrize("shared_database", ["postgresql"], indirect=True)  # a file is not away
async def test_nothing_is_acknowledged_while_the_database_is_away(database: Database) -> None:
    async with telegram_home(database, is_open=False) as home:
        ann = home.server.user("Ann")
        await home.open()
        await home.until(lambda: home.server.calls_of("getUpdates"))
        async with database.connection() as connection:
            await connection.exec_driver_sql("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE")
            await home.says(ann, MOON)
            await asyncio.sleep(0.3)  # in which it would be acknowledged, were it not for the lock
            assert home.server.acknowledged == []

        await home.card()


# How long the desk was away


async def test_after_more_than_a_day_away_the_room_is_told_what_may_be_missing(home: TelegramHome) -> None:
    ann = home.server.user("Ann")
    await home.says(ann, MOON)
    await home.card()
    left = home.clock()
    await home.close()
    home.let_time_pass(hours=30)

    await home.open()

    [told] = await home.until(home.answers)
    zone = home.config.zone
    assert f"{left.astimezone(zone):%Y-%m-%d %H:%M}" in told
    assert f"{(left + timedelta(hours=6)).astimezone(zone):%Y-%m-%d %H:%M}" in told
    await home.close()
    await home.open()
    await home.says(ann, "/find nothing")
    await home.until(lambda: len(home.answers()) == 2)


async def test_until_when_the_room_was_attended_is_noted_once_a_minute_and_at_the_end(
    home: TelegramHome,
) -> None:
    ann = home.server.user("Ann")

    async def seen_at() -> datetime | None:
        async with home.database.reading() as session:
            state = await room_state(session, "telegram")
            return state.seen_at if state else None

    first = await home.until_known(seen_at)
    await home.says(ann, "/find nothing")
    await home.until(home.answers)
    assert await seen_at() == first

    home.let_time_pass(minutes=2)
    await home.says(ann, "/find it")
    await home.until(lambda: len(home.answers()) == 2)
    second = await home.until_known(seen_at)
    await home.says(ann, "/find that")
    await home.until(lambda: len(home.answers()) == 3)
    await home.close()

    last = await seen_at()
    assert first
    assert second
    assert last
    assert first + timedelta(minutes=2) <= second < last


async def test_after_less_than_a_day_away_nothing_is_said(home: TelegramHome) -> None:
    ann = home.server.user("Ann")
    await home.says(ann, MOON)
    await home.card()
    await home.close()
    home.let_time_pass(hours=23)

    await home.open()
    await home.says(ann, SUN)

    await home.card(2)
    await home.quiet()
    assert home.answers() == []


async def test_an_answer_that_trickles_in_for_ever_is_given_up() -> None:
    async def trickle(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        while True:
            await answer.write(b" ")
            await asyncio.sleep(0.05)

    app = web.Application()
    app.router.add_post("/{path:.*}", trickle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    bot = Bot("1:token", base_url=f"http://127.0.0.1:{runner.addresses[0][1]}/bot")

    with pytest.raises(TimedOut):
        async with asyncio.timeout(PATIENCE):
            await ask_for_updates(bot, {}, within=0.2)

    await runner.cleanup()


# The webhook


@pytest.fixture
async def webhook(database: Database) -> AsyncIterator[TelegramHome]:
    port = free_port()
    address: dict[str, Any] = {"webhook_url": f"http://127.0.0.1:{port}/telegram/hook", "webhook_port": port}
    async with telegram_home(database, **address) as home:
        yield home


async def test_updates_come_by_webhook_in_their_order(webhook: TelegramHome) -> None:
    ann, ben = webhook.server.user("Ann"), webhook.server.user("Ben")

    await webhook.says(ann, MOON)
    await webhook.reacts(ben, "👍")
    await webhook.reacts(ben, "🤓")
    await webhook.presses(ann, "section:papers")

    await webhook.shows("section:papers", "🤓 Papers 2")
    assert webhook.server.calls_of("getUpdates") == []
    [told, *_] = webhook.server.calls_of("setWebhook")
    assert told.parameters["max_connections"] == 1
    assert "message_reaction" in told.parameters["allowed_updates"]


async def test_a_webhook_call_is_taken_only_with_the_secret_word(webhook: TelegramHome) -> None:
    ann = webhook.server.user("Ann")
    await webhook.until(lambda: webhook.server.calls_of("setWebhook"))
    url = webhook.config.telegram.webhook_url
    update = {"update_id": 1, "message": message_from(webhook, ann, MOON)}
    header = "X-Telegram-Bot-Api-Secret-Token"
    wrong = hmac.new(b"another", b"copydesk webhook", "sha256").hexdigest()
    right = {header: secret_of(webhook.server.token)}

    async with aiohttp.ClientSession() as somebody:
        statuses = [
            (await somebody.post(url, json=update)).status,
            (await somebody.post(url, json=update, headers={header: wrong})).status,
            (await somebody.post(url, json=update, headers={header: "é"})).status,
            (await somebody.post(f"{url}/else", json=update, headers=right)).status,
            (await somebody.post(url, data=b"{no json", headers=right)).status,
        ]
        assert await webhook.inbox() == []
        statuses.append((await somebody.post(url, json=update, headers=right)).status)

    assert statuses == [403, 403, 403, 404, 200, 200]
    assert len(await webhook.inbox()) == 1
    assert webhook.server.token not in secret_of(webhook.server.token)


async def test_a_poison_update_by_webhook_is_set_aside_and_not_brought_again(webhook: TelegramHome) -> None:
    ann = webhook.server.user("Ann")
    broken = message_from(webhook, ann, "half a message")
    del broken["date"]
    webhook.server.push_raw({"message": broken})
    await webhook.says(ann, MOON)

    await webhook.card()
    assert len(await webhook.until_known(webhook.told)) == 1


@pytest.mark.parametrize("shared_database", ["postgresql"], indirect=True)
async def test_while_the_database_is_away_the_webhook_says_so_and_telegram_brings_it_again(
    webhook: TelegramHome,
) -> None:
    ann = webhook.server.user("Ann")
    await webhook.until(lambda: webhook.server.world.feed.webhook_url)
    async with webhook.database.connection() as connection:
        await connection.exec_driver_sql("ALTER TABLE inbox RENAME TO inbox_away")
    try:
        await webhook.says(ann, MOON)
        await webhook.until(lambda: "500" in webhook.server.world.webhook.last_error)
    finally:
        async with webhook.database.connection() as connection:
            await connection.exec_driver_sql("ALTER TABLE inbox_away RENAME TO inbox")

    await webhook.card()


async def test_a_webhook_that_is_lost_is_set_again(webhook: TelegramHome) -> None:
    ann = webhook.server.user("Ann")
    webhook.server.fail("setWebhook", 500, times=2)
    await webhook.until(lambda: webhook.server.world.feed.webhook_url)

    webhook.server.world.feed.webhook_url = ""
    await webhook.says(ann, MOON)

    await webhook.card()


def test_the_secret_word_is_one_that_telegram_takes() -> None:
    word = secret_of("123456:ABC")

    assert 1 <= len(word) <= 256
    assert word.isalnum()
