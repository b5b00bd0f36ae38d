"""What the bot says on Discord is said once, within the limits, whatever goes wrong on the way."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rooms.discord.emoji import full
from bot.rooms.discord.messages import nonce_of
from bot.rooms.room import Post, RoomTroubleError, Trouble
from storage.database import Database
from storage.event_records import Delivery
from storage.outbox import order_delivery
from tests.discord_desk import PALETTE, DiscordHouse, discord_house, eventually
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


async def say(house: DiscordHouse, key: str, text: str = "", **payload: Any) -> None:
    async with house.database.transaction() as session:
        await order_delivery(
            session,
            desk="gazette",
            room="discord",
            key=key,
            kind="reply",
            payload={"text": text, **payload},
            now=house.newsroom.clock(),
        )


def posts_to(house: DiscordHouse) -> str:
    return f"/channels/{house.channel.id}/messages"


@pytest.mark.parametrize("how", ["drop", "cut", "html", "nonsense"])
async def test_an_answer_whose_receipt_is_lost_is_there_once(house: DiscordHouse, how: str) -> None:
    if how == "drop":
        house.server.drop("POST", posts_to(house))
    else:
        house.server.break_answer("POST", posts_to(house), how=how)  # type: ignore[arg-type]  # literals

    await say(house, "one", "first")
    await say(house, "two", "second")

    await house.hears("second")
    assert house.said == ["first", "second"]
    assert [one.message_id for one in await sent(house)] == [
        f"{house.channel.id}:{one.id}" for one in house.server.from_bot(house.channel)
    ]


async def sent(house: DiscordHouse) -> list[Delivery]:
    async def all_sent() -> list[Delivery]:
        ordered = await house.newsroom.ordered()
        return ordered if all(one.sent_at for one in ordered) else []

    found: list[Delivery] = await eventually(all_sent)
    return found


async def test_what_was_said_before_a_crash_is_found_though_its_nonce_is_forgotten(
    house: DiscordHouse,
) -> None:
    house.server.drop("POST", posts_to(house))
    await say(house, "one", "first")
    await until(lambda: house.said == ["first"])
    await house.newsroom.stop()
    house.server.advance(6 * 60)
    house.server.from_bot(house.channel)[0].nonce = None

    house.new_newsroom()
    await house.open()

    await sent(house)
    assert house.said == ["first"]


async def test_an_announcement_keeps_its_embeds_pings_nobody_and_is_found_after_a_crash(
    house: DiscordHouse,
) -> None:
    embeds = [{"title": "News", "description": "• [Reeds](https://site.test/1) @everyone"}]
    house.server.drop("POST", posts_to(house))

    await say(house, "one", ready={"content": "**Issue 7** @everyone", "embeds": embeds})
    await say(house, "two", "second")

    await house.hears("second")
    announced, _ = house.server.from_bot(house.channel)
    assert (announced.content, announced.embeds[0]["title"]) == ("**Issue 7** @everyone", "News")
    assert (announced.pings, announced.allowed_mentions) == ((), {"parse": []})


async def test_a_card_whose_receipt_is_lost_is_there_once(house: DiscordHouse) -> None:
    house.server.drop("POST", posts_to(house))

    await house.server.say(house.channel, "ada", MOON)

    await house.card()
    await house.server.say(house.channel, "ben", SUN)
    await house.card(2)
    assert len(house.cards) == 2


async def test_the_same_words_twice_are_two_messages(house: DiscordHouse) -> None:
    await say(house, "one", "same")
    await say(house, "two", "same")

    await sent(house)
    assert house.said == ["same", "same"]


async def test_an_answer_that_did_not_arrive_is_not_taken_for_another_in_the_same_words(
    house: DiscordHouse,
) -> None:
    long = "\n".join(f"line {number} of the slate" for number in range(150))
    await say(house, "first", long)
    await house.hears("line 149 ")
    house.server.drop("POST", f"/channels/{house.channel.id}/messages", after_effect=False)

    await say(house, "second", long)

    await until(lambda: len([said for said in house.said if "line 149 " in said]) == 2)
    assert len(house.said) == 4
    assert house.said[:2] == house.said[2:]


async def test_a_card_in_an_archived_thread_rests_and_editors_are_left_alone(house: DiscordHouse) -> None:
    thread = await house.server.thread(house.channel, "rockets", by="ada")
    await house.server.say(thread, "ada", "https://site.test/wet-moon")
    [card] = await until(lambda: house.server.from_bot(thread), what="for the card in the thread")
    await until(lambda: len(card.reactions) == len(PALETTE), what="for the palette")
    await house.server.archive(thread)

    await house.server.click("ben", card, "up")
    await house.scores(2)
    await until(lambda: house.server.calls_to("PATCH", f"/messages/{card.id}"), what="for the redraw")
    await house.server.say(house.channel, "ben", "/help slate")

    await house.hears("what would run")
    assert await house.newsroom.told() == []


async def test_a_long_answer_is_several_messages_and_a_file_stands_in_the_last(house: DiscordHouse) -> None:
    lines = [f"{number} " + "字" * 90 for number in range(60)]
    file = {"name": "issue.md", "content": "# 一期\n"}

    await say(house, "long", "\n".join(lines), file=file)

    await sent(house)
    messages = house.server.from_bot(house.channel)
    assert len(messages) > 2
    assert "\n".join(message.content for message in messages).split("\n") == lines
    assert [[one["filename"] for one in message.attachments] for message in messages][-1] == ["issue.md"]
    assert house.server.uploads[messages[-1].attachments[0]["id"]].decode() == "# 一期\n"


async def test_words_go_without_their_file_where_the_bot_may_attach_none(house: DiscordHouse) -> None:
    house.server.take_from_bot(house.channel, "attach_files")

    await say(house, "preview", "Nothing is committed yet.", file={"name": "issue.md", "content": "# 1"})
    await say(house, "next", "What stands behind it.")

    await sent(house)
    assert [message.content for message in house.server.from_bot(house.channel)] == [
        "Nothing is committed yet.\n(I may not attach issue.md here. Give me the right Attach Files, "
        "then ask again.)",
        "What stands behind it.",
    ]


async def test_a_long_answer_cut_short_in_the_middle_is_completed(house: DiscordHouse) -> None:
    text = "\n".join(f"{number} " + "x" * 90 for number in range(60))
    house.server.slow("POST", posts_to(house), 0.0)
    house.server.drop("POST", posts_to(house), times=2)

    await say(house, "long", text)

    await sent(house)
    assert "\n".join(house.said) == text


async def test_a_reply_to_a_message_that_is_gone_is_a_plain_message(house: DiscordHouse) -> None:
    await say(house, "one", "to nobody", reply_to=f"{house.channel.id}:4711")

    await house.hears("to nobody")


async def test_a_receipt_on_a_message_that_is_gone_stops_nothing(house: DiscordHouse) -> None:
    async with house.database.transaction() as session:
        payload = {"message_id": f"{house.channel.id}:4711", "emoji": "👀"}
        now = house.newsroom.clock()
        await order_delivery(
            session, desk="gazette", room="discord", key="r", kind="react", payload=payload, now=now
        )
    await say(house, "one", "next")

    await house.hears("next")
    assert "10008" in str((await sent(house))[0].failure)


@pytest.mark.parametrize(
    ("status", "code", "word"),
    [
        (403, 50013, "Give the bot the right"),
        (403, 50001, "not there for me any more"),
        (404, 10003, "not there for me any more"),
        (401, 0, "does not know the bot's token"),
    ],
)
async def test_editors_are_told_once_what_keeps_the_bot_from_speaking(
    house: DiscordHouse, status: int, code: int, word: str
) -> None:
    house.server.fail("POST", posts_to(house), status, code=code, message="no")

    await say(house, "one", "in the end")

    await house.editors_hear(word)
    await house.hears("in the end")
    await house.editors_hear("well again")
    assert len([text for text in await house.newsroom.told() if word in text]) == 1


async def test_what_discord_never_takes_stops_nothing_behind_it(house: DiscordHouse) -> None:
    house.server.fail("POST", posts_to(house), 400, code=50035, message="Invalid Form Body")

    await say(house, "one", "refused")
    await say(house, "two", "taken")

    await house.hears("taken")
    assert house.said == ["taken"]
    assert "refused: 400 50035" in str((await sent(house))[0].failure)


async def test_a_5xx_is_tried_again_and_other_rooms_go_on(house: DiscordHouse) -> None:
    house.server.fail("POST", posts_to(house), 503, times=2)

    await say(house, "one", "in the end")

    await house.hears("in the end")
    assert house.said == ["in the end"]


async def test_a_short_429_is_waited_for_and_a_long_one_is_the_couriers(house: DiscordHouse) -> None:
    house.server.fail("POST", posts_to(house), 429, retry_after=0.2)
    await say(house, "one", "short")
    await house.hears("short")

    house.server.fail("POST", posts_to(house), 429, retry_after=900.0)
    await say(house, "two", "long")
    room = house.newsroom.platform.rooms["discord"]
    await until(lambda: len(house.server.calls_to("POST", "/messages")) == 3)
    house.server.fail("POST", posts_to(house), 429, retry_after=901.0)
    with pytest.raises(RoomTroubleError) as raised:
        await room.post(Post("three", "long"))

    assert raised.value.trouble is Trouble.BUSY
    assert raised.value.retry_after == 901.0


async def test_nothing_is_said_while_nobody_is_logged_in(house: DiscordHouse) -> None:
    room = house.newsroom.platform.rooms["discord"]
    await house.newsroom.stop()

    with pytest.raises(RoomTroubleError):
        await room.post(Post("one", "hello"))


async def test_a_card_that_somebody_deleted_is_gone(house: DiscordHouse) -> None:
    card = await house.pitch("ada", MOON)
    await house.server.delete(card)

    await house.server.say(house.channel, "ben", MOON)
    await house.hears("That is #1 already")
    await house.server.say(house.channel, "ben", "/story 1")
    await house.hears("Wet moon")

    assert house.cards == []


async def test_a_missing_right_to_react_is_told_once_and_cards_come_all_the_same(house: DiscordHouse) -> None:
    house.server.take_from_bot(house.channel, "add_reactions")

    await house.server.say(house.channel, "ada", f"{MOON} {SUN}")

    await until(lambda: len(house.cards) == 2)
    await house.editors_hear("I may not put reactions under the cards")
    assert len([text for text in await house.newsroom.told() if "under the cards" in text]) == 1


async def test_a_card_full_of_other_emojis_keeps_no_other_from_being_seeded(house: DiscordHouse) -> None:
    house.server.slow("PUT", f"/channels/{house.channel.id}/messages", 0.3)
    await house.server.say(house.channel, "ada", MOON)
    [card] = await until(lambda: house.cards, what="for the card")
    for number in range(20):
        await house.server.react("ben", card, chr(ord("🐀") + number))

    await house.server.say(house.channel, "ada", SUN)

    await house.card(2)
    assert not card.reactions.keys() >= set(PALETTE)


async def test_a_card_that_cannot_be_seeded_yet_keeps_no_other_waiting(house: DiscordHouse) -> None:
    await house.pitch("ada", MOON)
    house.server.fail("PUT", f"/channels/{house.channel.id}/messages", 501)
    await house.server.say(house.channel, "ada", SUN)
    await until(lambda: not house.server.mischief.troubles[0].times, what="for the failure")

    await house.pitch("ada", "https://site.test/third")

    await house.card(2)


async def test_a_burst_of_votes_is_few_redraws(house: DiscordHouse) -> None:
    card = await house.pitch("ada", MOON)
    house.server.slow("PATCH", f"{posts_to(house)}/{card.id}", 0.2, times=100)
    before = len(house.server.calls_to("PATCH", card.id))

    for number in range(40):
        await house.server.react(f"reader {number}", card, "👍")

    await house.scores(41)
    await until(lambda: "+41" in str(card.embeds[0]))
    assert len(house.server.calls_to("PATCH", card.id)) - before < 20


@pytest.mark.parametrize(
    ("plain", "spelled"),
    [
        ("✍", "✍️"),
        ("⚡", "⚡"),
        ("🕊", "🕊️"),
        ("❤", "❤️"),
        ("👍", "👍"),
        ("👨‍💻", "👨‍💻"),
        ("✏", "✏️"),
        ("❤️‍🔥", "❤️‍🔥"),
    ],
)
def test_emoji_go_out_as_discords_own_clients_spell_them(plain: str, spelled: str) -> None:
    assert full(plain) == full(spelled) == spelled


@given(st.text(max_size=200), st.integers(0, 50))
def test_a_nonce_fits_and_is_the_same_at_each_try(key: str, part: int) -> None:
    assert nonce_of(key, part) == nonce_of(key, part)
    assert len(nonce_of(key, part)) <= 25
    assert nonce_of(key, part) != nonce_of(key, part + 1)
