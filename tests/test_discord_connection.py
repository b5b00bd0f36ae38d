"""The connection to Discord: logins that fail, connections that drop, payloads and databases that break."""

import asyncio
import gc
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route
from hypothesis import given
from hypothesis import strategies as st

from bot.config_tables import DiscordConfig
from bot.rooms.discord.client import intents
from bot.rooms.discord.events import Reacted, Standing
from bot.rooms.discord.platform import point_at
from bot.rooms.discord.reactions import States, take_note
from storage.database import Database
from storage.room_states import room_state
from tests.discord_desk import DiscordHouse, DiscordNewsroom, discord_config, discord_house
from tests.discord_server import client_pointed_at, until
from tests.discord_server.using import Interaction

MOON, SUN = "https://site.test/wet-moon", "https://site.test/loud-sun"


@pytest.fixture(params=["sqlite"])
def shared_database(sqlite_database: Database) -> Database:
    """These tests are about Discord: one database will do."""
    return sqlite_database


@pytest.fixture
async def house(database: Database) -> AsyncIterator[DiscordHouse]:
    async with discord_house(database) as house:
        yield house


async def test_a_token_that_discord_does_not_know_is_told_once_and_tried_again(database: Database) -> None:
    async with discord_house(database, opened=False) as house:
        await house.new_newsroom(token="MTAx.wrong.token").start()

        told = await house.editors_hear("does not know the bot's token")
        assert "discord" in told
        assert "MTAx" not in told
        await until(lambda: len(house.server.calls_to("GET", "/users/@me")) > 1, what="for another try")
        assert len(await house.newsroom.told()) == 1


async def test_a_missing_intent_is_explained_and_its_end_is_noticed(database: Database) -> None:
    async with discord_house(database, opened=False) as house:
        house.server.stream.privileged.discard("message_content")
        await house.newsroom.start()

        told = await house.editors_hear("Message Content Intent")
        assert "discord.com/developers/applications" in told
        house.server.stream.privileged.add("message_content")
        await until(lambda: house.newsroom.platform.seen.caught_up)
        await house.pitch("ada", MOON)
        assert len(await house.newsroom.told()) == 1


async def test_a_newsroom_starts_though_discord_is_away_and_tells_when_it_stays_so(
    database: Database,
) -> None:
    async with discord_house(database, opened=False) as house:
        await house.server.close()
        await house.new_newsroom(patience=timedelta(0)).start()

        await house.editors_hear("The connection to Discord (discord) is gone")
        await house.server.open()
        await until(lambda: house.newsroom.platform.seen.caught_up)

        await house.pitch("ada", MOON)
        assert len([text for text in await house.newsroom.told() if "is gone" in text]) == 1


async def test_a_server_that_invites_the_bot_later_gets_its_commands(database: Database) -> None:
    async with discord_house(database, opened=False) as house:
        guild = house.server.guilds.pop(house.channel.guild.id)
        await house.open()
        await house.server.thread(house.channel, "rockets", by="ada")
        assert house.server.command_names == {}

        house.server.guilds[guild.id] = guild
        house.server.stream.emit("GUILD_CREATE", guild.created(house.server.bot, members=[house.server.bot]))

        await until(lambda: guild.id in house.server.command_names, what="for the commands")
        await house.pitch("ada", "https://site.test/wet-moon")


async def test_the_least_is_asked_for(house: DiscordHouse) -> None:
    [session] = house.server.sessions

    assert session.intents == intents().value == 1 << 0 | 1 << 9 | 1 << 10 | 1 << 15


