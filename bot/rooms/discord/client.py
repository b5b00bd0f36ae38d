"""The client: discord.py with the least it needs, whose handlers do nothing but put notices into the queue.

The library runs handlers as tasks of their own, in the order of the events up to their first await: hence
none awaits before it has put its notice. Only raw events are heard, the others need messages in memory.
"""

import json
import logging
from collections.abc import Awaitable, Callable
from hashlib import blake2b
from typing import Any

import discord

from bot.emoji import plain
from bot.rooms.discord.desk import DiscordDesk, new_key
from bot.rooms.discord.events import (
    Cleared,
    Deleted,
    Reacted,
    Said,
    Unreadable,
    edited,
    edited_id,
    identity,
    is_peoples,
    message_key,
    posted,
    posted_id,
)
from bot.rooms.intake import Incoming
from storage.record_base import storable_text

log = logging.getLogger(__name__)

_GUILDS_COME_WITHIN = 0.25
"""Seconds without a further guild after which all are there; the bot is in few."""
_LONGEST_WAIT = 30.0  # seconds that a 429 may hold a call; the library allows no less


def intents() -> discord.Intents:
    """Return what the bot asks Discord to tell it; message_content is a switch in the developer portal."""
    return discord.Intents(guilds=True, guild_messages=True, guild_reactions=True, message_content=True)


