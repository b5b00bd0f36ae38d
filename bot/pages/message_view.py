"""A message as the browser gets it: its full state, the same for everyone."""

from collections.abc import Iterable
from typing import Any

from storage.people_records import Curator
from storage.room_records import RoomMessage, RoomReaction

_EXCERPT = 90  # characters: one line of a quotation


def message_view(message: RoomMessage) -> dict[str, Any]:
    """Return a message's state; of a deleted one, a tombstone without words."""
    return {
        "id": message.id,
        "change": message.change,
        "key": _key_of_person(message),
        "author": _person(message.curator),
        "text": message.text,
        "card": message.card,
        "file": _file(message),
        "buttons": [{"key": key, "label": label} for key, label in message.buttons or ()],
        "reply_to": _quotation(message.replied_to),
        "posted_at": message.posted_at.isoformat(),
        "edited": message.edited_at is not None,
        "deleted": message.deleted_at is not None,
        "reactions": _reactions(message.reactions),
    }


def _key_of_person(message: RoomMessage) -> str | None:
    """Return the key that the author's browser made, by which it knows its message again."""
    return message.key.rpartition(":")[2] if message.curator_id is not None else None


def _person(curator: Curator | None) -> dict[str, Any] | None:
    return None if curator is None else {"id": curator.id, "name": curator.name}


def _reactor(reaction: RoomReaction, curator: Curator) -> dict[str, Any]:
    """Name who reacted; `place` grows with each reaction, and so tells in which order one person chose."""
    return {"id": curator.id, "name": curator.name, "place": reaction.id}


def _file(message: RoomMessage) -> dict[str, Any] | None:
    if message.file is None:
        return None
    return {"name": message.file["name"], "bytes": len(message.file["content"].encode())}


def _quotation(message: RoomMessage | None) -> dict[str, Any] | None:
    if message is None:
        return None
    words = message.card["title"] if message.card else message.text
    return {
        "id": message.id,
        "author": _person(message.curator),
        "excerpt": words[:_EXCERPT],
        "deleted": message.deleted_at is not None,
    }


def _reactions(reactions: Iterable[RoomReaction]) -> list[dict[str, Any]]:
    by_emoji: dict[str, dict[str, Any]] = {}
    for reaction in reactions:
        pill = by_emoji.setdefault(reaction.emoji, {"emoji": reaction.emoji, "people": [], "bot": False})
        if reaction.curator is None:
            pill["bot"] = True
        else:
            pill["people"].append(_reactor(reaction, reaction.curator))
    return list(by_emoji.values())
