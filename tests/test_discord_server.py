"""The tests' own Discord, driven by the real discord.py."""

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import discord
import pytest
from discord import app_commands
from discord.http import Route

from tests.discord_server import Channel, DiscordServer, until

LEAST = discord.Intents(guilds=True, guild_messages=True, guild_reactions=True, message_content=True)


class Bot(discord.Client):
    """A client that remembers everything it heard, in order."""

    def __init__(self, intents: discord.Intents = LEAST, **wishes: Any) -> None:
        super().__init__(
            intents=intents,
            max_messages=None,
            guild_ready_timeout=0.02,
            allowed_mentions=discord.AllowedMentions.none(),
            **wishes,
        )
        self.heard: list[tuple[str, Any]] = []
        self.tree = app_commands.CommandTree(self)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        self.heard.append((event, args[0] if args else None))
        super().dispatch(event, *args, **kwargs)

    def all(self, event: str) -> list[Any]:
        return [what for name, what in self.heard if name == event]

    async def first(self, event: str) -> Any:
        return (await until(lambda: self.all(event), what=f"for {event}"))[0]

    def sees(self, channel: Channel) -> discord.TextChannel:
        found = self.get_channel(int(channel.id))
        assert isinstance(found, discord.TextChannel)
        return found


@asynccontextmanager
async def logged_in(server: DiscordServer, bot: Bot | None = None) -> AsyncIterator[Bot]:
    bot = bot or Bot()
    with server.serving_discord_py():
        running = asyncio.create_task(bot.start(server.token))
        try:
            ready = asyncio.create_task(bot.first("ready"))
            await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED)
            ready.cancel()
            await (running if running.done() else ready)
            yield bot
        finally:
            await bot.close()
            await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer(heartbeat_interval=0.1) as server:
        server.channel("news")
        server.user("ada", display_name="Ada L.")
        yield server


@pytest.fixture
async def bot(server: DiscordServer) -> AsyncIterator[Bot]:
    async with logged_in(server) as bot:
        yield bot


async def refusal(doing: Awaitable[object]) -> tuple[int, int]:
    """The status and the code with which the platform refuses."""
    with pytest.raises(discord.HTTPException) as caught:
        await doing
    return caught.value.status, caught.value.code


async def card(server: DiscordServer, bot: Bot, **content: Any) -> discord.Message:
    return await bot.sees(server.channel("news")).send(**{"content": "#1 Moon", **content})


# ---- logging in ------------------------------------------------------------------------------------------


async def test_a_bot_that_logs_in_finds_its_guild(server: DiscordServer) -> None:
    editor = server.role("editor", "manage_messages")
    server.user("eve", roles=[editor])
    await server.thread("news", "about the moon")

    async with logged_in(server) as bot:
        [guild] = bot.guilds
        assert (guild.name, [one.name for one in guild.text_channels]) == ("Newsroom", ["news"])
        assert [one.name for one in guild.threads] == ["about the moon"]
        assert {"@everyone", "Copydesk", "editor"} == {one.name for one in guild.roles}
        assert bot.user is not None
        assert guild.me.id == bot.user.id == int(server.bot.id)
        assert bot.sees(server.channel("news")).permissions_for(guild.me).add_reactions
        assert bot.application_flags.gateway_message_content_limited
        assert [one.name async for one in bot.fetch_guilds()] == ["Newsroom"]
        assert (await guild.fetch_member(bot.user.id)).display_name == "Copydesk"
        assert len(await guild.fetch_roles()) == 3
        assert [one.name for one in await guild.fetch_channels()] == ["news"]
        assert [one.name for one in await guild.active_threads()] == ["about the moon"]
        assert (await bot.application_info()).owner.name == "owner of Newsroom"
        assert (await bot.http.get_bot_gateway())[0] == 1


async def test_a_wrong_token_is_turned_away_by_rest_and_by_the_gateway(server: DiscordServer) -> None:
    with server.serving_discord_py(), pytest.raises(discord.LoginFailure):
        async with Bot() as stranger:
            await stranger.login("not.the.token")

    async with aiohttp.ClientSession() as http, http.ws_connect(server.gateway) as socket:
        assert (await socket.receive_json())["op"] == 10
        await socket.send_json({"op": 2, "d": {"token": "not.the.token", "intents": 1, "properties": {}}})
        await socket.receive()
        assert socket.close_code == 4004


