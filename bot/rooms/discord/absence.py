"""What became of a room while nobody listened, told in one line."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import discord

from bot.rooms.discord.desk import DiscordDesk
from bot.rooms.discord.events import Tally

LONG = timedelta(minutes=5)
"""An absence of which people are told though nothing was found."""


@dataclass(slots=True)
class Absence:
    """What became of one room while nobody listened."""

    room: str
    since: datetime
    read_to: int
    until: datetime
    tally: Tally = field(default_factory=Tally)
    known_from: datetime | None = None  # set where more was written than is read
    is_readable: bool = True


@dataclass(slots=True)
class AbsenceReport:
    """Tells rooms what was found, and what may be missing."""

    desk: DiscordDesk
    _complained: set[str] = field(default_factory=set)  # rooms whose history can't be read

    async def tell(self, client: discord.Client, absence: Absence) -> None:
        """Say in one line what was found and what may be missing, where there is something to say."""
        wording, tally = self.desk.intake.settings.wording, absence.tally
        is_long = absence.until - absence.since >= LONG
        is_news = not absence.is_readable and absence.room not in self._complained
        if not (tally.messages or tally.reactions or is_long or absence.known_from or is_news):
            return
        missing = [wording.say("missed_commands")] if is_long else []
        if absence.known_from is not None:
            missing.append(wording.say("missed_before", time=self._time(absence.known_from)))
        if not absence.is_readable:
            self._complained.add(absence.room)
            missing.append(wording.say("missed_unreadable"))
        fields = {
            "since": self._time(absence.since),
            "until": self._time(absence.until),
            "messages": tally.messages,
            "reactions": tally.reactions,
            "missing": "".join(missing),
        }
        key = f"caught-up:{absence.room}:{absence.until.isoformat()}"
        if not _may_speak(client, self.desk.channels.channels[absence.room]):
            await self.desk.tell_editors(key, "caught_up_elsewhere", place=absence.room, **fields)
        else:
            await self.desk.intake.say(absence.room, key, "caught_up", **fields)

    def _time(self, when: datetime) -> str:
        return f"{when.astimezone(self.desk.config.zone):%Y-%m-%d %H:%M}"


def rights_in(client: discord.Client, channel_id: int) -> discord.Permissions:
    """Return what the bot may do in a channel: nothing, where it does not know it."""
    channel = client.get_channel(channel_id)
    if not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        return discord.Permissions.none()
    return channel.permissions_for(channel.guild.me)


def _may_speak(client: discord.Client, channel_id: int) -> bool:
    rights = rights_in(client, channel_id)
    return rights.read_messages and rights.send_messages
