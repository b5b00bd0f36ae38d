"""What a Telegram update means to the desk. Pure: raw JSON in, events or other news out.

Counts of reactions never become votes: nobody knows whose they are. A reaction's new state is taken as it
is; what stood before is the desk's to know.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from telegram import (
    CallbackQuery,
    ChatMember,
    ChatMemberRestricted,
    ChatMemberUpdated,
    Message,
    MessageReactionUpdated,
    ReactionTypeEmoji,
    Update,
)
from telegram.constants import ChatType

from bot.emoji import plain
from bot.events import ButtonPressed, Event, MessageEdited, MessagePosted, ReactionsOf
from bot.rooms.intake import Incoming
from bot.rooms.telegram.places import Place, Places, message_key
from bot.rooms.telegram.raw import Raw
from bot.rooms.telegram.words import words_of

ALLOWED_UPDATES = (
    "message",
    "edited_message",
    "message_reaction",
    "message_reaction_count",
    "callback_query",
    "my_chat_member",
)
"""What the bot asks for; Telegram sends reactions only to those who name them."""

LONGEST_NAME = 80
_COMMAND = re.compile(r"\s*/[A-Za-z0-9_]+(?:@(\w+))?(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is: updates are named by its id, commands meant for it by its name."""

    id: int
    username: str


@dataclass(frozen=True, slots=True)
class Stranger:
    """Someone gave a command in a chat that is no room."""

    chat: int
    is_person: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What the bot became in a room; `sentence` says it to the editors."""

    room: str
    sentence: str


@dataclass(frozen=True, slots=True)
class News:
    """What an update says. All empty: nothing that concerns the desk."""

    heard: tuple[Incoming, ...] = ()
    press: str = ""  # the press of a button that waits for an answer
    moved: tuple[int, int] | None = None  # a chat, and where it is now
    stranger: Stranger | None = None
    standing: tuple[Standing, ...] = ()
    message: tuple[int, int] | None = None  # a chat, and a message that somebody else wrote there


def read_update(raw: Raw, places: Places, bot: Identity, *, pressed_at: datetime) -> News:
    """Read an update; raises what the client library raises for one it can't read.

    A press of a button bears no time of its own, so `pressed_at` says when it was.
    """
    update = Update.de_json(dict(raw), None)
    event_id = f"{bot.id}:{update.update_id}"
    if update.message is not None:
        return _read_message(update.message, places, bot, event_id, is_edit=False)
    if update.edited_message is not None:
        return _read_message(update.edited_message, places, bot, event_id, is_edit=True)
    if update.message_reaction is not None:
        return News(_in_rooms(places, event_id, update.message_reaction.chat.id, _reactions(update)))
    if update.callback_query is not None:
        return _read_press(update.callback_query, places, event_id, pressed_at)
    if update.my_chat_member is not None:
        return News(standing=_standing(update.my_chat_member, places))
    return News()


def _read_message(message: Message, places: Places, bot: Identity, event_id: str, *, is_edit: bool) -> News:
    chat = message.chat.id
    if message.migrate_to_chat_id:
        return News(moved=(chat, message.migrate_to_chat_id))
    if message.migrate_from_chat_id:
        return News(moved=(message.migrate_from_chat_id, chat))
    if not places.in_chat(chat):
        return News() if is_edit else News(stranger=_stranger(message, bot))
    place = places.heard_in(chat, message.message_thread_id if message.is_topic_message else None)
    event = _event_of(message, bot, is_edit=is_edit) if place else None
    heard = (Incoming(place.room, event_id, event),) if place and event else ()
    return News(heard, message=(chat, message.message_id))


def _event_of(message: Message, bot: Identity, *, is_edit: bool) -> Event | None:
    """Make an event of words that somebody wrote; bots, and commands for other bots, are not heard."""
    words, writer = words_of(message), _writer(message)
    if words is None or writer is None or not (words or is_edit) or _is_for_another(words, bot):
        return None
    person, name, anonymous = writer
    message_id = message_key(message.chat.id, message.message_id)
    thread = str(message.message_thread_id) if message.is_topic_message else None
    if is_edit:
        at = message.edit_date or message.date
        return MessageEdited(message_id, person, words, at, name, thread, anonymous)
    return MessagePosted(
        message_id,
        person,
        words,
        message.date,
        _answered(message),
        name,
        thread,
        anonymous=anonymous,
        forwarded=message.forward_origin is not None,
    )


def _writer(message: Message) -> tuple[str, str, bool] | None:
    """Return who wrote: identity, name, and whether they speak as a chat; None for a bot.

    Whoever speaks as a chat comes as the group, be it an anonymous admin, a linked channel's post, or
    somebody who writes as a channel of theirs: nobody has as many votes as they have channels.
    """
    if message.sender_chat is not None:
        return f"telegram:chat:{message.chat.id}", _short(message.chat.title or ""), True
    user = message.from_user
    if user is None or user.is_bot:
        return None
    return f"telegram:{user.id}", _short(user.full_name), False


def _short(name: str) -> str:
    return name[:LONGEST_NAME].strip()


def _is_for_another(words: str, bot: Identity) -> bool:
    command = _COMMAND.match(words)
    addressee = command[1] if command else None
    return addressee is not None and addressee.casefold() != bot.username.casefold()


def _answered(message: Message) -> str | None:
    """Return the message that this one answers; in a topic, its first message is no such."""
    answered = message.reply_to_message
    if answered is None or (message.is_topic_message and answered.message_id == message.message_thread_id):
        return None
    return message_key(message.chat.id, answered.message_id)


def _stranger(message: Message, bot: Identity) -> Stranger | None:
    words = message.text or ""
    is_bot = message.from_user is not None and message.from_user.is_bot and message.sender_chat is None
    if is_bot or not _COMMAND.match(words) or _is_for_another(words, bot):
        return None
    return Stranger(message.chat.id, message.chat.type == ChatType.PRIVATE)


def _reactions(update: Update) -> ReactionsOf | None:
    """Read a person's reactions; a chat's are no person's, and custom or paid ones mean nothing to a desk."""
    change: MessageReactionUpdated | None = update.message_reaction
    if change is None or change.user is None or change.user.is_bot:
        return None
    return ReactionsOf(
        message_key(change.chat.id, change.message_id),
        f"telegram:{change.user.id}",
        tuple(plain(each.emoji) for each in change.new_reaction if isinstance(each, ReactionTypeEmoji)),
        change.date,
        _short(change.user.full_name),
    )


