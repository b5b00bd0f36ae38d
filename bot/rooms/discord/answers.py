"""Answers to commands from the menu or a form: by the interaction's own token, while it lives.

The first answer takes the place of "thinking…", further ones follow it. The token is in the inbox, so that a
restart takes nothing away; after 15 minutes it is dead, and the answer is a plain message.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import discord

from bot.rooms.discord.desk import DiscordDesk
from bot.rooms.discord.messages import FILE_BYTES, Part, answer_buttons, file_of
from bot.rooms.discord.troubles import TokenDeadError
from storage.message_events import commands_given

TOKEN_LIVES = timedelta(minutes=15)
_ACKNOWLEDGED_WITHIN = 6.0  # seconds


@dataclass(frozen=True, slots=True)
class GivenCommand:
    """A command as it stands in the inbox."""

    text: str
    token: str
    at: datetime


async def command_given(desk: DiscordDesk, room: str, key: str) -> GivenCommand | None:
    """Return the command that was given under an interaction's key; None where nothing is stored."""
    async with desk.intake.database.reading() as session:
        given: list[Mapping[str, Any]] = list(await commands_given(session, room, key))
    if not given:
        return None
    texts = [str(payload["text"]).split("\n")[0] for payload in given]
    return GivenCommand(
        ", ".join(texts)[:200], str(given[0]["token"]), datetime.fromisoformat(given[0]["at"])
    )


@dataclass(slots=True)
class Reply:
    """The ways to answer one interaction."""

    desk: DiscordDesk
    client: discord.Client
    key: str
    given: GivenCommand

    async def send(self, part: Part, *, is_retry: bool) -> discord.Message:
        """Send one part, in place of "thinking…" or behind it; raises TokenDeadError where nobody may."""
        if self.desk.now() - self.given.at > TOKEN_LIVES:
            raise TokenDeadError("its 15 minutes are over")
        await self._acknowledged()
        asked = self._interaction()
        if self.key not in self.desk.unanswered:
            original = await asked.original_response()
            if is_retry and part.is_in(original):
                return original
            if not original.flags.loading:
                return await asked.followup.send(wait=True, **_content(part, for_edit=False))
        said = await asked.edit_original_response(**_content(part, for_edit=True))
        self.desk.unanswered.discard(self.key)
        return said

    async def _acknowledged(self) -> None:
        """Wait until Discord was told that an answer follows; the desk may be faster than that."""
        pending = self.desk.pending.get(self.key)
        if pending is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(_ACKNOWLEDGED_WITHIN):
                    await pending.wait()

    def _interaction(self) -> discord.Interaction[discord.Client]:
        """Make the interaction anew from what is stored of it: the library has no other way to answer it."""
        place, _, number = self.key.partition(":i:")
        channel = self.client.get_channel(int(place))
        if not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
            raise TokenDeadError("its channel is not to be seen")
        payload: Any = {
            "id": number,
            "application_id": self.client.application_id,
            "type": discord.InteractionType.application_command.value,
            "token": self.given.token,
            "version": 1,
            "attachment_size_limit": FILE_BYTES,
            "guild_id": channel.guild.id,
            "channel": {"id": place, "type": channel.type.value},
        }
        return discord.Interaction(data=payload, state=self.client._connection)


def _content(part: Part, *, for_edit: bool) -> dict[str, Any]:
    view, file = answer_buttons(part.buttons), [file_of(part.file)] if part.file else []
    said: dict[str, Any] = {"content": part.text, "allowed_mentions": discord.AllowedMentions.none()}
    if view is not None:
        said["view"] = view
    if file:
        said["attachments" if for_edit else "files"] = file
    return said if for_edit else said | {"suppress_embeds": True}