async def test_an_intent_whose_switch_is_off_is_refused() -> None:
    async with DiscordServer(privileged=[]) as server:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            async with logged_in(server):
                pass
        bot = Bot(discord.Intents(guilds=True))
        async with logged_in(server, bot):
            assert not bot.application_flags.gateway_message_content_limited
        assert server.stream.close_codes == [4014]


async def test_members_are_told_only_to_those_with_the_intent(server: DiscordServer) -> None:
    everybody = Bot(discord.Intents(guilds=True, members=True))

    async with logged_in(server, everybody), logged_in(server, Bot(discord.Intents(guilds=True))) as least:
        assert {one.name for one in everybody.guilds[0].members} >= {"ada", "copydesk"}
        assert [one.name for one in least.guilds[0].members] == ["copydesk"]


async def test_the_client_is_pointed_elsewhere_only_for_a_while(server: DiscordServer) -> None:
    with server.serving_discord_py():
        assert server.api == Route.BASE
    assert Route.BASE == "https://discord.com/api/v10"


# ---- messages --------------------------------------------------------------------------------------------


async def test_what_somebody_writes_arrives_and_can_be_read_again(server: DiscordServer, bot: Bot) -> None:
    said = await server.say("news", "ada", "look https://site.test/moon")

    heard: discord.Message = await bot.first("message")
    assert (heard.id, heard.content) == (int(said.id), "look https://site.test/moon")
    assert heard.author.display_name == "Ada L."
    assert heard.created_at == discord.utils.snowflake_time(heard.id)
    assert (await heard.channel.fetch_message(heard.id)).content == heard.content


async def test_history_is_given_before_after_and_around(server: DiscordServer, bot: Bot) -> None:
    ids = [int((await server.say("news", "ada", str(n))).id) for n in range(130)]
    news = bot.sees(server.channel("news"))

    async def texts(**asked: Any) -> list[int]:
        rows = await bot.http.logs_from(news.id, **asked)
        return [int(row["content"]) for row in rows]

    assert await texts(limit=3) == [129, 128, 127]
    assert await texts(limit=2, before=ids[5]) == [4, 3]
    assert await texts(limit=2, after=ids[5]) == [7, 6]
    assert await texts(limit=3, around=ids[5]) == [6, 5, 4]
    assert await refusal(texts(limit=101)) == (400, 50035)
    after = [int(one.content) async for one in news.history(limit=None, after=discord.Object(ids[4]))]
    assert after == list(range(5, 130))


async def test_a_reply_names_what_it_answers(server: DiscordServer, bot: Bot) -> None:
    first = await server.say("news", "ada", "a link")
    await server.say("news", "ben", "why?", reply_to=first)
    heard = (await until(lambda: bot.all("message")[1:]))[0]

    answer = await heard.reply("because")

    assert heard.reference.message_id == int(first.id)
    assert heard.reference.resolved.content == "a link"
    assert answer.reference.message_id == heard.id
    assert server.messages("news")[-1].reply_to == str(heard.id)


async def test_a_reply_to_nothing_is_refused_unless_it_need_not_exist(
    server: DiscordServer, bot: Bot
) -> None:
    news = bot.sees(server.channel("news"))
    gone = discord.MessageReference(message_id=7, channel_id=news.id)
    gone_or_not = discord.MessageReference(message_id=7, channel_id=news.id, fail_if_not_exists=False)

    assert await refusal(news.send("hm", reference=gone)) == (400, 50035)
    await news.send("all right", reference=gone_or_not)

    assert [one.content for one in server.from_bot("news")] == ["all right"]


async def test_an_edit_has_a_time_and_a_link_preview_has_none(server: DiscordServer, bot: Bot) -> None:
    said = await server.say("news", "ada", "lok")
    await server.unfurl(said, title="Moon")
    await server.edit(said, "look")

    preview, edit = await until(lambda: bot.all("raw_message_edit")[1:] and bot.all("raw_message_edit"))
    assert (preview.message.edited_at, preview.message.embeds[0].title) == (None, "Moon")
    assert preview.message.content == "lok"
    assert edit.message.edited_at is not None
    assert edit.message.content == "look"


async def test_deletions_are_told_one_by_one_or_at_once(server: DiscordServer, bot: Bot) -> None:
    one, two, three = [await server.say("news", "ada", str(n)) for n in range(3)]
    await server.delete(one)
    await server.delete_many(two, three.id)

    assert (await bot.first("raw_message_delete")).message_id == int(one.id)
    assert (await bot.first("raw_bulk_message_delete")).message_ids == {int(two.id), int(three.id)}
    assert await refusal(bot.sees(server.channel("news")).fetch_message(int(one.id))) == (404, 10008)


