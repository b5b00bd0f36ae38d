"""`python -m bot doctor`: what is wrong is found, and its cure named; on real servers, databases and git."""

import asyncio
import json
import logging
import shutil
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.config import parse_config
from bot.doctor.clock_checks import clock_findings
from bot.doctor.config_checks import read_config, variable_findings
from bot.doctor.database_checks import database_findings, space_finding
from bot.doctor.finding import Check, Finding, State
from bot.doctor.newsroom_visit import examine
from bot.doctor.reading_checks import reading_findings
from bot.doctor.repository_checks import repository_findings
from bot.doctor.secrecy import Secrecy, hide_from_logs, secrecy
from bot.doctor.server_times import SET_CLOCK, ServerTimes
from bot.doctor.summary_checks import summary_findings
from bot.doctor.visit import Visit, failed
from bot.logs import Blotter
from bot.newsroom import Newsroom, utc_now
from bot.rooms.discord.channel_doctor import permissions_in
from bot.rooms.discord.doctor import discord_findings
from bot.rooms.telegram.doctor import telegram_findings
from storage.database import Database
from storage.inbox import mark_handled, store_event, unhandled_events
from storage.room_states import note_chat
from tests.discord_server import DiscordServer, until
from tests.fakes.model_server import KEY, Answering, ModelServer, answering, failing, hanging, saying
from tests.fakes.newsroom import tables_of
from tests.newsletter_repo_fixtures import NOON, bare_repository, git, git_server, opened, person_commits
from tests.telegram_server import Chat, TelegramServer

PROJECT = Path(__file__).parents[1]
TELEGRAM, DISCORD = "COPYDESK_TEST_TELEGRAM", "COPYDESK_TEST_DISCORD"
MODEL = "COPYDESK_TEST_MODEL"
Tables = dict[str, Any]


