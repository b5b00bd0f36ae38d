"""What the desk says on Telegram arrives once, where it belongs, however the platform behaves."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.rooms.intake import Intake
from bot.rooms.room import Post, PostButton, PostFile, RoomTroubleError, Trouble
from bot.rooms.telegram.line import budget_of
from bot.rooms.telegram.platform import TelegramPlatform
from bot.rooms.telegram.room import TelegramRoom
from bot.rooms.telegram.search import REACH
from storage.database import Database
from storage.outbox import mark_tried, order_delivery, waiting_deliveries
from tests.telegram_desk import PATIENCE, TelegramHome, telegram_config, telegram_home, words_of
from tests.telegram_server import Chat, TelegramServer
from tests.web_desk import CARD, voted

pytestmark = pytest.mark.parametrize("shared_database", ["sqlite"], indirect=True)
MOON, SUN = "https://site.test/wet-moon", "https://site.test/loud-sun"


@pytest.fixture
async def home(database: Database) -> AsyncIterator[TelegramHome]:
    async with telegram_home(database) as home:
        yield home


@pytest.fixture
async def alone(database: Database) -> AsyncIterator[TelegramHome]:
    """A home whose newsroom does nothing by itself: the test tells the room what to say."""
    async with telegram_home(database, is_open=False) as home:
        home.platform = platform_of(home)
        yield home


def platform_of(home: TelegramHome) -> TelegramPlatform:
    intake = Intake(home.database, home.settings, home.clock, lambda: None)
    return TelegramPlatform(home.config, home.server.token, intake, pace=home.pace)


def room_of(home: TelegramHome, name: str = "telegram") -> TelegramRoom:
    assert home.platform is not None
    return home.platform.rooms[name]


def texts(home: TelegramHome, chat: Chat | None = None) -> list[str]:
    return [words_of(message) for message in home.server.bot_messages(chat or home.group)]


async def trouble_of(room: TelegramRoom, post: Post) -> RoomTroubleError:
    with pytest.raises(RoomTroubleError) as raised:
        await room.post(post)
    return raised.value


# Saying


async def test_a_long_answer_comes_in_parts_with_its_buttons_under_the_last(alone: TelegramHome) -> None:
    lines = "\n".join(f"line {number} <b>& more" for number in range(400))

    message_id = await room_of(alone).post(
        Post("k", text=lines, buttons=(PostButton("confirm:publish:1", "Yes, publish"),))
    )

    said = texts(alone)
    assert len(said) >= 2
    assert "\n".join(said) == lines
    last = alone.server.bot_messages(alone.group)[-1]
    assert message_id == f"{alone.group.id}:{last['message_id']}"
    [[button]] = alone.server.buttons_of(alone.group, last["message_id"])
    assert button.data == "confirm:publish:1"


async def test_a_file_comes_with_its_text_as_caption_or_behind_it(alone: TelegramHome) -> None:
    room, file = room_of(alone), PostFile("issue.md", "# 第 1 期\n")

    await room.post(Post("short", text="The preview", file=file))
    await room.post(Post("long", text="word " * 400, file=file))

    short, text, long = alone.server.bot_messages(alone.group)
    assert short["caption"] == "The preview"
    assert alone.server.file_of(alone.group, short["message_id"]).decode() == file.content
    assert text["text"].startswith("word word")
    assert long["document"]["file_name"] == "issue.md"
    assert "caption" not in long


async def test_an_answer_to_a_message_that_is_gone_stands_alone(alone: TelegramHome) -> None:
    await room_of(alone).post(Post("k", text="Here", reply_to=f"{alone.group.id}:99999"))

    [answer] = alone.server.bot_messages(alone.group)
    assert "reply_to_message" not in answer
    assert answer["link_preview_options"] == {"is_disabled": True}


async def test_a_card_that_shows_it_already_is_no_change(alone: TelegramHome) -> None:
    room = room_of(alone)
    card = await room.post(Post("card", card=CARD))

    await room.redraw(card, CARD)
    await room.redraw(card, voted(CARD, "Ben"))

    [message] = alone.server.bot_messages(alone.group)
    labels = [b.label for row in alone.server.buttons_of(alone.group, message["message_id"]) for b in row]
    assert "👍 1" in labels


async def test_a_message_that_is_gone_is_told_as_such(alone: TelegramHome) -> None:
    room = room_of(alone)

    with pytest.raises(LookupError):
        await room.redraw(f"{alone.group.id}:99999", CARD)
    with pytest.raises(LookupError):
        await room.react(f"{alone.group.id}:99999", "👀")


async def test_an_emoji_that_cannot_be_used_here_is_done_without(alone: TelegramHome) -> None:
    room = room_of(alone)
    ann = alone.server.user("Ann")
    message = await alone.says(ann, "hello")
    alone.group.available_reactions = ("👍",)

    await room.react(f"{alone.group.id}:{message}", "✅")  # not in Telegram's palette
    await room.react(f"{alone.group.id}:{message}", "🎉")  # not allowed in this group
    right = "Bad Request: not enough rights to set reactions in the chat"
    alone.server.fail("setMessageReaction", 400, description=right)
    await room.react(f"{alone.group.id}:{message}", "👍")
    assert alone.server.bot_reaction(alone.group, message) is None

    await room.react(f"{alone.group.id}:{message}", "👍")
    assert alone.server.bot_reaction(alone.group, message) == "👍"


async def test_an_emoji_is_spelled_as_telegram_spells_it(alone: TelegramHome) -> None:
    message = await alone.says(alone.server.user("Ann"), "hello")

    for emoji in ("❤️", "👨‍💻", "✍️"):
        await room_of(alone).react(f"{alone.group.id}:{message}", emoji)

    given = [call.parameters["reaction"][0]["emoji"] for call in alone.server.calls_of("setMessageReaction")]
    assert given == ["❤", "👨‍💻", "✍"]
    assert all(call.status == 200 for call in alone.server.calls_of("setMessageReaction"))


# Troubles


@pytest.mark.parametrize(
    ("status", "description", "trouble"),
    [
        (400, "Bad Request: chat not found", Trouble.GONE),
        (403, "Forbidden: bot was kicked from the supergroup chat", Trouble.GONE),
        (403, "Forbidden: bot is not a member of the supergroup chat", Trouble.GONE),
        (403, "Forbidden: something new", Trouble.RIGHT),
        (400, "Bad Request: not enough rights to send text messages to the chat", Trouble.RIGHT),
        (400, "Bad Request: CHAT_WRITE_FORBIDDEN", Trouble.RIGHT),
        (400, "Bad Request: can't parse entities: unexpected end tag", Trouble.REFUSED),
        (401, "Unauthorized", Trouble.LOGIN),
        (404, "Not Found", Trouble.LOGIN),
        (500, "Internal Server Error", Trouble.UNREACHABLE),
        (502, "Bad Gateway", Trouble.UNREACHABLE),
    ],
)
async def test_each_refusal_is_a_trouble_of_the_room(
    alone: TelegramHome, status: int, description: str, trouble: Trouble
) -> None:
    alone.server.fail("sendMessage", status, description=description)

    raised = await trouble_of(room_of(alone), Post("k", text="Here"))

    assert raised.trouble == trouble
    assert alone.server.token not in f"{raised} {raised!r} {raised.detail}"
    assert raised.__cause__ is None  # what the library raised may hold the token


async def test_flood_control_says_how_long_to_wait(alone: TelegramHome) -> None:
    alone.server.fail("sendMessage", 429, retry_after=17)

    raised = await trouble_of(room_of(alone), Post("k", text="Here"))

    assert (raised.trouble, raised.retry_after) == (Trouble.BUSY, 17)


@pytest.mark.parametrize("mischief", ["slow", "drop", "break_answer"])
async def test_an_answer_that_does_not_come_is_a_trouble(alone: TelegramHome, mischief: str) -> None:
    match mischief:
        case "slow":
            alone.server.slow("sendMessage", alone.pace.answer + 0.5)
        case "drop":
            alone.server.drop("sendMessage")
        case _:
            alone.server.break_answer("sendMessage")

    raised = await trouble_of(room_of(alone), Post("k", text="Here"))

    assert raised.trouble == Trouble.UNREACHABLE
    assert len(texts(alone)) == 1


async def test_one_chat_waits_for_flood_control_and_another_goes_on(database: Database) -> None:
    async with TelegramServer() as server:
        ann, busy, calm = server.user("Ann"), server.group("Busy"), server.group("Calm")
        rooms = [{"name": "busy", "chat": busy.id}, {"name": "calm", "chat": calm.id}]
        home = TelegramHome(server, database, telegram_config(server, rooms), busy)
        server.fail("sendMessage", 429, retry_after=300, chat=busy)
        await home.open()
        try:
            await server.say(busy, ann, "/find nothing")
            await home.until(lambda: [c for c in server.calls_of("sendMessage") if c.status == 429])
            await server.say(calm, ann, "/find nothing")
            await home.until(lambda: home.answers(calm))
            assert home.answers(busy) == []

            home.let_time_pass(minutes=6)
            await home.until(lambda: home.answers(busy))
            assert len(home.answers(busy)) == len(home.answers(calm)) == 1
        finally:
            await home.close()


async def test_the_groups_budget_is_kept_and_reactions_use_none_of_it(database: Database) -> None:
    async with telegram_home(database, is_open=False, messages_per_minute=8) as home:
        home.platform = platform_of(home)
        room = room_of(home)
        message = await home.says(home.server.user("Ann"), "hello")

        async with asyncio.timeout(PATIENCE):
            for emoji in ("👍", "👀", "🎉", "🤔", "👎"):
                await room.turn()
                await room.react(f"{home.group.id}:{message}", emoji)
            for number in range(2):
                await room.turn()
                await room.post(Post(f"k{number}", text="Here"))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await room.turn()

        assert len(texts(home)) == 2


@pytest.mark.parametrize("per_minute", [2, 3, 20, 600])
def test_no_minute_sees_more_than_the_budget(per_minute: int, shared_database: Database) -> None:
    budget = budget_of(per_minute)

    at_once, evenly = budget.max_rate, 60 * budget.max_rate / budget.time_period

    assert at_once >= 1
    assert at_once + evenly == pytest.approx(per_minute)


@pytest.mark.parametrize("description", ["TOPIC_CLOSED", "message thread not found"])
async def test_a_topic_that_is_closed_or_gone_keeps_nothing_else_from_being_said(
    database: Database, description: str
) -> None:
    async with telegram_home(database, group={"forum": True}) as home:
        ann = home.server.user("Ann")
        await home.says(ann, "hello")
        topic = await home.server.topic(home.group, ann, "Links")
        home.server.fail("sendMessage", 400, description=f"Bad Request: {description}")

        await home.says(ann, "/find this", thread=topic)
        await home.asks(ann, "/find that")

        this, that = home.server.bot_messages(home.group)
        assert "this" in words_of(this)
        assert "message_thread_id" not in this
        assert "that" in words_of(that)


# Posts whose end is not known


async def test_what_was_said_is_not_said_again_because_nobody_could_note_it(alone: TelegramHome) -> None:
    room = room_of(alone)
    await room.post(Post("before", text="Something else"))
    mark = await room.bookmark()
    said = await room.post(Post("k", text="Here"))

    assert await room.post(Post("k", text="Here", tried=mark)) == said
    assert texts(alone) == ["Something else", "Here"]
    assert await room.post(Post("k", text="Here")) != said  # asked for anew


@pytest.mark.parametrize(("status", "retry_after"), [(429, 1), (502, None)])
async def test_a_card_is_posted_once_though_the_bot_cannot_react_to_it(
    home: TelegramHome, status: int, retry_after: int | None
) -> None:
    ann = home.server.user("Ann")
    await home.says(ann, MOON)
    await home.until(lambda: home.server.calls_of("setMessageReaction"))  # the receipt
    home.server.fail("setMessageReaction", status, retry_after=retry_after, times=3)

    await home.until(lambda: _rested(home) and home.server.bot_reaction(home.group, home.card_now()) == "👀")

    assert home.cards() == ["#1 Wet moon"]


async def test_an_answer_that_breaks_off_goes_on_where_it_did(alone: TelegramHome) -> None:
    room = room_of(alone)
    await room.post(Post("before", text="Something else"))
    mark = await room.bookmark()
    lines = "\n".join(f"line {number} of many more" for number in range(500))
    alone.server.flood_limit(1)  # the first part goes well
    await trouble_of(room, Post("k", text=lines))
    alone.server.be_well()

    await room.post(Post("k", text=lines, tried=mark))

    assert "\n".join(texts(alone)[1:]) == lines
    assert alone.server.calls_of("editMessageText") == []


async def test_an_answer_that_arrived_though_no_answer_came_is_not_said_again(alone: TelegramHome) -> None:
    room = room_of(alone)
    await alone.says(alone.server.user("Ann"), "hello")
    await room.post(Post("before", text="Something else"))
    mark = await room.bookmark()
    alone.server.drop("sendMessage")
    await trouble_of(room, Post("k", text="Here & there", reply_to=f"{alone.group.id}:1"))
    await alone.says(alone.server.user("Ben"), "meanwhile")

    message_id = await room.post(Post("k", text="Here & there", tried=mark))

    assert texts(alone) == ["Something else", "Here & there"]
    assert message_id == f"{alone.group.id}:{alone.server.bot_messages(alone.group)[-1]['message_id']}"


async def test_an_announcement_stands_as_it_was_set_unfolds_no_link_and_is_said_once(
    alone: TelegramHome,
) -> None:
    room = room_of(alone)
    await alone.says(alone.server.user("Ann"), "hello")
    await room.post(Post("before", text="Something else"))
    mark = await room.bookmark()
    ready = {"text": '<b>Issue 7</b>\n• <a href="https://site.test/1">Reeds</a>', "parse_mode": "HTML"}
    alone.server.drop("sendMessage")
    await trouble_of(room, Post("k", ready=ready))

    await room.post(Post("k", ready=ready, tried=mark))

    _, said = alone.server.bot_messages(alone.group)
    assert words_of(said) == "Issue 7\n• Reeds"
    assert said["link_preview_options"] == {"is_disabled": True}


async def test_an_answer_that_did_not_arrive_is_said_again(alone: TelegramHome) -> None:
    room = room_of(alone)
    await room.post(Post("before", text="Something else"))
    mark = await room.bookmark()
    alone.server.drop("sendMessage", after_effect=False)
    await trouble_of(room, Post("k", text="Here"))
    await alone.says(alone.server.user("Ben"), "meanwhile")

    await room.post(Post("k", text="Here", tried=mark))

    assert texts(alone) == ["Something else", "Here"]


async def test_after_a_refusal_nothing_is_searched_for(alone: TelegramHome) -> None:
    room = room_of(alone)
    await room.post(Post("before", text="Something else"))
    mark = await room.bookmark()
    alone.server.fail("sendMessage", 429, retry_after=1)
    await trouble_of(room, Post("k", text="Here"))

    await room.post(Post("k", text="Here", tried=mark))

    assert texts(alone) == ["Something else", "Here"]
    assert alone.server.calls_of("editMessageText") == []


async def test_the_rest_of_a_long_answer_is_said_where_it_broke_off(alone: TelegramHome) -> None:
    room = room_of(alone)
    await room.post(Post("before", text="Something else"))
    mark = await room.bookmark()
    lines = "\n".join(f"line {number} of many more" for number in range(500))
    alone.server.flood_limit(1)  # the first part goes well
    await trouble_of(room, Post("k", text=lines))
    alone.server.be_well()
    alone.platform = platform_of(alone)

    await room_of(alone).post(Post("k", text=lines, tried=mark))

    assert "\n".join(texts(alone)[1:]) == lines


async def test_a_file_that_arrived_is_found_by_its_caption(alone: TelegramHome) -> None:
    room, file = room_of(alone), PostFile("issue.md", "# Issue\n")
    await room.post(Post("before", text="Something else"))
    mark = await room.bookmark()
    alone.server.drop("sendDocument")
    await trouble_of(room, Post("k", text="The preview", file=file))

    await room.post(Post("k", text="The preview", file=file, tried=mark))

    assert texts(alone) == ["Something else", "The preview"]


async def test_other_messages_of_the_bot_are_never_overwritten_by_a_search(home: TelegramHome) -> None:
    """An answer and a card arrived behind the bookmark; the search passes them by, also after a restart."""
    ann = home.server.user("Ann")
    await home.says(ann, "hello")
    await home.quiet()
    mark = await room_of(home).bookmark()
    await home.says(ann, MOON)
    await home.card()
    await home.asks(ann, "/find nothing")
    await home.quiet()
    before = texts(home)
    await home.close()
    home.platform = platform_of(home)

    await room_of(home).post(Post("k", text="Here", tried=mark))

    assert texts(home) == [*before, "Here"]


async def test_where_two_posts_are_uncertain_neither_is_taken_for_the_other(alone: TelegramHome) -> None:
    """The first one is in the chat, under a number that nobody knows; the second must not be put over it."""
    room = room_of(alone)
    await room.post(Post("before", text="Something else"))
    mark = await room.bookmark()
    await room.post(Post("first", text="The first"))
    async with alone.database.transaction() as session:
        for key in ("first", "second"):
            await order_delivery(
                session,
                desk="gazette",
                room="telegram",
                key=key,
                kind="reply",
                payload={},
                now=alone.clock(),
            )
        for delivery in await waiting_deliveries(session, "gazette", room="telegram", limit=9):
            await mark_tried(session, delivery, mark)
    alone.platform = platform_of(alone)

    await room_of(alone).post(Post("second", text="The second", tried=mark))

    assert texts(alone) == ["Something else", "The first", "The second"]


async def test_a_message_beyond_reach_is_said_again(alone: TelegramHome) -> None:
    room = room_of(alone)
    await room.post(Post("before", text="Something else"))
    mark = await room.bookmark()
    for number in range(REACH):  # of which the bot has not heard
        await alone.says(alone.server.user(f"Person {number}"), "hello")
    alone.server.drop("sendMessage")
    await trouble_of(room, Post("k", text="Here"))

    await room.post(Post("k", text="Here", tried=mark))

    assert texts(alone) == ["Something else", "Here", "Here"]
    assert len(alone.server.calls_of("editMessageText")) == REACH


async def test_in_a_chat_of_which_nothing_is_known_yet_nothing_is_searched(alone: TelegramHome) -> None:
    room = room_of(alone)
    mark = await room.bookmark()
    alone.server.drop("sendMessage")
    await trouble_of(room, Post("k", text="Here"))

    await room.post(Post("k", text="Here", tried=mark))

    assert mark == f"{alone.group.id}:0"
    assert texts(alone) == ["Here", "Here"]


async def test_the_bookmark_survives_a_restart(home: TelegramHome) -> None:
    ann = home.server.user("Ann")
    await home.says(ann, MOON)
    await home.card()
    await home.asks(ann, "/find nothing")
    await home.quiet()
    mark = await room_of(home).bookmark()
    last = max(message["message_id"] for message in home.server.messages(home.group))
    assert mark == f"{home.group.id}:{last}"
    await home.close()

    home.platform = platform_of(home)

    assert await room_of(home).bookmark() == mark


@pytest.mark.parametrize("method", ["sendMessage", "editMessageText"])
@pytest.mark.parametrize("after_effect", [True, False])
async def test_a_connection_that_drops_costs_no_card_and_doubles_none(
    home: TelegramHome, method: str, after_effect: bool
) -> None:
    ann, ben = home.server.user("Ann"), home.server.user("Ben")
    await home.asks(ann, "/find nothing")
    home.server.drop(method, after_effect=after_effect)

    await home.says(ann, MOON)
    await home.until(lambda: _rested(home) and home.card_now())
    await home.reacts(ben, "⚡")
    await home.until(lambda: _rested(home) and home.counts().get("section:news") == "⚡ News 1")

    await home.until(lambda: _rested(home) and home.server.bot_reaction(home.group, home.card_now()) == "👍")
    assert home.cards() == ["#1 Wet moon"]
    assert len(home.answers()) == 1


def _rested(home: TelegramHome) -> bool:
    """Let the courier's rest pass."""
    home.let_time_pass(seconds=1)
    return True


