"""What comes from Discord, from its arrival to the inbox: notices, and messages in the desk's words. Pure.

Notices wait in one queue, in the order in which they came; what a notice means may depend on those before it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import discord

from bot.events import MessageEdited, MessagePosted
from bot.rooms.intake import Incoming
from storage.record_base import storable_text

_THREADS = (
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
    discord.ChannelType.news_thread,
)
WRITTEN = (discord.MessageType.default, discord.MessageType.reply)
"""Other kinds are the platform's own: somebody joined, a thread's copy of its first message."""


@dataclass(slots=True)
class Tally:
    """How much of what was fetched after an absence was new."""

    messages: int = 0
    reactions: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """A message that was posted or edited."""

    incoming: Incoming
    tally: Tally | None = None


@dataclass(frozen=True, slots=True)
class Deleted:
    """A message that is gone; whose it was is not said."""

    room: str
    message_id: str
    at: datetime
    tally: Tally | None = None


@dataclass(frozen=True, slots=True)
class Reacted:
    """One emoji came or went. `is_ours`: whether the message is the bot's; None where that is not said."""

    room: str
    message_id: str
    person: str
    emoji: str
    added: bool
    at: datetime
    key: str  # unlike any other: the same notice is stored once
    name: str = ""
    is_ours: bool | None = None
    tally: Tally | None = None


@dataclass(frozen=True, slots=True)
class Cleared:
    """All reactions on a message, or all of one emoji, were taken away."""

    room: str
    message_id: str
    emoji: str | None
    at: datetime
    key: str
    tally: Tally | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The reactions on a card as fetched: person → emojis, and names.

    `meanwhile` are the notices that came while it was fetched: which of them it holds already is not known,
    and they are right whichever it is.
    """

    room: str
    message_id: str
    emojis: Mapping[str, tuple[str, ...]]
    names: Mapping[str, str]
    meanwhile: tuple["Reacted | Cleared", ...]
    at: datetime
    key: str
    tally: Tally | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Buttons and commands; `acknowledge` tells the platform, once they are on disk."""

    incoming: tuple[Incoming, ...]
    acknowledge: Callable[[], Awaitable[None]]
    tally: Tally | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What could not be read. `raw` holds no token."""

    room: str
    event_id: str
    raw: Mapping[str, Any]
    problem: str
    tally: Tally | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """Set when everything that was put into the queue before it is on disk."""

    reached: asyncio.Event = field(default_factory=asyncio.Event)
    tally: Tally | None = None


Notice = Said | Deleted | Reacted | Cleared | Standing | Asked | Unreadable | Mark


def message_key(channel_id: int, message_id: int) -> str:
    """Return what the desk calls a message."""
    return f"{channel_id}:{message_id}"


def interaction_key(channel_id: int, interaction_id: int) -> str:
    """Return what the desk calls the use of a menu or a form, which is no message."""
    return f"{channel_id}:i:{interaction_id}"


def ids_of(message_key: str) -> tuple[int, int]:
    """Return a message's channel and id; raises LookupError for what is no message."""
    channel, _, message = message_key.partition(":")
    if not (channel.isdigit() and message.isdigit()):
        raise LookupError(f"{message_key} is no message")
    return int(channel), int(message)


def identity(user: discord.abc.User | discord.Object | int) -> str:
    """Return what the desk calls a person."""
    return f"discord:{user if isinstance(user, int) else user.id}"


def is_peoples(message: discord.Message) -> bool:
    """Tell whether a person wrote the message: no bot, no webhook, not the platform itself."""
    return not message.author.bot and message.webhook_id is None and message.type in WRITTEN


def posted(message: discord.Message, at: datetime) -> MessagePosted:
    """Return a message in the desk's words."""
    reply = message.reference
    is_reply = message.type is discord.MessageType.reply and reply is not None and reply.message_id
    return MessagePosted(
        message_key(message.channel.id, message.id),
        identity(message.author),
        text_of(message),
        at,
        message_key(reply.channel_id, reply.message_id) if is_reply and reply and reply.message_id else None,
        name=storable_text(message.author.display_name),
        thread=thread_of(message),
        forwarded=not message.content and bool(message.message_snapshots),
    )


def edited(message: discord.Message, at: datetime) -> MessageEdited:
    """Return what a message was changed to in the desk's words."""
    return MessageEdited(
        message_key(message.channel.id, message.id),
        identity(message.author),
        text_of(message),
        at,
        name=storable_text(message.author.display_name),
        thread=thread_of(message),
    )


def text_of(message: discord.Message) -> str:
    """Return what a message says, with what it forwards."""
    forwarded = [snapshot.content for snapshot in message.message_snapshots]
    return storable_text("\n".join(part for part in (message.content, *forwarded) if part))


def thread_of(message: discord.Message) -> str | None:
    """Return the thread a message is in."""
    return str(message.channel.id) if message.channel.type in _THREADS else None


def posted_id(message: discord.Message) -> str:
    """Return the event id of a message, however it was found."""
    return f"posted:{message.id}"


def edited_id(message: discord.Message) -> str:
    """Return the event id of an edit; an unfurl, which brings no time of its own, is none."""
    when = message.edited_at
    return f"edited:{message.id}:{when.timestamp():.6f}" if when else ""
