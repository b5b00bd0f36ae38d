"""The courier: says in rooms what the outbox holds, draws cards that changed, starts errands.

Only this task posts; it goes by what the database says, so it may be stopped and started anywhere. A room
that fails is tried again a little later; the other rooms do not wait for it.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.card import STATE_EMOJI, card_of
from bot.hearing import DeskSettings
from bot.rooms.room import Post, PostFile, Room
from storage.cards import mark_drawn, undrawn_cards
from storage.database import Database
from storage.event_records import Delivery
from storage.inbox import hear_again
from storage.outbox import mark_sent, waiting_deliveries
from storage.records import Card
from storage.stories import story_by_id

log = logging.getLogger(__name__)

# Receipts and answers come first; yet a room that never stops talking must not keep cards from being drawn.
_SAID_AT_ONCE, _CARDS_AT_ONCE = 20, 5


class RoomTroubleError(Exception):
    """A room could not be reached just now; what was to be said is said later."""


@dataclass(slots=True)
class Courier:
    """Carries what the desk wants said."""

    database: Database
    settings: DeskSettings
    rooms: Mapping[str, Room]
    clock: Callable[[], datetime]
    resting: set[str] = field(default_factory=set)

    async def go_round(self) -> int:
        """Say and draw everything that waits; return how much it was."""
        self.resting.clear()
        count = 0
        while True:
            resting = len(self.resting)
            done = await self.deliver() + await self.draw_cards()
            if not done and len(self.resting) == resting:
                return count
            count += done

    async def deliver(self) -> int:
        """Say some of what waits, in the order it was asked for in each room; return how much."""
        count = 0
        for delivery in await self._waiting():
            count += await self._deliver(delivery)
        return count

    async def _waiting(self) -> Sequence[Delivery]:
        """Return the first of what waits for rooms that are not at rest."""
        async with self.database.reading() as session:
            return await waiting_deliveries(
                session, self.settings.name, besides=self.resting, limit=_SAID_AT_ONCE
            )

    async def _deliver(self, delivery: Delivery) -> bool:
        room = self.rooms.get(delivery.room)
        if delivery.room in self.resting:
            return False
        failure = None if room else "no such room"
        try:
            if room is not None:
                await _say(room, delivery)
        except LookupError as gone:
            failure = _gone(delivery.room, gone)
        except RoomTroubleError as trouble:
            self._rest(delivery.room, trouble)
            return False
        async with self.database.transaction() as session:
            await mark_sent(session, delivery, self.clock(), failure)
        return True

    def _rest(self, room: str, trouble: RoomTroubleError) -> None:
        self.resting.add(room)
        log.warning("room unreachable", extra={"room": room, "trouble": str(trouble)})

    async def draw_cards(self) -> int:
        """Post or redraw some of the cards that show less than their stories know; return how many."""
        rooms = self.rooms.keys() - self.resting
        async with self.database.reading() as session:
            undrawn = await undrawn_cards(session, self.settings.name, rooms=rooms, limit=_CARDS_AT_ONCE)
        count = 0
        for card, version in undrawn:
            if card.room not in self.resting:
                count += await self._draw(card, version)
        return count

    async def _draw(self, card: Card, version: int) -> bool:
        """Show a story as it is now; a version that came meanwhile is drawn on the next round."""
        async with self.database.reading() as session:
            view = card_of(await story_by_id(session, card.story_id), self.settings)
        room, emoji = self.rooms[card.room], STATE_EMOJI[view.state]
        message_id = card.message_id
        try:
            message_id = message_id or await room.post(Post(key=f"card-{card.story_id}", card=view))
            await room.redraw(message_id, view)  # a post that was interrupted shows an older state
            if emoji != card.emoji:
                await room.react(message_id, emoji)
        except LookupError as gone:
            _gone(card.room, gone)
        except RoomTroubleError as trouble:
            self._rest(card.room, trouble)
            return False
        async with self.database.transaction() as session:
            await mark_drawn(session, card, message_id=message_id, version=version, emoji=emoji)
            if card.message_id is None and message_id is not None:
                # people may have reacted before we knew whose card this is
                await hear_again(session, card.room, message_id)
        return True


def _gone(room: str, gone: LookupError) -> str:
    """Log that a message is no longer there, so that what concerns it never will be said."""
    log.warning("message gone", extra={"room": room, "gone": str(gone)})
    return f"gone: {gone}"


async def _say(room: Room, delivery: Delivery) -> None:
    said: Mapping[str, Any] = delivery.payload
    if delivery.kind == "react":
        await room.react(said["message_id"], said["emoji"])
        return
    file = PostFile(**said["file"]) if said.get("file") else None
    await room.post(
        Post(key=delivery.key, text=said["text"], file=file, reply_to=said.get("reply_to") or None)
    )
