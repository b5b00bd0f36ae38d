"""People pitch, vote and talk in a Discord channel; the real client speaks with the project's own server."""

from collections.abc import AsyncIterator

import pytest

from storage.database import Database
from storage.outbox import order_delivery
from tests.discord_desk import PALETTE, DiscordHouse, discord_house
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


async def test_a_link_becomes_a_card_with_the_palette_under_it(house: DiscordHouse) -> None:
    said = await house.server.say(house.channel, "ada", f"look {MOON}")

    card = await house.card()
    assert card.embeds[0]["title"] == "#1 Wet moon"
    assert card.pings == ()
    assert list(card.reactions) == list(PALETTE)
    await until(lambda: house.server.message(said).reactions.get("👀"), what="for the receipt")


async def test_reactions_are_votes_and_tags_and_can_be_taken_back(house: DiscordHouse) -> None:
    card = await house.pitch("ada", MOON)
    server = house.server

    await server.react("ben", card, "🤓")
    await house.scores(2)
    assert await house.newsroom.people("section:papers") == ("ben",)
    await server.unreact("ben", card, "🤓")
    await house.scores(1)
    await server.react("ben", card, "👎")
    await house.scores(0)


async def test_the_bots_own_reactions_and_those_of_other_bots_are_no_votes(house: DiscordHouse) -> None:
    card = await house.pitch("ada", MOON)
    other = house.server.user("other bot")
    other.bot = True

    await house.server.react(other, card, "👍")
    await house.server.react("ben", card, "👍")

    await house.scores(2)
    assert {event["person"] for event in await house.newsroom.events("ReactionsOf")} == {
        f"discord:{house.server.user('ben').id}"
    }


async def test_an_emoji_is_the_same_with_and_without_its_selector(house: DiscordHouse) -> None:
    card = await house.pitch("ada", MOON)

    await house.server.react("ben", card, "✍")
    await house.scores(2)
    await house.server.react("cleo", card, "✍️")
    await house.scores(3)

    assert await house.newsroom.people("section:posts") == ("ben", "cleo")


async def test_states_hold_the_order_in_which_emojis_were_chosen(house: DiscordHouse) -> None:
    card = await house.pitch("ada", MOON)

    for emoji in ("🤓", "❤️", "⚡", "✨:77"):
        await house.server.react("ben", card, emoji)
    await house.server.unreact("ben", card, "🤓")

    async def is_so() -> bool:
        states = await house.newsroom.events("ReactionsOf")
        return [state["emojis"] for state in states] == [["🤓"], ["🤓", "⚡"], ["⚡"]]

    await house.settles(is_so)
    await house.chose("section:news", "ben")


async def test_cleared_reactions_are_votes_taken_back(house: DiscordHouse) -> None:
    card = await house.pitch("ada", MOON)
    for name in ("ben", "cleo"):
        await house.server.react(name, card, "👍")
        await house.server.react(name, card, "⚡")
    await house.scores(3)

    await house.server.clear_reactions(card, "⚡")
    await house.chose("section:news")
    assert await house.newsroom.score() == 3
    await house.server.clear_reactions(card)
    await house.scores(1)


async def test_reactions_on_peoples_messages_are_not_stored(house: DiscordHouse) -> None:
    talk = await house.server.say(house.channel, "ada", "good morning")
    card = await house.pitch("ada", MOON)

    await house.server.react("ben", talk, "👍")
    await house.server.react("ben", card, "👍")
    await house.server.unreact("ben", talk, "👍")
    await house.scores(2)

    [state] = await house.newsroom.events("ReactionsOf")
    assert state["message_id"] == f"{house.channel.id}:{card.id}"


async def test_a_reaction_that_comes_before_the_card_is_recorded_counts(house: DiscordHouse) -> None:
    house.server.slow("POST", f"/channels/{house.channel.id}/messages", 0.0)
    house.server.drop("POST", f"/channels/{house.channel.id}/messages")  # it stands, and nobody knows its id

    await house.server.say(house.channel, "ada", MOON)
    card = (await until(lambda: house.cards, what="for the card"))[0]
    await house.server.react("ben", card, "👍")

    await house.scores(2)
    assert len(house.cards) == 1


