"""REST on reactions."""

from aiohttp import web

from tests.discord_server.message_routes import message_of, require
from tests.discord_server.platform import Platform
from tests.discord_server.refusals import RefusalError, thread_archived, unknown
from tests.discord_server.rest import PLATFORM, count, json_answer
from tests.discord_server.world import User

MOST_EMOJIS = 20
"""Distinct emojis on one message."""


def emoji_of(request: web.Request) -> str:
    """Return the emoji of the path; words and ids the guild lacks are no emojis."""
    emoji = request.match_info["emoji"]
    if emoji.isascii():
        raise RefusalError(400, 10014, "Unknown Emoji")
    return emoji


def known_user(platform: Platform, user_id: str) -> User:
    if user_id not in platform.users:
        raise unknown("User", 10013)
    return platform.users[user_id]


async def add(request: web.Request) -> web.Response:
    emoji, message, platform = emoji_of(request), message_of(request), request.app[PLATFORM]
    if message.channel.archived_at is not None:
        raise thread_archived()
    if emoji not in message.reactions:
        require(message.channel, platform, "add_reactions")
        if len(message.reactions) >= MOST_EMOJIS:
            raise RefusalError(400, 30010, "Maximum number of reactions reached (20)")
    platform.add_reaction(platform.bot, message, emoji)
    return web.Response(status=204)


async def remove(request: web.Request) -> web.Response:
    """Take back the bot's own reaction, or that of the user in the path."""
    emoji, message, platform = emoji_of(request), message_of(request), request.app[PLATFORM]
    user = platform.bot
    if "user" in request.match_info:
        require(message.channel, platform, "manage_messages")
        user = known_user(platform, request.match_info["user"])
    if user.id not in message.reactions.get(emoji, {}):
        raise RefusalError(404, 10014, "Unknown Emoji")
    platform.take_reaction(user, message, emoji)
    return web.Response(status=204)


async def remove_all(request: web.Request) -> web.Response:
    message, platform = message_of(request), request.app[PLATFORM]
    require(message.channel, platform, "manage_messages")
    platform.take_all_reactions(message, emoji_of(request) if "emoji" in request.match_info else None)
    return web.Response(status=204)


async def users(request: web.Request) -> web.Response:
    """Give at most 100 users by rising id, after an id."""
    emoji, message = emoji_of(request), message_of(request)
    limit = count(request, "limit", default=25, most=100)
    after = int(request.query.get("after", 0))
    found = sorted(message.reactions.get(emoji, {}).values(), key=lambda user: int(user.id))
    return json_answer([user.payload() for user in found if int(user.id) > after][:limit])
