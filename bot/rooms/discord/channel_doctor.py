"""The doctor's questions about one channel on Discord."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import discord

from bot.doctor.finding import Check, Finding

NEEDED = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "embed_links": "Embed Links",
    "attach_files": "Attach Files",
    "read_message_history": "Read Message History",
    "add_reactions": "Add Reactions",
}
"""What the bot must be allowed in a channel: the library's names, and those in Discord's settings."""
_TEXT = (discord.ChannelType.text.value, discord.ChannelType.news.value)
_THREADS = (
    discord.ChannelType.news_thread.value,
    discord.ChannelType.public_thread.value,
    discord.ChannelType.private_thread.value,
)
_UNKNOWN_CHANNEL = 10003  # Discord's error code


@dataclass(frozen=True, slots=True)
class ChannelExamination:
    """One channel, as the bot finds it; `invitation` is the address that brings the bot into a server."""

    check: Check
    client: discord.Client
    channel: int
    invitation: str

    async def findings(self) -> Sequence[Finding]:
        """Look at the channel, the bot's permissions there, and its slash commands."""
        try:
            channel: Any = await self.client.http.get_channel(self.channel)
        except discord.NotFound:
            return [self.check.wrong(f"there is no channel {self.channel}", _CHANNEL_ID)]
        except discord.Forbidden:
            return [await self._unseen()]
        guild_id = channel.get("guild_id")
        if guild_id is None or channel["type"] not in _TEXT:
            return [
                self.check.wrong(f"channel {self.channel} is {_kind(channel)}, no text channel", _CHANNEL_ID)
            ]
        guild = await self.client.http.get_guild(guild_id, with_counts=False)
        found = [self.check.fine(f"#{channel['name']} in {guild['name']}")]
        found += await self._permissions(channel, guild)
        found += await self._commands(guild_id)
        return found

    async def _unseen(self) -> Finding:
        """Tell a bot that is nowhere from one that may not look into this channel."""
        guilds = await self.client.http.get_guilds(200, with_counts=False)
        if not guilds:
            return self.check.wrong("the bot is in no server", f"Invite it: {self.invitation}")
        servers = ", ".join(sorted(guild["name"] for guild in guilds))
        return self.check.wrong(
            f"the bot does not see channel {self.channel}; it is in {servers}",
            f"{_allow(['View Channel'])} If it is another server, invite the bot there: {self.invitation}",
        )

    async def _permissions(self, channel: Any, guild: Any) -> list[Finding]:
        check = Check(self.check.area, "rights", self.check.room)
        assert self.client.user is not None  # logged in
        me = await self.client.http.get_member(guild["id"], self.client.user.id)
        granted = permissions_in(channel, guild, roles=me["roles"], me=str(self.client.user.id))
        missing = [shown for name, shown in NEEDED.items() if not getattr(granted, name)]
        if missing:
            return [check.wrong(f"the bot lacks {', '.join(missing)}", _allow(missing))]
        return [check.fine("all that it needs")]

    async def _commands(self, guild_id: int) -> list[Finding]:
        check = Check(self.check.area, "commands", self.check.room)
        application = self.client.application_id
        assert application is not None  # logged in
        try:
            known = [
                *await self.client.http.get_guild_commands(application, guild_id),
                *await self.client.http.get_global_commands(application),
            ]
        except discord.Forbidden:
            said = "the bot was invited without the right to have slash commands"
            return [check.wrong(said, f"Invite it once more, which takes nothing away: {self.invitation}")]
        if known:
            return [check.fine(f"{len(known)} slash commands")]
        return [check.warning("no slash command is registered", _START)]


def permissions_in(channel: Any, guild: Any, *, roles: Collection[str | int], me: str) -> discord.Permissions:
    """Return what a member may do in a channel, after its overwrites. Pure; takes Discord's own JSON.

    The order is that of Discord's reference, "Permission Overwrites": @everyone, all roles, the member.
    """
    everyone = str(guild["id"])
    held = {everyone, *map(str, roles)}
    granted = discord.Permissions.none()
    for role in guild["roles"]:
        if str(role["id"]) in held:
            granted.value |= int(role["permissions"])
    if granted.administrator:
        return discord.Permissions.all()
    overwrites = {str(one["id"]): one for one in channel.get("permission_overwrites", ())}
    for ids in ([everyone], sorted(held - {everyone}), [me]):
        _overwrite(granted, (overwrites[one] for one in ids if one in overwrites))
    return granted


def _overwrite(granted: discord.Permissions, overwrites: Iterable[Any]) -> None:
    """Deny first, then allow: within one step, what any of them allows holds."""
    allow = deny = 0
    for one in overwrites:
        allow |= int(one["allow"])
        deny |= int(one["deny"])
    granted.value = granted.value & ~deny | allow


def _kind(channel: Any) -> str:
    if channel["type"] in _THREADS:
        return "a thread"
    return discord.enums.try_enum(discord.ChannelType, channel["type"]).name.replace("_", " ")


def _allow(missing: Sequence[str]) -> str:
    return (
        "In Discord: right-click the channel → Edit Channel → Permissions → Advanced → + → the bot → "
        f"✓ at {', '.join(missing)} → Save Changes."
    )


_CHANNEL_ID = (
    "In Discord: User Settings → Advanced → Developer Mode: on; then right-click the text channel → Copy "
    "Channel ID, and write it under channel in the config."
)
_START = "Start the newsroom, which registers them: python -m bot run"
