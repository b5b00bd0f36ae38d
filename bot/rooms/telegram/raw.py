"""What can be said of an update before it is read: its id, its chat, its date. Pure.

Nothing here trusts an update's shape.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

Raw = Mapping[str, Any]
_TOLD_LATE = "message_reaction_count"  # minutes after it happened, and so not in its order


def id_of(raw: Raw) -> int | None:
    """Return an update's id; None where it has none."""
    update_id = raw.get("update_id") if isinstance(raw, Mapping) else None
    return update_id if isinstance(update_id, int) and not isinstance(update_id, bool) else None


def chat_of(raw: Raw) -> int | None:
    """Return the chat that an update is about; None where it names none."""
    for content in _contents(raw):
        for holder in (content, content.get("message")):
            chat = holder.get("chat") if isinstance(holder, Mapping) else None
            if isinstance(chat, Mapping) and isinstance(chat.get("id"), int):
                return int(chat["id"])
    return None


def date_of(raw: Raw) -> datetime | None:
    """Return when it happened; None for the press of a button, which bears no time, and for counts."""
    for content in _contents(raw) if _TOLD_LATE not in raw else ():
        date = content.get("edit_date") or content.get("date")
        if isinstance(date, int) and 0 < date < 2**35:
            return datetime.fromtimestamp(date, UTC)
    return None


def _contents(raw: Raw) -> list[Mapping[str, Any]]:
    return [content for content in raw.values() if isinstance(content, Mapping)]
