"""A chat platform in memory: what the desk's courier posts, redraws and reacts to."""

import itertools
from dataclasses import dataclass, field

from bot.rooms.room import Post, RoomTroubleError
from renderers.card import CardView


@dataclass
class FakePlatform:
    """One room of a platform; implements `bot.rooms.room.Room`."""

    name: str
    messages: dict[str, str] = field(default_factory=dict)
    cards: dict[str, CardView] = field(default_factory=dict)
    said: list[Post] = field(default_factory=list)
    reactions: dict[str, str] = field(default_factory=dict)  # the bot's own, by message
    redraws: int = 0
    is_away: bool = False
    drops_after_posting: bool = False  # the next post arrives, and then the connection drops
    _posted: dict[str, str] = field(default_factory=dict)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def new_id(self) -> str:
        return f"m{next(self._numbers)}"

    def id_of(self, post: Post) -> str:
        """The message in which something was said."""
        return self._posted[post.key]

    shows_state_by_reaction = True
    redraw_pause = 0.0

    async def turn(self) -> None:
        """Return at once: there is no budget here."""

    async def bookmark(self) -> str | None:
        """Return None: a key posts once."""
        return None

    async def post(self, post: Post) -> str:
        """Post a message once."""
        self._require_connection()
        message_id = self._posted.get(post.key) or self._take(post)
        if self.drops_after_posting:
            self.drops_after_posting = False
            raise RoomTroubleError("the connection dropped")
        return message_id

    async def redraw(self, message_id: str, card: CardView) -> None:
        """Show a card's new state; the same state again is no change."""
        self._require_connection()
        if message_id not in self.cards:
            raise LookupError(f"there is no card {message_id}")
        self.redraws += self.cards[message_id] != card
        self.cards[message_id] = card

    async def react(self, message_id: str, emoji: str) -> None:
        """Set the bot's own reaction."""
        self._require_connection()
        if message_id not in self.messages:
            raise LookupError(f"there is no message {message_id}")
        self.reactions[message_id] = emoji

    def _take(self, post: Post) -> str:
        message_id = self._posted[post.key] = self.new_id()
        self.messages[message_id] = post.text
        if post.card is not None:
            self.cards[message_id] = post.card
        else:
            self.said.append(post)
        return message_id

    def _require_connection(self) -> None:
        if self.is_away:
            raise RoomTroubleError("nobody answers")
