"""A desk on Telegram, as its people live it: links, votes, buttons, commands, edits."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from storage.database import Database
from tests.telegram_desk import QUICK, TelegramHome, telegram_home

pytestmark = pytest.mark.parametrize("shared_database", ["sqlite"], indirect=True)
MOON, SUN = "https://site.test/wet-moon", "https://site.test/loud-sun"


@pytest.fixture
async def home(database: Database) -> AsyncIterator[TelegramHome]:
    async with telegram_home(database) as home:
        yield home


async def test_a_link_becomes_a_card_and_two_votes_bring_it_onto_the_slate(home: TelegramHome) -> None:
    ann, ben = home.server.user("Ann"), home.server.user("Ben")

    message = await home.says(ann, f"看这个 {MOON}")
    card = await home.card()
    await home.until(lambda: home.server.bot_reaction(home.group, message) == "👀")  # it is on disk
    await home.reacts(ben, "⚡")
    await home.shows("section:news", "⚡ News 1")

    await home.quiet()
    assert home.cards() == ["#1 Wet moon"]
    assert home.server.bot_reaction(home.group, card) == "👍"
    assert await home.votes() == {"Ann": 1, "Ben": 1}


async def test_a_link_in_a_caption_or_behind_words_or_without_a_scheme_is_a_pitch(home: TelegramHome) -> None:
    ann = home.server.user("Ann")

    await home.server.caption(home.group, ann, f"a photo of it: {MOON}")
    await home.says(ann, "😀😀 read this one", links={"this one": SUN})
    await home.says(ann, "🌚 site.dev/dry-mars，不错")

    await home.card(3)
    await home.quiet()
    assert home.cards() == ["#1 Wet moon", "#2 Loud sun", "#3 Dry mars"]
    assert home.pages.read_urls == [MOON, SUN, "https://site.dev/dry-mars"]


async def test_an_edit_that_changes_nothing_is_not_heard_and_one_that_adds_a_link_is(
    home: TelegramHome,
) -> None:
    ann = home.server.user("Ann")
    message = await home.says(ann, f"look: {MOON}")
    await home.card()

    await home.server.edit(home.group, message)  # such as a preview that was found
    await home.quiet()
    assert home.cards() == ["#1 Wet moon"]

    await home.server.edit(home.group, message, f"look: {MOON} and {SUN}")
    await home.card(2)
    assert await home.votes(2) == {"Ann": 1}


async def test_an_edit_that_takes_a_hidden_link_away_withdraws_the_pitch(home: TelegramHome) -> None:
    ann = home.server.user("Ann")
    message = await home.says(ann, "read this", links={"this": MOON})
    await home.card()

    await home.server.edit(home.group, message, "read this")  # the same words, and nothing behind them

    async def is_withdrawn() -> bool:
        story = await home.story()
        return story is not None and story.withdrawn

    await home.until_known(is_withdrawn)


async def test_an_edit_that_takes_a_caption_away_withdraws_the_pitch(home: TelegramHome) -> None:
    ann = home.server.user("Ann")
    message = await home.server.caption(home.group, ann, MOON)
    await home.card()

    await home.server.edit(home.group, message, "")

    async def is_withdrawn() -> bool:
        story = await home.story()
        return story is not None and story.withdrawn

    await home.until_known(is_withdrawn)


async def test_an_answer_hangs_under_the_command_it_answers(home: TelegramHome) -> None:
    ann = home.server.user("Ann")

    answer = await home.asks(ann, "/find nothing")

    assert answer == "Nothing found for “nothing”."


async def test_a_command_for_this_bot_is_obeyed_and_one_for_another_is_not(home: TelegramHome) -> None:
    ann = home.server.user("Ann")

    await home.says(ann, "/slate@other_bot")
    answer = await home.asks(ann, "/find@Copydesk_Bot nothing")

    await home.quiet()
    assert answer.startswith("Nothing found")
    assert len(home.answers()) == 1


async def test_a_premium_members_three_reactions_are_one_vote_with_the_section_chosen_last(
    home: TelegramHome,
) -> None:
    ann, eve = home.server.user("Ann"), home.server.user("Eve", premium=True)
    await home.says(ann, MOON)

    await home.reacts(eve, "🔥", "⚡", "🤓")
    await home.shows("section:papers", "🤓 Papers 1")

    await home.quiet()
    assert await home.votes() == {"Ann": 1, "Eve": 1}
    assert home.counts()["section:news"] == "⚡ News"


async def test_a_reaction_of_a_premium_members_own_emoji_means_nothing(home: TelegramHome) -> None:
    ann, eve = home.server.user("Ann"), home.server.user("Eve", premium=True)
    await home.says(ann, MOON)

    await home.reacts(eve, "custom:5368324170671202286", "👎")
    await home.shows("down", "👎 1")
    await home.reacts(eve, "custom:5368324170671202286")
    await home.shows("down", "👎")


async def test_a_vote_is_changed_by_another_reaction_and_taken_back_with_it(home: TelegramHome) -> None:
    ann, ben = home.server.user("Ann"), home.server.user("Ben")
    await home.says(ann, MOON)

    await home.reacts(ben, "👍")
    await home.shows("up", "👍 2")
    await home.reacts(ben, "👎")
    await home.shows("down", "👎 1")
    await home.reacts(ben)
    await home.shows("down", "👎")

    assert home.counts()["up"] == "👍 1"


async def test_counts_of_reactions_never_become_votes(home: TelegramHome) -> None:
    ann = home.server.user("Ann")
    await home.says(ann, MOON)
    card = await home.card()

    await home.server.count_reactions(home.group, card, {"👍": 40, "⚡": 2})
    await home.server.react_anonymously(home.group, card, "👎")

    await home.quiet()
    assert await home.votes() == {"Ann": 1}
    assert await home.told() == []


async def test_a_state_that_differs_from_the_reaction_before_heals_itself(home: TelegramHome) -> None:
    """The update which put Ben's 👍 there was lost; the next one says what stands now, and that counts."""
    ann, ben = home.server.user("Ann"), home.server.user("Ben")
    await home.says(ann, MOON)
    card = await home.card()

    home.server.push_raw(
        {
            "message_reaction": {
                "chat": home.group.as_json(),
                "message_id": card,
                "date": int(home.clock().timestamp()),
                "user": ben.as_json(),
                "old_reaction": [{"type": "emoji", "emoji": "👎"}],
                "new_reaction": [{"type": "emoji", "emoji": "✍"}],
            }
        }
    )

    await home.shows("section:posts", "✍ Posts 1")
    assert await home.votes() == {"Ann": 1, "Ben": 1}


