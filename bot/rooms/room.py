"""What a desk needs of a room.

A room translates: it turns what people do into events and stores them in the inbox, and it carries out
what the desk wants said. It decides nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from renderers.card import CardView


class Trouble(StrEnum):
    """Why a room cannot be written to; `trouble_KEY` is the sentence that tells the editors."""

    UNREACHABLE = "unreachable"  # no answer, or the platform's own failure
    BUSY = "busy"  # the platform asks to wait
    LOGIN = "login"  # it does not know the bot's token
    GONE = "gone"  # the chat is not there, or the bot is not in it
    RIGHT = "right"  # the bot may not write there
    REFUSED = "refused"  # the platform will never take this message; what is behind it is said all the same


LASTING = frozenset({Trouble.LOGIN, Trouble.GONE, Trouble.RIGHT})
"""Troubles that end only when somebody does something."""


class RoomTroubleError(Exception):
    """A room could not be reached just now; what was to be said is said later.

    `detail` is the platform's own word, without secrets; `retry_after` is in seconds, None where the
    platform does not say.
    """

    def __init__(
        self, detail: str, *, trouble: Trouble = Trouble.UNREACHABLE, retry_after: float | None = None
    ) -> None:
        super().__init__(detail)
        self.detail, self.trouble, self.retry_after = detail, trouble, retry_after


@dataclass(frozen=True, slots=True)
class PostFile:
    """A text file that goes with a message."""

    name: str
    content: str


@dataclass(frozen=True, slots=True)
class PostButton:
    """A button under an answer; pressing it is a ButtonPressed with this key."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Post:
    """A message of the bot's. Posting the same key again posts nothing and gives the same message id.

    `tried` is the room's bookmark from before an earlier try whose end is not known: the message may be in
    the room already, behind that mark. None: it was never tried.

    `ready` is a message that the platform's renderer has set, as its API spells one; nothing else is in such
    a post. What keeps names from being called and links from being unfolded is the room's to add, as always.
    """

    key: str
    text: str = ""
    card: CardView | None = None
    file: PostFile | None = None
    reply_to: str | None = None
    thread: str | None = None
    buttons: tuple[PostButton, ...] = ()
    tried: str | None = None
    ready: Mapping[str, Any] | None = None


def post_of(key: str, said: Mapping[str, Any], *, tried: str | None) -> Post:
    """Read a post from the outbox: its payload, and where its room stood before the first try."""
    return Post(
        key=key,
        text=said["text"],
        file=PostFile(**said["file"]) if said.get("file") else None,
        reply_to=said.get("reply_to") or None,
        thread=said.get("thread"),
        buttons=tuple(PostButton(button, label) for button, label in said.get("buttons", ())),
        tried=tried,
        ready=said.get("ready"),
    )


class Room(Protocol):
    """One chat place where the desk meets.

    Each deed raises RoomTroubleError where the room cannot be reached just now, and LookupError for a message
    that is not there (any more).
    """

    @property
    def name(self) -> str:
        """The room's name in the config, such as ``web``."""

    @property
    def shows_state_by_reaction(self) -> bool:
        """Whether the bot's own reaction on a card says how the story stands."""

    @property
    def redraw_pause(self) -> float:
        """Seconds between two redraws of a card, so that a burst of votes is one redraw."""

    async def turn(self) -> None:
        """Wait until the room may be written to again, by the budget its platform grants."""

    async def bookmark(self) -> str | None:
        """Return where the room stands now, to find behind it what a try left; None: a key posts once."""

    async def post(self, post: Post) -> str:
        """Post a message once; return its id in this room."""

    async def redraw(self, message_id: str, card: CardView) -> None:
        """Show a card's new state in the message that shows it."""

    async def react(self, message_id: str, emoji: str) -> None:
        """Set the bot's own reaction on a message, in place of an earlier one."""


class Platform(Protocol):
    """A connection to a chat platform, and the desk's rooms there."""

    @property
    def rooms(self) -> Mapping[str, Room]:
        """The rooms by name."""

    async def run(self) -> None:
        """Take in what people do until it is cancelled; a platform that is away is tried again for ever."""

    async def close(self) -> None:
        """Let go of the platform."""