async def test_a_card_that_arrived_before_a_crash_is_found_and_its_votes_count(home: TelegramHome) -> None:
    ann, ben = home.server.user("Ann"), home.server.user("Ben")
    await home.asks(ann, "/find nothing")
    await home.quiet()
    home.server.slow("sendMessage", 1.0)
    await home.says(ann, MOON)
    card = await home.card()
    await home.crash()
    await home.server.press(home.group, card, ben, "up")

    await home.open()

    await home.shows("up", "👍 2")
    assert home.card_now() == card
    assert home.cards() == ["#1 Wet moon"]


async def test_two_crashes_in_a_row_show_neither_card_nor_answer_twice(home: TelegramHome) -> None:
    ann = home.server.user("Ann")
    await home.asks(ann, "/find nothing")
    await home.quiet()
    home.server.slow("sendMessage", 1.0, times=2)
    await home.says(ann, MOON)
    await home.card()
    await home.crash()
    async with home.database.transaction() as session:
        said = {"text": "What else waits to be said"}
        waits = {"desk": "gazette", "room": "telegram", "kind": "reply"}
        await order_delivery(session, key="waits", payload=said, now=home.clock(), **waits)

    await home.open()
    await home.until(lambda: len(home.answers()) == 2)
    await home.crash()
    await home.open()
    await home.quiet()

    assert home.cards() == ["#1 Wet moon"]
    assert home.answers()[1:] == ["What else waits to be said"]