async def test_a_button_votes_and_its_clock_stops(home: TelegramHome) -> None:
    ann, ben = home.server.user("Ann"), home.server.user("Ben")
    await home.says(ann, MOON)

    answer = await home.presses(ben, "section:projects")

    assert answer["text"] == ""
    await home.shows("section:projects", "👨‍💻 Projects 1")


async def test_a_button_of_a_card_nobody_knows_is_answered_too(home: TelegramHome) -> None:
    ann = home.server.user("Ann")

    press = await home.server.press(home.group, 999, ann, "up", stale=True)

    assert await press.wait()
    await home.quiet()


async def test_a_press_that_cannot_be_answered_counts_all_the_same(home: TelegramHome) -> None:
    ann, ben = home.server.user("Ann"), home.server.user("Ben")
    await home.says(ann, MOON)
    card = await home.card()
    home.server.fail("answerCallbackQuery", 400, times=5)

    await home.server.press(home.group, card, ben, "up")

    await home.shows("up", "👍 2")


async def test_presses_that_telegram_lets_wait_keep_nothing_else_waiting(database: Database) -> None:
    async with telegram_home(database, is_open=False) as home:
        home.pace = replace(QUICK, answer=60)
        await home.open()
        ann = home.server.user("Ann")
        await home.says(ann, MOON)
        card = await home.card()
        home.server.slow("answerCallbackQuery", 60, times=100, after_effect=False)
        for _ in range(60):
            await home.server.press(home.group, card, ann, "up")

        await home.asks(ann, "/find nothing")

        assert 0 < len(home.server.calls_of("answerCallbackQuery")) < 20


async def test_an_anonymous_admin_pitches_as_the_group_and_votes_by_button_with_their_own_name(
    home: TelegramHome,
) -> None:
    ann, owner = home.server.user("Ann"), home.server.user("Owner")
    home.server.appoint(home.group, owner, anonymous=True)

    await home.says(owner, MOON, as_anonymous=True)
    await home.card()
    await home.presses(owner, "up")
    await home.presses(ann, "up")

    await home.shows("up", "👍 3")
    assert await home.votes() == {"Desk": 1, "Owner": 1, "Ann": 1}
    [pitch, *_] = await home.inbox()
    assert pitch.payload["person"] == f"telegram:chat:{home.group.id}"
    assert pitch.payload["anonymous"] is True


def written_by_channel(home: TelegramHome, number: int, title: str, text: str) -> dict[str, Any]:
    """A message in the group that somebody wrote as a channel of theirs."""
    return {
        "message_id": 500 + number,
        "from": {"id": 777000, "is_bot": False, "first_name": "Telegram"},
        "sender_chat": {"id": -1009990000 - number, "type": "channel", "title": title},
        "chat": home.group.as_json(),
        "date": int(home.clock().timestamp()),
        "text": text,
    }


async def test_a_post_of_a_linked_channel_is_a_pitch_of_the_groups(home: TelegramHome) -> None:
    post = written_by_channel(home, 1, "Embedded AI", MOON)
    home.server.push_raw({"message": post | {"is_automatic_forward": True}})

    await home.card()
    assert await home.votes() == {"Desk": 1}


