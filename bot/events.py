"""What rooms tell the desk: one vocabulary for every platform.

An event is stored in the inbox as JSON before anything is done with it; ``to_payload`` and
``from_payload`` are each other's inverse. People are named by identity, such as ``web:12``. Reactions are
states, not deltas: ``ReactionsOf`` says which emojis of one person stand on a message now.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class MessagePosted:
    """Someone wrote a message; one that starts with a slash is a command."""

    message_id: str
    person: str
    text: str
    at: datetime
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class MessageEdited:
    """Someone changed a message of theirs to this text."""

    message_id: str
    person: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MessageDeleted:
    """Someone took a message of theirs back."""

    message_id: str
    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReactionsOf:
    """The emojis of one person on a message as they stand now, in the order chosen where it is known."""

    message_id: str
    person: str
    emojis: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class ButtonPressed:
    """Someone pressed a card's button: ``up``, ``down`` or ``section:KEY``."""

    message_id: str
    person: str
    button: str
    at: datetime


Event = MessagePosted | MessageEdited | MessageDeleted | ReactionsOf | ButtonPressed

_KINDS: Mapping[str, type[Event]] = {
    kind.__name__: kind for kind in (MessagePosted, MessageEdited, MessageDeleted, ReactionsOf, ButtonPressed)
}


def to_payload(event: Event) -> dict[str, Any]:
    """Turn an event into what the inbox stores."""
    fields = asdict(event) | {"at": event.at.isoformat()}
    if isinstance(event, ReactionsOf):
        fields["emojis"] = list(event.emojis)
    return {"kind": type(event).__name__, **fields}


def from_payload(payload: Mapping[str, Any]) -> Event:
    """Read an event back from the inbox.

    Raises KeyError, TypeError or ValueError for a payload that no room of ours has stored.
    """
    fields = {name: value for name, value in payload.items() if name != "kind"}
    fields["at"] = datetime.fromisoformat(fields["at"])
    if "emojis" in fields:
        fields["emojis"] = tuple(fields["emojis"])
    return _KINDS[payload["kind"]](**fields)
