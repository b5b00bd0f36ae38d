"""What was said in a message before: rooms may tell an edit or a deletion before what it changes."""

from datetime import datetime

from bot.events import Event, MessageDeleted, MessageEdited, MessagePosted, from_payload
from bot.hearing import Hearing
from storage.inbox import heard_of_message

_TURN: dict[type[Event], int] = {MessagePosted: 0, MessageEdited: 1, MessageDeleted: 2}


async def last_heard(hearing: Hearing) -> Event | None:
    """Return the latest of what this message was heard to say, whatever the order in which it arrived."""
    payloads = await heard_of_message(
        hearing.session, hearing.room, hearing.message_id, besides=hearing.event_id
    )
    events = [event for event in map(from_payload, payloads) if type(event) in _TURN]
    return max(reversed(events), key=_turn, default=None)  # platforms tell seconds: the last stored of equals


def is_overtaken(event: Event, last: Event | None) -> bool:
    """Tell whether something later was heard of the message already."""
    return last is not None and _turn(last) > _turn(event)


def is_unchanged(event: MessagePosted | MessageEdited, last: Event | None) -> bool:
    """Tell whether an edit left the words as they were: platforms tell of other changes too."""
    return isinstance(event, MessageEdited) and last is not None and text_of(last) == event.text


def text_of(event: Event | None) -> str:
    """Return what a message said then."""
    return event.text if isinstance(event, MessagePosted | MessageEdited) else ""


def _turn(event: Event) -> tuple[int, datetime]:
    return _TURN[type(event)], event.at
