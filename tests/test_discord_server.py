"""The tests' own Discord, driven by the real discord.py."""

import asyncio
import io
import json
import sys
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest
from discord import app_commands
from discord.http import Route

from tests.discord_server import Channel, DiscordServer, NoAnswerError, until

ROOT = Path(__file__).parents[1]
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

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Do not wait the 5 s that discord.py leaves before it identifies again."""

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


async def test_a_nonce_posts_once_for_some_minutes_wherever(server: DiscordServer, bot: Bot) -> None:
    server.channel("other")
    other = await until(lambda: bot.get_channel(int(server.channel("other").id)))
    assert isinstance(other, discord.TextChannel)
    first = await card(server, bot, nonce="card-1")
    again = await card(server, bot, content="another text", nonce="card-1")
    elsewhere = await other.send("elsewhere", nonce="card-1")
    assert (first.id, "#1 Moon") == (again.id, again.content) == (elsewhere.id, elsewhere.content)

    server.advance(600)
    late = await card(server, bot, nonce="card-1")

    assert late.id != first.id
    assert [len(server.messages(name)) for name in ("news", "other")] == [2, 0]
    assert bot.all("message")[0].nonce == "card-1"


async def test_a_nonce_does_not_bring_back_what_was_deleted(server: DiscordServer, bot: Bot) -> None:
    await server.delete((await card(server, bot, nonce="card-1")).id)

    assert await refusal(card(server, bot, nonce="card-1")) == (404, 10008)


async def test_a_nonce_has_its_length(server: DiscordServer, bot: Bot) -> None:
    await card(server, bot, nonce="n" * 25)
    assert await refusal(card(server, bot, nonce="n" * 26)) == (400, 50035)


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


async def test_channels_and_guilds_may_appear_while_the_bot_listens(server: DiscordServer, bot: Bot) -> None:
    other = server.guild("Other paper")
    server.channel("desk", guild=other)
    await server.say("desk", "ada", "over here")

    heard = await bot.first("message")
    assert (heard.guild.name, heard.channel.name) == ("Other paper", "desk")
    assert (await bot.first("guild_channel_create")).name == "desk"


async def test_the_bot_with_the_right_clears_up_after_others(server: DiscordServer, bot: Bot) -> None:
    news = bot.sees(server.channel("news"))
    said = [await server.say("news", "ada", str(n)) for n in range(3)]
    await news.get_partial_message(int(said[0].id)).delete()
    await news.delete_messages([discord.Object(int(one.id)) for one in said[1:]])

    assert server.messages("news") == []


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
    await sent.remove_reaction("⚡", discord.Object(int(server.user("ada").id)))
    assert server.reactions_of(sent.id) == {"👍": ["ada"]}
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

    await until(lambda: len(bot.all("raw_reaction_add")) == 5000, seconds=30)
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


# ---- commands, buttons, forms ----------------------------------------------------------------------------


def with_commands(bot: Bot) -> None:
    """Give the bot /publish, with a date to complete, and /desk show."""
    desk = app_commands.Group(name="desk", description="The desk")

    async def dates(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        known = ["2020-05-15", "2020-06-15", "2021-01-15"]
        return [app_commands.Choice(name=f"on {one}", value=one) for one in known if one.startswith(typed)]

    @bot.tree.command(name="publish", description="Publish the issue")
    @app_commands.autocomplete(date=dates)
    @app_commands.default_permissions(manage_messages=True)
    async def publish(interaction: discord.Interaction, date: str, copies: int = 1) -> None:
        await interaction.response.send_message(f"published {date} {copies} times", ephemeral=True)

    @desk.command(name="show", description="Show a curator")
    async def show(interaction: discord.Interaction, who: discord.User) -> None:
        await interaction.response.send_message(f"{who.display_name} for {interaction.user.display_name}")

    bot.tree.add_command(desk)


@pytest.fixture
async def desk_bot(server: DiscordServer, bot: Bot) -> Bot:
    with_commands(bot)
    await bot.tree.sync()
    server.user("eve", roles=[server.role("editor", "manage_messages")])
    return bot


async def test_a_typed_command_is_answered_to_one_person_alone(server: DiscordServer, desk_bot: Bot) -> None:
    answer = await server.slash("eve", "news", "publish", date="2020-05-15", copies=2)

    assert (answer.type, answer.content, answer.ephemeral) == (4, "published 2020-05-15 2 times", True)
    assert server.messages("news") == []
    assert [one.content for one in server.messages("news", seen_by="eve")] == [answer.content]
    assert server.messages("news", seen_by="ada") == []
    assert server.command_names == {"": ["publish", "desk"]}


async def test_a_subcommand_takes_a_person(server: DiscordServer, desk_bot: Bot) -> None:
    answer = await server.slash("eve", "news", "desk show", who=server.user("ada").id)

    assert answer.content == "Ada L. for eve"
    assert [one.content for one in server.from_bot("news")] == [answer.content]
    assert (await desk_bot.first("message")).id == int(server.from_bot("news")[0].id)


async def test_completion_offers_what_fits(server: DiscordServer, desk_bot: Bot) -> None:
    offered = await server.autocomplete("eve", "news", "publish", focused="date", date="2020")

    assert offered == [("on 2020-05-15", "2020-05-15"), ("on 2020-06-15", "2020-06-15")]


async def test_a_command_tells_what_its_user_may(server: DiscordServer, bot: Bot) -> None:
    server.user("eve", roles=[server.role("editor", "manage_messages")])
    sent = await card(server, bot, **buttoned())

    async def rights(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(str(interaction.permissions.manage_messages))

    answering(bot, rights)

    assert (await server.click("eve", sent.id, "id")).content == "True"
    assert (await server.click("ada", sent.id, "id")).content == "False"


async def test_only_what_the_client_would_send_can_be_sent(server: DiscordServer, desk_bot: Bot) -> None:
    with pytest.raises(LookupError):
        await server.slash("eve", "news", "vanish")
    with pytest.raises(LookupError):
        await server.slash("ada", "news", "publish", date="2020-05-15")
    with pytest.raises(ValueError, match="date"):
        await server.slash("eve", "news", "publish")
    with pytest.raises(ValueError, match="copies"):
        await server.slash("eve", "news", "publish", date="2020-05-15", copies="two")
    with pytest.raises(ValueError, match="page"):
        await server.slash("eve", "news", "publish", date="2020-05-15", page=1)


async def test_a_guilds_commands_stand_beside_the_global_ones(server: DiscordServer, desk_bot: Bot) -> None:
    guild = desk_bot.guilds[0]
    desk_bot.tree.copy_global_to(guild=guild)
    before = await desk_bot.tree.fetch_commands()
    synced = await desk_bot.tree.sync(guild=guild)
    again = await desk_bot.tree.sync()

    assert [one.name for one in synced] == ["publish", "desk"]
    assert [one.id for one in again] == [one.id for one in before]
    assert (await server.slash("eve", "news", "publish", date="x")).content == "published x 1 times"


async def test_a_command_with_bad_words_is_refused(server: DiscordServer, bot: Bot) -> None:
    bot.tree.add_command(app_commands.Command(name="long", description="d" * 101, callback=answer_ok))

    with pytest.raises(app_commands.CommandSyncFailure):
        await bot.tree.sync()
    assert server.command_names == {}


async def answer_ok(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("ok")


def answering(bot: Bot, how: Callable[[discord.Interaction], Awaitable[None]]) -> None:
    """Answer every interaction by hand."""
    bot.on_interaction = how  # type: ignore[attr-defined]  # discord.py finds its handlers by name


async def test_a_deferred_answer_comes_later_and_more_may_follow(server: DiscordServer, bot: Bot) -> None:
    sent = await card(server, bot, **buttoned())

    async def slowly(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.edit_original_response(content="done")
        await interaction.followup.send("for all")
        await interaction.followup.send("for you", ephemeral=True)

    answering(bot, slowly)
    answer = await server.click("ada", sent.id, "id")

    await until(lambda: len(answer.followups) == 2)
    assert answer.type == 5
    assert answer.message is not None
    assert (answer.message.content, answer.message.ephemeral) == ("done", True)
    assert [one.content for one in server.from_bot("news")] == ["#1 Moon", "for all"]
    assert [one.content for one in server.messages("news", seen_by="ada")][1:] == [
        "done",
        "for all",
        "for you",
    ]


async def test_the_first_followup_takes_the_place_of_thinking(server: DiscordServer, bot: Bot) -> None:
    sent = await card(server, bot, **buttoned())

    async def follow(interaction: discord.Interaction) -> None:
        await interaction.response.defer(thinking=True)
        await interaction.followup.send("done")
        assert (await interaction.original_response()).content == "done"
        await interaction.delete_original_response()

    answering(bot, follow)
    await server.click("ada", sent.id, "id")

    deleted = await bot.first("raw_message_delete")
    assert deleted.message_id == bot.all("message")[1].id
    assert len(server.from_bot("news")) == 1


async def test_an_interaction_is_answered_once_and_in_time(server: DiscordServer, bot: Bot) -> None:
    sent = await card(server, bot, **buttoned())
    refused: list[tuple[int, int]] = []

    async def twice(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("ok")
        interaction.response._response_type = None  # else discord.py itself refuses the second answer
        refused.append(await refusal(interaction.response.send_message("ok")))
        server.advance(16 * 60)
        refused.append(await refusal(interaction.edit_original_response(content="late")))

    async def late(interaction: discord.Interaction) -> None:
        server.advance(4)
        refused.append(await refusal(interaction.response.send_message("late")))
        interaction.token = "interaction-7"
        refused.append(await refusal(interaction.response.send_message("lost")))

    answering(bot, twice)
    await server.click("ada", sent.id, "id")
    await until(lambda: len(refused) == 2)
    assert refused == [(400, 40060), (401, 50027)]

    answering(bot, late)
    server.answer_within = 0.2
    with pytest.raises(NoAnswerError):
        await server.click("ada", sent.id, "id")
    assert refused[2:] == [(404, 10062), (404, 10062)]


async def test_a_button_changes_the_card_it_stands_on(server: DiscordServer, bot: Bot) -> None:
    sent = await card(server, bot, **buttoned("👍 0"))

    async def count(interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(content="#1 Moon, liked", **buttoned("👍 1"))

    answering(bot, count)
    answer = await server.click("ada", sent.id, "id")

    assert answer.type == 7
    assert server.message(sent.id).content == "#1 Moon, liked"
    assert server.buttons_of(sent.id)["id"]["label"] == "👍 1"
    with pytest.raises(LookupError):
        await server.click("ada", sent.id, "another")


async def test_a_greyed_out_button_cannot_be_pressed(server: DiscordServer, bot: Bot) -> None:
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="no", custom_id="no", disabled=True))
    sent = await card(server, bot, view=view)

    with pytest.raises(LookupError):
        await server.click("ada", sent.id, "no")


async def test_a_menu_takes_what_it_offers(server: DiscordServer, bot: Bot) -> None:
    view = discord.ui.View(timeout=None)
    offered = [discord.SelectOption(label="News", value="news"), discord.SelectOption(label="Papers")]
    view.add_item(discord.ui.Select(custom_id="section", options=offered))
    sent = await card(server, bot, view=view)

    async def take(interaction: discord.Interaction) -> None:
        assert interaction.data is not None
        await interaction.response.send_message(str(interaction.data.get("values")))

    answering(bot, take)

    assert (await server.choose("ada", sent.id, "section", "Papers")).content == "['Papers']"
    with pytest.raises(ValueError, match="offers"):
        await server.choose("ada", sent.id, "section", "Sport")


class Amendment(discord.ui.Modal, title="Amend #1"):
    heading: discord.ui.TextInput["Amendment"] = discord.ui.TextInput(
        label="Title", custom_id="title", default="Moon", max_length=20
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(content=f"#1 {self.heading.value}")


async def test_a_form_is_shown_filled_and_sent(server: DiscordServer, bot: Bot) -> None:
    sent = await card(server, bot, **buttoned())

    async def show(interaction: discord.Interaction) -> None:
        if interaction.type is discord.InteractionType.component:
            await interaction.response.send_modal(Amendment(custom_id="amend:1"))

    answering(bot, show)
    assert (await server.click("ada", sent.id, "id")).type == 9
    assert server.form_shown_to("ada", "amend:1") == {"title": "Moon"}

    with pytest.raises(ValueError, match="title"):
        await server.submit("ada", "news", "amend:1", {"title": "x" * 21})
    with pytest.raises(LookupError):
        await server.submit("eve", "news", "amend:1", {"title": "Sun"})
    answer = await server.submit("ada", "news", "amend:1", {"title": "Sun"})

    assert answer.type == 7
    assert server.message(sent.id).content == "#1 Sun"


async def test_a_form_outlives_the_bot_that_showed_it(server: DiscordServer) -> None:
    async def show(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Amendment(custom_id="amend:1"))

    async def take(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(str(interaction.data))

    async with logged_in(server) as first:
        sent = await card(server, first, **buttoned())
        answering(first, show)
        await server.click("ada", sent.id, "id")
    async with logged_in(server) as second:
        answering(second, take)
        answer = await server.submit("ada", "news", "amend:1", {})

    assert "'value': 'Moon'" in answer.content


# ---- the gateway -----------------------------------------------------------------------------------------


async def test_a_client_that_talks_nonsense_is_cut_off(server: DiscordServer) -> None:
    for said, code in (("{", 4002), ('{"op": 8, "d": {}}', 4003)):
        async with aiohttp.ClientSession() as http, http.ws_connect(server.gateway) as socket:
            await socket.receive()
            await socket.send_str(said)
            await socket.receive()
            assert socket.close_code == code


async def test_what_was_missed_is_replayed_on_resume(server: DiscordServer, bot: Bot) -> None:
    server.drop_connections()
    await server.say("news", "ada", "while away")

    await bot.first("resumed")
    assert [one.content for one in bot.all("message")] == ["while away"]
    assert [one.resumed for one in server.sessions] == [1]


async def test_a_forgotten_session_means_a_new_start(server: DiscordServer, bot: Bot) -> None:
    server.drop_connections(forget_sessions=True)
    await server.say("news", "ada", "while away")

    await until(lambda: len(bot.all("ready")) == 2)
    await server.say("news", "ada", "back again")
    assert (await bot.first("message")).content == "back again"
    assert [one.ended for one in server.sessions] == [True, False]


async def test_the_server_can_ask_to_reconnect_or_call_a_session_invalid(
    server: DiscordServer, bot: Bot
) -> None:
    server.ask_to_reconnect()
    await bot.first("resumed")
    server.invalidate_sessions(resumable=True)
    await until(lambda: len(bot.all("resumed")) == 2)
    server.invalidate_sessions()
    await until(lambda: len(bot.all("ready")) == 2)

    assert len(server.sessions) == 2


async def test_a_server_that_stops_answering_heartbeats_is_left_and_found_again(
    server: DiscordServer,
) -> None:
    async with logged_in(server, Bot(heartbeat_timeout=0.3)) as bot:
        server.stop_answering_heartbeats()
        await bot.first("disconnect")
        server.stop_answering_heartbeats(stop=False)

        await bot.first("resumed")


async def test_heartbeats_tell_how_far_the_client_has_read(server: DiscordServer, bot: Bot) -> None:
    for number in range(10):
        await server.say("news", "ada", str(number))

    [session] = server.sessions
    await until(lambda: session.acknowledged == session.sequence)
    assert [one.name for one in server.sent_events[:2]] == ["READY", "GUILD_CREATE"]
    assert [one.sequence for one in server.sent_events] == list(range(1, 13))


@pytest.mark.parametrize(
    ("code", "later", "answer"), [(1000, 0, (9, False)), (4000, 60, (0, {})), (4000, 3600, (9, False))]
)
async def test_a_session_ends_by_a_goodbye_or_when_nobody_comes_back(
    server: DiscordServer, code: int, later: int, answer: tuple[int, object]
) -> None:
    """discord.py itself closes with 4000, so its sessions stay open."""
    identity = {"token": server.token, "intents": 0, "properties": {}}
    async with aiohttp.ClientSession() as http:
        async with http.ws_connect(server.gateway) as socket:
            await socket.receive_json()
            await socket.send_json({"op": 2, "d": identity})
            ready = await socket.receive_json()
            await socket.close(code=code)
        await until(lambda: not server.connected)
        server.advance(later)
        async with http.ws_connect(server.gateway) as socket:
            await socket.receive_json()
            session = ready["d"]["session_id"]
            await socket.send_json({"op": 6, "d": {"token": server.token, "session_id": session, "seq": 1}})
            answered = await socket.receive_json()

    assert (answered["op"], answered["d"]) == answer


@pytest.mark.parametrize("compression", ["", "zlib-stream"])
async def test_the_gateway_compresses_when_asked(server: DiscordServer, compression: str) -> None:
    unpack = zlib.decompressobj()
    address = f"{server.gateway}?compress={compression}" if compression else server.gateway

    async with aiohttp.ClientSession() as http, http.ws_connect(address) as socket:
        said = (await socket.receive()).data
        hello = json.loads(unpack.decompress(said) if compression else said)
        assert hello == {"op": 10, "d": {"heartbeat_interval": 100}}


async def test_the_server_may_be_away_and_come_back_as_it_was(server: DiscordServer) -> None:
    async with logged_in(server) as bot:
        said = await server.say("news", "ada", "before")
        await bot.first("message")
        await server.close()
        await server.say("news", "ada", "while closed")
        await server.open()
        await server.say("news", "ada", "after")

        await until(lambda: len(bot.all("message")) == 3, seconds=30)
        assert (await bot.sees(server.channel("news")).fetch_message(int(said.id))).content == "before"


LISTENER = """
import asyncio, discord, sys
from tests.discord_server import client_pointed_at

