"""What can be said of an update before it is read: its id, its chat, when it happened. Pure.

Nothing here trusts an update's shape.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

Raw = Mapping[str, Any]
_LATE = 60.0  # seconds after which an update is taken for one that waited while nobody fetched it
_TOGETHER = 5.0  # seconds between updates that come from one backlog


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
    """Return when it happened; None for the press of a button, which bears no time."""
    for content in _contents(raw):
        date = content.get("edit_date") or content.get("date")
        if isinstance(date, int) and 0 < date < 2**35:
            return datetime.fromtimestamp(date, UTC)
    return None


def _contents(raw: Raw) -> list[Mapping[str, Any]]:
    return [content for content in raw.values() if isinstance(content, Mapping)]


def times_of(
    updates: Sequence[Raw], now: datetime, *, before: tuple[datetime, datetime] | None, is_backlog: bool
) -> list[datetime]:
    """Return when each update happened, to the second; where it does not say, by those around it.

    Updates come in the order in which things happened. What the desk does with a press goes by its time, so
    one from a backlog must not seem later than a reaction that came after it. `before` is the time of the
    last update that had one, and when it came; `is_backlog` says that more are waiting behind these.
    """
    dates = [date_of(update) for update in updates]
    late, last = _still_late(before, now), None
    times: list[datetime] = []
    for place, date in enumerate(dates):
        after = next((each for each in dates[place:] if each is not None), None)
        unsaid = (is_backlog and last) or late or now.replace(microsecond=0)
        times.append(after or unsaid)
        last = date or last
    return times


def _still_late(before: tuple[datetime, datetime] | None, now: datetime) -> datetime | None:
    """Return the time of the update before, where these come from one backlog with it."""
    if before is None:
        return None
    happened, came = before
    is_late = (came - happened).total_seconds() > _LATE
    return happened if is_late and (now - came).total_seconds() < _TOGETHER else None
