"""The tests' own Telegram, driven by the real client library: it finds here what it finds there."""

import asyncio
import contextlib
import html
import warnings
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as some
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    BotCommandScopeChatAdministrators,
    ChatMemberAdministrator,
    ChatMemberLeft,
    ChatMemberOwner,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    ReplyParameters,
    Update,
)
from telegram.constants import ChatMemberStatus, ParseMode, ReactionEmoji
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    MessageHandler,
    MessageReactionHandler,
    filters,
)

from tests.telegram_server import Button, Chat, Person, TelegramServer
from tests.telegram_server.entities import find_entities, units
from tests.telegram_server.html_text import parse_html
from tests.telegram_server.palette import PALETTE
from tests.telegram_server.refusal import RefusalError


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest.fixture
async def bot(server: TelegramServer) -> AsyncIterator[Bot]:
    async with new_bot(server) as bot:
        yield bot


@pytest.fixture
def desk(server: TelegramServer) -> Chat:
    return server.group("Desk")


@pytest.fixture
def lin(server: TelegramServer) -> Person:
    return server.user("Lin")


def new_bot(server: TelegramServer, token: str | None = None) -> Bot:
    return Bot(token or server.token, base_url=f"{server.url}/bot", base_file_url=f"{server.url}/file/bot")


async def taken(bot: Bot, *, timeout: int = 0) -> list[Update]:
    """Fetch what waits, of every kind, and acknowledge it."""
    updates = await bot.get_updates(timeout=timeout, allowed_updates=Update.ALL_TYPES)
    if updates:
        await bot.get_updates(offset=updates[-1].update_id + 1)
    return list(updates)


async def watching(bot: Bot) -> None:
    """Ask for updates of every kind once: from now on they are kept for the bot."""
    await bot.get_updates(allowed_updates=Update.ALL_TYPES)


async def until(true: Callable[[], object], seconds: float = 30.0) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.005)


def keyboard(*data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(each, callback_data=each) for each in data]])


def emoji_in(reactions: Any) -> list[str]:
    return [each.emoji for each in reactions]


# What people write


def test_the_palette_is_the_one_that_the_library_knows() -> None:
    assert {str(each.value) for each in ReactionEmoji} == PALETTE


async def test_links_are_marked_in_utf16_units(
    server: TelegramServer, bot: Bot, desk: Chat, lin: Person
) -> None:
    await server.say(
        desk, lin, "🦄看 https://site.test/a_(b). 还有 这里 #项目", links={"这里": "https://hidden.test/"}
    )

    [update] = await taken(bot)
    assert update.message is not None
    marked = {each.type: text for each, text in update.message.parse_entities().items()}
    assert marked == {"url": "https://site.test/a_(b)", "text_link": "这里", "hashtag": "#项目"}
    assert [each.url for each in update.message.entities if each.url] == ["https://hidden.test/"]


async def test_an_address_runs_on_over_chinese_until_a_space(
    server: TelegramServer, bot: Bot, desk: Chat, lin: Person
) -> None:
    await server.say(desk, lin, "看https://site.test/a，很好 example.com/b!")

    [update] = await taken(bot)
    assert update.message is not None
    assert list(update.message.parse_entities().values()) == ["https://site.test/a，很好", "example.com/b"]


async def test_a_photo_has_its_links_in_the_caption(
    server: TelegramServer, bot: Bot, desk: Chat, lin: Person
) -> None:
    message_id = await server.caption(desk, lin, "see https://site.test")

    [update] = await taken(bot)
    assert update.message is not None
    assert list(update.message.parse_caption_entities().values()) == ["https://site.test"]
    assert update.message.photo
    assert server.text_of(desk, message_id) == "see https://site.test"


async def test_an_edit_comes_also_when_nothing_visible_changed(
    server: TelegramServer, bot: Bot, desk: Chat, lin: Person
) -> None:
    message_id = await server.say(desk, lin, "one")
    await server.edit(desk, message_id, "two https://site.test")
    await server.edit(desk, message_id)

    _, first, second = await taken(bot)
    assert first.edited_message is not None and second.edited_message is not None
    assert first.edited_message.text == second.edited_message.text == "two https://site.test"
    assert first.edited_message.edit_date is not None
    assert len(first.edited_message.entities) == 1


async def test_an_update_shows_things_as_they_were_when_it_happened(
    server: TelegramServer, bot: Bot, desk: Chat, lin: Person
) -> None:
    message_id = await server.say(desk, lin, "before")
    await server.edit(desk, message_id, "after")

    first, _ = await taken(bot)
    assert first.message is not None
    assert first.message.text == "before"


async def test_an_anonymous_administrator_speaks_as_the_group(
    server: TelegramServer, bot: Bot, desk: Chat, lin: Person
) -> None:
    await server.say(desk, lin, "/publish", as_anonymous=True)

    [update] = await taken(bot)
    assert update.message is not None and update.message.from_user is not None
    assert update.message.from_user.id == 1087968824
    assert update.message.sender_chat is not None
    assert update.message.sender_chat.id == desk.id