async def test_a_payload_that_cannot_be_read_is_set_aside_and_stops_nothing(house: DiscordHouse) -> None:
    broken = {"id": "1", "channel_id": house.channel.id, "content": SUN, "author": None, "token": "secret"}
    for name in ("MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_REACTION_ADD", "INTERACTION_CREATE"):
        house.server.stream.emit(name, broken)
    house.server.stream.emit("MESSAGE_CREATE", {"id": "2"})  # of no room of ours: nothing to keep

    await house.pitch("ada", MOON)

    await house.editors_hear("MESSAGE_CREATE")
    await house.editors_hear("INTERACTION_CREATE")
    kept = await house.newsroom.events("Unreadable")
    assert [payload["raw"]["event"] for payload in kept] == [
        "MESSAGE_CREATE",
        "MESSAGE_UPDATE",
        "MESSAGE_REACTION_ADD",
        "INTERACTION_CREATE",
    ]
    assert "secret" not in str(kept)
    assert len(house.server.sessions) == 1


async def test_what_a_handler_cannot_read_is_set_aside_without_its_token(house: DiscordHouse) -> None:
    await house.pitch("ada", MOON)
    user = house.server.user("ada")
    asked = Interaction("77", "secret", 2, user, house.channel, {"id": "1"}, house.server.clock.now())
    house.server.stream.emit("INTERACTION_CREATE", house.server.spell_interaction(asked))

    await house.editors_hear("on_interaction")

    [kept] = await house.newsroom.events("Unreadable")
    assert "id=77" in str(kept)
    assert "secret" not in str(kept)


async def test_while_the_database_will_have_nothing_the_queue_waits_and_loses_nothing(
    house: DiscordHouse,
) -> None:
    await house.pitch("ada", MOON)
    async with house.database.connection() as connection:
        await connection.exec_driver_sql("ALTER TABLE inbox RENAME TO inbox_away")
    try:
        said = [await house.server.say(house.channel, "ben", f"line {number}") for number in range(5)]
        await house.server.edit(said[4], "line four")
        await until(lambda: not house.newsroom.platform.desk.notices.qsize())
    finally:
        async with house.database.connection() as connection:
            await connection.exec_driver_sql("ALTER TABLE inbox_away RENAME TO inbox")

    async def all_there() -> bool:
        texts = [event["text"] for event in await house.newsroom.events() if "text" in event]
        return texts == [MOON, *(f"line {number}" for number in range(5)), "line four"]

    await house.settles(all_there, what="for all messages in their order")


async def test_what_waits_in_the_queue_is_stored_when_the_newsroom_closes(house: DiscordHouse) -> None:
    for number in range(120):
        await house.server.say(house.channel, "ben", f"line {number}")
    await until(lambda: house.newsroom.platform.desk.notices.qsize() > 0)
    waiting = house.newsroom.platform.desk.notices.qsize()
    stored = len(await house.newsroom.events("MessagePosted"))

    await house.newsroom.stop()

    assert len(await house.newsroom.events("MessagePosted")) >= stored + waiting


async def test_a_database_that_is_locked_keeps_nobody_from_closing(house: DiscordHouse) -> None:
    async with house.database.transaction(), asyncio.timeout(20):
        await house.server.say(house.channel, "ada", "hello")
        await until(lambda: house.newsroom.platform.desk.notices.empty(), what="for the newsroom to hear it")
        await house.newsroom._leave()
    await house.newsroom._rest()

    house.new_newsroom()
    await house.open()

    assert [event["text"] for event in await house.newsroom.events("MessagePosted")] == ["hello"]


async def test_events_keep_their_order(house: DiscordHouse) -> None:
    said = []
    for number in range(30):
        message = await house.server.say(house.channel, "ben", f"line {number}")
        await house.server.edit(message, f"line {number}!")
        await house.server.delete(message)
        said.append(message.id)

    async def all_there() -> bool:
        return len(await house.newsroom.events("MessageDeleted")) == 30

    await house.settles(all_there)
    kinds = [(one.partition(":")[0], one.split(":")[1]) for one in await house.newsroom.event_ids()]
    assert kinds == [(kind, one) for one in said for kind in ("posted", "edited", "deleted")]