async def test_the_bot_edits_and_deletes_its_own_and_not_the_words_of_others(
    server: DiscordServer, bot: Bot
) -> None:
    sent = await card(server, bot)
    said = await server.say("news", "ada", "mine")
    others = bot.sees(server.channel("news")).get_partial_message(int(said.id))

    assert (await sent.edit(content="#1 The moon")).content == "#1 The moon"
    assert await refusal(others.edit(content="yours")) == (403, 50005)
    await sent.delete()

    assert server.from_bot("news") == []
    assert await refusal(sent.edit(content="again")) == (404, 10008)
    assert await refusal(bot.fetch_channel(7)) == (404, 10003)
    assert await refusal(bot.fetch_guild(7)) == (404, 10004)


def embed(**parts: Any) -> dict[str, Any]:
    return {"embed": discord.Embed(**parts)}


def footed(text: str) -> dict[str, Any]:
    return {"embed": discord.Embed().set_footer(text=text)}


def two_embeds(*lengths: int) -> dict[str, Any]:
    return {"embeds": [discord.Embed(description="x" * length) for length in lengths]}


def fielded(count: int, *, name: int = 1, value: int = 1) -> dict[str, Any]:
    made = discord.Embed()
    for _ in range(count):
        made.add_field(name="n" * name, value="v" * value)
    return {"embed": made}


def buttoned(label: str = "ok", custom_id: str = "id") -> dict[str, Any]:
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label=label, custom_id=custom_id))
    return {"view": view}


@pytest.mark.parametrize(
    ("fits", "where"),
    [
        (lambda more: {"content": "x" * (2000 + more)}, "content"),
        (lambda more: embed(title="x" * (256 + more)), "embeds.0.title"),
        (lambda more: embed(description="x" * (4096 + more)), "embeds.0.description"),
        (lambda more: footed(text="x" * (2048 + more)), "embeds.0.footer.text"),
        (lambda more: {"embed": discord.Embed().set_author(name="x" * (256 + more))}, "embeds.0.author.name"),
        (lambda more: fielded(25 + more), "embeds.0.fields"),
        (lambda more: fielded(1, name=256 + more), "embeds.0.fields.0.name"),
        (lambda more: fielded(1, value=1024 + more), "embeds.0.fields.0.value"),
        (lambda more: two_embeds(3000, 3000 + more), "embeds"),
        (lambda more: buttoned(label="x" * (80 + more)), "components.0.components.0.label"),
        (lambda more: buttoned(custom_id="x" * (100 + more)), "components.0.components.0.custom_id"),
    ],
)  # fmt: skip
async def test_a_message_may_be_as_long_as_its_limits_and_no_longer(
    server: DiscordServer, bot: Bot, fits: Callable[[int], dict[str, Any]], where: str
) -> None:
    await card(server, bot, **fits(0))

    with pytest.raises(discord.HTTPException) as caught:
        await card(server, bot, **fits(1))

    assert (caught.value.status, caught.value.code) == (400, 50035)
    assert f"In {where}:" in str(caught.value)
    assert len(server.from_bot("news")) == 1


async def test_an_empty_message_and_a_strange_link_are_refused(server: DiscordServer, bot: Bot) -> None:
    assert await refusal(card(server, bot, content="  ")) == (400, 50006)
    assert await refusal(card(server, bot, **embed(title="x", url="javascript:alert(1)"))) == (400, 50035)
    assert await refusal(card(server, bot, **fielded(1, value=0))) == (400, 50035)


async def test_a_nonce_posts_once_for_some_minutes_in_one_channel(server: DiscordServer, bot: Bot) -> None:
    server.channel("other")
    first = await card(server, bot, nonce="card-1")
    again = await card(server, bot, content="another text", nonce="card-1")
    assert (again.id, again.content) == (first.id, "#1 Moon")

    other = await until(lambda: bot.get_channel(int(server.channel("other").id)))
    assert isinstance(other, discord.TextChannel)
    await other.send("elsewhere", nonce="card-1")
    server.advance(600)
    late = await card(server, bot, nonce="card-1")

    assert late.id != first.id
    assert [len(server.messages(name)) for name in ("news", "other")] == [2, 1]
    assert bot.all("message")[0].nonce == "card-1"