async def test_nobody_has_as_many_votes_as_they_have_channels(home: TelegramHome) -> None:
    for number in (1, 2, 3):
        message = written_by_channel(home, number, f"Channel {number}", f"{MOON} again {number}")
        home.server.push_raw({"message": message})

    await home.card()
    await home.quiet()
    assert await home.votes() == {"Desk": 1}


async def test_a_forwarded_message_is_never_a_command(home: TelegramHome) -> None:
    ann, date = home.server.user("Ann"), int(home.clock().timestamp())
    forwarded = {
        "message_id": 501,
        "from": ann.as_json(),
        "chat": home.group.as_json(),
        "date": date,
        "text": f"/slate {MOON}",
        "forward_origin": {"type": "hidden_user", "date": date, "sender_user_name": "Mallory"},
    }
    home.server.push_raw({"message": forwarded})

    await home.card()
    assert home.answers() == []


async def test_what_another_bot_writes_is_not_heard(home: TelegramHome) -> None:
    robot = home.server.user("Robot")
    message = {
        "message_id": 500,
        "from": robot.as_json() | {"is_bot": True},
        "chat": home.group.as_json(),
        "date": int(home.clock().timestamp()),
        "text": MOON,
    }
    home.server.push_raw({"message": message})

    await home.quiet()
    assert await home.inbox() == []


async def test_a_press_from_a_backlog_does_not_outdo_the_reaction_that_came_after_it(
    home: TelegramHome,
) -> None:
    """While nobody fetched, Ben pressed 👍 and later took 👎 instead; a press bears no time of its own."""
    ann, ben = home.server.user("Ann"), home.server.user("Ben")
    await home.says(ann, MOON)
    card = await home.card()
    await home.quiet()
    await home.close()

    await home.server.press(home.group, card, ben, "up")
    await home.server.react(home.group, card, ben, "👎")
    home.let_time_pass(hours=2)
    await home.open()

    await home.shows("down", "👎 1")
    assert await home.votes() == {"Ann": 1, "Ben": -1}


async def test_the_bot_speaks_the_newsrooms_language(database: Database) -> None:
    async with telegram_home(database, language="zh") as home:
        ann = home.server.user("小林")

        assert await home.asks(ann, "/find 没有") == "没有找到“没有”。"


async def test_a_strange_chat_is_told_once_how_it_becomes_a_room_and_leaves_no_trace(
    home: TelegramHome,
) -> None:
    ann = home.server.user("Ann")
    other = home.server.group("Another group")

    await home.server.say(other, ann, MOON)
    await home.server.say(other, ann, "/help")
    await home.server.say(other, ann, "/slate")
    await home.server.say(other, ann, "/slate@other_bot")

    [answer] = await home.until(lambda: home.answers(other))
    assert f"chat = {other.id}" in answer
    await home.quiet()
    assert home.answers(other) == [answer]
    assert await home.inbox() == []


async def test_somebody_who_writes_to_the_bot_alone_learns_their_identity(home: TelegramHome) -> None:
    ann = home.server.user("Ann")
    private = home.server.private(ann)

    await home.server.say(private, ann, "/start")

    [answer] = await home.until(lambda: home.answers(private))
    assert f"telegram:{ann.id}" in answer


async def test_the_editors_are_told_when_the_bot_is_thrown_out_and_when_it_is_back(
    home: TelegramHome,
) -> None:
    await home.server.kick_bot(home.group)
    await home.until_known(home.told)
    await home.server.appoint_bot(home.group, "administrator")
    await home.server.appoint_bot(home.group, "member")

    async def all_told() -> list[str]:
        told = await home.told()
        return told if len(told) == 3 else []

    out, back, no_admin = await home.until_known(all_told)
    assert "removed from the Telegram room telegram" in out
    assert "in the Telegram room telegram again" in back
    assert "no administrator in the Telegram room telegram" in no_admin


async def test_a_press_right_behind_an_update_that_waited_is_as_old_as_that(home: TelegramHome) -> None:
    ann = home.server.user("Ann")
    await home.says(ann, MOON)
    card = await home.card()
    long_ago = int(home.clock().timestamp()) - 3 * 3600
    waited = {"message_id": 700, "from": ann.as_json(), "chat": home.group.as_json(), "date": long_ago}
    home.server.push_raw({"message": waited | {"text": "good morning"}})
    await home.quiet()

    await home.server.press(home.group, card, ann, "down")

    await home.quiet()
    [*_, press] = await home.inbox()
    assert press.payload["kind"] == "ButtonPressed"
    pressed_at = datetime.fromisoformat(press.payload["at"]).timestamp()
    assert pressed_at < home.clock().timestamp() - 3600