async def test_a_topic_marks_its_messages(server: TelegramServer, bot: Bot, lin: Person) -> None:
    forum = server.group("Forum", forum=True)
    thread = await server.topic(forum, lin, "Links")
    asked = await server.say(forum, lin, "a link", thread=thread)

    answer = await bot.send_message(forum.id, "taken", reply_parameters=ReplyParameters(asked))
    other = await bot.send_message(forum.id, "hello", message_thread_id=thread)

    updates = await taken(bot)
    said = updates[-1].message
    assert said is not None and said.reply_to_message is not None
    assert said.is_topic_message and said.message_thread_id == thread
    assert said.reply_to_message.forum_topic_created is not None
    assert answer.message_thread_id == other.message_thread_id == thread
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(forum.id, "lost", message_thread_id=999)


async def test_in_privacy_mode_a_plain_member_hears_commands_and_answers_only(
    server: TelegramServer, bot: Bot, lin: Person
) -> None:
    group = server.group("Group", bot_is="member")
    mine = await bot.send_message(group.id, "hello")
    await server.say(group, lin, "https://site.test")
    await server.say(group, lin, "/help")
    await server.say(group, lin, "/help@other_bot")
    await server.say(group, lin, f"/help@{server.bot.username}")
    await server.say(group, lin, "thanks", reply_to=mine.message_id)

    heard = [update.message.text for update in await taken(bot) if update.message]
    assert heard == ["/help", f"/help@{server.bot.username}", "thanks"]


async def test_without_privacy_mode_a_plain_member_hears_all(lin: Person) -> None:
    async with TelegramServer(reads_all=True) as server, new_bot(server) as bot:
        group = server.group("Group", bot_is="member")
        await server.say(group, server.user("Lin"), "hello")

        assert len(await taken(bot)) == 1
        assert (await bot.get_me()).can_read_all_group_messages


# Updates


async def test_an_application_hears_everything_by_polling(
    server: TelegramServer, desk: Chat, lin: Person
) -> None:
    heard: list[str] = []

    async def hear(update: Update, _: Any) -> None:
        kinds = ("message", "edited_message", "message_reaction", "callback_query")
        heard.extend(kind for kind in kinds if getattr(update, kind) is not None)
        if update.callback_query is not None:
            await update.callback_query.answer("noted")

    application = new_application(server)
    application.add_handler(CommandHandler("help", hear))
    application.add_handler(MessageReactionHandler(hear))
    application.add_handler(CallbackQueryHandler(hear))
    application.add_handler(MessageHandler(filters.Entity("url"), hear))
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling(timeout=10, allowed_updates=Update.ALL_TYPES)
        await until(lambda: server.calls_of("getUpdates"))
        card = await application.bot.send_message(desk.id, "card", reply_markup=keyboard("up"))
        await server.say(desk, lin, "/help")
        said = await server.say(desk, lin, "https://site.test")
        await server.edit(desk, said, "https://other.test")
        await server.react(desk, said, lin, "👍")
        press = await server.press(desk, card.message_id, lin, "up")

        answer = await press.wait()
        await application.updater.stop()
        await application.stop()

    assert answer == {"text": "noted", "show_alert": False}
    assert heard == ["message", "message", "edited_message", "message_reaction", "callback_query"]
    assert len(server.acknowledged) == 5


def new_application(server: TelegramServer) -> Application[Any, Any, Any, Any, Any, Any]:
    return ApplicationBuilder().token(server.token).base_url(f"{server.url}/bot").build()


async def test_updates_come_again_until_their_offset_is_acknowledged(
    server: TelegramServer, bot: Bot, desk: Chat, lin: Person
) -> None:
    for text in "abc":
        await server.say(desk, lin, text)

    first = await bot.get_updates(limit=2)
    again = await bot.get_updates()
    rest = await bot.get_updates(offset=first[-1].update_id + 1)

    assert [len(each) for each in (first, again, rest)] == [2, 3, 1]
    assert server.acknowledged == [each.update_id for each in first]
    assert [each["message"]["text"] for each in server.waiting] == ["c"]


async def test_a_negative_offset_keeps_only_the_last(
    server: TelegramServer, bot: Bot, desk: Chat, lin: Person
) -> None:
    for text in "abc":
        await server.say(desk, lin, text)

    [last] = await bot.get_updates(offset=-1)

    assert last.message is not None and last.message.text == "c"
    assert len(server.waiting) == 1