async def test_a_file_goes_up_and_comes_down(server: DiscordServer, bot: Bot) -> None:
    sent = await card(server, bot, file=discord.File(io.BytesIO(b"# Draft"), "issue.md"))
    big = discord.File(io.BytesIO(b"\0" * (10 * 1024 * 1024 + 1)), "big.bin")

    assert [(one.filename, await one.read()) for one in sent.attachments] == [("issue.md", b"# Draft")]
    assert await refusal(card(server, bot, file=big)) == (413, 40005)
    assert (await sent.edit(attachments=[])).attachments == []


async def test_only_allowed_mentions_ping(server: DiscordServer, bot: Bot) -> None:
    ada = server.user("ada")
    text = f"@everyone <@{ada.id}>"

    await card(server, bot, content=text)
    await card(server, bot, content=text, allowed_mentions=discord.AllowedMentions.all())

    quiet, loud = server.from_bot("news")
    assert (quiet.pings, quiet.allowed_mentions) == ((), {"parse": []})
    assert set(loud.pings) == {ada.id, "everyone"}


# ---- reactions -------------------------------------------------------------------------------------------


async def test_reactions_come_and_go_with_who_and_on_whose_message(server: DiscordServer, bot: Bot) -> None:
    sent = await card(server, bot)
    await server.react("ada", sent.id, "👍")
    await server.react("ada", sent.id, "👍")
    await server.unreact("ada", sent.id, "👍")

    added = await bot.first("raw_reaction_add")
    removed = await bot.first("raw_reaction_remove")
    assert (str(added.emoji), added.member.display_name) == ("👍", "Ada L.")
    assert added.message_author_id == int(server.bot.id)
    assert (removed.user_id, removed.message_id) == (added.user_id, sent.id)
    assert len(bot.all("raw_reaction_add")) == 1


async def test_all_reactions_or_those_of_one_emoji_are_cleared(server: DiscordServer, bot: Bot) -> None:
    sent = await card(server, bot)
    for emoji in ("👍", "👎", "⚡"):
        await server.react("ada", sent.id, emoji)
    await server.clear_reactions(sent.id, "👎")
    assert server.reactions_of(sent.id) == {"👍": ["ada"], "⚡": ["ada"]}
    await server.clear_reactions(sent.id)

    assert str((await bot.first("raw_reaction_clear_emoji")).emoji) == "👎"
    assert (await bot.first("raw_reaction_clear")).message_id == sent.id
    assert server.reactions_of(sent.id) == {}


async def test_the_bot_seeds_up_to_twenty_emojis_and_hears_its_own(server: DiscordServer, bot: Bot) -> None:
    sent = await card(server, bot)
    for number in range(20):
        await sent.add_reaction(chr(0x1F600 + number))

    assert await refusal(sent.add_reaction("👍")) == (400, 30010)
    assert await refusal(sent.add_reaction("thumb")) == (400, 10014)
    await sent.remove_reaction(chr(0x1F600), discord.Object(int(server.bot.id)))
    await sent.add_reaction("👍")
    assert list(server.reactions_of(sent.id))[-1] == "👍"
    await until(lambda: len(bot.all("raw_reaction_add")) == 21)


async def test_those_who_reacted_are_read_by_pages(server: DiscordServer, bot: Bot) -> None:
    sent = await card(server, bot)
    await sent.add_reaction("👍")
    for number in range(250):
        await server.react(f"reader {number}", sent.id, "👍")

    [thumbs] = (await sent.channel.fetch_message(sent.id)).reactions
    users = [one.name async for one in thumbs.users()]

    assert (thumbs.count, thumbs.me, len(set(users))) == (251, True, 251)
    assert [one.query.get("limit") for one in server.calls_to("GET", "/reactions/👍")] == ["100", "100", "51"]


async def test_five_thousand_reactions_all_arrive_in_their_order(server: DiscordServer, bot: Bot) -> None:
    cards = [await card(server, bot, content=f"#{n}") for n in range(50)]
    for reader in range(100):
        for one in cards:
            await server.react(f"reader {reader}", one.id, "👍")

    await until(lambda: len(bot.all("raw_reaction_add")) == 5000, seconds=20)
    heard = [(one.user_id, one.message_id) for one in bot.all("raw_reaction_add")]
    sent = [one.payload for one in server.sent_events if one.name == "MESSAGE_REACTION_ADD"]
    assert heard == [(int(one["user_id"]), int(one["message_id"])) for one in sent]


# ---- threads ---------------------------------------------------------------------------------------------


