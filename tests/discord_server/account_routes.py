"""REST on the bot's account, its guilds and channels, and its commands."""

from datetime import datetime
from typing import Any

from aiohttp import web

from tests.discord_server.command_forms import wrong_in_commands
from tests.discord_server.intents import application_flags
from tests.discord_server.limits import check
from tests.discord_server.message_routes import place_of
from tests.discord_server.refusals import Json, missing_access, unknown
from tests.discord_server.rest import BODY, PLATFORM, count, json_answer
from tests.discord_server.world import Guild


async def me(request: web.Request) -> web.Response:
    return json_answer(request.app[PLATFORM].bot.payload())


async def application(request: web.Request) -> web.Response:
    """Describe the application; its flags show the portal's switches for privileged intents."""
    platform = request.app[PLATFORM]
    owner = next((guild.owner for guild in platform.guilds.values()), platform.bot)
    return json_answer(
        {
            "id": platform.bot.id,
            "name": platform.bot.display_name,
            "icon": None,
            "description": "",
            "summary": "",
            "bot_public": False,
            "bot_require_code_grant": False,
            "verify_key": "00",
            "owner": owner.payload(),
            "bot": platform.bot.payload(),
            "team": None,
            "flags": application_flags(platform.stream.privileged),
            "interactions_endpoint_url": platform.interactions_endpoint_url,
            "approximate_guild_count": len(platform.guilds),
        }
    )


async def gateway_bot(request: web.Request) -> web.Response:
    starts = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
    url = f"ws://{request.host}/gateway"
    return json_answer({"url": url, "shards": 1, "session_start_limit": starts})


def guild_of(request: web.Request) -> Guild:
    guild = request.app[PLATFORM].guilds.get(request.match_info["guild"])
    if guild is None:
        raise unknown("Guild", 10004)
    return guild


async def my_guilds(request: web.Request) -> web.Response:
    platform = request.app[PLATFORM]
    found = [one for one in platform.guilds.values() if platform.bot.id in one.members]
    return json_answer(
        [
            {
                "id": one.id,
                "name": one.name,
                "icon": None,
                "owner": False,
                "permissions": str(one.permissions_of(platform.bot)),
                "features": [],
            }
            for one in found
        ]
    )


async def guild(request: web.Request) -> web.Response:
    return json_answer(guild_of(request).payload())


async def guild_channels(request: web.Request) -> web.Response:
    platform = request.app[PLATFORM]
    channels = [one for one in guild_of(request).channels.values() if one.parent is None]
    return json_answer([one.payload(platform.bot) for one in channels])


async def active_threads(request: web.Request) -> web.Response:
    bot = request.app[PLATFORM].bot
    threads = [one for one in guild_of(request).channels.values() if one.is_open_thread_for(bot)]
    return json_answer({"threads": [one.payload(bot) for one in threads], "members": []})


async def archived_threads(request: web.Request) -> web.Response:
    """Give the public threads in a channel's archive, those archived last first."""
    place, bot = place_of(request), request.app[PLATFORM].bot
    if not place.allows(bot, "read_message_history"):
        raise missing_access()
    found = [(one.archived_at, one) for one in place.guild.channels.values() if one.parent is place]
    before = request.query.get("before")
    end = datetime.fromisoformat(before) if before else None
    closed = [(when, one) for when, one in found if when is not None and (end is None or when < end)]
    newest = [one for _, one in sorted(closed, key=lambda pair: pair[0], reverse=True)]
    limit = count(request, "limit", default=50, most=100)
    threads = [one.payload(bot) for one in newest[:limit]]
    return json_answer({"threads": threads, "members": [], "has_more": len(newest) > limit})


async def user(request: web.Request) -> web.Response:
    found = request.app[PLATFORM].users.get(request.match_info["user"])
    if found is None:
        raise unknown("User", 10013)
    return json_answer(found.payload())


async def roles(request: web.Request) -> web.Response:
    return json_answer([role.payload() for role in guild_of(request).roles.values()])


async def member(request: web.Request) -> web.Response:
    found = guild_of(request).members.get(request.match_info["user"])
    if found is None:
        raise unknown("Member", 10007)
    return json_answer(guild_of(request).full_member(found[0]))


async def channel(request: web.Request) -> web.Response:
    return json_answer(place_of(request).payload(request.app[PLATFORM].bot))


def shelf(request: web.Request) -> dict[str, Json]:
    """Return the commands of the guild in the path, or the global ones, by name."""
    platform = request.app[PLATFORM]
    if request.match_info["application"] != platform.bot.id:
        raise missing_access()
    scope = guild_of(request).id if "guild" in request.match_info else ""
    return platform.commands.setdefault(scope, {})


async def read_commands(request: web.Request) -> web.Response:
    return json_answer(list(shelf(request).values()))


async def replace_commands(request: web.Request) -> web.Response:
    """Take the whole list of commands; one that stays keeps its id."""
    platform, commands, wanted = request.app[PLATFORM], shelf(request), request[BODY]
    check(wrong_in_commands(wanted))
    kept: dict[str, Any] = dict(commands)
    commands.clear()
    for said in wanted:
        known = kept.get(said["name"], {})
        filled: Json = {
            "default_member_permissions": None,
            "dm_permission": True,
            "nsfw": False,
            "options": [],
            "type": 1,
            **said,
            "id": known.get("id") or platform.clock.snowflake(),
            "application_id": platform.bot.id,
            "version": platform.clock.snowflake(),
        }
        if "guild" in request.match_info:
            filled["guild_id"] = request.match_info["guild"]
        commands[said["name"]] = filled
    return json_answer(list(commands.values()))
