"""Which room a Telegram chat is, and which topic of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.config_tables import TelegramRoomConfig

GENERAL = 1
"""The topic of a forum whose messages name no topic."""
_FIRST_SUPERGROUP = -1_000_000_000_000
"""Ids of supergroups and channels are below; only the basic groups above it ever move."""


@dataclass(slots=True)
class Place:
    """Where a room is: a chat, one topic of it or 0 for all, and the ids the chat had before it moved."""

    room: str
    chat: int
    topic: int = 0
    former: list[int] = field(default_factory=list)

    def move(self, chat: int) -> bool:
        """Follow the chat to its new id; tell whether it is news."""
        if chat == self.chat or chat in self.former:
            return False
        self.former.append(self.chat)
        self.chat = chat
        return True


@dataclass(frozen=True, slots=True)
class Places:
    """The rooms of the config, by chat and topic."""

    all: tuple[Place, ...]

    def follow(self, moved: Mapping[str, str]) -> None:
        """Go, by room, to the chat to which Telegram moved it since the config was written."""
        for place in self.all:
            if place.room in moved and _FIRST_SUPERGROUP < place.chat < 0:
                place.move(int(moved[place.room]))

    def in_chat(self, chat: int) -> tuple[Place, ...]:
        """Return the rooms in a chat, called by its present id or a former one."""
        return tuple(place for place in self.all if chat == place.chat or chat in place.former)

    def heard_in(self, chat: int, topic: int | None) -> Place | None:
        """Return the room that a message belongs to: that of its topic, else that of the whole chat."""
        places = {place.topic: place for place in self.in_chat(chat)}
        return places.get(topic or GENERAL) or places.get(0)


def places_of(rooms: Sequence[TelegramRoomConfig], moved: Mapping[str, str] | None = None) -> Places:
    """Place the rooms of the config; `moved` says by room to which chat Telegram moved it since."""
    places = Places(tuple(Place(room.name, room.chat, room.topic) for room in rooms))
    places.follow(moved or {})
    return places


def message_key(chat: int, message: int) -> str:
    """Name a message as the desk knows it: ``CHAT:MESSAGE``."""
    return f"{chat}:{message}"


def split_key(message_id: str) -> tuple[int, int]:
    """Return the chat and the message of a name; raises LookupError for one that is not Telegram's."""
    chat, _, message = message_id.partition(":")
    try:
        return int(chat), int(message)
    except ValueError as wrong:
        raise LookupError(f"{message_id!r} is no message on Telegram") from wrong