async def test_a_thread_is_a_channel_of_its_own(server: DiscordServer, bot: Bot) -> None:
    said = await server.say("news", "ada", "a link")
    thread = await server.thread("news", "the link", by="ada", on=said)
    await server.say(thread, "ben", "inside")

    opened: discord.Thread = await bot.first("thread_create")
    inside = await until(lambda: [one for one in bot.all("message") if one.content == "inside"])
    assert (opened.id, opened.parent_id, opened.name) == (int(said.id), int(said.channel.id), "the link")
    assert inside[0].channel == opened
    answer = await opened.send("the bot too")
    assert server.messages(thread)[-1].id == str(answer.id)
    assert (await bot.first("raw_message_edit")).message.flags.has_thread


async def test_the_bot_opens_threads_itself(server: DiscordServer, bot: Bot) -> None:
    sent = await card(server, bot)

    under = await sent.create_thread(name="about #1")
    await under.send("well")

    assert under.id == sent.id
    assert [one.content for one in server.messages("about #1")] == ["", "well"]
    assert await refusal(sent.create_thread(name="again")) == (400, 160004)


# ---- what the bot may ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lacks", "does", "code"),
    [
        ("send_messages", lambda news, sent: news.send("x"), 50013),
        ("view_channel", lambda news, sent: news.send("x"), 50001),
        ("view_channel", lambda news, sent: news.fetch_message(sent.id), 50001),
        ("read_message_history", lambda news, sent: news.fetch_message(sent.id), 50001),
        ("read_message_history", lambda news, sent: sent.reply("x"), 50013),
        ("embed_links", lambda news, sent: news.send(embed=discord.Embed(title="x")), 50013),
        ("attach_files", lambda news, sent: news.send(file=discord.File(io.BytesIO(b"x"), "x")), 50013),
        ("add_reactions", lambda news, sent: sent.add_reaction("👍"), 50013),
        ("create_public_threads", lambda news, sent: sent.create_thread(name="x"), 50013),
    ],
)
async def test_what_the_bot_may_not_is_forbidden(
    server: DiscordServer, bot: Bot, lacks: str, does: Callable[..., Awaitable[object]], code: int
) -> None:
    news = bot.sees(server.channel("news"))
    sent = await news.send("before")
    server.take_from_bot("news", lacks)
    await bot.first("guild_channel_update")

    assert await refusal(does(news, sent)) == (403, code)
    assert not getattr(news.permissions_for(news.guild.me), lacks)

    server.give_to_bot("news", lacks)
    await does(news, sent)


async def test_a_bot_hears_nothing_from_where_it_may_not_look(server: DiscordServer, bot: Bot) -> None:
    server.channel("secret")
    server.take_from_bot("secret", "view_channel")

    await server.say("secret", "ada", "hush")
    await server.say("news", "ada", "aloud")

    assert (await bot.first("message")).content == "aloud"


async def test_a_bot_may_react_with_an_emoji_that_stands_there(server: DiscordServer, bot: Bot) -> None:
    sent = await card(server, bot)
    await server.react("ada", sent.id, "👍")
    server.take_from_bot("news", "add_reactions")

    await sent.add_reaction("👍")

    assert server.reactions_of(sent.id) == {"👍": ["ada", "copydesk"]}


async def test_history_without_the_right_to_it_is_empty(server: DiscordServer, bot: Bot) -> None:
    await server.say("news", "ada", "before")
    server.take_from_bot("news", "read_message_history")

    assert [one async for one in bot.sees(server.channel("news")).history()] == []


async def test_without_the_content_intent_only_own_words_and_mentions_are_read() -> None:
    async with DiscordServer(privileged=[]) as server:
        server.channel("news")
        async with logged_in(server, Bot(discord.Intents(guilds=True, guild_messages=True))) as bot:
            said = await server.say("news", "ada", "a link")
            await server.say("news", "ada", f"<@{server.bot.id}> a link")
            await card(server, bot)

            heard = await until(lambda: bot.all("message")[2:] and bot.all("message"))
            assert [one.content for one in heard] == ["", f"<@{server.bot.id}> a link", "#1 Moon"]
            read = await bot.sees(server.channel("news")).fetch_message(int(said.id))
            assert read.content == ""


async def test_an_intent_not_asked_for_brings_nothing(server: DiscordServer) -> None:
    deaf = Bot(discord.Intents(guilds=True, guild_messages=True))
    async with logged_in(server, deaf), logged_in(server) as bot:
        said = await server.say("news", "ada", "a link")
        await server.react("ada", said, "👍")
        await server.edit(said, "the link")
        await bot.first("raw_message_edit")
        await deaf.first("raw_message_edit")

        assert len(bot.all("raw_reaction_add")) == 1
        assert deaf.all("raw_reaction_add") == []
