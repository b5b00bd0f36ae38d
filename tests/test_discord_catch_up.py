"""What happens on Discord while the newsroom is down or cut off is found again, or named."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from storage.database import Database
from storage.room_states import room_state
from tests.discord_desk import DiscordHouse, DiscordNewsroom, discord_config, discord_house, now
from tests.discord_server import until

MOON, SUN = "https://site.test/wet-moon", "https://site.test/loud-sun"


@pytest.fixture(params=["sqlite"])
def shared_database(sqlite_database: Database) -> Database:
    """These tests are about Discord: one database will do."""
    return sqlite_database


@pytest.fixture
async def house(database: Database) -> AsyncIterator[DiscordHouse]:
    async with discord_house(database) as house:
        yield house


async def test_the_first_start_takes_nothing_of_what_was_before(database: Database) -> None:
    async with discord_house(database, opened=False) as house:
        await house.server.say(house.channel, "ada", SUN)

        await house.open()
        await house.pitch("ada", MOON)

        assert [event["text"] for event in await house.newsroom.events("MessagePosted")] == [MOON]
        assert house.said == []


async def test_what_was_written_meanwhile_is_found_in_its_order(house: DiscordHouse) -> None:
    thread = await house.server.thread(house.channel, "rockets", by="ada")
    await house.server.say(house.channel, "ada", MOON)
    await house.card()
    await house.newsroom.stop()

    await house.server.say(house.channel, "ben", "/slate")
    await house.server.say(thread, "ben", SUN)
    gone = await house.server.say(house.channel, "ben", "https://site.test/gone")
    await house.server.delete(gone)
    house.new_newsroom()
    await house.open()

    line = await house.hears("I was away")
    assert "found 2 changes of messages and 0 of reactions" in line
    assert "did not reach me" not in line  # it was short
    texts = [event["text"] for event in await house.newsroom.events("MessagePosted")]
    assert texts == [MOON, "/slate", SUN]
    await until(lambda: house.server.from_bot(thread), what="for the card in the thread")


async def test_hundreds_of_missed_messages_are_read_page_by_page(house: DiscordHouse) -> None:
    await house.newsroom.stop()
    for number in range(250):
        await house.server.say(house.channel, "ben", f"line {number}")

    house.new_newsroom()
    await house.open()

    texts = [event["text"] for event in await house.newsroom.events("MessagePosted")]
    assert texts == [f"line {number}" for number in range(250)]
    await house.hears("found 250 changes")


async def test_beyond_the_bound_it_is_said_from_when_something_may_be_missing(house: DiscordHouse) -> None:
    await house.newsroom.stop()
    for number in range(12):
        await house.server.say(house.channel, "ben", f"line {number}")

    house.new_newsroom().platform.catching_up.most_messages = 10
    await house.open()

    line = await house.hears("I was away")
    assert "found 10 changes" in line
    assert "may be missing" in line
    texts = [event["text"] for event in await house.newsroom.events("MessagePosted")]
    assert texts == [f"line {number}" for number in range(2, 12)]


async def test_reactions_given_and_taken_meanwhile_are_found(house: DiscordHouse) -> None:
    card = await house.pitch("ada", MOON)
    server = house.server
    for name, emoji in (("ben", "🤓"), ("ben", "⚡"), ("cleo", "👍"), ("dora", "👍")):
        await server.react(name, card, emoji)
    await house.scores(4)
    await house.newsroom.stop()

    await server.unreact("ben", card, "⚡")
    await server.unreact("cleo", card, "👍")
    await server.react("cleo", card, "👎")
    await server.react("emil", card, "✍️")
    house.new_newsroom()
    await house.open()

    await house.scores(3)
    await house.chose("section:papers", "ben")
    await house.chose("section:posts", "emil")
    await house.chose("down", "cleo")
    assert "found 0 changes of messages and 3 of reactions" in await house.hears("I was away")


async def test_more_than_a_hundred_people_at_one_emoji_are_all_found(house: DiscordHouse) -> None:
    card = await house.pitch("ada", MOON)
    await house.newsroom.stop()
    for number in range(130):
        await house.server.react(f"reader {number}", card, "👍")

    house.new_newsroom()
    await house.open()

    states = await house.newsroom.events("ReactionsOf")
    assert len({state["person"] for state in states}) == 130


async def test_nothing_is_stored_twice_and_nothing_said_when_nothing_happened(house: DiscordHouse) -> None:
    card = await house.pitch("ada", MOON)
    await house.server.react("ben", card, "🤓")
    await house.scores(2)
    before = await house.newsroom.event_ids()

    await house.restart()
    await house.restart()

    assert await house.newsroom.event_ids() == before
    assert house.said == []


async def test_edits_and_deletions_of_pitches_meanwhile_are_found(house: DiscordHouse) -> None:
    moon = await house.server.say(house.channel, "ada", MOON)
    sun = await house.server.say(house.channel, "ben", SUN)
    await house.card(2)
    await house.newsroom.stop()

    await house.server.edit(moon, "https://site.test/new-moon")
    await house.server.delete(sun)
    house.new_newsroom()
    await house.open()

    await house.card(3)
    await house.hears("#1 is withdrawn")
    await house.hears("#2 is withdrawn")
    assert "found 2 changes of messages" in await house.hears("I was away")
    before = await house.newsroom.event_ids()
    await house.restart()
    assert await house.newsroom.event_ids() == before


async def test_a_long_absence_is_named_with_what_cannot_be_found(database: Database) -> None:
    hours = [0.0]

    def clock() -> datetime:
        return now() + timedelta(hours=hours[0])

    async with discord_house(database, opened=False) as house:
        house.new_newsroom(clock=clock)
        await house.open()
        await house.newsroom.stop()
        hours[0] = 2.0
        house.new_newsroom(clock=clock)
        await house.open()

        line = await house.hears("I was away")
        assert "found 0 changes" in line
        assert "Commands from the menu and buttons pressed in that time did not reach me" in line


async def test_a_newsroom_that_closes_while_discord_is_away_does_not_claim_to_know(
    house: DiscordHouse,
) -> None:
    async def seen_at() -> datetime | None:
        async with house.database.reading() as session:
            state = await room_state(session, "discord")
        return state.seen_at if state is not None else None

    before = await seen_at()
    await house.server.close()
    await until(lambda: house.newsroom.platform._away_since, what="for the connection to drop")

    await house.newsroom.stop()

    assert await seen_at() == before
    await house.server.open()


async def test_a_history_that_may_not_be_read_is_named_once(house: DiscordHouse) -> None:
    await house.newsroom.stop()
    house.server.take_from_bot(house.channel, "read_message_history")
    await house.server.say(house.channel, "ada", MOON)

    house.new_newsroom()
    await house.open()

    assert "Read Message History" in await house.hears("I was away")


async def test_a_channel_that_is_hidden_is_named_to_the_editors(house: DiscordHouse) -> None:
    await house.newsroom.stop()
    house.server.take_from_bot(house.channel, "view_channel")

    house.new_newsroom()
    await house.open()

    line = await house.editors_hear("discord: I was away")
    assert "may be missing" in line


async def test_a_channel_that_is_hidden_takes_back_no_pitch_in_its_threads(house: DiscordHouse) -> None:
    thread = await house.server.thread(house.channel, "rockets", by="ada")
    await house.server.say(thread, "ada", MOON)
    await until(lambda: house.server.from_bot(thread), what="for the card in the thread")
    await house.newsroom.stop()
    house.server.take_from_bot(house.channel, "view_channel")

    house.new_newsroom()
    await house.open()

    assert await house.newsroom.events("MessageDeleted") == []
    assert await house.newsroom.score() == 1


async def test_a_thread_that_was_opened_and_archived_meanwhile_is_read(house: DiscordHouse) -> None:
    forgotten = await house.server.thread(house.channel, "old hat", by="ada")
    await house.server.archive(forgotten)
    await house.newsroom.stop()

    thread = await house.server.thread(house.channel, "rockets", by="ada")
    await house.server.say(thread, "ada", MOON)
    await house.server.archive(thread)
    house.new_newsroom()
    await house.open()

    await house.hears("found 1 changes of messages")
    await until(lambda: house.server.from_bot(thread), what="for the card in the thread")


async def test_a_gap_that_begins_while_one_is_caught_up_with_is_closed_too(house: DiscordHouse) -> None:
    card = await house.pitch("ada", MOON)
    await house.newsroom.stop()
    at_the_card = f"/channels/{house.channel.id}/messages/{card.id}"
    house.server.slow("GET", at_the_card, 0.5)
    house.new_newsroom()
    await house.newsroom.start()
    platform, server, guild = house.newsroom.platform, house.server, house.channel.guild
    await until(lambda: not server.mischief.troubles[0].times, what="for a catch-up under way")

    server.slow("GET", at_the_card, 0.5)
    server.stream.emit("GUILD_CREATE", guild.created(server.bot, members=[server.bot]))  # it was away

    await until(lambda: not server.mischief.troubles[1].times, what="for the catch-up after")
    assert platform.seen.caught_up == set()  # nothing counts as read before that
    await until(lambda: platform.seen.caught_up)


async def test_a_room_in_trouble_keeps_no_other_from_catching_up(house: DiscordHouse) -> None:
    await house.newsroom.stop()
    other = house.server.channel("other")
    about = {"api": house.server.api, "gateway": house.server.gateway}
    config = discord_config(house.channel.id, other.id, **about)
    house.newsroom = DiscordNewsroom(house.database, config, house.server.token)
    house.server.fail("GET", f"/channels/{house.channel.id}/messages", 501, times=1000)

    await house.newsroom.start()

    await until(lambda: house.newsroom.platform.seen.caught_up == {"discord1"}, what="for the other room")
    await until(lambda: house.server.command_names, what="for the commands")
    house.server.mischief.troubles.clear()
    await until(lambda: len(house.newsroom.platform.seen.caught_up) == 2, what="for the room in trouble")


async def test_a_dropped_connection_is_resumed_and_nothing_is_missed(house: DiscordHouse) -> None:
    card = await house.pitch("ada", MOON)
    [session] = house.server.sessions

    house.server.drop_connections()
    await house.server.react("ben", card, "👍")
    await house.server.say(house.channel, "ben", SUN)

    await house.scores(2)
    await house.card(2)
    assert session.resumed == 1
    assert house.said == []


async def test_a_forgotten_session_is_caught_up_with(house: DiscordHouse) -> None:
    card = await house.pitch("ada", MOON)

    house.server.drop_connections(forget_sessions=True)
    await house.server.react("ben", card, "👍")
    await house.server.say(house.channel, "ben", SUN)

    await house.scores(2)
    await house.card(2)
    assert len(house.server.sessions) == 2
    assert "found 1 changes of messages and 1 of reactions" in await house.hears("I was away")


async def test_a_reaction_that_comes_while_they_are_fetched_is_not_overwritten(house: DiscordHouse) -> None:
    card = await house.pitch("ada", MOON)
    await house.server.react("ben", card, "👍")
    await house.scores(2)
    house.server.slow("GET", f"/channels/{house.channel.id}/messages/{card.id}/reactions", 0.3, times=2)
    await house.newsroom.stop()

    house.new_newsroom()
    await house.newsroom.start()
    await until(lambda: house.server.calls_to("GET", "/reactions/%F0%9F%91%8D") or reactions_asked(house))
    await house.server.unreact("ben", card, "👍")
    await house.server.react("ben", card, "👎")
    await until(lambda: house.newsroom.platform.seen.caught_up)

    await house.scores(0)


def reactions_asked(house: DiscordHouse) -> bool:
    return any("/reactions/" in call.path and call.method == "GET" for call in house.server.calls)


async def test_a_card_half_seeded_before_a_crash_is_seeded_at_the_next_start(house: DiscordHouse) -> None:
    house.server.slow("PUT", f"/channels/{house.channel.id}/messages/*/reactions/%F0%9F%A4%93*", 5.0)
    house.server.slow("PUT", f"/channels/{house.channel.id}/messages/*/reactions/🤓", 5.0)
    await house.server.say(house.channel, "ada", MOON)
    [card] = await until(lambda: [one for one in house.cards if len(one.reactions) == 3])
    await house.newsroom.kill()
    assert "✍️" not in card.reactions

    house.server.mischief.troubles.clear()
    house.new_newsroom()
    await house.open()

    await house.card()


async def test_after_a_kill_what_was_on_its_way_is_found(house: DiscordHouse) -> None:
    card = await house.pitch("ada", MOON)
    for number in range(20):
        await house.server.say(house.channel, "ben", f"line {number}")
        await house.server.react(f"reader {number}", card, "👍")
    await house.newsroom.kill()

    house.new_newsroom()
    await house.open()

    await house.scores(21)
    posted = [event["text"] for event in await house.newsroom.events("MessagePosted")]
    assert posted == [MOON, *(f"line {number}" for number in range(20))]


async def test_catching_up_goes_on_though_discord_stumbles(house: DiscordHouse) -> None:
    await house.newsroom.stop()
    await house.server.say(house.channel, "ada", MOON)
    house.server.fail("GET", f"/channels/{house.channel.id}/messages", 503)

    house.new_newsroom()
    await house.newsroom.start()

    await house.card()
