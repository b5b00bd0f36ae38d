"""Registering the commands in the guilds of the rooms, where they are not registered as they are now."""

import discord
from discord.http import Route

from bot.rooms.discord.commands import is_registered, registration
from bot.rooms.discord.desk import DiscordDesk
from bot.rooms.discord.troubles import in_room_terms
from bot.rooms.room import LASTING, RoomTroubleError

_COMMANDS = "/applications/{application_id}/guilds/{guild_id}/commands"


async def register_commands(desk: DiscordDesk, client: discord.Client, started: str) -> None:
    """Offer the desk's commands in the menu; where that is not allowed, tell the editors once."""
    for guild_id in guilds_of(desk, client):
        try:
            async with in_room_terms():
                await _register(desk, client, guild_id)
        except RoomTroubleError as trouble:
            if trouble.trouble not in LASTING:
                raise
            key = f"discord:commands:{guild_id}:{started}"
            await desk.tell_editors(key, "discord_commands", detail=trouble.detail)


async def _register(desk: DiscordDesk, client: discord.Client, guild_id: int) -> None:
    wanted = registration(desk.config.newsroom.language)
    application = client.application_id or 0
    route = Route("GET", _COMMANDS, application_id=application, guild_id=guild_id)
    found = await client.http.request(route, params={"with_localizations": "true"})
    if not is_registered(wanted, found):
        await client.http.bulk_upsert_guild_commands(application, guild_id, wanted)


def guilds_of(desk: DiscordDesk, client: discord.Client) -> list[int]:
    """Return the guilds in which the desk has rooms that the bot can see."""
    channels = [client.get_channel(channel) for channel in desk.channels.rooms]
    guilds = [getattr(channel, "guild", None) for channel in channels]
    return sorted({guild.id for guild in guilds if guild is not None})