# Topics


async def test_a_topic_is_a_room_and_the_others_are_not_heard(database: Database) -> None:
    async with TelegramServer() as server:
        ann = server.user("Ann")
        forum = server.group("Forum", forum=True)
        await server.say(forum, ann, "The forum's first message has the number of its general topic")
        links, chatter = await server.topic(forum, ann, "Links"), await server.topic(forum, ann, "Chatter")
        rooms = [{"chat": forum.id, "topic": links}]
        home = TelegramHome(server, database, telegram_config(server, rooms), forum)
        await home.open()
        try:
            await home.says(ann, SUN, thread=chatter)
            await home.says(ann, SUN)
            await home.says(ann, MOON, thread=links)
            card = await home.card()
            await home.reacts(ann, "🤓")
            await home.shows("section:papers", "🤓 Papers 1")
            await home.asks(ann, "/find nothing", thread=links)

            await home.quiet()
            assert home.cards() == ["#1 Wet moon"]
            sent = server.bot_messages(forum)
            assert {message["message_thread_id"] for message in sent} == {links}
            assert forum.messages[card]["is_topic_message"]
            assert all(e.payload.get("reply_to") is None for e in await home.inbox())
        finally:
            await home.close()


async def test_a_whole_forum_is_a_room_whose_answers_stay_in_their_topics(database: Database) -> None:
    async with telegram_home(database, group={"forum": True}) as home:
        ann = home.server.user("Ann")
        await home.says(ann, "hello")
        topic = await home.server.topic(home.group, ann, "Links")

        await home.says(ann, MOON, thread=topic)
        card = await home.card()
        await home.asks(ann, "/find nothing", thread=topic)
        await home.asks(ann, "/find nothing")
        await home.says(ann, "/find it", thread=topic)
        gone = await home.says(ann, "/find that", thread=topic)
        del home.group.topics[topic]
        await home.until(lambda: home.answer_to(gone) or "Nothing found for “that”." in texts(home))

        assert home.group.messages[card]["message_thread_id"] == topic
        threads = [m.get("message_thread_id") for m in home.server.bot_messages(home.group)]
        assert threads[:3] == [topic, topic, None]


