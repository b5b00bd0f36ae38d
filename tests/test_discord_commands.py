"""Slash commands, buttons and forms on Discord: stored first, answered by the interaction's token."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.command import FORMS, Command, parse_command
from bot.rooms.discord.commands import is_registered, registration
from bot.rooms.discord.forms import amendments
from storage.database import Database
from storage.outbox import order_delivery
from tests.discord_desk import DiscordHouse, discord_house
from tests.discord_server import Message, NoAnswerError, until
from tests.discord_server.command_forms import wrong_in_commands

MOON, SUN = "https://site.test/wet-moon", "https://site.test/loud-sun"


@pytest.fixture(params=["sqlite"])
def shared_database(sqlite_database: Database) -> Database:
    """These tests are about Discord: one database will do."""
    return sqlite_database


@pytest.fixture
async def house(database: Database) -> AsyncIterator[DiscordHouse]:
    async with discord_house(database) as house:
        yield house


async def test_the_commands_stand_in_the_menu_in_both_languages(house: DiscordHouse) -> None:
    server = house.server
    commands = await until(lambda: server.commands.get(house.channel.guild.id, {}))

    assert set(commands) == {form.name for form in FORMS}
    slate = commands["slate"]
    assert slate["description"] == "what would run if the issue went out now"
    assert slate["description_localizations"]["zh-CN"] == "现在出刊会登哪些"
    assert [(o["name"], o["type"], o["required"]) for o in commands["move"]["options"]] == [
        ("story", 4, True),
        ("before", 4, True),
    ]


async def test_commands_are_registered_once(house: DiscordHouse) -> None:
    await until(lambda: house.server.commands.get(house.channel.guild.id))
    await house.restart()
    await until(lambda: len(house.server.calls_to("GET", "/commands")) == 2)

    assert len(house.server.calls_to("PUT", "/commands")) == 1
    house.server.commands[house.channel.guild.id]["slate"]["description"] = "old"
    await house.restart()
    await until(lambda: len(house.server.calls_to("PUT", "/commands")) == 2)


async def ready(house: DiscordHouse) -> None:
    await until(lambda: house.server.commands.get(house.channel.guild.id), what="for the menu")


async def test_a_command_from_the_menu_is_stored_and_answered_in_its_place(house: DiscordHouse) -> None:
    await ready(house)

    answer = await house.server.slash("ada", house.channel, "slate")

    assert answer.type == 5
    assert not answer.ephemeral
    await until(lambda: answer.message and "The slate is empty" in answer.message.content)
    [event] = await house.newsroom.events("CommandGiven")
    assert event["text"] == "/slate"
    assert event["message_id"] == f"{house.channel.id}:i:{answer.interaction.id}"
    assert answer.followups == []


async def test_options_become_the_command_as_one_would_type_it(house: DiscordHouse) -> None:
    await ready(house)
    for link in (MOON, SUN):
        await house.pitch("ada", link)
    server, channel = house.server, house.channel

    await server.slash("ada", channel, "amend", story=1, field="title", text="Moon, wet")
    await server.slash("ada", channel, "section", story=2, section="papers")
    await server.slash("ada", channel, "move", story=2, before=1)
    await server.slash("ada", channel, "help")

    assert [event["text"] for event in await house.newsroom.events("CommandGiven")] == [
        "/amend 1 title Moon, wet",
        "/section 2 papers",
        "/move 2 before 1",
        "/help",
    ]
    await until(lambda: house.cards[0].embeds[0]["title"] == "#1 Moon, wet")


async def test_stories_are_found_by_number_and_by_words_of_their_title(house: DiscordHouse) -> None:
    await ready(house)
    for link in (MOON, SUN):
        await house.pitch("ada", link)
    await house.server.say(house.channel, "ada", "/amend 2 title 太阳很吵")
    await until(lambda: house.cards[1].embeds[0]["title"] == "#2 太阳很吵")

    async def offered(typed: str) -> list[object]:
        found = await house.server.autocomplete("ben", house.channel, "story", focused="story", story=typed)
        return [value for _, value in found]

    assert await offered("") == [2, 1]
    assert await offered("#1") == [1]
    assert await offered("wet") == [1]
    assert await offered("很吵") == [2]
    assert await offered("nothing") == []
    names = await house.server.autocomplete("ben", house.channel, "story", focused="story", story="2")
    assert names == [("#2 太阳很吵", 2)]


async def test_titles_are_not_offered_where_the_desk_does_not_meet(house: DiscordHouse) -> None:
    await house.pitch("ada", "https://site.test/wet-moon")
    elsewhere = house.server.channel("lounge")

    assert await house.server.autocomplete("eve", elsewhere, "story", focused="story", story="") == []


async def test_sections_and_commands_are_found_too(house: DiscordHouse) -> None:
    await ready(house)
    server, channel = house.server, house.channel

    by_key = await server.autocomplete("ben", channel, "section", focused="section", section="pap")
    by_emoji = await server.autocomplete("ben", channel, "section", focused="section", section="✍️")
    command = await server.autocomplete("ben", channel, "help", focused="command", command="pub")
    what = await server.autocomplete("ben", channel, "undo", focused="what", what="pub")

    assert by_key == [("🤓 Papers", "papers")]
    assert by_emoji == [("✍ Posts", "posts")]
    assert command == [("publish", "publish")]
    assert what == [("publish", "publish")]


async def test_a_further_answer_follows_the_first(house: DiscordHouse) -> None:
    await ready(house)
    answer = await house.server.slash("ada", house.channel, "slate")
    await until(lambda: answer.message and answer.message.content)
    key = f"{house.channel.id}:i:{answer.interaction.id}"

    await say(house, "more", text="and more", reply_to=key)

    await until(lambda: answer.followups)
    assert answer.followups[0].content == "and more"
    assert answer.followups[0].pings == ()


async def say(house: DiscordHouse, key: str, **payload: str) -> None:
    async with house.database.transaction() as session:
        now = house.newsroom.clock()
        await order_delivery(
            session, desk="gazette", room="discord", key=key, kind="reply", payload=payload, now=now
        )


async def test_a_command_is_answered_after_a_restart(house: DiscordHouse) -> None:
    await ready(house)
    answer = await house.server.slash("ada", house.channel, "slate")
    await until(lambda: answer.message and answer.message.content)
    key = f"{house.channel.id}:i:{answer.interaction.id}"
    await house.restart()

    await say(house, "later", text="here it is", reply_to=key)

    await until(lambda: answer.followups)
    assert answer.followups[0].content == "here it is"


async def test_an_answer_too_late_for_the_token_is_a_message_that_names_the_command(
    house: DiscordHouse,
) -> None:
    await ready(house)
    answer = await house.server.slash("ada", house.channel, "find", words="moon *")
    await until(lambda: answer.message and answer.message.content)
    house.server.advance(16 * 60)

    await say(house, "late", text="behold", reply_to=f"{house.channel.id}:i:{answer.interaction.id}")

    await until(lambda: "behold" in house.said[-1])
    assert house.said[-1] == "To /find moon \\*:\nbehold"
    assert answer.followups == []


async def test_a_command_that_could_not_be_acknowledged_takes_effect_and_is_answered_all_the_same(
    house: DiscordHouse,
) -> None:
    await ready(house)
    house.server.fail("POST", "/interactions/*", 404, code=10062)

    asked = asyncio.create_task(house.server.slash("ada", house.channel, "slate"))
    await house.hears("To /slate:")

    assert "The slate is empty" in house.said[0]
    with pytest.raises(NoAnswerError):
        await asked


async def test_an_answer_is_given_once_though_the_connection_drops_behind_it(house: DiscordHouse) -> None:
    await ready(house)
    answer = await house.server.slash("ada", house.channel, "slate")
    await until(lambda: answer.message and answer.message.content)
    key = f"{house.channel.id}:i:{answer.interaction.id}"
    house.server.drop("POST", "/webhooks/*")

    await say(house, "more", text="and more", reply_to=key)
    await say(house, "most", text="and most", reply_to=key)

    await until(lambda: len(answer.followups) > 1)
    assert [one.content for one in answer.followups] == ["and more", "and most"]


async def test_a_command_that_comes_as_the_newsroom_closes_is_acknowledged_and_answered_later(
    house: DiscordHouse,
) -> None:
    await ready(house)
    for number in range(60):
        await house.server.say(house.channel, "ben", f"line {number}")
    asked = asyncio.create_task(house.server.slash("ada", house.channel, "slate"))
    await until(lambda: house.newsroom.platform.desk.pending, what="for the command")

    await house.restart()

    answer = await asked
    assert answer.type == 5
    await until(lambda: answer.message and "The slate is empty" in answer.message.content)


async def test_a_command_where_the_desk_does_not_meet_is_answered_aside(house: DiscordHouse) -> None:
    await ready(house)
    elsewhere = house.server.channel("elsewhere")

    answer = await house.server.slash("ada", elsewhere, "slate")

    assert answer.ephemeral
    assert answer.content == "The desk does not meet in this channel."
    assert await house.newsroom.events("CommandGiven") == []


async def test_buttons_vote_and_tag(house: DiscordHouse) -> None:
    card = await house.pitch("ada", MOON)

    pressed = await house.server.click("ben", card, "section:papers")

    assert pressed.type == 6
    await house.scores(2)
    assert await house.newsroom.people("section:papers") == ("ben",)
    await house.server.click("ben", card, "section:papers")
    await house.scores(1)
    await until(lambda: "Papers" in str(card.components))


async def test_buttons_survive_a_restart(house: DiscordHouse) -> None:
    card = await house.pitch("ada", MOON)
    await house.restart()

    await house.server.click("ben", card, "up")

    await house.scores(2)


async def test_buttons_of_an_answer_reach_the_desk(house: DiscordHouse) -> None:
    async with house.database.transaction() as session:
        payload = {"text": "Sure?", "buttons": [["confirm:7", "Yes @everyone"], ["confirm:no", "No"]]}
        await order_delivery(
            session,
            desk="gazette",
            room="discord",
            key="sure",
            kind="reply",
            payload=payload,
            now=house.newsroom.clock(),
        )
    message = (await until(lambda: house.server.from_bot(house.channel)))[0]

    await house.server.click("ada", message, "confirm:7")

    [event] = await house.newsroom.events("ButtonPressed")
    assert event["button"] == "confirm:7"
    assert event["message_id"] == f"{house.channel.id}:{message.id}"
    assert message.pings == ()


async def form_of(house: DiscordHouse, card: Message, who: str = "ben") -> str:
    shown = await house.server.click(who, card, "amend")
    assert shown.type == 9
    return str(shown.data["custom_id"])


async def test_a_story_is_amended_in_a_form(house: DiscordHouse) -> None:
    card = await house.pitch("ada", MOON)
    form = await form_of(house, card)
    assert house.server.form_shown_to("ben", form) == {
        "title": "Wet moon",
        "source": "site.test",
        "summary": "Wet moon in short.",
    }

    changed = {"title": "Moon, wet", "summary": "One line.\nAnother."}
    answer = await house.server.submit("ben", house.channel, form, changed)

    await until(lambda: answer.followups, what="for the second answer")
    assert [event["text"] for event in await house.newsroom.events("CommandGiven")] == [
        "/amend 1 title Moon, wet",
        "/amend 1 summary One line.\nAnother.",
    ]
    assert (await house.newsroom.event_ids())[-2:] == [
        f"interaction:{answer.interaction.id}:title",
        f"interaction:{answer.interaction.id}:summary",
    ]
    await until(lambda: card.embeds[0]["title"] == "#1 Moon, wet")


async def test_a_form_changes_only_what_was_changed_in_it_though_the_newsroom_was_restarted(
    house: DiscordHouse,
) -> None:
    card = await house.pitch("ada", MOON)
    form = await form_of(house, card)
    await house.server.say(house.channel, "ada", "/amend 1 title Meanwhile")
    await until(lambda: card.embeds[0]["title"] == "#1 Meanwhile")
    await house.restart()

    await house.server.submit("ben", house.channel, form, {"source": "The Marsh"})

    await until(lambda: "The Marsh" in str(card.embeds[0].get("footer")))
    assert card.embeds[0]["title"] == "#1 Meanwhile"


async def test_a_form_in_which_nothing_was_changed_changes_nothing(house: DiscordHouse) -> None:
    card = await house.pitch("ada", MOON)

    answer = await house.server.submit("ben", house.channel, await form_of(house, card), {})

    assert answer.ephemeral
    assert answer.content == "Nothing was changed."
    assert await house.newsroom.events("CommandGiven") == []


async def test_a_summary_too_long_for_a_form_is_left_out_of_it(house: DiscordHouse) -> None:
    card = await house.pitch("ada", MOON)
    await house.server.say(house.channel, "ada", f"/amend 1 summary {'long ' * 900}")
    await house.hears("is now")

    form = await form_of(house, card)
    assert set(house.server.form_shown_to("ben", form)) == {"title", "source"}
    await house.server.submit("ben", house.channel, form, {"title": "Short"})

    await until(lambda: card.embeds[0]["title"] == "#1 Short")
    assert [event["text"] for event in await house.newsroom.events("CommandGiven")] == [
        "/amend 1 title Short"
    ]


async def test_a_command_is_on_disk_before_it_is_acknowledged(house: DiscordHouse) -> None:
    await ready(house)
    lock = sqlite3.connect(house.database.url.database or "", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")

    asked = asyncio.create_task(house.server.slash("ada", house.channel, "slate"))
    await until(lambda: house.server.interactions)
    await asyncio.sleep(0.1)
    assert not asked.done()
    lock.execute("ROLLBACK")
    lock.close()

    answer = await asked
    await until(lambda: answer.message and "The slate is empty" in answer.message.content)


def test_every_command_fits_discords_limits() -> None:
    for language in ("en", "zh"):
        commands = registration("zh" if language == "zh" else "en")
        assert list(wrong_in_commands(commands)) == []
        assert is_registered(commands, [{**one, "id": "1", "nsfw": False} for one in commands])
        assert not is_registered(commands, commands[1:])


@given(st.dictionaries(st.sampled_from(["title", "source", "summary"]), st.text(max_size=300)))
def test_whatever_is_written_in_a_form_is_a_command_or_nothing(values: dict[str, str]) -> None:
    for field, text in amendments("amend:12:a:b:c", values).items():
        command = parse_command(text)
        assert isinstance(command, Command)
        assert command.words == ("12", field)
