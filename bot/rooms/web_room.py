"""The room in the browser, as the desk sees it. What people do there comes in by bot/pages."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.rooms.room import Post
from renderers.card import CardView
from storage.database import Database
from storage.room_messages import NewMessage, add_message, message_to_change, redraw_card, set_reactions
from storage.room_records import RoomMessage


class WebRoom:
    """A room whose messages live in the desk's own database; browsers are told by their web front.

    `tell` is called after each change, so that a front in this process need not wait for its next look.
    """

    def __init__(
        self,
        database: Database,
        name: str = "web",
        *,
        clock: Callable[[], datetime],
        tell: Callable[[], None] | None = None,
    ) -> None:
        self._database = database
        self._name = name
        self._clock = clock
        self._tell = tell

    @property
    def name(self) -> str:
        """The room's name in the config."""
        return self._name

    @property
    def shows_state_by_reaction(self) -> bool:
        """Whether the bot's own reaction on a card says how the story stands."""
        return True

    @property
    def redraw_pause(self) -> float:
        """Return 0: a redraw is a row of the database."""
        return 0.0

    async def turn(self) -> None:
        """Return at once: this room has no budget."""

    async def bookmark(self) -> str | None:
        """Return None: a key posts once, whatever happens."""
        return None

    async def post(self, post: Post) -> str:
        """Post a message once; return its id in this room."""
        new = NewMessage(
            key=post.key,
            text=post.text,
            card=_as_json(post.card) if post.card else None,
            file=asdict(post.file) if post.file else None,
            buttons=tuple((button.key, button.label) for button in post.buttons),
            reply_to=int(post.reply_to) if post.reply_to else None,
        )
        async with self._database.transaction() as session:
            message_id = await add_message(session, self._name, new, self._clock())
        self._changed()
        return str(message_id)

    async def redraw(self, message_id: str, card: CardView) -> None:
        """Show a card's new state in the message that shows it.

        Raises LookupError for a message that this room does not have.
        """
        async with self._database.transaction() as session:
            message = _found(await message_to_change(session, self._name, int(message_id)), message_id)
            await redraw_card(session, message, _as_json(card))
        self._changed()

    async def react(self, message_id: str, emoji: str) -> None:
        """Set the bot's own reaction on a message, in place of an earlier one; a deleted message gets none.

        Raises LookupError for a message that this room does not have.
        """
        async with self._database.transaction() as session:
            message = _found(await message_to_change(session, self._name, int(message_id)), message_id)
            if message.deleted_at is None:
                await set_reactions(session, message, None, [emoji])
        self._changed()

    def _changed(self) -> None:
        if self._tell is not None:
            self._tell()


def _found(message: RoomMessage | None, message_id: str) -> RoomMessage:
    if message is None:
        raise LookupError(f"the room has no message {message_id}")
    return message


def _as_json(card: CardView) -> dict[str, Any]:
    """Spell a card as the database gives it back, lists for tuples, so that equal cards compare equal."""
    spelled: dict[str, Any] = json.loads(json.dumps(asdict(card)))
    return spelled
