"""What rooms tell the desk: one vocabulary for every platform.

An event is stored in the inbox as JSON before anything is done with it; ``to_payload`` and
``from_payload`` are each other's inverse. People are named by identity, such as ``web:12``; `name` is what
the platform calls them, empty where it does not say. A message id is the room's own: only that room reads it.
Reactions are states, not deltas: ``ReactionsOf`` says which emojis of one person stand on a message now.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class MessagePosted:
    """Someone wrote a message; one that starts with a slash is a command.

    Addresses that the platform hides behind words stand in the text. `thread` is the topic it was written in.
    """

    message_id: str
    person: str
    text: str
    at: datetime
    reply_to: str | None = None
    name: str = ""
    thread: str | None = None
    anonymous: bool = False  # an admin who speaks as the chat: nobody knows which
    forwarded: bool = False  # somebody else's words: never a command


@dataclass(frozen=True, slots=True)
class MessageEdited:
    """Someone changed a message of theirs to this text."""

    message_id: str
    person: str
    text: str
    at: datetime
    name: str = ""
    thread: str | None = None
    anonymous: bool = False


@dataclass(frozen=True, slots=True)
class MessageDeleted:
    """Someone took a message back; platforms do not say who, so `person` is whose message it was."""

    message_id: str
    person: str
    at: datetime
    name: str = ""


@dataclass(frozen=True, slots=True)
class ReactionsOf:
    """The emojis of one person on a message as they stand now, in the order chosen where it is known."""

    message_id: str
    person: str
    emojis: tuple[str, ...]
    at: datetime
    name: str = ""


@dataclass(frozen=True, slots=True)
class ButtonPressed:
    """Someone pressed a button: a card's ``up``, ``down``, ``section:KEY``, or an answer's ``confirm:…``."""

    message_id: str
    person: str
    button: str
    at: datetime
    name: str = ""


@dataclass(frozen=True, slots=True)
class CommandGiven:
    """Someone gave a command by the platform's own means, a menu or a form, and not in a message.

    `text` is the command as one would type it. `token` is what the room needs to answer it.
    """

    message_id: str
    person: str
    text: str
    at: datetime
    name: str = ""
    thread: str | None = None
    token: str = ""


Event = MessagePosted | MessageEdited | MessageDeleted | ReactionsOf | ButtonPressed | CommandGiven

_KINDS: Mapping[str, type[Event]] = {
    kind.__name__: kind
    for kind in (MessagePosted, MessageEdited, MessageDeleted, ReactionsOf, ButtonPressed, CommandGiven)
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