def _read_press(press: CallbackQuery, places: Places, event_id: str, at: datetime) -> News:
    """Read the press of a button; even an anonymous admin's comes with their own name."""
    if press.message is None or press.data is None:
        return News(press=press.id)
    event = ButtonPressed(
        message_key(press.message.chat.id, press.message.message_id),
        f"telegram:{press.from_user.id}",
        press.data,
        at,
        _short(press.from_user.full_name),
    )
    return News(_in_rooms(places, event_id, press.message.chat.id, event), press=press.id)


def _in_rooms(places: Places, event_id: str, chat: int, event: Event | None) -> tuple[Incoming, ...]:
    """Hear an event in every room of a chat: Telegram doesn't say in which topic the message stands.

    It takes effect in the room that knows the message.
    """
    return tuple(Incoming(place.room, event_id, event) for place in places.in_chat(chat) if event)


def _standing(change: ChatMemberUpdated, places: Places) -> tuple[Standing, ...]:
    before, now = change.old_chat_member, change.new_chat_member
    sentence = ""
    if _is_in(before) and not _is_in(now):
        sentence = "telegram_bot_out"
    elif _is_in(now) and not _is_admin(now) and (_is_admin(before) or not _is_in(before)):
        sentence = "telegram_bot_no_admin"
    elif _is_in(now) and not _is_in(before):
        sentence = "telegram_bot_in"
    here: list[Place] = [place for place in places.in_chat(change.chat.id) if place.chat == change.chat.id]
    return tuple(Standing(place.room, sentence) for place in here if sentence)


def _is_in(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status not in (ChatMember.LEFT, ChatMember.BANNED)


def _is_admin(member: ChatMember) -> bool:
    return member.status in (ChatMember.ADMINISTRATOR, ChatMember.OWNER)