async def test_a_newsroom_that_closes_as_it_opens_leaves_nothing_behind(database: Database) -> None:
    complaints: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, about: complaints.append(str(about)))
    async with discord_house(database, opened=False) as house:
        await house.newsroom.start()
        await until(lambda: house.server.connected)
        await house.newsroom.stop()
        await asyncio.sleep(0.4)  # the library waits 0.25 s for guilds

    gc.collect()
    assert complaints == []


async def test_what_is_read_is_noted_when_the_newsroom_closes(house: DiscordHouse) -> None:
    message = await house.server.say(house.channel, "ben", "good morning")
    await house.settles(lambda: house.newsroom.events("MessagePosted"))

    await house.newsroom.stop()

    async with house.database.reading() as session:
        state = await room_state(session, "discord")
    assert state is not None
    assert state.read_to == message.id
    assert state.seen_at is not None


def test_the_library_is_pointed_elsewhere_only_where_the_config_says_so() -> None:
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY

    point_at(DiscordConfig())
    assert before == (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)
    with client_pointed_at(before[0], str(before[1])):
        point_at(DiscordConfig(api="http://127.0.0.1:1/api/v10/", gateway="ws://127.0.0.1:1/gateway"))
        assert Route.BASE == "http://127.0.0.1:1/api/v10"
        assert str(DiscordWebSocket.DEFAULT_GATEWAY) == "ws://127.0.0.1:1/gateway"
    assert before == (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)


async def test_a_proxy_is_asked_for_everything(database: Database) -> None:
    config = discord_config("4711", proxy="http://127.0.0.1:9")
    newsroom = DiscordNewsroom(database, config, "token")

    client = newsroom.platform.new_client()

    assert client.http.proxy == "http://127.0.0.1:9"


people = st.sampled_from(["discord:1", "discord:2"])
emojis = st.sampled_from(["👍", "👎", "⚡", "❤"])
changes = st.lists(st.tuples(people, emojis, st.booleans()), max_size=25)


@given(changes, st.data())
def test_a_fetched_state_and_what_came_meanwhile_agree_with_what_happened(
    happened: list[tuple[str, str, bool]], data: st.DataObject
) -> None:
    """Whenever the state was read, and however late its events come, the end is what happened."""
    began = data.draw(st.integers(0, len(happened)))
    read = data.draw(st.integers(began, len(happened)))
    put = data.draw(st.integers(read, len(happened)))
    notices = [reacted(index, *one) for index, one in enumerate(happened)]

    states: States = {}
    for notice in notices[:put]:
        take_note(states, notice, PALETTE)
    fetched = {
        person: tuple(e for e in PALETTE if stands(happened[:read], person, e))
        for person in ("discord:1", "discord:2")
    }
    standing = Standing("discord", "1:2", fetched, {}, tuple(notices[began:put]), NOON, "s")
    take_note(states, standing, PALETTE)
    for notice in notices[put:]:
        take_note(states, notice, PALETTE)

    for person in ("discord:1", "discord:2"):
        assert set(states.get(person, ())) == {e for e in PALETTE if stands(happened, person, e)}


NOON = datetime(2026, 5, 2, 12, tzinfo=UTC)
PALETTE = ("👍", "👎", "⚡")


def reacted(index: int, person: str, emoji: str, added: bool) -> Reacted:
    return Reacted("discord", "1:2", person, emoji, added, NOON, f"k{index}")


def stands(happened: list[tuple[str, str, bool]], person: str, emoji: str) -> bool:
    return next((added for who, what, added in reversed(happened) if (who, what) == (person, emoji)), False)


@given(changes)
def test_a_change_that_changes_nothing_is_not_stored(happened: list[tuple[str, str, bool]]) -> None:
    states: States = {}

    for index, one in enumerate(happened):
        before = dict(states)
        stored = take_note(states, reacted(index, *one), PALETTE)
        assert len(stored) == (states.get(one[0], ()) != before.get(one[0], ()))
        assert all("❤" not in emojis for emojis in states.values())