async def test_two_topics_of_one_forum_are_two_rooms(database: Database) -> None:
    async with TelegramServer() as server:
        ann, ben = server.user("Ann"), server.user("Ben")
        forum = server.group("Forum", forum=True)
        await server.say(forum, ann, "The forum's first message has the number of its general topic")
        links, papers = await server.topic(forum, ann, "Links"), await server.topic(forum, ann, "Papers")
        rooms = [
            {"name": "links", "chat": forum.id, "topic": links},
            {"name": "papers", "chat": forum.id, "topic": papers, "cards": False},
        ]
        home = TelegramHome(server, database, telegram_config(server, rooms), forum)
        await home.open()
        try:
            await home.says(ann, MOON, thread=papers)
            card = await home.card()
            await home.reacts(ben, "👍")
            await home.shows("up", "👍 2")

            await home.quiet()
            assert forum.messages[card]["message_thread_id"] == links
            assert {e.room for e in await home.inbox() if e.payload["kind"] == "MessagePosted"} == {"papers"}
        finally:
            await home.close()


# Migration


@pytest.fixture
async def basic(database: Database) -> AsyncIterator[TelegramHome]:
    async with telegram_home(database, group={"basic": True}) as home:
        yield home


async def test_a_group_that_becomes_a_supergroup_stays_the_same_room(basic: TelegramHome) -> None:
    ann, ben = basic.server.user("Ann"), basic.server.user("Ben")
    await basic.says(ann, MOON)
    await basic.card()
    await basic.quiet()

    new = await basic.server.migrate(basic.group)
    await basic.until(lambda: basic.card_now(chat=new))
    [came] = [each for each in basic.server.messages(new) if "migrate_from_chat_id" in each]
    basic.server.push_raw({"message": came})  # told once more
    basic.group = new
    await basic.reacts(ben, "⚡")
    await basic.shows("section:news", "⚡ News 1")
    await basic.says(ann, SUN)
    await basic.card(2)

    await basic.quiet()
    assert basic.cards(new) == ["#1 Wet moon", "#2 Loud sun"]
    assert {event.room for event in await basic.inbox()} == {"telegram"}
    await basic.close()
    await basic.open()
    await basic.asks(ann, "/find nothing")


