"""A Discord channel as a room: what the desk wants said there, said once."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import discord

from bot.rooms.discord.answers import GivenCommand, Reply, command_given
from bot.rooms.discord.desk import DiscordDesk
from bot.rooms.discord.emoji import full
from bot.rooms.discord.events import ids_of, message_key
from bot.rooms.discord.messages import (
    Part,
    answer_buttons,
    card_buttons,
    embed_of,
    embeds_of,
    file_of,
    parts_of,
)
from bot.rooms.discord.troubles import GoneError, TokenDeadError, in_room_terms
from bot.rooms.room import Post, RoomTroubleError, Trouble
from renderers.card import CardView
from storage.message_events import is_bots_message

log = logging.getLogger(__name__)

_CLOCKS_DIFFER = timedelta(minutes=2)
_MOST_LOOKED_THROUGH = 500  # messages behind a bookmark


@dataclass(slots=True)
class DiscordRoom:
    """One channel with its threads. `client` gives the login of now, or raises RoomTroubleError."""

    desk: DiscordDesk
    name: str
    client: Callable[[], discord.Client]
    seed: Callable[[str], None]  # puts the palette under a card, in its own time

    @property
    def shows_state_by_reaction(self) -> bool:
        """Return False: a card's colour shows it, and the bot's reactions are what people press."""
        return False

    @property
    def redraw_pause(self) -> float:
        """Return 1: Discord bears about one edit a second in a channel."""
        return 1.0

    async def turn(self) -> None:
        """Return at once: the library keeps Discord's budgets."""

    async def bookmark(self) -> str | None:
        """Return the time as one of Discord's ids, a little early: clocks differ."""
        return str(discord.utils.time_snowflake(self.desk.now() - _CLOCKS_DIFFER))

    async def post(self, post: Post) -> str:
        """Post a message, in several parts where it is long; return the first one's id.

        Where the bot may not attach files, the words go without theirs, and say so.
        """
        try:
            return await self._post(post)
        except RoomTroubleError as trouble:
            if trouble.trouble is not Trouble.RIGHT or post.file is None:
                raise
            missing = self.desk.intake.settings.wording.say("discord_no_file", name=post.file.name)
            return await self._post(replace(post, file=None, text=f"{post.text}\n{missing}"))

    async def _post(self, post: Post) -> str:
        if post.reply_to is not None and ":i:" in post.reply_to:
            given = await command_given(self.desk, self.name, post.reply_to)
            if given is not None:
                return await self._answer(post, post.reply_to, given)
        parts = parts_of(post)
        channel, reply_to = self._where(post)
        try:
            return await self._say(parts, post, channel, reply_to)
        except GoneError:
            if channel == self._channel:
                raise
            return await self._say(parts, post, self._channel, None)  # a thread that is closed to us

    async def redraw(self, message_id: str, card: CardView) -> None:
        """Show a card's new state in its message."""
        async with in_room_terms(elsewhere=self._is_elsewhere(message_id)):
            await self._message(message_id).edit(
                embed=embed_of(card),
                view=card_buttons(card, self._amend_label),
                allowed_mentions=discord.AllowedMentions.none(),
            )

    async def react(self, message_id: str, emoji: str) -> None:
        """Set a reaction of the bot's; where that is not granted, there is none, and all else goes on."""
        try:
            await self.put_reaction(message_id, emoji)
        except RoomTroubleError as trouble:
            if trouble.trouble in (Trouble.RIGHT, Trouble.REFUSED):
                raise LookupError(trouble.detail) from None  # who blocked the bot gets no receipt either
            raise

    async def put_reaction(self, message_id: str, emoji: str) -> None:
        """Set a reaction of the bot's, or say why not."""
        async with in_room_terms(elsewhere=self._is_elsewhere(message_id)):
            await self._message(message_id).add_reaction(full(emoji))

    @property
    def _channel(self) -> int:
        return self.desk.channels.channels[self.name]

    @property
    def _amend_label(self) -> str:
        return self.desk.intake.settings.wording.say("button_amend")

    def _message(self, message_id: str) -> discord.PartialMessage:
        channel, message = ids_of(message_id)
        return self.client().get_partial_messageable(channel).get_partial_message(message)

    def _is_elsewhere(self, message_id: str) -> bool:
        return ids_of(message_id)[0] != self._channel

    def _where(self, post: Post) -> tuple[int, int | None]:
        """Return channel and message to answer, or the thread, or the channel."""
        if post.reply_to is not None:
            if ":i:" in post.reply_to:
                return int(post.reply_to.partition(":")[0]), None
            channel, message = ids_of(post.reply_to)
            return channel, message
        return int(post.thread) if post.thread else self._channel, None

    async def _say(self, parts: list[Part], post: Post, channel: int, reply_to: int | None) -> str:
        first, behind = "", 0
        for part in parts:
            async with in_room_terms(elsewhere=channel != self._channel):
                said = await self._found(part, post, channel, behind)
                said = said or await self._send(part, channel, reply_to)
            first = first or message_key(channel, said.id)
            behind, reply_to = said.id, None
        if not first:
            raise LookupError("there is nothing to say")
        if post.card is not None:
            self.desk.own.add(first)
            self.seed(first)
        return first

    async def _send(self, part: Part, channel: int, reply_to: int | None) -> discord.Message:
        target = self.client().get_partial_messageable(channel)
        said: dict[str, object] = {"nonce": part.nonce, "allowed_mentions": discord.AllowedMentions.none()}
        if reply_to is not None:
            said["reference"] = discord.MessageReference(
                message_id=reply_to, channel_id=channel, fail_if_not_exists=False
            )
        if part.card is not None:
            said |= {"embed": embed_of(part.card), "view": card_buttons(part.card, self._amend_label)}
        elif part.embeds:  # with "suppress_embeds" Discord would show none, not even ours
            said |= {"content": part.text or None, "embeds": embeds_of(part)}
        else:
            said |= {"content": part.text or None, "suppress_embeds": True}
        if (view := answer_buttons(part.buttons)) is not None:
            said["view"] = view
        if part.file is not None:
            said["file"] = file_of(part.file)
        return await target.send(**said)  # type: ignore[call-overload, no-any-return]  # one call for all shapes

    async def _found(self, part: Part, post: Post, channel: int, behind: int) -> discord.Message | None:
        """Look for what an earlier try may have left behind its bookmark, and behind the part before.

        A message of the same looks may be another answer's: what is recorded as one is not this.
        """
        if post.tried is None:
            return None
        client = self.client()
        own = client.user.id if client.user is not None else 0
        history = client.get_partial_messageable(channel).history(
            after=discord.Object(max(int(post.tried), behind)), limit=_MOST_LOOKED_THROUGH, oldest_first=True
        )
        async for message in history:
            if (
                message.author.id == own
                and part.is_in(message)
                and not await self._is_taken(channel, message)
            ):
                return message
        return None

    async def _is_taken(self, channel: int, message: discord.Message) -> bool:
        async with self.desk.intake.database.reading() as session:
            return await is_bots_message(session, self.name, message_key(channel, message.id))

    async def _answer(self, post: Post, key: str, given: GivenCommand) -> str:
        """Answer a command from the menu by its token, or in a message that names it."""
        channel, first, behind = int(key.partition(":")[0]), "", 0
        reply = Reply(self.desk, self.client(), key, given)
        if post.tried is not None:
            self.desk.unanswered.discard(key)  # an earlier try may have answered
        try:
            for part in parts_of(post):
                async with in_room_terms(elsewhere=channel != self._channel):
                    said = await self._found(part, post, channel, behind)
                    said = said or await reply.send(part, is_retry=post.tried is not None)
                first, behind = first or message_key(channel, said.id), said.id
        except (TokenDeadError, GoneError):
            head = self.desk.intake.settings.wording.say("late_answer", command=given.text)
            return await self._say(parts_of(post, head), post, channel, None)
        return first
