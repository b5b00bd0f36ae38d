"""Menus, buttons and forms on Discord: stored first, acknowledged within three seconds after.

What needs an answer in its own turn, a completion or a form to open, reads the database and stores nothing.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord

from bot.events import ButtonPressed, CommandGiven
from bot.rooms.discord.commands import typed
from bot.rooms.discord.completion import Offer, choices_for
from bot.rooms.discord.desk import DiscordDesk
from bot.rooms.discord.events import Asked, identity, interaction_key, message_key
from bot.rooms.discord.forms import FORM, amend_form, amendments, is_form
from bot.rooms.intake import Incoming
from storage.failures import DatabaseFailure
from storage.record_base import storable_text
from storage.stories import story_by_number

log = logging.getLogger(__name__)

_Interaction = discord.Interaction[discord.Client]
_NOT_ANSWERED = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError, RuntimeError)
_NUMBER = re.compile(r"#(\d{1,9})(?: |$)")
_PATIENCE = 3.0  # seconds that Discord waits


@dataclass(slots=True)
class Interactions:
    """Takes in what people do by the bot's own means."""

    desk: DiscordDesk

    async def hear(self, interaction: _Interaction) -> None:
        """Take in one use of the bot."""
        room = self.desk.channels.room_of(interaction.channel)
        if interaction.type is discord.InteractionType.autocomplete:
            await self._complete(interaction, is_ours=room is not None)
        elif room is None:
            await self._say_aside(interaction, "not_a_room")
        elif interaction.type is discord.InteractionType.application_command:
            self._command(interaction, room)
        elif interaction.type is discord.InteractionType.component:
            await self._component(interaction, room)
        elif interaction.type is discord.InteractionType.modal_submit:
            await self._form(interaction, room)

    def _command(self, interaction: _Interaction, room: str) -> None:
        said = _data(interaction)
        chosen = {option["name"]: option.get("value") for option in said.get("options") or []}
        text = typed(said["name"], chosen, self.desk.intake.settings)
        self._ask(interaction, room, {"": text})

    async def _component(self, interaction: _Interaction, room: str) -> None:
        button = str(_data(interaction).get("custom_id", ""))
        if button == FORM:
            await self._open_form(interaction)
        elif interaction.message is not None and interaction.channel is not None:
            event = ButtonPressed(
                message_key(interaction.channel.id, interaction.message.id),
                identity(interaction.user),
                storable_text(button),
                self.desk.now(),
                storable_text(interaction.user.display_name),
            )
            incoming = Incoming(room, f"interaction:{interaction.id}", event)
            self.desk.put(Asked((incoming,), lambda: self._acknowledge(interaction)))

    async def _form(self, interaction: _Interaction, room: str) -> None:
        said = _data(interaction)
        if not is_form(said["custom_id"]):
            return
        changed = amendments(said["custom_id"], dict(_inputs(said.get("components") or [])))
        if changed:
            self._ask(interaction, room, {f":{name}": text for name, text in changed.items()})
        else:
            await self._say_aside(interaction, "form_unchanged")

    def _ask(self, interaction: _Interaction, room: str, commands: Mapping[str, str]) -> None:
        """Put commands into the queue; Discord shows "thinking…" once they are on disk."""
        channel = interaction.channel
        key = interaction_key(channel.id if channel is not None else 0, interaction.id)
        thread = str(channel.id) if isinstance(channel, discord.Thread) else None
        now, name = self.desk.now(), storable_text(interaction.user.display_name)
        person, token = identity(interaction.user), interaction.token
        incoming = tuple(
            Incoming(
                room,
                f"interaction:{interaction.id}{part}",
                CommandGiven(key, person, storable_text(text), now, name, thread, token),
            )
            for part, text in commands.items()
        )
        self.desk.pending[key] = asyncio.Event()
        self.desk.put(Asked(incoming, lambda: self._think(interaction, key)))

    async def _think(self, interaction: _Interaction, key: str) -> None:
        """Say that an answer follows; whoever answers has been waiting for that."""
        try:
            if await self._answered(interaction.response.defer(thinking=True)):
                self.desk.unanswered.add(key)
        finally:
            self.desk.pending.pop(key, asyncio.Event()).set()

    async def _acknowledge(self, interaction: _Interaction) -> None:
        await self._answered(interaction.response.defer())

    async def _say_aside(self, interaction: _Interaction, sentence: str) -> None:
        """Say something that only this person sees."""
        text = self.desk.intake.settings.wording.say(sentence)
        await self._answered(interaction.response.send_message(text, ephemeral=True))

    async def _open_form(self, interaction: _Interaction) -> None:
        """Show the form of the card's story, whose number its title holds: the bot wrote it."""
        titles = [embed.title or "" for embed in interaction.message.embeds] if interaction.message else []
        number = next((match[1] for title in titles if (match := _NUMBER.match(title))), "0")
        settings = self.desk.intake.settings
        try:
            async with asyncio.timeout(_PATIENCE), self.desk.intake.database.reading() as session:
                story = await story_by_number(session, settings.name, int(number))
        except (DatabaseFailure, TimeoutError):
            log.warning("no form: the database is away")
            return  # Discord says that the bot did not answer, and the person tries again
        if story is None:
            await self._say_aside(interaction, "no_story_here")
            return
        await self._answered(interaction.response.send_modal(amend_form(story, settings.wording)))

    async def _complete(self, interaction: _Interaction, *, is_ours: bool) -> None:
        """Offer what fits; nothing where the desk does not meet, since not everybody there may read it."""
        options = _data(interaction).get("options") or []
        focused = next((option for option in options if option.get("focused")), None)
        if focused is None:
            return
        if not is_ours:
            await self._answered(interaction.response.autocomplete([]))
            return
        choices: list[Offer] = []
        with suppress(DatabaseFailure, TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                choices = await choices_for(
                    focused["name"],
                    str(focused.get("value", "")),
                    database=self.desk.intake.database,
                    settings=self.desk.intake.settings,
                )
        await self._answered(interaction.response.autocomplete(choices))

    async def _answered(self, answer: Awaitable[object]) -> bool:
        """Send an answer; what is stored stays, whether Discord takes the answer or not."""
        try:
            async with asyncio.timeout(2 * _PATIENCE):
                await answer
        except _NOT_ANSWERED as error:
            code = getattr(error, "code", 0)
            log.warning("interaction not answered", extra={"error": type(error).__name__, "code": code})
            return False
        return True


def _data(interaction: _Interaction) -> Mapping[str, Any]:
    return dict(interaction.data or {})


def _inputs(components: list[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield the id and text of each input of a form, in rows or under labels."""
    for part in components:
        inner = [*part.get("components", ()), *([part["component"]] if "component" in part else [])]
        yield from ((str(one["custom_id"]), str(one.get("value") or "")) for one in inner)