class DeskClient(discord.Client):
    """One login to Discord. `connection` is told whether it stands, and whether events may be missed."""

    def __init__(
        self,
        desk: DiscordDesk,
        *,
        interacted: Callable[[discord.Interaction], Awaitable[None]],
        connection: Callable[[bool, bool], None],
    ) -> None:
        super().__init__(
            intents=intents(),
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            proxy=desk.config.discord.proxy or None,
            guild_ready_timeout=_GUILDS_COME_WITHIN,
            max_ratelimit_timeout=_LONGEST_WAIT,
        )
        self.desk, self._interacted, self._told = desk, interacted, connection
        parsers = self._connection.parsers
        for name in parsers:
            parsers[name] = self._guarded(name, parsers[name])

    def _guarded(self, name: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
        """Let a payload that the library can't read end the matter there, and not the connection."""

        def parse_or_set_aside(payload: Any) -> None:
            try:
                parse(payload)
            except Exception as error:
                log.warning("payload not readable", extra={"event": name, "error": type(error).__name__})
                self._set_aside(name, payload)

        return parse_or_set_aside

    def _set_aside(self, name: str, payload: Any) -> None:
        """Keep what happened in our rooms and could not be read."""
        raw = payload if isinstance(payload, dict) else {"payload": payload}
        try:
            room = self.desk.channels.room_of_id(int(raw.get("channel_id") or 0))
        except (TypeError, ValueError):
            room = None
        if room is None:
            return
        text = json.dumps({**raw, "token": ""}, default=str)
        digest = blake2b((name + text).encode(), digest_size=16).hexdigest()
        event_id = f"unreadable:{digest}"
        self.desk.put(Unreadable(room, event_id, {"event": name, "payload": text}, name))

    async def close(self) -> None:
        """Log out; a login that is just becoming ready would fail over it in the library."""
        becoming_ready = self._connection._ready_task
        if becoming_ready is not None:
            becoming_ready.cancel()
        await super().close()

    async def on_ready(self) -> None:
        """Catch up: what happened before this session is not told."""
        for guild in self.guilds:
            for thread in guild.threads:
                self.desk.channels.note(thread)
        self._told(True, True)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Catch up with a server that comes later than the login, or is back."""
        self._come_late(guild)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Begin in a server to which the bot was invited just now."""
        self._come_late(guild)

    def _come_late(self, guild: discord.Guild) -> None:
        is_becoming_ready = self._connection._ready_task is not None
        if not is_becoming_ready and any(guild.get_channel(place) for place in self.desk.channels.rooms):
            for thread in guild.threads:
                self.desk.channels.note(thread)
            self._told(True, True)

    async def on_resumed(self) -> None:
        """Go on: Discord has replayed what happened meanwhile."""
        self._told(True, False)

    async def on_disconnect(self) -> None:
        """Note since when nothing is heard."""
        self._told(False, False)

    async def on_error(self, event_method: str, /, *args: object, **kwargs: object) -> None:
        """Set aside what a handler could not read; the library would print it."""
        log.exception("handler failed", extra={"handler": event_method})
        payload = args[0] if args else None
        place = getattr(payload, "channel_id", None) or getattr(getattr(payload, "channel", None), "id", 0)
        self._set_aside(event_method, {"channel_id": place, "what": ascii(payload)})

    async def on_thread_create(self, thread: discord.Thread) -> None:
        """Know a new thread's room."""
        self.desk.channels.note(thread)

    async def on_thread_join(self, thread: discord.Thread) -> None:
        """Know the room of a thread that came back from the archive."""
        self.desk.channels.note(thread)

    async def on_message(self, message: discord.Message) -> None:
        """Take in a message; of the bot's own, only that it is its own."""
        room = self.desk.channels.room_of(message.channel)
        if room is None:
            return
        if self.user is not None and message.author.id == self.user.id:
            self.desk.own.add(message_key(message.channel.id, message.id))
        elif is_peoples(message):
            event = posted(message, self.desk.now())
            self.desk.put(Said(Incoming(room, posted_id(message), event)))

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Take in an edit; a link preview comes without a time of editing, and is none."""
        message = payload.message
        room = self.desk.channels.room_of(message.channel)
        if room is not None and is_peoples(message) and message.edited_at is not None:
            event = edited(message, self.desk.now())
            self.desk.put(Said(Incoming(room, edited_id(message), event)))

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Take in a deletion."""
        self._deleted(payload.channel_id, [payload.message_id])

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Take in a moderator's sweep."""
        self._deleted(payload.channel_id, sorted(payload.message_ids))

    def _deleted(self, channel_id: int, message_ids: list[int]) -> None:
        room = self._room_of_id(channel_id)
        for message_id in message_ids if room is not None else ():
            key = message_key(channel_id, message_id)
            self.desk.deleted.add(key)
            self.desk.put(Deleted(room or "", key, self.desk.now()))

    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """Take in a reaction."""
        self._reacted(payload, added=True)

    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        """Take in that a reaction was taken back."""
        self._reacted(payload, added=False)

    def _reacted(self, payload: discord.RawReactionActionEvent, *, added: bool) -> None:
        room = self._room_of_id(payload.channel_id)
        own = self.user.id if self.user is not None else 0
        is_bots = payload.user_id == own or (payload.member is not None and payload.member.bot)
        if room is None or is_bots or payload.emoji.id is not None:
            return
        author = payload.message_author_id
        self.desk.put(
            Reacted(
                room,
                message_key(payload.channel_id, payload.message_id),
                identity(payload.user_id),
                plain(payload.emoji.name),
                added,
                self.desk.now(),
                new_key(),
                name=storable_text(payload.member.display_name) if payload.member is not None else "",
                is_ours=author == own if author is not None else None,
            )
        )

    async def on_raw_reaction_clear(self, payload: discord.RawReactionClearEvent) -> None:
        """Take in that all reactions were taken away."""
        self._cleared(payload.channel_id, payload.message_id, None)

    async def on_raw_reaction_clear_emoji(self, payload: discord.RawReactionClearEmojiEvent) -> None:
        """Take in that all reactions of one emoji were taken away."""
        if payload.emoji.id is None:
            self._cleared(payload.channel_id, payload.message_id, plain(payload.emoji.name))

    def _cleared(self, channel_id: int, message_id: int, emoji: str | None) -> None:
        room = self._room_of_id(channel_id)
        if room is not None:
            key = message_key(channel_id, message_id)
            self.desk.put(Cleared(room, key, emoji, self.desk.now(), new_key()))

    def _room_of_id(self, channel_id: int) -> str | None:
        channel = self.get_channel(channel_id)
        channels = self.desk.channels
        return channels.room_of_id(channel_id) if channel is None else channels.room_of(channel)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Take in a command, a button, a form, or somebody typing in a command's option."""
        await self._interacted(interaction)
