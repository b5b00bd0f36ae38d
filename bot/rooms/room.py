"""What a desk needs of a room.

A room translates: it turns what people do into events and stores them in the inbox, and it carries out
what the desk wants said. It decides nothing.
"""

from dataclasses import dataclass
from typing import Protocol

from renderers.card import CardView


@dataclass(frozen=True, slots=True)
class PostFile:
    """A text file that goes with a message."""

    name: str
    content: str


@dataclass(frozen=True, slots=True)
class Post:
    """A message of the bot's. Posting the same key again posts nothing and gives the same message id."""

    key: str
    text: str = ""
    card: CardView | None = None
    file: PostFile | None = None
    reply_to: str | None = None


class Room(Protocol):
    """One chat place where the desk meets.

    Each deed raises RoomTroubleError where the room cannot be reached just now, and LookupError for a message
    that is not there (any more).
    """

    @property
    def name(self) -> str:
        """The room's name in the config, such as ``web``."""

    async def post(self, post: Post) -> str:
        """Post a message once; return its id in this room."""

    async def redraw(self, message_id: str, card: CardView) -> None:
        """Show a card's new state in the message that shows it."""

    async def react(self, message_id: str, emoji: str) -> None:
        """Set the bot's own reaction on a message, in place of an earlier one."""