async def test_a_migration_that_is_learnt_by_a_refusal_is_followed_too(basic: TelegramHome) -> None:
    ann = basic.server.user("Ann")
    await basic.says(ann, MOON)
    await basic.card()
    await basic.quiet()
    await basic.close()
    asked = await basic.says(ann, "/find nothing")
    new = await basic.server.migrate(basic.group)
    basic.server.world.feed.waiting = type(basic.server.world.feed.waiting)(
        update for update in basic.server.world.feed.waiting if "migrate" not in update.text
    )
    assert asked

    await basic.open()

    await basic.until(lambda: basic.answers(new) and basic.card_now(chat=new))
    await basic.quiet()
    assert basic.cards(new) == ["#1 Wet moon"]
    assert len(basic.answers(new)) == 1


# Menus


async def test_curators_and_editors_see_their_commands_in_their_language(home: TelegramHome) -> None:
    nora = home.config.desk.editors[0].removeprefix("telegram:")
    chat, editor = f"chat:{home.group.id}", f"chat_member:{home.group.id}:{nora}"
    await home.until(lambda: home.server.commands(editor, "zh"))

    assert home.server.commands(chat, "zh")["slate"] == "现在出刊会登哪些"
    assert home.server.commands(chat, "en")["slate"] == home.server.commands(chat)["slate"]
    assert "publish" not in home.server.commands(chat)
    assert "publish" in home.server.commands(editor)
    sets = len(home.server.calls_of("setMyCommands"))
    await home.close()
    await home.open()
    gets = len(home.server.calls_of("getMyCommands"))
    await home.until(lambda: len(home.server.calls_of("getMyCommands")) >= gets + 6)
    assert len(home.server.calls_of("setMyCommands")) == sets  # nothing has changed


async def test_menus_that_cannot_be_set_keep_nothing_from_working(database: Database) -> None:
    async with telegram_home(database, is_open=False) as home:
        home.server.fail("setMyCommands", 400, times=100)
        home.server.fail("getMyCommands", 502, times=1)
        await home.open()

        await home.says(home.server.user("Ann"), MOON)

        await home.card()