async def test_an_edit_changes_what_was_pitched_and_a_preview_does_not(house: DiscordHouse) -> None:
    said = await house.server.say(house.channel, "ada", MOON)
    await house.card()

    await house.server.unfurl(said)
    await house.server.edit(said, SUN)

    await house.card(2)
    await house.hears("#1 is withdrawn")
    assert [event["text"] for event in await house.newsroom.events("MessageEdited")] == [SUN]


async def test_a_deleted_message_withdraws_its_pitch(house: DiscordHouse) -> None:
    said = await house.server.say(house.channel, "ada", MOON)
    talk = [await house.server.say(house.channel, "ben", f"good morning {n}") for n in range(2)]
    await house.card()

    await house.server.delete_many(*talk)
    await house.server.delete(said)

    await house.hears("#1 is withdrawn")
    deleted = await house.newsroom.events("MessageDeleted")
    assert [event["person"] for event in deleted] == [
        f"discord:{house.server.user(name).id}" for name in ("ben", "ben", "ada")
    ]


async def test_what_bots_and_other_channels_say_is_not_heard(house: DiscordHouse) -> None:
    robot = house.server.user("robot")
    robot.bot = True
    elsewhere = house.server.channel("elsewhere")

    await house.server.say(house.channel, robot, SUN)
    await house.server.say(elsewhere, "ada", SUN)
    message = await house.server.say(elsewhere, "ada", SUN)
    await house.server.edit(message, SUN + "/again")
    await house.server.delete(message)
    await house.pitch("ada", MOON)

    assert [event["text"] for event in await house.newsroom.events()] == [MOON]


async def test_a_thread_is_part_of_its_room(house: DiscordHouse) -> None:
    thread = await house.server.thread(house.channel, "rockets", by="ada")

    said = await house.server.say(thread, "ada", MOON)
    card = (await until(lambda: house.server.from_bot(thread), what="for the card in the thread"))[0]
    await house.server.react("ben", card, "👍")
    await house.scores(2)
    await house.server.say(thread, "ben", "/story 1")
    answer = await house.hears("Wet moon", place=thread)

    assert card.embeds[0]["title"] == "#1 Wet moon"
    assert "Wet moon" in answer
    assert house.server.message(said).reactions["👀"]
    assert house.said == []


async def test_a_thread_that_is_gone_stops_nothing(house: DiscordHouse) -> None:
    thread = await house.server.thread(house.channel, "rockets", by="ada")
    said = await house.server.say(thread, "ada", "/slate")
    await house.hears("The slate is empty", place=thread)
    del house.server.places[thread.id]

    async with house.database.transaction() as session:
        for key, payload in {
            "one": {"text": "to the thread", "thread": thread.id},
            "two": {"text": "to a message there", "reply_to": f"{thread.id}:{said.id}"},
            "three": {"text": "to all"},
        }.items():
            await order_delivery(
                session,
                desk="gazette",
                room="discord",
                key=key,
                kind="reply",
                payload=payload,
                now=house.newsroom.clock(),
            )

    await house.hears("to all")
    assert house.said == ["to the thread", "to a message there", "to all"]


async def test_a_typed_command_is_answered_at_its_message(house: DiscordHouse) -> None:
    asked = await house.server.say(house.channel, "ada", "/help slate")

    await house.hears("what would run")
    [answer] = house.server.from_bot(house.channel)
    assert answer.reply_to == asked.id
    assert answer.pings == ()
    assert answer.flags & 4  # no previews


async def test_hostile_words_stay_words(house: DiscordHouse) -> None:
    await house.server.say(house.channel, "ada", "/@everyone <@1> `x` **y**")
    await house.server.say(house.channel, "ada", "/nonsense\x00 \ud83d")

    await house.hears("I don't know /nonsense")
    assert [one.pings for one in house.server.from_bot(house.channel)] == [()]


async def test_a_forwarded_message_brings_its_links_and_is_never_a_command(house: DiscordHouse) -> None:
    said = house.server.draft(house.channel, house.server.user("ada"), "")
    payload = {**house.server.spell(said), "guild_id": house.channel.guild.id}
    snapshot = {**house.server.spell(said), "content": f"/slate {MOON}"}
    payload["message_snapshots"] = [{"message": snapshot}]
    payload["message_reference"] = {"type": 1, "channel_id": house.channel.id, "message_id": said.id}
    house.server.post(said)
    house.server.stream.emit("MESSAGE_CREATE", {**payload, "id": house.server.clock.snowflake()})

    await house.card()