api, gateway, token = sys.argv[1:]
intents = discord.Intents(guilds=True, guild_messages=True, message_content=True)
client = discord.Client(intents=intents)
with client_pointed_at(api, gateway):
    asyncio.run(client.start(token))
"""


async def test_the_server_outlives_a_bot_that_is_killed(server: DiscordServer) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", LISTENER, server.api, server.gateway, server.token, cwd=ROOT
    )
    await until(lambda: server.connected, seconds=30)
    await server.say("news", "ada", "heard")
    [session] = server.sessions
    await until(lambda: session.acknowledged == session.sequence, seconds=30)
    process.kill()
    await process.wait()
    await until(lambda: not server.connected)
    await server.say("news", "ada", "not heard")

    assert not session.ended
    unheard = session.events[session.acknowledged :]
    assert [(one.name, one.payload["content"]) for one in unheard] == [("MESSAGE_CREATE", "not heard")]


# ---- rates and mischief ----------------------------------------------------------------------------------


def statuses(server: DiscordServer, method: str, path_end: str) -> list[int | None]:
    return [one.status for one in server.calls_to(method, path_end)]


async def test_the_client_keeps_to_the_buckets_it_is_told_of(server: DiscordServer, bot: Bot) -> None:
    sent = await card(server, bot)
    server.rate_limits(True)
    for emoji in ("👍", "👎", "⚡"):
        await sent.add_reaction(emoji)

    assert statuses(server, "PUT", "/@me") == [204, 204, 204]


async def test_a_full_bucket_answers_with_429(server: DiscordServer, bot: Bot) -> None:
    server.rate_limits(True)
    address = f"{server.api}/channels/{server.channel('news').id}/messages"
    headers = {"Authorization": f"Bot {server.token}"}
    async with aiohttp.ClientSession(headers=headers) as http:
        answers = [await http.post(address, json={"content": str(n)}) for n in range(6)]
        told = await answers[-1].json()

    assert [one.status for one in answers] == [200] * 5 + [429]
    assert [one.headers["X-RateLimit-Remaining"] for one in answers] == ["4", "3", "2", "1", "0", "0"]
    assert 0 < told["retry_after"] <= 5
    assert len(server.messages("news")) == 5


async def test_a_429_is_obeyed_for_one_call_or_for_all(server: DiscordServer, bot: Bot) -> None:
    server.fail("POST", "/channels/*/messages", 429, retry_after=0.05)
    await card(server, bot)
    assert statuses(server, "POST", "/messages") == [429, 200]

    server.limit_everything(0.1)
    await card(server, bot)
    assert statuses(server, "POST", "/messages")[2:] == [429, 200]


async def test_a_planned_error_comes_so_many_times(server: DiscordServer, bot: Bot) -> None:
    server.fail("POST", "/channels/", 403, code=50013, times=2)

    assert await refusal(card(server, bot)) == (403, 50013)
    assert await refusal(card(server, bot)) == (403, 50013)
    await card(server, bot)

    assert len(server.messages("news")) == 1


async def test_an_error_may_come_after_the_deed_was_done(server: DiscordServer, bot: Bot) -> None:
    server.fail("POST", "/channels/", 500, after_effect=True)

    await card(server, bot, nonce="once")

    assert statuses(server, "POST", "/messages") == [500, 200]
    assert len(server.messages("news")) == 1


@pytest.mark.parametrize(("after_effect", "stand"), [(True, 1), (False, 0)])
async def test_an_answer_is_lost_after_the_deed_or_instead(
    server: DiscordServer, bot: Bot, after_effect: bool, stand: int
) -> None:
    server.drop("POST", "/channels/", after_effect=after_effect)

    with pytest.raises(aiohttp.ClientError):
        await card(server, bot)

    assert len(server.messages("news")) == stand
    assert statuses(server, "POST", "/messages") == [None]


async def test_an_answer_is_broken_though_the_deed_is_done(server: DiscordServer, bot: Bot) -> None:
    server.break_answer("POST", "/channels/", how="cut")
    with pytest.raises(aiohttp.ClientError):
        await card(server, bot)
    server.break_answer("POST", "/channels/", how="nonsense")
    with pytest.raises(json.JSONDecodeError):
        await card(server, bot)
    server.break_answer("POST", "/channels/", how="html")
    with pytest.raises(TypeError):
        await card(server, bot)

    assert len(server.messages("news")) == 3


@pytest.mark.parametrize(("after_effect", "stand"), [(True, 1), (False, 0)])
async def test_a_slow_answer_keeps_only_its_caller_waiting(
    server: DiscordServer, bot: Bot, after_effect: bool, stand: int
) -> None:
    server.slow("POST", "/channels/", 30, after_effect=after_effect)
    waiting = asyncio.create_task(card(server, bot))
    await until(lambda: server.calls_to("POST", "/messages"))

    await server.say("news", "ada", "meanwhile")
    await until(lambda: "meanwhile" in [one.content for one in bot.all("message")])
    assert not waiting.done()
    assert len(server.from_bot("news")) == stand
    waiting.cancel()


async def test_every_call_is_written_down(server: DiscordServer, bot: Bot) -> None:
    await card(server, bot)

    paths = [(one.method, one.path, one.status) for one in server.calls]
    assert paths[:2] == [("GET", "/users/@me", 200), ("GET", "/oauth2/applications/@me", 200)]
    last = server.calls[-1]
    assert (last.path, last.body["content"]) == (f"/channels/{server.channel('news').id}/messages", "#1 Moon")


async def test_an_unknown_path_is_not_found(server: DiscordServer, bot: Bot) -> None:
    assert await refusal(bot.http.request(Route("GET", "/voice/regions"))) == (404, 0)