async def test_reactions_come_only_to_who_asks_and_the_wish_is_remembered(
    server: TelegramServer, bot: Bot, desk: Chat, lin: Person
) -> None:
    message_id = await server.say(desk, lin, "hello")
    await server.react(desk, message_id, lin, "👍")
    assert [each.message_reaction for each in await bot.get_updates()] == [None]

    await bot.get_updates(allowed_updates=["message_reaction"])
    await server.react(desk, message_id, lin, "👎")
    await server.say(desk, lin, "not asked for")
    updates = await bot.get_updates()

    assert [each.message_reaction is not None for each in updates] == [False, True]
    await bot.get_updates(allowed_updates=[])
    await server.react(desk, message_id, lin, "🔥")
    assert len(await bot.get_updates()) == 2


async def test_a_long_poll_ends_with_the_first_update(
    server: TelegramServer, bot: Bot, desk: Chat, lin: Person
) -> None:
    poll = asyncio.create_task(taken(bot, timeout=60))
    await until(lambda: server.calls_of("getUpdates"))
    await server.say(desk, lin, "hello")

    assert len(await poll) == 1


async def test_of_two_pollers_the_older_is_refused(
    server: TelegramServer, bot: Bot, desk: Chat, lin: Person
) -> None:
    older = asyncio.create_task(bot.get_updates(timeout=60))
    await until(lambda: server.calls_of("getUpdates"))
    async with new_bot(server) as second:
        newer = asyncio.create_task(second.get_updates(timeout=60))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await older
        await server.say(desk, lin, "hello")

        assert len(await newer) == 1


async def test_a_poison_update_is_delivered_as_it_is(server: TelegramServer, bot: Bot) -> None:
    update_id = server.push_raw({"message": {"message_id": "?", "chat": 7}})

    with pytest.raises(KeyError, match="date"):
        await bot.get_updates()

    assert server.waiting == [{"message": {"message_id": "?", "chat": 7}, "update_id": update_id}]


async def test_updates_that_wait_over_a_day_are_dropped(
    server: TelegramServer, bot: Bot, desk: Chat, lin: Person
) -> None:
    await server.say(desk, lin, "yesterday")
    server.let_time_pass(25 * 3600)
    await server.say(desk, lin, "today")

    [update] = await taken(bot)
    assert update.message is not None and update.message.text == "today"


async def test_five_thousand_updates_come_whole_and_in_order(
    server: TelegramServer, bot: Bot, desk: Chat, lin: Person
) -> None:
    card = await bot.send_message(desk.id, "card")
    await watching(bot)
    voters = [server.user(f"Voter {number}") for number in range(5000)]
    for voter in voters:
        await server.react(desk, card.message_id, voter, "👍")

    seen: list[int] = []
    while updates := await bot.get_updates(offset=seen[-1] + 1 if seen else 0):
        seen += [update.update_id for update in updates]

    assert len(seen) == 5000
    assert server.acknowledged == seen == sorted(seen)


# Webhook


class Intake:
    """A bot's own address, which answers as it is told."""

    def __init__(self, *answers: int) -> None:
        self.answers = list(answers)
        self.seen: list[tuple[int, str | None]] = []
        self.url = ""

    async def __aenter__(self) -> "Intake":
        app = web.Application()
        app.router.add_post("/telegram", self._take)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/telegram"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.seen.append((update["update_id"], request.headers.get("X-Telegram-Bot-Api-Secret-Token")))
        return web.Response(status=self.answers.pop(0) if self.answers else 200)


async def test_a_webhook_gets_updates_in_order_and_again_until_it_takes_them(
    server: TelegramServer, bot: Bot, desk: Chat, lin: Person
) -> None:
    async with Intake(404, 500) as intake:
        await bot.set_webhook(intake.url, secret_token="s-3", allowed_updates=["message"])
        for text in "ab":
            await server.say(desk, lin, text)
        await until(lambda: len(server.acknowledged) == 2)

        first, second = server.acknowledged
        assert intake.seen == [(first, "s-3")] * 3 + [(second, "s-3")]
        info = await bot.get_webhook_info()
        assert (info.url, info.pending_update_count) == (intake.url, 0)
        assert info.last_error_message == "Wrong response from the webhook: 500 Internal Server Error"
        assert info.allowed_updates == ("message",)


async def test_a_webhook_may_get_an_update_twice(
    server: TelegramServer, bot: Bot, desk: Chat, lin: Person
) -> None:
    async with Intake() as intake:
        await bot.set_webhook(intake.url)
        server.deliver_twice()
        for text in "ab":
            await server.say(desk, lin, text)
        await until(lambda: len(server.acknowledged) == 2)

        first, second = server.acknowledged
        assert [update_id for update_id, _ in intake.seen] == [first, first, second]
        assert server.updates[second]["message"]["text"] == "b"


async def test_beside_a_webhook_nobody_polls(
    server: TelegramServer, bot: Bot, desk: Chat, lin: Person
) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=60))
    await until(lambda: server.calls_of("getUpdates"))
    async with Intake() as intake:
        await bot.set_webhook(intake.url)
        with pytest.raises(Conflict, match="terminated by setWebhook"):
            await poll
        with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
            await bot.get_updates()

        await bot.delete_webhook()
        await server.say(desk, lin, "hello")

        assert len(await bot.get_updates(timeout=60)) == 1
        assert intake.seen == []