def written(tables: Mapping[str, Any], at: str = "") -> str:
    """Spell tables as TOML; JSON's values are TOML's here."""
    lines = []
    for key, value in tables.items():
        if isinstance(value, dict):
            lines += [f"[{at}{key}]", written(value, f"{at}{key}.")]
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            lines += [f"[[{at}{key}]]\n{written(one)}" for one in value]
        else:
            lines.append(f"{key} = {json.dumps(value, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"


def visit_to(tables: Tables, *, seconds: float = 5.0, ahead: timedelta = timedelta()) -> Visit:
    return Visit(parse_config(tables), lambda: utc_now() + ahead, seconds)


@asynccontextmanager
async def silent_server() -> AsyncIterator[int]:
    """Serve a port that takes connections and never says a word."""

    async def keep_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(keep_silent, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


def the(findings: list[Finding], name: str) -> Finding:
    """Return the one finding of a check."""
    [finding] = [one for one in findings if one.check == name]
    return finding


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    return tables_of(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}")


# Telegram


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


def on_telegram(tables: Tables, server: TelegramServer, chat: Chat | int, **settings: Any) -> Tables:
    """Add a room on Telegram; settings of the room begin with `room_`."""
    number = chat if isinstance(chat, int) else chat.id
    room = {"name": "group", "chat": number}
    room |= {key[5:]: value for key, value in settings.items() if key.startswith("room_")}
    own = {key: value for key, value in settings.items() if not key.startswith("room_")}
    tables["telegram"] = {"api": server.url, "token_env": TELEGRAM, **own, "rooms": [room]}
    return tables


async def telegram_says(
    tables: Tables, server: TelegramServer, chat: Chat | int, *, token: str = "", **settings: Any
) -> list[Finding]:
    visit = visit_to(on_telegram(tables, server, chat, **settings), seconds=2)
    return await telegram_findings(visit, token or server.token)


async def test_a_group_where_all_is_right_is_fine(telegram: TelegramServer, tables: Tables) -> None:
    telegram.world.commands["all_group_chats", ""] = [{"command": "publish", "description": "Publish"}]

    found = await telegram_says(tables, telegram, telegram.group("Copydesk"))

    assert [one for one in found if one.state is not State.FINE] == []
    assert "@copydesk_bot" in the(found, "token").said
    assert "Copydesk (supergroup)" in the(found, "room").said


async def test_the_doctor_takes_nothing_from_a_running_newsroom(
    telegram: TelegramServer, tables: Tables
) -> None:
    chat = telegram.group("Copydesk")
    await telegram.say(chat, telegram.user("Ada"), "https://site.test/moon")

    await telegram_says(tables, telegram, chat)

    asked = {call.method for call in telegram.calls}
    assert asked == {"getMe", "getChat", "getChatMember", "getMyCommands", "getWebhookInfo"}
    assert len(telegram.waiting) == 1


@pytest.mark.parametrize("token", ["123457:somebody-elses", "not a token", "9876543"])
async def test_a_wrong_telegram_token_is_found_and_not_repeated(
    telegram: TelegramServer, tables: Tables, token: str
) -> None:
    found = await telegram_says(tables, telegram, telegram.group("Copydesk"), token=token)

    [finding] = found
    assert finding.state is State.WRONG
    assert "BotFather" in finding.cure
    assert token not in str(finding)


async def test_a_telegram_that_is_away_is_one_finding(telegram: TelegramServer, tables: Tables) -> None:
    api = "http://127.0.0.1:9"

    [finding] = await telegram_says(tables, telegram, -1, api=api)

    assert finding.state is State.WRONG
    assert "cannot be reached" in finding.said
    assert "telegram.proxy" in finding.cure


async def test_a_telegram_that_hangs_stops_neither_the_other_checks_nor_the_doctor(
    telegram: TelegramServer, tables: Tables
) -> None:
    telegram.slow("getWebhookInfo", 60)
    visit = visit_to(on_telegram(tables, telegram, telegram.group("Copydesk")), seconds=0.5)

    found = await telegram_findings(visit, telegram.token)

    assert the(found, "updates").state is State.WRONG
    assert the(found, "rights").state is State.FINE


@pytest.mark.parametrize("mischief", ["break_answer", "drop"])
async def test_a_broken_answer_of_telegram_is_told_and_the_rest_goes_on(
    telegram: TelegramServer, tables: Tables, mischief: str
) -> None:
    getattr(telegram, mischief)("getWebhookInfo", times=9)

    found = await telegram_says(tables, telegram, telegram.group("Copydesk"))

    assert the(found, "updates").state is State.WRONG
    assert the(found, "rights").state is State.FINE


async def test_a_chat_that_does_not_exist_is_found(telegram: TelegramServer, tables: Tables) -> None:
    found = await telegram_says(tables, telegram, -100123)

    assert the(found, "room").state is State.WRONG
    assert "there is no chat -100123" in the(found, "room").said
    assert "Add members → @copydesk_bot" in the(found, "room").cure


async def test_a_bot_thrown_out_of_the_group_is_found(telegram: TelegramServer, tables: Tables) -> None:
    chat = telegram.group("Copydesk")
    await telegram.kick_bot(chat)

    found = await telegram_says(tables, telegram, chat)

    assert "thrown out" in the(found, "room").said
    assert "Add members → @copydesk_bot" in the(found, "room").cure


async def test_a_bot_that_is_no_administrator_hears_no_reactions(
    telegram: TelegramServer, tables: Tables
) -> None:
    found = await telegram_says(tables, telegram, telegram.group("Copydesk", bot_is="member"))

    assert the(found, "rights").state is State.WRONG
    assert "reactions never reach it" in the(found, "rights").said
    assert "Administrators → Add Admin → @copydesk_bot" in the(found, "rights").cure
    assert the(found, "privacy").state is State.WRONG


async def test_without_privacy_mode_only_the_right_is_missing(tables: Tables) -> None:
    async with TelegramServer(reads_all=True) as server:
        found = await telegram_says(tables, server, server.group("Copydesk", bot_is="member"))

    assert the(found, "rights").state is State.WRONG
    assert [one for one in found if one.check == "privacy"] == []
    assert "privacy mode is off" in the(found, "token").said


async def test_a_private_chat_is_no_room(telegram: TelegramServer, tables: Tables) -> None:
    found = await telegram_says(tables, telegram, telegram.private(telegram.user("Ada")))

    assert the(found, "room").state is State.WRONG
    assert "Name a group's id" in the(found, "room").cure


async def test_a_webhook_that_is_set_while_polling_is_configured_is_found(
    telegram: TelegramServer, tables: Tables
) -> None:
    telegram.world.feed.webhook_url = "https://elsewhere.test/secret-path"

    found = await telegram_says(tables, telegram, telegram.group("Copydesk"))

    assert the(found, "updates").state is State.WRONG
    assert f"bot${TELEGRAM}/deleteWebhook" in the(found, "updates").cure
    assert "secret-path" not in str(found)


async def test_a_webhook_that_is_not_set_yet_is_a_warning(telegram: TelegramServer, tables: Tables) -> None:
    chat = telegram.group("Copydesk")

    found = await telegram_says(tables, telegram, chat, webhook_url="https://desk.test/hook")

    assert the(found, "updates").state is State.WARNING
    assert "python -m bot run" in the(found, "updates").cure


async def test_a_webhook_of_another_address_is_found(telegram: TelegramServer, tables: Tables) -> None:
    telegram.world.feed.webhook_url = "https://elsewhere.test/"
    chat = telegram.group("Copydesk")

    found = await telegram_says(tables, telegram, chat, webhook_url="https://desk.test/hook")

    assert the(found, "updates").state is State.WRONG
    assert "Restart the newsroom" in the(found, "updates").cure


async def test_a_webhook_that_telegram_cannot_reach_is_found(
    telegram: TelegramServer, tables: Tables
) -> None:
    chat, hook = telegram.group("Copydesk"), "https://desk.test/hook"
    found = await telegram_says(tables, telegram, chat, webhook_url=hook)
    allow_all(telegram)
    telegram.world.feed.webhook_url = hook
    telegram.world.webhook.last_error = "Connection refused"
    await telegram.say(chat, telegram.user("Ada"), "https://site.test/moon")

    found = await telegram_says(tables, telegram, chat, webhook_url=hook)

    assert the(found, "updates").state is State.WRONG
    assert "1 updates: Connection refused" in the(found, "updates").said
    assert "127.0.0.1:8443" in the(found, "updates").cure


def allow_all(server: TelegramServer) -> None:
    from bot.rooms.telegram.updates import ALLOWED_UPDATES

    server.world.feed.allow(list(ALLOWED_UPDATES))


async def test_reactions_that_nobody_asked_telegram_for_are_found(
    telegram: TelegramServer, tables: Tables
) -> None:
    telegram.world.feed.allow(["message", "callback_query"])

    found = await telegram_says(tables, telegram, telegram.group("Copydesk"))

    assert the(found, "updates").state is State.WRONG
    assert "message_reaction" in the(found, "updates").said
    assert "Restart the newsroom" in the(found, "updates").cure


async def test_updates_that_pile_up_are_a_warning(telegram: TelegramServer, tables: Tables) -> None:
    chat = telegram.group("Copydesk")
    for number in range(101):
        await telegram.say(chat, telegram.user("Ada"), f"https://site.test/{number}")

    found = await telegram_says(tables, telegram, chat)

    assert the(found, "updates").state is State.WARNING
    assert "101 updates wait" in the(found, "updates").said


async def test_a_section_whose_emoji_the_group_does_not_allow_is_named(
    telegram: TelegramServer, tables: Tables
) -> None:
    chat = telegram.group("Copydesk")
    chat.available_reactions = ("👍", "👎", "👀", "🤔", "🎉", "⚡", "✍")

    found = await telegram_says(tables, telegram, chat)

    assert the(found, "reactions").state is State.WRONG
    assert the(found, "reactions").said.endswith("does not allow 🤓")
    assert "Reactions → All Reactions, or Some Reactions with 🤓" in the(found, "reactions").cure
    assert "desk.sections" in the(found, "reactions").cure


async def test_a_group_that_allows_no_reaction_is_not_one_that_allows_all(
    telegram: TelegramServer, tables: Tables
) -> None:
    chat = telegram.group("Copydesk")
    chat.available_reactions = ()

    found = await telegram_says(tables, telegram, chat)

    assert the(found, "reactions").state is State.WRONG
    assert "👍 👎" in the(found, "reactions").said


async def test_an_emoji_that_only_the_bot_lacks_is_a_warning(
    telegram: TelegramServer, tables: Tables
) -> None:
    chat = telegram.group("Copydesk")
    chat.available_reactions = ("👍", "👎", "⚡", "🤓", "🎉", "✍", "👀")

    found = await telegram_says(tables, telegram, chat)

    assert the(found, "reactions").state is State.WARNING
    assert "🤔" in the(found, "reactions").said


async def test_a_topic_in_a_group_without_topics_is_found(telegram: TelegramServer, tables: Tables) -> None:
    found = await telegram_says(tables, telegram, telegram.group("Copydesk"), room_topic=7)
    assert the(found, "topic").state is State.WRONG
    assert "Topics" in the(found, "topic").cure

    found = await telegram_says(tables, telegram, telegram.group("Forum", forum=True), room_topic=7)
    assert not failed(found)


async def test_a_basic_group_will_move_and_one_that_has_moved_is_followed(
    telegram: TelegramServer, tables: Tables
) -> None:
    chat = telegram.group("Copydesk", basic=True)
    found = await telegram_says(tables, telegram, chat)
    assert the(found, "address").state is State.WARNING
    assert "Chat history for new members → Visible" in the(found, "address").cure

    now = await telegram.migrate(chat)

    found = await telegram_says(tables, telegram, chat)
    assert the(found, "address").state is State.WARNING
    assert the(found, "address").cure.endswith(f"chat = {now.id}")
    assert not failed(found)


async def test_where_the_newsroom_knows_that_a_group_has_moved_the_doctor_knows_too(
    telegram: TelegramServer, tables: Tables
) -> None:
    chat = telegram.group("Copydesk", basic=True)
    now = await telegram.migrate(chat)
    visit = visit_to(on_telegram(tables, telegram, chat))
    visit.chats["group"] = str(now.id)

    found = await telegram_findings(visit, telegram.token)

    assert the(found, "address").cure.endswith(f"chat = {now.id}")
    assert [call.parameters.get("chat_id") for call in telegram.calls_of("getChat")] == [now.id]


async def test_commands_that_are_not_registered_are_a_warning(
    telegram: TelegramServer, tables: Tables
) -> None:
    found = await telegram_says(tables, telegram, telegram.group("Copydesk"))

    assert the(found, "commands").state is State.WARNING
    assert "python -m bot run" in the(found, "commands").cure


@pytest.mark.parametrize("proxy", ["http://ada:open-sesame@127.0.0.1:9", "ada:open-sesame"])
async def test_a_proxy_that_does_not_work_is_named_without_its_password(
    telegram: TelegramServer, discord: DiscordServer, tables: Tables, proxy: str
) -> None:
    [on_telegram] = await telegram_says(tables, telegram, -1, proxy=proxy)
    [on_discord] = await discord_says(tables, discord, 1, proxy=proxy)

    assert "telegram.proxy" in on_telegram.cure
    assert "discord.proxy" in on_discord.cure
    assert "open-sesame" not in f"{on_telegram}{on_discord}"


async def test_a_proxy_of_no_known_kind_is_found_without_its_password(
    telegram: TelegramServer, tables: Tables
) -> None:
    [finding] = await telegram_says(tables, telegram, -1, proxy="gopher://ada:open-sesame@proxy.test:1")

    assert "telegram.proxy" in finding.said
    assert "open-sesame" not in str(finding)


# Discord


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as server:
        yield server


def on_discord(tables: Tables, server: DiscordServer, channel: int | str, **settings: Any) -> Tables:
    room = {"name": "channel", "channel": int(channel)}
    tables["discord"] = {"api": server.api, "gateway": server.gateway, "token_env": DISCORD}
    tables["discord"] |= {**settings, "rooms": [room]}
    return tables


async def discord_says(
    tables: Tables, server: DiscordServer, channel: int | str, *, token: str = "", **settings: Any
) -> list[Finding]:
    visit = visit_to(on_discord(tables, server, channel, **settings), seconds=2)
    return await discord_findings(visit, token or server.token)


async def test_a_channel_where_all_is_right_is_fine(discord: DiscordServer, tables: Tables) -> None:
    channel = discord.channel("desk")
    discord.commands[channel.guild.id] = {"publish": {"name": "publish"}}

    found = await discord_says(tables, discord, channel.id)

    assert [one for one in found if one.state is not State.FINE] == []
    assert "#desk in Newsroom" in the(found, "room").said
    assert discord.sessions == []


async def test_the_invitation_asks_for_what_the_bot_needs_and_nothing_else(
    discord: DiscordServer, tables: Tables
) -> None:
    found = await discord_says(tables, discord, discord.channel("desk").id)

    # View Channel, Send Messages, Send Messages in Threads, Embed Links, Attach Files, Read Message
    # History, Add Reactions: Discord's reference, "Bitwise Permission Flags"
    rights = 1 << 10 | 1 << 11 | 1 << 38 | 1 << 14 | 1 << 15 | 1 << 16 | 1 << 6
    assert the(found, "invitation").said == (
        f"https://discord.com/oauth2/authorize?client_id={discord.bot.id}"
        f"&scope=bot+applications.commands&permissions={rights}"
    )


@pytest.mark.parametrize("token", ["MTAy.another.bots-own-token", "ключ от двери"])
async def test_a_wrong_discord_token_is_found_and_not_repeated(
    discord: DiscordServer, tables: Tables, token: str
) -> None:
    [finding] = await discord_says(tables, discord, 1, token=token)

    assert finding.state is State.WRONG
    assert "Reset Token" in finding.cure
    assert token not in str(finding)


async def test_a_discord_that_is_away_is_one_finding(discord: DiscordServer, tables: Tables) -> None:
    [finding] = await discord_says(tables, discord, 1, api="http://127.0.0.1:9/api/v10")

    assert finding.state is State.WRONG
    assert "cannot be reached" in finding.said
    assert "discord.proxy" in finding.cure


async def test_a_discord_that_hangs_stops_neither_the_other_channel_nor_the_doctor(
    discord: DiscordServer, tables: Tables
) -> None:
    slow, quick = discord.channel("slow"), discord.channel("quick")
    discord.slow("GET", f"/channels/{slow.id}", 60)
    tables = on_discord(tables, discord, slow.id)
    tables["discord"]["rooms"].append({"name": "other", "channel": int(quick.id)})

    found = await discord_findings(visit_to(tables, seconds=0.5), discord.token)

    by_room = {one.room: one.state for one in found if one.check == "room"}
    assert by_room == {"channel": State.WRONG, "other": State.FINE}


async def test_a_refusal_of_discord_is_told(discord: DiscordServer, tables: Tables) -> None:
    channel = discord.channel("desk")
    discord.fail("GET", f"/guilds/{channel.guild.id}", 403, code=50001, message="Missing Access", times=9)

    found = await discord_says(tables, discord, channel.id)

    assert the(found, "room").state is State.WRONG
    assert "403, Missing Access" in the(found, "room").said


async def test_message_content_that_is_off_is_found_with_its_switch(tables: Tables) -> None:
    async with DiscordServer(privileged=()) as server:
        found = await discord_says(tables, server, server.channel("desk").id)

        assert the(found, "intents").state is State.WRONG
        assert f"applications/{server.bot.id}/bot → Privileged Gateway Intents" in the(found, "intents").cure
        assert "Message Content Intent: on" in the(found, "intents").cure


async def test_a_channel_that_does_not_exist_is_found(discord: DiscordServer, tables: Tables) -> None:
    found = await discord_says(tables, discord, 4242)

    assert the(found, "room").state is State.WRONG
    assert "there is no channel 4242" in the(found, "room").said
    assert "Copy Channel ID" in the(found, "room").cure


async def test_a_thread_is_no_room(discord: DiscordServer, tables: Tables) -> None:
    thread = await discord.thread(discord.channel("desk"), "a story", by="ada")

    found = await discord_says(tables, discord, thread.id)

    assert the(found, "room").state is State.WRONG
    assert "is a thread" in the(found, "room").said


async def test_a_channel_that_the_bot_may_not_see_is_found(discord: DiscordServer, tables: Tables) -> None:
    channel = discord.channel("desk")
    discord.take_from_bot(channel, "view_channel")

    found = await discord_says(tables, discord, channel.id)

    assert the(found, "room").state is State.WRONG
    assert "it is in Newsroom" in the(found, "room").said
    assert "✓ at View Channel" in the(found, "room").cure


async def test_a_bot_that_is_in_no_server_gets_its_invitation(discord: DiscordServer, tables: Tables) -> None:
    channel = discord.channel("desk")
    discord.take_from_bot(channel, "view_channel")
    del channel.guild.members[discord.bot.id]

    found = await discord_says(tables, discord, channel.id)

    assert "in no server" in the(found, "room").said
    assert the(found, "invitation").said in the(found, "room").cure


@pytest.mark.parametrize(
    ("right", "shown"),
    [
        ("send_messages", "Send Messages"),
        ("send_messages_in_threads", "Send Messages in Threads"),
        ("embed_links", "Embed Links"),
        ("attach_files", "Attach Files"),
        ("read_message_history", "Read Message History"),
        ("add_reactions", "Add Reactions"),
    ],
)
async def test_each_right_that_the_bot_lacks_in_a_channel_is_named(
    discord: DiscordServer, tables: Tables, right: str, shown: str
) -> None:
    channel = discord.channel("desk")
    discord.take_from_bot(channel, right)

    found = await discord_says(tables, discord, channel.id)

    assert the(found, "rights").state is State.WRONG
    assert the(found, "rights").said == f"the bot lacks {shown}"
    assert (
        f"Edit Channel → Permissions → Advanced → + → the bot → ✓ at {shown} →" in the(found, "rights").cure
    )


def test_overwrites_are_applied_as_discord_says() -> None:
    """@everyone is denied, a role allows again; another role denies, the member is allowed."""
    guild = {
        "id": "1",
        "roles": [
            {"id": "1", "permissions": str(SEND | EMBED | VIEW)},
            {"id": "2", "permissions": "0"},
            {"id": "3", "permissions": str(ADMINISTRATOR)},
        ],
    }
    overwrites = [
        {"id": "1", "allow": "0", "deny": str(SEND | EMBED)},
        {"id": "2", "allow": str(SEND), "deny": str(VIEW)},
        {"id": "9", "allow": str(VIEW), "deny": "0"},
    ]
    channel = {"permission_overwrites": overwrites}

    def rights(*roles: str, me: str = "9") -> int:
        return permissions_in(channel, guild, roles=roles, me=me).value

    assert rights() == VIEW
    assert rights("2") == SEND | VIEW
    assert rights("2", me="8") == SEND
    assert rights("3") & SEND


SEND, EMBED, VIEW, ADMINISTRATOR = 1 << 11, 1 << 14, 1 << 10, 1 << 3


async def test_a_bot_invited_without_commands_is_invited_again(
    discord: DiscordServer, tables: Tables
) -> None:
    channel = discord.channel("desk")
    path = f"/applications/{discord.bot.id}/guilds/{channel.guild.id}/commands"
    discord.fail("GET", path, 403, code=50001, message="Missing Access")

    found = await discord_says(tables, discord, channel.id)

    assert the(found, "commands").state is State.WRONG
    assert the(found, "invitation").said in the(found, "commands").cure


async def test_slash_commands_that_are_not_registered_are_a_warning(
    discord: DiscordServer, tables: Tables
) -> None:
    found = await discord_says(tables, discord, discord.channel("desk").id)

    assert the(found, "commands").state is State.WARNING
    assert "python -m bot run" in the(found, "commands").cure


async def test_interactions_that_go_elsewhere_are_found(discord: DiscordServer, tables: Tables) -> None:
    discord.interactions_endpoint_url = "https://elsewhere.test/interactions"

    found = await discord_says(tables, discord, discord.channel("desk").id)

    assert the(found, "interactions").state is State.WRONG
    assert "Interactions Endpoint URL: empty it" in the(found, "interactions").cure


# Database


async def database_says(url: str, tables: Tables) -> list[Finding]:
    tables["newsroom"]["database"] = url
    return await database_findings(visit_to(tables, seconds=3))


async def test_a_database_that_is_current_is_fine(database_url: str, tables: Tables) -> None:
    found = await database_says(database_url, tables)

    assert [one for one in found if one.check != "disk" and one.state is not State.FINE] == []
    assert the(found, "answers").said.startswith(("SQLite, ", "PostgreSQL, "))


async def test_a_database_of_another_release_is_found(database_url: str, tables: Tables) -> None:
    database = Database(database_url)
    async with database.connection() as connection:
        await connection.exec_driver_sql("DELETE FROM alembic_version")
    await database.close()

    found = await database_says(database_url, tables)

    assert the(found, "tables").state is State.WRONG
    assert "python -m bot migrate" in the(found, "tables").cure


async def test_events_that_failed_are_a_warning(database_url: str, tables: Tables) -> None:
    database = Database(database_url)
    async with database.transaction() as session:
        await store_event(session, desk="desk", room="web", event_id="1", payload={"kind": "Odd"}, at=NOON)
        [event] = await unhandled_events(session, "desk", limit=9)
        await mark_handled(session, event, NOON, failure="c0ffee00")
    await database.close()

    found = await database_says(database_url, tables)

    assert the(found, "events").state is State.WARNING
    assert "c0ffee00" in the(found, "events").said
    assert "python -m bot retry-failed" in the(found, "events").cure


async def test_a_database_that_is_not_there_is_said_and_not_made(tables: Tables, tmp_path: Path) -> None:
    [finding] = await database_says(f"sqlite:///{tmp_path / 'desk.db'}", tables)

    assert finding.state is State.WARNING
    assert "python -m bot init" in finding.cure
    assert list(tmp_path.iterdir()) == []


async def test_a_file_that_is_no_database_is_found(tables: Tables, tmp_path: Path) -> None:
    (tmp_path / "desk.db").write_bytes(b"no database at all, but long enough to be looked at" * 99)

    [finding] = await database_says(f"sqlite:///{tmp_path / 'desk.db'}", tables)

    assert finding.state is State.WRONG
    assert "not a database" in finding.said
    assert "newsroom.database" in finding.cure


async def test_a_postgresql_that_is_away_is_found(tables: Tables) -> None:
    [finding] = await database_says("postgresql://ada:open-sesame@127.0.0.1:9/desk", tables)

    assert finding.state is State.WRONG
    assert "pg_isready" in finding.cure
    assert "open-sesame" not in str(finding)


async def test_a_postgresql_that_hangs_does_not_hold_the_doctor_up(tables: Tables) -> None:
    async with silent_server() as port:
        tables["newsroom"]["database"] = f"postgresql://ada@127.0.0.1:{port}/desk"
        [finding] = await database_findings(visit_to(tables, seconds=0.5))

    assert finding.state is State.WRONG
    assert "no answer within 0.5 s" in finding.said
    assert "firewall" in finding.cure


async def test_sqlite_is_read_while_somebody_writes(tables: Tables, migrated_file: Path) -> None:
    file = Path(tables["newsroom"]["database"].removeprefix("sqlite:///"))
    shutil.copyfile(migrated_file, file)
    database = Database(f"sqlite:///{file}")
    async with database.transaction() as session:
        await note_chat(session, "group", "-100")

        found = await database_says(f"sqlite:///{file}", tables)

    await database.close()
    assert [one for one in found if one.check != "disk" and one.state is not State.FINE] == []


def test_a_disk_that_fills_up_is_told_before_it_is_full() -> None:
    states = [space_finding(Path("/var"), free).state for free in (50_000_000, 500_000_000, 9_000_000_000)]

    assert states == [State.WRONG, State.WARNING, State.FINE]
    assert "du -xh" in space_finding(Path("/var"), 1).cure


# Repository


async def repository_says(
    tables: Tables, *, seconds: float = 5, token: str = "", remote: str | Path = "", **settings: Any
) -> list[Finding]:
    tables["newsletter"] |= {"remote": str(remote), **settings}
    return await repository_findings(visit_to(tables, seconds=seconds))


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """A newsletter that somebody has begun."""
    bare = bare_repository(tmp_path / "remote.git")
    person_commits(bare, {"README.md": b"hello\n"}, tmp_path / "workplace")
    return bare


def refs_of(repository: Path) -> str:
    return git(repository, "for-each-ref")


async def test_a_remote_is_written_to_and_left_as_it_was(
    tables: Tables, remote: Path, tmp_path: Path
) -> None:
    before = refs_of(remote)
    log = remote / "pushed"
    hook(remote, "post-receive", f"cat >> {log}")

    found = await repository_says(tables, remote=remote)

    assert not failed(found)
    assert the(found, "write").said == "a scratch branch was pushed and deleted again"
    assert refs_of(remote) == before
    made, removed = log.read_text().splitlines()
    assert made.split()[2] == removed.split()[2]
    assert made.split()[2].startswith("refs/heads/copydesk-doctor-")
    assert not (tmp_path / "newsletter.git").exists()


def hook(repository: Path, name: str, script: str) -> None:
    path = repository / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


async def test_a_repository_without_a_remote_is_tried_where_it_is(tables: Tables, tmp_path: Path) -> None:
    [missing] = await repository_says(tables)
    assert missing.state is State.WARNING
    assert "python -m bot init" in missing.cure
    await opened(tmp_path / "newsletter.git")
    before = refs_of(tmp_path / "newsletter.git")

    found = await repository_says(tables)

    assert [one.state for one in found] == [State.FINE] * 3
    assert "no remote" in the(found, "fetch").said
    assert refs_of(tmp_path / "newsletter.git") == before


async def test_an_empty_remote_stays_empty(tables: Tables, tmp_path: Path) -> None:
    remote = bare_repository(tmp_path / "remote.git")

    found = await repository_says(tables, remote=remote)

    assert not failed(found)
    assert "empty" in the(found, "write").said
    assert refs_of(remote) == ""


async def test_a_hook_that_refuses_is_quoted(tables: Tables, remote: Path) -> None:
    hook(remote, "pre-receive", "echo 'only release managers push here' >&2; exit 1")

    found = await repository_says(tables, remote=remote)

    assert the(found, "write").state is State.WRONG
    assert "only release managers push here" in the(found, "write").said
    assert "copydesk-doctor-" in the(found, "write").cure
    assert "rule or hook" in the(found, "write").cure


async def test_a_scratch_branch_that_cannot_be_removed_is_named(tables: Tables, remote: Path) -> None:
    git(remote, "config", "receive.denyDeletes", "true")

    found = await repository_says(tables, remote=remote)

    assert the(found, "write").state is State.WARNING
    left = the(found, "write").cure.split()[-1]
    assert f"refs/heads/{left}" in refs_of(remote)


async def test_a_scratch_branch_is_removed_though_the_server_never_ends_its_answer(
    tables: Tables, remote: Path
) -> None:
    before = refs_of(remote)
    hook(remote, "post-receive", "exec sleep 60 >/dev/null 2>&1")

    found = await repository_says(tables, remote=remote, seconds=1)

    assert the(found, "write").state is State.WRONG
    assert "no answer within" in the(found, "write").said
    assert refs_of(remote) == before


async def test_a_token_that_may_only_read_is_found(
    tables: Tables, remote: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUSH_TOKEN", "open-sesame")
    async with git_server(tmp_path, "open-sesame") as server:
        server.read_only = True
        found = await repository_says(tables, remote=f"{server.address}/remote.git", token_env="PUSH_TOKEN")

    assert the(found, "fetch").state is State.FINE
    assert the(found, "write").state is State.WRONG
    assert "no right to write" in the(found, "write").said
    assert "Contents, read and write" in the(found, "write").cure


async def test_a_token_that_the_forge_does_not_know_is_found(
    tables: Tables, remote: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUSH_TOKEN", "open-barley")
    async with git_server(tmp_path, "open-sesame") as server:
        found = await repository_says(tables, remote=f"{server.address}/remote.git", token_env="PUSH_TOKEN")
        without = await repository_says(tables, remote=f"{server.address}/remote.git", token_env="")

    assert "does not accept my token" in the(found, "fetch").said
    assert "PUSH_TOKEN" in the(found, "fetch").cure
    assert the(found, "write").state is State.SKIPPED
    assert "wants a password" in the(without, "fetch").said
    assert "newsletter.token_env" in the(without, "fetch").cure


async def test_a_remote_that_cannot_be_reached_is_found(tables: Tables) -> None:
    found = await repository_says(tables, remote="http://127.0.0.1:9/remote.git")

    assert the(found, "fetch").state is State.WRONG
    assert "cannot reach the server" in the(found, "fetch").said
    assert "git ls-remote ADDRESS" in the(found, "fetch").cure


async def test_a_remote_that_hangs_does_not_hold_the_doctor_up(tables: Tables) -> None:
    async with silent_server() as port:
        found = await repository_says(tables, remote=f"http://127.0.0.1:{port}/remote.git", seconds=1)

    assert the(found, "fetch").state is State.WRONG
    assert "no answer within" in the(found, "fetch").said


async def test_an_address_without_a_repository_and_a_missing_branch_are_told_apart(
    tables: Tables, remote: Path, tmp_path: Path
) -> None:
    nowhere = await repository_says(tables, remote=tmp_path / "nowhere.git")
    branchless = await repository_says(tables, remote=remote, branch="release")

    assert "no repository" in the(nowhere, "fetch").said
    assert "newsletter.remote" in the(nowhere, "fetch").cure
    assert "no branch release" in the(branchless, "fetch").said
    assert "newsletter.branch" in the(branchless, "fetch").cure


async def test_a_folder_that_holds_something_else_is_found(tables: Tables, tmp_path: Path) -> None:
    folder = tmp_path / "newsletter.git"
    folder.mkdir()
    (folder / "photo.jpg").write_bytes(b"")
    assert "newsletter.repository" in the(await repository_says(tables), "folder").cure
    (folder / "photo.jpg").rename(folder / "HEAD")

    assert "a broken repository" in the(await repository_says(tables), "folder").said


async def test_a_password_in_the_address_is_refused_and_not_repeated(tables: Tables) -> None:
    found = await repository_says(tables, remote="https://ada:open-sesame@forge.test/x.git")

    assert failed(found)
    assert "newsletter.token_env" in str(found)
    assert "open-sesame" not in str(found)


async def test_a_push_token_that_others_can_read_on_its_way_is_warned_of(tables: Tables) -> None:
    far = await repository_says(tables, token_env="PUSH_TOKEN", remote="http://git.test/remote.git")
    assert the(far, "token").state is State.WARNING
    assert the(far, "token").cure.startswith("Write https:// in newsletter.remote")

    for remote in ("https://git.test/remote.git", "http://127.0.0.1:9/remote.git"):
        assert "token" not in [one.check for one in await repository_says(tables, remote=remote)]


# Reading, clock, config


async def test_a_process_that_reads_pages_is_started(tables: Tables) -> None:
    [finding] = await reading_findings(visit_to(tables, seconds=30))

    assert finding.state is State.FINE


async def test_a_process_that_cannot_read_pages_is_found(tables: Tables) -> None:
    visit = visit_to(tables, seconds=30)
    reading = visit.config.reading.model_copy(update={"memory_mb": 20})  # less than the config allows

    found = await reading_findings(
        replace(visit, config=visit.config.model_copy(update={"reading": reading}))
    )

    assert the(found, "process").state is State.WRONG
    assert "Raise reading.memory_mb" in the(found, "process").cure


def test_a_clock_that_is_off_is_a_warning_in_both_directions() -> None:
    for seconds, word in ((-45, "45 s behind"), (45, "45 s ahead of")):
        times = ServerTimes()
        times.hear("Telegram", "Wed, 13 May 2026 12:00:00 GMT", NOON + timedelta(seconds=seconds))
        [finding] = times.findings(NOON)
        assert finding.state is State.WARNING
        assert f"{word} the clock of Telegram" in finding.said
        assert finding.cure == SET_CLOCK


def test_a_clock_is_compared_with_those_who_answered() -> None:
    times = ServerTimes()
    times.hear("Telegram", "Wed, 13 May 2026 12:00:00 GMT", NOON + timedelta(seconds=2))
    times.hear("Discord", "yesterday", NOON)
    times.hear("the remote's server", None, NOON)

    [finding] = times.findings(NOON)

    assert finding.state is State.FINE
    assert finding.said == "the same as that of Telegram"


@given(date=st.text() | st.from_regex(r"[A-Z][a-z]{2}, \d+ [A-Z][a-z]{2} \d+ \d+:\d+:\d+ (GMT|[+-]\d+)"))
@example(date="Mon, 99999999999999999999 Jan 2020 00:00:00 GMT")
@example(date="Mon, 1 Jan 2020 00:00:00 +9999999999999999999")
def test_whatever_a_server_says_the_time_is_the_doctor_goes_on(date: str) -> None:
    times = ServerTimes()
    times.hear("a server", date, NOON)

    [finding] = times.findings(NOON)

    assert finding.state in (State.FINE, State.WARNING, State.SKIPPED)


@given(text=st.text())
def test_whatever_strangers_write_is_one_printable_line(text: str) -> None:
    covered = Secrecy(("open-sesame",)).cover(Check("x", "y").wrong(f"{text}open-sesame{text}", text))

    for line in (covered.said, covered.cure):
        assert "open-sesame" not in line
        assert line.replace("\u200d", "").isprintable()


def test_without_network_an_event_from_the_future_shows_a_clock_set_back() -> None:
    times = ServerTimes(newest_event=NOON + timedelta(days=1))
    [finding] = times.findings(NOON)
    assert finding.state is State.WARNING
    assert "behind the newest event" in finding.said

    [finding] = ServerTimes(newest_event=NOON).findings(NOON)
    assert finding.state is State.SKIPPED


async def test_platforms_database_and_remote_are_asked_for_the_time(
    telegram: TelegramServer,
    discord: DiscordServer,
    postgresql_database: Database,
    tables: Tables,
    tmp_path: Path,
) -> None:
    on_telegram(tables, telegram, telegram.group("Copydesk"))
    on_discord(tables, discord, discord.channel("desk").id)
    tables["newsroom"]["database"] = postgresql_database.url.render_as_string(hide_password=False)
    visit = visit_to(tables, ahead=timedelta(minutes=2))

    await database_findings(visit)
    [finding] = visit.times.findings(visit.clock())
    assert "s ahead of the clock of the database" in finding.said
    for findings, token in ((telegram_findings, telegram.token), (discord_findings, discord.token)):
        visit = visit_to(tables, ahead=timedelta(minutes=-2))
        await findings(visit, token)
        [finding] = visit.times.findings(visit.clock())
        assert "s behind the clock of" in finding.said

    async with git_server(tmp_path, "open-sesame") as server:
        tables["newsletter"]["remote"] = f"{server.address}/remote.git"
        [finding, zone] = await clock_findings(visit_to(tables, ahead=timedelta(minutes=2)))
    assert "the remote's server" in finding.said
    assert "UTC, where it is" in zone.said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[desk\n", "not valid TOML"),
        ("[desk]\ntreshold = 1\n", "Did you mean 'threshold'?"),
        (None, "There is no config.toml"),
    ],
)
def test_a_config_that_cannot_be_followed_is_found(tmp_path: Path, text: str | None, said: str) -> None:
    path = tmp_path / "config.toml"
    if text is not None:
        path.write_text(text)

    config, found = read_config(path)

    assert config is None
    assert said in str(found)
    assert all("python -m bot check-config" in one.cure for one in found)


def test_a_config_that_is_a_folder_is_found(tmp_path: Path) -> None:
    config, [finding] = read_config(tmp_path)

    assert config is None
    assert finding.state is State.WRONG


def test_a_variable_that_is_not_set_is_named_with_where_its_token_is(tables: Tables) -> None:
    tables["telegram"] = {"rooms": [{"name": "group", "chat": -1}]}
    tables["discord"] = {"rooms": [{"name": "channel", "channel": 1}]}
    tables["newsletter"] |= {"remote": "https://forge.test/x.git", "token_env": "PUSH_TOKEN"}

    found = variable_findings(parse_config(tables), {"DISCORD_TOKEN": "x"})

    assert the(found, "telegram.token_env").state is State.WRONG
    assert "TELEGRAM_TOKEN is not set" in the(found, "telegram.token_env").said
    assert "BotFather" in the(found, "telegram.token_env").cure
    assert the(found, "discord.token_env").state is State.FINE
    assert "export PUSH_TOKEN=…" in the(found, "newsletter.token_env").cure


async def test_the_account_that_gets_drafts_needs_its_keys_and_they_stay_hidden(tables: Tables) -> None:
    tables["wechat"] = {"app_id_env": "WECHAT_APP_ID"}
    environment = {"WECHAT_SECRET": "s3cret-of-the-account"}
    config = parse_config(tables)

    found = variable_findings(config, environment)

    assert "export WECHAT_APP_ID=…" in the(found, "wechat.app_id_env").cure
    assert the(found, "wechat.secret_env").state is State.FINE
    said = Check("wechat", "api").wrong("it says s3cret-of-the-account", "")
    assert secrecy(config, environment).cover(said).said == "it says …"
    record = logging.LogRecord("x", logging.ERROR, "", 0, "asked %s", ("s3cret-of-the-account",), None)
    hide_from_logs(config, environment)
    assert Blotter().filter(record) and record.getMessage() == "asked •••"


# The visit as a whole


async def test_a_check_that_crashes_or_never_ends_stops_no_other(tables: Tables) -> None:
    async def crash() -> list[Finding]:
        raise ValueError("token 123456:open-sesame")

    async def hang() -> list[Finding]:
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                return []

    async def fine() -> list[Finding]:
        return [Check("x", "fine").fine("fine")]

    visit = visit_to(tables, seconds=0.2)
    looks = {Check("x", "crash"): crash, Check("x", "hang"): hang, Check("x", "fine"): fine}

    crashed, *rest = await visit.look_at_all(looks)

    assert crashed.state is State.WRONG
    assert "ValueError" in crashed.said
    assert "sesame" not in str(crashed)
    assert rest[-1].state is State.FINE


SECRETS = {
    TELEGRAM: "123456:AAF-secret-of-the-telegram-bot_x",
    DISCORD: "MTAyMzQ1Njc4OTAxMjM0NTY3.GhIjKl.secret-of-the-discord-bot-0123456789",
    "COPYDESK_TEST_PUSH": "ghp_secretOfTheForge0123456789",
    "COPYDESK_SECRET": "secret-of-the-cookies",
}
PASSWORDS = ("secret-of-database", "secret of database", "secret-of-proxy-one", "secret-of-proxy-two")


def full_of_secrets(tables: Tables, telegram: TelegramServer, discord: DiscordServer) -> Tables:
    """Put secrets wherever the config may hold or name one, also where none belongs."""
    on_telegram(tables, telegram, telegram.group("Copydesk"))
    on_discord(tables, discord, discord.channel("desk").id)
    tables["newsletter"] |= {"remote": "http://127.0.0.1:9/x.git", "token_env": "COPYDESK_TEST_PUSH"}
    return tables


def worse(tables: Tables, which: str) -> Tables:
    """Break one thing more, each in a way whose error could repeat a secret."""
    match which:
        case "database":
            tables["newsroom"]["database"] = "postgresql://ada:secret-of-database@127.0.0.1:9/x"
        case "database, escaped":
            tables["newsroom"]["database"] = "postgresql://ada:secret%20of%20database@127.0.0.1:9/x"
        case "proxies":
            tables["telegram"]["proxy"] = "http://ada:secret-of-proxy-one@127.0.0.1:9"
            tables["discord"]["proxy"] = "http://ada:secret-of-proxy-two@127.0.0.1:9"
        case "proxies of no kind":
            tables["telegram"]["proxy"] = "gopher://ada:secret-of-proxy-one@127.0.0.1:9"
            tables["discord"]["proxy"] = "ada:secret-of-proxy-two"
        case "api":
            tables["telegram"]["api"] = "http://ada:secret-of-proxy-one@127.0.0.1:9"
            tables["discord"]["api"] = "http://ada:secret-of-proxy-two@127.0.0.1:9"
        case "not addresses":
            tables["telegram"]["api"] = "ftp://ada:secret-of-proxy-one@127.0.0.1:9"
            tables["discord"]["gateway"] = "ftp://ada:secret-of-proxy-two@127.0.0.1:9"
        case "remote":
            tables["newsletter"]["remote"] = "https://ada:secret-of-proxy-one@forge.test/x.git"
        case "tokens in the file":
            tables["telegram"]["token_env"] = SECRETS[TELEGRAM]
            tables["discord"]["token_env"] = SECRETS[DISCORD]
            tables["newsletter"]["token_env"] = SECRETS["COPYDESK_TEST_PUSH"]
        case "tokens under keys that do not exist":
            tables["telegram"]["token"] = SECRETS[TELEGRAM]
            tables["newsroom"]["database"] = "mysql://ada:secret-of-database@127.0.0.1/x"
        case _:
            assert which == "nothing"
    return tables


EVERY_WAY = (
    "nothing",
    "database",
    "database, escaped",
    "proxies",
    "proxies of no kind",
    "api",
    "not addresses",
    "remote",
    "tokens in the file",
    "tokens under keys that do not exist",
)


@pytest.mark.parametrize("which", EVERY_WAY)
async def test_no_secret_is_in_what_a_doctor_says_who_finds_everything_wrong(
    telegram: TelegramServer,
    discord: DiscordServer,
    tables: Tables,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    which: str,
) -> None:
    monkeypatch.setenv("COPYDESK_TEST_PUSH", SECRETS["COPYDESK_TEST_PUSH"])
    config = tmp_path / "config.toml"
    config.write_text(written(worse(full_of_secrets(tables, telegram, discord), which)))

    found = await examine(config, SECRETS, utc_now, seconds=5)

    assert failed(found)
    logged = [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING]
    assert leaks([str(found), *logged]) == []


def leaks(texts: list[str]) -> list[str]:
    """Return the secrets that can be read."""
    return [secret for secret in (*SECRETS.values(), *PASSWORDS) if any(secret in text for text in texts)]


@pytest.mark.parametrize(("which", "option"), [("proxies", "--json"), ("tokens in the file", "--config")])
async def test_no_secret_is_printed(
    telegram: TelegramServer,
    discord: DiscordServer,
    tables: Tables,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    which: str,
    option: str,
) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    config = tmp_path / "config.toml"
    config.write_text(written(worse(full_of_secrets(tables, telegram, discord), which)))
    monkeypatch.setenv("COPYDESK_CONFIG", str(config))

    status, printed = await typed("doctor", *(["--json"] if option == "--json" else [option, str(config)]))

    assert status == 1
    assert "✗" in printed or '"wrong"' in printed
    assert leaks([printed]) == []
    assert "Traceback" not in printed


async def typed(*words: str) -> tuple[int, str]:
    """Type a command in a process of its own; return its exit status and all that it printed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *words),
        cwd=PROJECT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    return process.returncode or 0, printed.decode()


async def test_beside_a_running_newsroom_all_is_fine_and_machines_are_told(
    telegram: TelegramServer,
    discord: DiscordServer,
    tables: Tables,
    tmp_path: Path,
    remote: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(TELEGRAM, telegram.token)
    monkeypatch.setenv(DISCORD, discord.token)
    tables["newsletter"]["remote"] = str(remote)
    on_telegram(tables, telegram, telegram.group("Copydesk"))
    on_discord(tables, discord, discord.channel("desk").id)
    config = tmp_path / "config.toml"
    config.write_text(written(tables))
    with discord.serving_discord_py():
        async with Newsroom(parse_config(tables)):
            await until(lambda: telegram.world.commands and len(discord.command_names) > 0, seconds=20)
            before = refs_of(remote)

            status, printed = await typed("doctor", "--config", str(config), "--json")

            assert len(discord.sessions) == 1
            assert discord.connected
    told = json.loads(printed)
    assert [one for one in told if one["state"] != "fine" and one["check"] != "disk"] == []
    assert status == 0
    assert [set(one) for one in told] == [{"area", "check", "room", "state", "said", "cure"}] * len(told)
    areas = ["config", "telegram", "discord", "database", "repository", "reading", "clock"]
    assert list(dict.fromkeys(one["area"] for one in told)) == areas
    assert refs_of(remote) == before
    assert {call.status for call in telegram.calls_of("getUpdates")} <= {200, None}


async def test_a_strangers_title_does_nothing_to_the_terminal(
    telegram: TelegramServer, tables: Tables, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    chat = telegram.group("\x1b[2J[red]👨\u200d💻\u202e\nbye")
    config.write_text(written(on_telegram(tables, telegram, chat)))

    found = await examine(config, {TELEGRAM: telegram.token}, utc_now, seconds=5)

    [room] = [one for one in found if (one.area, one.check) == ("telegram", "room")]
    assert room.said == "[2J[red]👨\u200d💻 bye (supergroup)"


async def test_without_a_token_the_platform_is_skipped_and_the_rest_looked_at(
    telegram: TelegramServer, tables: Tables, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(written(on_telegram(tables, telegram, -1)))

    found = await examine(config, {}, utc_now, seconds=5)

    assert the(found, "telegram.token_env").state is State.WRONG
    assert the(found, "token").state is State.SKIPPED
    assert the(found, "process").state is State.FINE


# The model that drafts summaries


def with_model(tables: Tables, url: str, **model: Any) -> Tables:
    return tables | {"summary": {"llm": {"url": url, "model": "tiny", "key_env": MODEL, **model}}}


async def model_says(
    tables: Tables, answer: Answering | None = None, *, key: str = KEY, **model: Any
) -> Finding:
    """Return what is found about an endpoint that answers so."""
    async with ModelServer(key=KEY) as server:
        server.answer = answer or server.answer
        visit = visit_to(with_model(tables, server.url, **model), seconds=2)
        found = await summary_findings(visit, {MODEL: key})
    assert KEY not in str(found)
    return the(found, "endpoint")


async def test_a_model_that_answers_is_fine(tables: Tables) -> None:
    found = await model_says(tables)

    assert found.state is State.FINE
    assert found.said.startswith("tiny answers in ")
    assert await summary_findings(visit_to(tables), {}) == []


async def test_what_is_wrong_with_a_model_is_named_with_its_cure(tables: Tables) -> None:
    denied = await model_says(tables, key="sk-another-key")
    unknown = await model_says(tables, model="huge")
    busy = await model_says(tables, failing(429))
    broken = await model_says(tables, answering(b"<html>"))
    silent = await model_says(tables, saying(None))
    slow = await model_says(tables, hanging, seconds=0.1)
    patient = await model_says(tables, hanging)

    assert (denied.state, unknown.state, busy.state) == (State.WRONG, State.WRONG, State.WARNING)
    assert MODEL in denied.cure
    assert "no model huge" in unknown.said
    assert (broken.state, silent.state) == (State.WRONG, State.WARNING)
    assert (slow.state, patient.state) == (State.WRONG, State.WARNING)
    assert "summary.llm.seconds" in slow.cure


async def test_a_model_that_nobody_serves_is_found(tables: Tables) -> None:
    visit = visit_to(with_model(tables, "http://127.0.0.1:9/v1"), seconds=2)

    assert "Look whether it runs" in the(await summary_findings(visit, {MODEL: KEY}), "endpoint").cure
    assert the(await summary_findings(visit, {}), "endpoint").state is State.SKIPPED


async def test_a_key_that_would_travel_in_clear_is_a_warning(tables: Tables) -> None:
    visit = visit_to(with_model(tables, "http://model.invalid/v1"), seconds=2)

    assert the(await summary_findings(visit, {MODEL: KEY}), "key").state is State.WARNING


async def test_the_whole_visit_tells_of_the_model_and_keeps_its_key(tmp_path: Path, tables: Tables) -> None:
    async with ModelServer(key=KEY) as server:
        path = tmp_path / "config.toml"
        path.write_text(written(with_model(tables, server.url)))
        found = await examine(path, {MODEL: KEY}, utc_now, seconds=5)

    assert the(found, "endpoint").state is State.FINE
    assert the(found, "summary.llm.key_env").state is State.FINE
    assert KEY not in str(found)