async def test_a_webhook_that_is_not_there_keeps_its_updates(
    server: TelegramServer, bot: Bot, desk: Chat, lin: Person
) -> None:
    async with Intake() as intake:
        url = intake.url
    await bot.set_webhook(url)
    await server.say(desk, lin, "hello")
    await until(lambda: server.world.webhook.last_error)

    assert (await bot.get_webhook_info()).pending_update_count == 1
    await bot.delete_webhook(drop_pending_updates=True)
    assert server.waiting == []


# Texts the bot sends


async def test_html_becomes_text_and_entities(server: TelegramServer, bot: Bot, desk: Chat) -> None:
    sent = await bot.send_message(
        desk.id,
        ' 🦄 <b>bold <i>both</i></b> &lt;a&gt; &amp; <a href="https://site.test?a=1&amp;b=2">here</a> '
        '<pre><code class="language-c">x</code></pre> <blockquote expandable>q</blockquote> ',
        parse_mode=ParseMode.HTML,
    )

    assert sent.text == "🦄 bold both <a> & here x q"
    assert [(each.type, text) for each, text in sent.parse_entities().items()] == [
        ("bold", "bold both"),
        ("italic", "both"),
        ("text_link", "here"),
        ("pre", "x"),
        ("expandable_blockquote", "q"),
    ]
    assert [each.url for each in sent.entities if each.url] == ["https://site.test/?a=1&b=2"]
    assert [each.language for each in sent.entities if each.language] == ["c"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("é <b>open", 'Can\'t find end tag corresponding to start tag "b"'),
        ("é <b>x</i>", 'Unmatched end tag at byte offset 7, expected "</b>", found "</i>"'),
        ("é </b>", "Unexpected end tag at byte offset 3"),
        ("é <br/>", 'Unsupported start tag "br/" at byte offset 3'),
        ("1 <3 ok", 'Unsupported start tag "3" at byte offset 2'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<a href='x", "Unclosed start tag at byte offset 0"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
async def test_html_that_does_not_parse_is_refused(bot: Bot, desk: Chat, text: str, complaint: str) -> None:
    with pytest.raises(BadRequest) as refused:
        await bot.send_message(desk.id, text, parse_mode=ParseMode.HTML)

    # The library writes all but the first letter small.
    assert str(refused.value).lower() == f"can't parse entities: {complaint}".lower()


@given(some.text())
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    assert parse_html(f"<b>{html.escape(text)}</b>")[0] == text


@given(some.text(alphabet="<>/&;\"'= abtgspnulcodehref-#x1é🦄"))
def test_any_html_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(RefusalError):
        read, entities = parse_html(text)
        assert all(0 <= each["offset"] < each["offset"] + each["length"] <= units(read) for each in entities)


@given(some.text(alphabet="htps:/.com @#_a看，🦄()[]!?\n") | some.text())
def test_entities_lie_within_the_text_and_apart(text: str) -> None:
    end = 0
    for each in find_entities(text):
        assert end <= each["offset"] < each["offset"] + each["length"] <= units(text)
        end = each["offset"] + each["length"]


async def test_a_text_may_have_4096_utf16_units_after_parsing(bot: Bot, desk: Chat) -> None:
    longest = "🦄" * 2047 + "&amp;<b>b</b>"
    sent = await bot.send_message(desk.id, longest, parse_mode=ParseMode.HTML)

    assert sent.text is not None and units(sent.text) == 4096
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(desk.id, longest + "c", parse_mode=ParseMode.HTML)
    with pytest.raises(BadRequest, match="Message text is empty"):
        await bot.send_message(desk.id, " <b> </b> ", parse_mode=ParseMode.HTML)


async def test_a_button_carries_64_bytes(server: TelegramServer, bot: Bot, desk: Chat) -> None:
    sent = await bot.send_message(desk.id, "card", reply_markup=keyboard("é" * 32, "b"))

    assert server.buttons_of(desk, sent.message_id) == [[Button("é" * 32, "é" * 32), Button("b", "b")]]
    with pytest.raises(BadRequest, match="Button_data_invalid"):
        await bot.send_message(desk.id, "card", reply_markup=keyboard("é" * 32 + "x"))


async def test_an_answer_to_a_deleted_message_needs_leave(
    server: TelegramServer, bot: Bot, desk: Chat, lin: Person
) -> None:
    asked = await server.say(desk, lin, "hello")
    answer = await bot.send_message(desk.id, "hi", reply_parameters=ReplyParameters(asked))
    await server.delete(desk, asked)

    assert answer.reply_to_message is not None and answer.reply_to_message.message_id == asked
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(desk.id, "hi", reply_parameters=ReplyParameters(asked))
    alone = await bot.send_message(
        desk.id, "hi", reply_parameters=ReplyParameters(asked, allow_sending_without_reply=True)
    )
    assert alone.reply_to_message is None


async def test_an_edit_changes_text_and_buttons(server: TelegramServer, bot: Bot, desk: Chat) -> None:
    sent = await bot.send_message(desk.id, "one", reply_markup=keyboard("up"))
    edited = await sent.edit_text("<b>two</b>", parse_mode=ParseMode.HTML)

    assert isinstance(edited, Message)
    assert server.text_of(desk, sent.message_id) == "two"
    assert server.buttons_of(desk, sent.message_id) == []
    await sent.edit_reply_markup(keyboard("down"))
    assert server.buttons_of(desk, sent.message_id) == [[Button("down", "down")]]


async def test_an_edit_that_changes_nothing_is_refused(bot: Bot, desk: Chat) -> None:
    sent = await bot.send_message(
        desk.id, "<b>one</b>", parse_mode=ParseMode.HTML, reply_markup=keyboard("up")
    )

    with pytest.raises(BadRequest, match="Message is not modified: specified new message content"):
        await sent.edit_text("<strong>one</strong>", parse_mode=ParseMode.HTML, reply_markup=keyboard("up"))
    with pytest.raises(BadRequest, match="Message is not modified"):
        await sent.edit_reply_markup(keyboard("up"))
    assert await sent.edit_text("one", reply_markup=keyboard("up"))


async def test_only_own_messages_that_are_there_can_be_edited(
    server: TelegramServer, bot: Bot, desk: Chat, lin: Person
) -> None:
    theirs = await server.say(desk, lin, "hello")
    gone = await bot.send_message(desk.id, "card")
    await server.delete(desk, gone.message_id)

    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("x", desk.id, theirs)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await gone.edit_text("x")


async def test_a_document_can_be_fetched_again(server: TelegramServer, bot: Bot, desk: Chat) -> None:
    sent = await bot.send_document(
        desk.id, "草稿".encode(), filename="草稿.md", caption="<i>draft</i>", parse_mode="HTML"
    )

    assert sent.document is not None
    assert (sent.document.file_name, sent.caption) == ("草稿.md", "draft")
    file = await bot.get_file(sent.document.file_id)
    assert (
        bytes(await file.download_as_bytearray()) == server.file_of(desk, sent.message_id) == "草稿".encode()
    )
    await sent.edit_caption("final")
    assert server.text_of(desk, sent.message_id) == "final"
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await sent.edit_text("x")
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_document(desk.id, sent.document.file_id, caption="x" * 1025)


async def test_deleting_needs_the_right_and_is_not_told(
    server: TelegramServer, bot: Bot, desk: Chat, lin: Person
) -> None:
    group = server.group("Group", bot_is="member")
    theirs = await server.say(group, lin, "hello")
    old = await bot.send_message(group.id, "old")
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(group.id, theirs)
    server.let_time_pass(49 * 3600)
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await old.delete()

    said = await server.say(desk, lin, "hello")
    await taken(bot)
    await bot.delete_message(desk.id, said)

    assert server.messages(desk) == server.waiting == []
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(desk.id, said)


# Reactions and buttons


async def test_an_ordinary_account_has_one_reaction_and_a_premium_one_three(
    server: TelegramServer, bot: Bot, desk: Chat, lin: Person
) -> None:
    await watching(bot)
    rich = server.user("Rich", premium=True)
    said = await server.say(desk, lin, "hello")
    await server.react(desk, said, lin, "👍", "🔥")
    await server.react(desk, said, lin, "🔥")
    await server.react(desk, said, lin)
    await server.react(desk, said, rich, "👍", "🔥", "👀", "🏆")

    changes = [each.message_reaction for each in (await taken(bot))[1:]]
    assert [(emoji_in(each.old_reaction), emoji_in(each.new_reaction)) for each in changes if each] == [
        ([], ["🔥"]),
        (["🔥"], []),
        ([], ["🔥", "👀", "🏆"]),
    ]
    assert [each.user.id for each in changes if each and each.user] == [lin.id, lin.id, rich.id]


async def test_anonymous_administrators_react_as_the_group_and_counts_have_no_names(
    server: TelegramServer, bot: Bot, desk: Chat, lin: Person
) -> None:
    await watching(bot)
    said = await server.say(desk, lin, "hello")
    await server.react_anonymously(desk, said, "👍")
    await server.count_reactions(desk, said, {"👍": 3, "custom:77": 1})

    _, first, second = await taken(bot)
    assert first.message_reaction is not None and first.message_reaction.actor_chat is not None
    assert first.message_reaction.user is None
    assert first.message_reaction.actor_chat.id == desk.id
    assert second.message_reaction_count is not None
    assert [each.total_count for each in second.message_reaction_count.reactions] == [3, 1]


async def test_reactions_are_told_to_administrators_only(
    server: TelegramServer, bot: Bot, lin: Person
) -> None:
    group = server.group("Group", bot_is="member")
    said = await server.say(group, lin, "hello")
    await watching(bot)
    await server.react(group, said, lin, "👍")
    assert server.waiting == []

    await server.appoint_bot(group, "administrator")
    await server.react(group, said, lin, "👎")

    promotion, reaction = await taken(bot)
    assert promotion.my_chat_member is not None
    assert promotion.my_chat_member.new_chat_member.status == ChatMemberStatus.ADMINISTRATOR
    assert reaction.message_reaction is not None


async def test_the_bot_has_one_reaction_from_the_palette_and_nobody_is_told(
    server: TelegramServer, bot: Bot, desk: Chat, lin: Person
) -> None:
    said = await server.say(desk, lin, "hello")
    await taken(bot)
    await bot.set_message_reaction(desk.id, said, "👀")
    await bot.set_message_reaction(desk.id, said, "👍")

    assert server.bot_reaction(desk, said) == "👍"
    assert server.waiting == []
    for wrong in ("✅", "❤️"):
        with pytest.raises(BadRequest, match="Reaction_invalid"):
            await bot.set_message_reaction(desk.id, said, wrong)
    with pytest.raises(BadRequest, match="Reactions_too_many"):
        await bot.set_message_reaction(desk.id, said, ["👀", "👍"])
    with pytest.raises(BadRequest, match="Message to react not found"):
        await bot.set_message_reaction(desk.id, 999, "👍")
    await bot.set_message_reaction(desk.id, said)
    assert server.bot_reaction(desk, said) is None


async def test_a_chat_may_allow_fewer_reactions(
    server: TelegramServer, bot: Bot, desk: Chat, lin: Person
) -> None:
    # The library shows () both for "all" and for "none": only the raw answer tells them apart.
    assert (await bot.get_chat(desk.id)).available_reactions == ()
    assert "available_reactions" not in await raw_chat(bot, desk)
    desk.available_reactions = ()
    assert (await raw_chat(bot, desk))["available_reactions"] == []

    desk.available_reactions = ("👍", "👎")
    said = await server.say(desk, lin, "hello")

    assert emoji_in((await bot.get_chat(desk.id)).available_reactions) == ["👍", "👎"]
    await bot.set_message_reaction(desk.id, said, "👍")
    with pytest.raises(BadRequest, match="Reaction_invalid"):
        await bot.set_message_reaction(desk.id, said, "👀")
    with pytest.raises(AssertionError, match="not offered"):
        await server.react(desk, said, lin, "🔥")


async def raw_chat(bot: Bot, chat: Chat) -> dict[str, Any]:
    with warnings.catch_warnings(action="ignore"):
        answer = await bot.do_api_request("getChat", api_kwargs={"chat_id": chat.id})
    assert isinstance(answer, dict)
    return answer


async def test_a_press_is_answered_once_and_soon(
    server: TelegramServer, bot: Bot, desk: Chat, lin: Person
) -> None:
    card = await bot.send_message(desk.id, "card", reply_markup=keyboard("up"))
    press = await server.press(desk, card.message_id, lin, "up")
    late = await server.press(desk, card.message_id, lin, "up")
    first, second = await taken(bot)
    assert first.callback_query is not None and second.callback_query is not None
    await first.callback_query.answer("no", show_alert=True)

    assert await press.wait() == {"text": "no", "show_alert": True}
    assert first.callback_query.data == "up" and first.callback_query.from_user.id == lin.id
    with pytest.raises(
        BadRequest, match="Query is too old and response timeout expired or query id is invalid"
    ):
        await first.callback_query.answer()
    server.let_time_pass(60)
    with pytest.raises(BadRequest, match="Query is too old"):
        await second.callback_query.answer()
    assert late.answer is None


async def test_a_press_on_an_old_screen_reaches_the_bot_too(
    server: TelegramServer, bot: Bot, desk: Chat, lin: Person
) -> None:
    card = await bot.send_message(desk.id, "card", reply_markup=keyboard("up"))
    await server.delete(desk, card.message_id)
    with pytest.raises(AssertionError, match="no button"):
        await server.press(desk, card.message_id, lin, "up")

    await server.press(desk, card.message_id, lin, "up", stale=True)

    [update] = await taken(bot)
    assert update.callback_query is not None
    # The library makes a Message of it, with the date 0 that says there is none.
    assert update.callback_query.message is not None
    assert not update.callback_query.message.is_accessible
    assert update.callback_query.message.date.timestamp() == 0


# Chats, members, commands


async def test_a_chat_says_who_is_what_in_it(
    server: TelegramServer, bot: Bot, desk: Chat, lin: Person
) -> None:
    chief, stranger = server.user("Chief"), server.user("Stranger")
    server.appoint(desk, chief, status="creator", anonymous=True)
    await server.say(desk, lin, "hello")

    administrators = await bot.get_chat_administrators(desk.id)
    assert {each.user.id for each in administrators} == {chief.id, server.bot.id}
    creator = await bot.get_chat_member(desk.id, chief.id)
    mine = await bot.get_chat_member(desk.id, server.bot.id)
    assert isinstance(creator, ChatMemberOwner) and creator.is_anonymous
    assert isinstance(mine, ChatMemberAdministrator) and mine.can_delete_messages
    assert (await bot.get_chat_member(desk.id, lin.id)).status == ChatMemberStatus.MEMBER
    assert isinstance(await bot.get_chat_member(desk.id, stranger.id), ChatMemberLeft)
    with pytest.raises(BadRequest, match="Invalid user_id specified"):
        await bot.get_chat_member(desk.id, 42)
    whole = await bot.get_chat(desk.id)
    assert (whole.title, whole.max_reaction_count) == ("Desk", 11)
    assert whole.permissions is not None and whole.permissions.can_send_messages


async def test_who_becomes_what_is_told_to_an_administrator_who_asks(
    server: TelegramServer, bot: Bot, desk: Chat, lin: Person
) -> None:
    await watching(bot)
    await server.say(desk, lin, "hello")
    await server.change_member(desk, lin, "administrator")

    _, update = await taken(bot)
    assert update.chat_member is not None
    assert update.chat_member.old_chat_member.status == ChatMemberStatus.MEMBER
    assert update.chat_member.new_chat_member.status == ChatMemberStatus.ADMINISTRATOR

    await server.change_member(server.group("Group", bot_is="member"), lin, "administrator")
    assert server.waiting == []


async def test_commands_are_kept_by_scope_and_language(server: TelegramServer, bot: Bot, desk: Chat) -> None:
    here, editors = BotCommandScopeChat(desk.id), BotCommandScopeChatAdministrators(desk.id)
    await bot.set_my_commands([BotCommand("help", "Help")])
    await bot.set_my_commands([BotCommand("help", "帮助")], language_code="zh")
    await bot.set_my_commands([BotCommand("slate", "Slate")], scope=here)
    await bot.set_my_commands([BotCommand("publish", "Publish")], scope=editors)

    assert [each.description for each in await bot.get_my_commands(language_code="zh")] == ["帮助"]
    assert server.commands(language="zh") == {"help": "帮助"}
    assert server.commands(f"chat:{desk.id}") == {"slate": "Slate"}
    assert server.commands(f"chat_administrators:{desk.id}") == {"publish": "Publish"}
    await bot.delete_my_commands(scope=here)
    assert await bot.get_my_commands(scope=here) == ()
    with pytest.raises(BadRequest, match="Bot_command_invalid"):
        await bot.set_my_commands([BotCommand("Help", "Help")])


async def test_a_group_that_becomes_a_supergroup_moves(server: TelegramServer, bot: Bot, lin: Person) -> None:
    old = server.group("Desk", basic=True)
    await server.say(old, lin, "hello")
    new = await server.migrate(old)

    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(old.id, "hello")
    _, left, came = await taken(bot)
    assert moved.value.new_chat_id == new.id
    assert left.message is not None and left.message.migrate_to_chat_id == new.id
    assert came.message is not None and came.message.migrate_from_chat_id == old.id
    assert (left.message.chat.id, came.message.chat.id) == (old.id, new.id)
    assert (await bot.send_message(new.id, "here")).chat.type == "supergroup"


async def test_message_ids_belong_to_a_supergroup_and_to_all_basic_groups_together(
    server: TelegramServer, lin: Person
) -> None:
    supergroups = [server.group(title) for title in "ab"]
    basic_groups = [server.group(title, basic=True) for title in "cd"]

    assert [await server.say(each, lin, "x") for each in supergroups] == [1, 1]
    assert [await server.say(each, lin, "x") for each in basic_groups] == [1, 2]


async def test_where_the_bot_was_thrown_out_it_may_do_nothing(
    server: TelegramServer, bot: Bot, desk: Chat, lin: Person
) -> None:
    basic = server.group("Old", basic=True)
    await server.kick_bot(desk)
    await server.kick_bot(basic)
    await server.say(desk, lin, "nobody hears")

    updates = await taken(bot)
    assert [each.my_chat_member is not None for each in updates] == [True, True]
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(desk.id, "hello")
    with pytest.raises(Forbidden, match="bot was kicked from the group chat"):
        await bot.get_chat(basic.id)


async def test_a_person_must_have_begun_and_not_blocked(
    server: TelegramServer, bot: Bot, lin: Person
) -> None:
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(lin.id, "hello")

    private = server.private(lin)
    assert (await bot.send_message(lin.id, "hello")).chat.type == "private"
    await server.kick_bot(private)

    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(lin.id, "hello")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(-77, "hello")


async def test_strangers_and_unknown_methods_are_refused(server: TelegramServer, bot: Bot) -> None:
    with pytest.raises(InvalidToken):
        await new_bot(server, "123456:another").initialize()
    with pytest.raises(EndPointNotFound):
        await bot.do_api_request("makeCoffee")
    assert [call.status for call in server.calls] == [200, 401, 404]


# Troubles


async def test_a_method_fails_as_often_as_ordered(server: TelegramServer, bot: Bot, desk: Chat) -> None:
    other = server.group("Other")
    server.fail("sendMessage", 502, times=2, chat=desk)

    await bot.send_message(other.id, "fine")
    for _ in range(2):
        with pytest.raises(NetworkError, match="Bad Gateway"):
            await bot.send_message(desk.id, "hello")
    await bot.send_message(desk.id, "hello")

    assert len(server.messages(desk)) == 1
    assert [call.status for call in server.calls_of("sendMessage")] == [200, 502, 502, 200]


async def test_every_method_but_polling_can_fail_at_once(
    server: TelegramServer, bot: Bot, desk: Chat, lin: Person
) -> None:
    server.fail("*", 400, description="Bad Request: not enough rights to send text messages to the chat")
    await server.say(server.private(lin), lin, "/start")

    assert len(await bot.get_updates()) == 1
    with pytest.raises(BadRequest, match="Not enough rights to send text messages to the chat"):
        await bot.send_message(desk.id, "hello")
    await bot.send_message(desk.id, "hello")


RETRY_AFTER_IS_A_NUMBER = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
"""The library warns that it will be a timedelta one day."""


@RETRY_AFTER_IS_A_NUMBER
async def test_a_429_says_how_long_to_wait(server: TelegramServer, bot: Bot, desk: Chat) -> None:
    server.fail("sendMessage", 429, retry_after=7)

    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(desk.id, "hello")

    assert "7" in str(refused.value)


async def test_a_slow_answer_comes_after_the_effect(server: TelegramServer, bot: Bot, desk: Chat) -> None:
    server.slow("sendMessage", 30)

    with pytest.raises(TimedOut):
        await bot.send_message(desk.id, "hello", read_timeout=0.1)

    assert len(server.messages(desk)) == 1


@pytest.mark.parametrize("status", [200, 502])
async def test_a_broken_answer_is_no_json(server: TelegramServer, bot: Bot, desk: Chat, status: int) -> None:
    server.break_answer("sendMessage", status=status)

    with pytest.raises(TelegramError, match=r"Invalid server response|Parsing the server response"):
        await bot.send_message(desk.id, "hello")

    assert len(server.messages(desk)) == 1


@pytest.mark.parametrize(("after_effect", "messages"), [(True, 1), (False, 0)])
async def test_a_dropped_connection_leaves_the_effect_open(
    server: TelegramServer, bot: Bot, desk: Chat, after_effect: bool, messages: int
) -> None:
    server.drop("sendMessage", after_effect=after_effect)

    with pytest.raises(NetworkError):
        await bot.send_message(desk.id, "hello")

    assert len(server.messages(desk)) == messages
    assert [call.status for call in server.calls_of("sendMessage")] == [None]


@RETRY_AFTER_IS_A_NUMBER
async def test_flood_control_counts_by_group(server: TelegramServer, bot: Bot, desk: Chat) -> None:
    other = server.group("Other")
    server.flood_limit(2)
    card = await bot.send_message(desk.id, "card")
    await card.edit_text("card 2")

    with pytest.raises(RetryAfter):
        await card.edit_text("card 3")
    await bot.send_message(other.id, "fine")
    server.be_well()
    await card.edit_text("card 3")


async def test_every_request_is_written_down(server: TelegramServer, bot: Bot, desk: Chat) -> None:
    await bot.send_message(desk.id, "7", reply_markup=keyboard("up"))

    [call] = server.calls_of("sendMessage")
    assert (call.parameters["chat_id"], call.parameters["text"]) == (desk.id, "7")
    assert call.parameters["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "up"
    assert call.status == 200
    assert [each["text"] for each in server.bot_messages(desk)] == ["7"]


async def test_a_platform_that_was_down_comes_back_as_it_was(
    server: TelegramServer, bot: Bot, desk: Chat, lin: Person
) -> None:
    before = server.url
    await server.say(desk, lin, "hello")
    await server.stop()
    with pytest.raises(NetworkError):
        await bot.get_updates()
    await server.say(desk, lin, "are you there?")
    await server.start()

    assert server.url == before
    assert [each.message.text for each in await taken(bot) if each.message] == ["hello", "are you there?"]


async def test_a_server_can_stand_at_a_given_address() -> None:
    async with TelegramServer() as first:
        port = first.port
    async with TelegramServer(port=port) as second, new_bot(second) as bot:
        assert bot.username == second.bot.username
        assert second.url == first.url
