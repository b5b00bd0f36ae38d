"""The courier: says in a room what the outbox holds, and draws the cards there that changed.

Each room has a courier of its own, so that one in trouble keeps no other waiting. Only this task posts there;
it goes by what the database says, so it may be stopped and started anywhere. On platforms that may take a
message twice, the intent is recorded before a try and the result after; `Post.tried` then says that a try
came to an unknown end.
"""

import logging
import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.card import STATE_EMOJI, card_of
from bot.drawing_pace import DrawingPace
from bot.hearing import DeskSettings
from bot.room_trouble import tell_of_recovery, tell_of_refusal, tell_of_trouble
from bot.rooms.room import Post, Room, RoomTroubleError, Trouble, post_of
from renderers.card import CardView
from storage.cards import (
    card_to_draw,
    mark_card_tried,
    mark_drawn,
    mark_posted,
    undrawn_cards,
    unsettled_cards,
)
from storage.database import Database, is_passing
from storage.event_records import Delivery
from storage.inbox import hear_again, wait_for_hearing
from storage.outbox import mark_sent, mark_tried, waiting_deliveries
from storage.records import Card
from storage.stories import story_by_id

log = logging.getLogger(__name__)

# Receipts and answers come first; yet a room that never stops talking must not keep cards from being drawn.
_SAID_AT_ONCE, _CARDS_AT_ONCE = 20, 5
_FIRST_REST, _LONGEST_REST = 1.0, 60.0  # seconds between tries at a room in trouble; each rest doubles
MOST_TRIES = 10
"""Of what fails each time in a way that no room foresaw, before it is skipped."""


@dataclass(slots=True)
class Courier:
    """Carries what the desk wants said to one room; it stops between two messages where `is_closing`."""

    database: Database
    settings: DeskSettings
    room: Room
    clock: Callable[[], datetime]
    is_closing: Callable[[], bool] = lambda: False
    _rests_until: datetime | None = None
    _rest: float = 0.0  # seconds of the latest rest; 0 where the room is well
    _knows_it_is_well: bool = False
    _failed_tries: Counter[str] = field(default_factory=Counter)
    _pace: DrawingPace = field(init=False)

    def __post_init__(self) -> None:
        """Draw at a pace of its own."""
        self._pace = DrawingPace(self.database, self.settings.name, self.clock)

    async def go_round(self) -> int:
        """Say and draw everything that waits; return how much it was, 0 where the room is at rest."""
        if self._is_resting():
            return 0
        count = 0
        try:
            await self.settle()
            while not self.is_closing() and (done := await self.deliver() + await self.draw_cards()):
                count += done
        except RoomTroubleError as trouble:
            await self._take_a_rest(trouble)
        return count

    def _is_resting(self) -> bool:
        """Tell whether the room is left alone; a clock set back makes no rest longer."""
        left = (self._rests_until - self.clock()).total_seconds() if self._rests_until else 0.0
        return 0 < left <= self._rest

    async def settle(self) -> None:
        """Post the cards whose posting came to an unknown end, before anything else is said.

        A platform without numbers of ours can tell one such message from others, not two from each other.
        """
        async with self.database.reading() as session:
            unsettled = await unsettled_cards(session, self.settings.name, room=self.room.name)
        await self._draw_each(unsettled)

    async def deliver(self) -> int:
        """Say some of what waits, in the order it was asked for; return how much."""
        async with self.database.reading() as session:
            waiting = await waiting_deliveries(
                session, self.settings.name, room=self.room.name, limit=_SAID_AT_ONCE
            )
        for delivery in waiting:
            if self.is_closing():
                break
            await self._deliver(delivery)
        return len(waiting)

    async def _deliver(self, delivery: Delivery) -> None:
        failure, message_id = None, None
        try:
            await self.room.turn()
            message_id = await self._say(delivery)
        except LookupError as gone:
            failure = f"gone: {gone}"
            log.warning("message gone", extra={"room": delivery.room, "gone": str(gone)})
        except RoomTroubleError as trouble:
            failure = await self._refused(trouble, delivery.key)
        except Exception as error:
            failure = await self._given_up(error, delivery.key)
        async with self.database.transaction() as session:
            await mark_sent(session, delivery, self.clock(), failure, message_id=message_id)
        await self._is_well()

    async def _say(self, delivery: Delivery) -> str | None:
        said: Mapping[str, Any] = delivery.payload
        if delivery.kind == "react":
            await self.room.react(said["message_id"], said["emoji"])
            return None
        if delivery.tried is None and (mark := await self.room.bookmark()) is not None:
            async with self.database.transaction() as session:
                await mark_tried(session, delivery, mark)
        return await self.room.post(post_of(delivery.key, delivery.payload, tried=delivery.tried))

    async def draw_cards(self) -> int:
        """Post or redraw some of the cards that show less than their stories know; return how many."""
        if not await self._pace.may_draw():
            return 0
        desk, just_drawn = self.settings.name, self._pace.just_drawn(self.room.redraw_pause)
        async with self.database.reading() as session:
            undrawn = await undrawn_cards(
                session, desk, room=self.room.name, limit=_CARDS_AT_ONCE, besides=just_drawn
            )
        await self._draw_each(undrawn)
        return len(undrawn)

    async def _draw_each(self, cards: Sequence[Card]) -> None:
        for card in cards:
            if self.is_closing():
                break
            await self.room.turn()
            try:
                await self._draw(card)
            except RoomTroubleError:
                raise
            except Exception as error:
                await self._leave_undrawn(error, card)

    async def _leave_undrawn(self, error: Exception, card: Card) -> None:
        """Go on behind a card that can't be drawn; it is tried again when its story changes."""
        await self._given_up(error, f"card-{card.story_id}-{card.version}")
        async with self.database.transaction() as session:
            await mark_drawn(session, card, version=card.version, emoji=card.emoji or "")

    async def _draw(self, card: Card) -> None:
        """Show a story as it is now; what comes meanwhile is drawn on the next round."""
        async with self.database.reading() as session:
            now = await card_to_draw(session, card)
            story = await story_by_id(session, card.story_id)
            twin = await story_by_id(session, story.same_as) if story.same_as is not None else None
        if now is None:
            return
        self._pace.drew(card.story_id)
        view = card_of(story, self.settings, twin)
        thread = next((pitch.thread for pitch in story.pitches if pitch.room == card.room), None)
        emoji = STATE_EMOJI[view.state]
        try:
            message_id = await self._show(now, view, thread)
            if emoji != now.emoji and self.room.shows_state_by_reaction:
                await self.room.react(message_id, emoji)
        except LookupError as gone:
            log.warning("card gone", extra={"room": card.room, "gone": str(gone)})
        except RoomTroubleError as trouble:
            await self._refused(trouble, f"card-{card.story_id}-{now.version}")
        async with self.database.transaction() as session:
            await mark_drawn(session, now, version=now.version, emoji=emoji)
        await self._is_well()

    async def _show(self, card: Card, view: CardView, thread: str | None) -> str:
        """Post or redraw a card; a post that was tried before may show an older state."""
        if card.message_id is not None:
            await self.room.redraw(card.message_id, view)
            return card.message_id
        mark = None
        if card.tried is None and (mark := await self.room.bookmark()) is not None:
            async with self.database.transaction() as session:
                await mark_card_tried(session, card, mark)
        key = f"card-{card.story_id}"
        message_id = await self.room.post(Post(key=key, card=view, thread=thread, tried=card.tried))
        await self._note_posted(card, message_id)
        if mark is None:
            await self.room.redraw(message_id, view)
        return message_id

    async def _note_posted(self, card: Card, message_id: str) -> None:
        """Record at once where a card stands: whatever fails after this, it is not posted again."""
        async with self.database.transaction() as session:
            await wait_for_hearing(session, card.room, message_id)
            await mark_posted(session, card, message_id)
            # people may have reacted before we knew whose card this is
            await hear_again(session, card.room, message_id)

    async def _refused(self, trouble: RoomTroubleError, key: str) -> str:
        """Go on behind what the platform will never take, and tell the editors; raise any other trouble."""
        if trouble.trouble is not Trouble.REFUSED:
            raise trouble
        log.error("message refused", extra={"room": self.room.name, "key": key, "detail": trouble.detail})
        async with self.database.transaction() as session:
            await tell_of_refusal(
                session, self.settings, self.room.name, trouble.detail, key=key, now=self.clock()
            )
        return f"refused: {trouble.detail}"

    async def _given_up(self, error: Exception, key: str) -> str:
        """Skip what failed too often in a way nobody foresaw, and tell the editors; until then raise it."""
        self._failed_tries[key] += not is_passing(error)
        if is_passing(error) or self._failed_tries[key] < MOST_TRIES:
            raise error
        del self._failed_tries[key]
        reference = secrets.token_hex(4)
        known = {"room": self.room.name, "key": key, "reference": reference}
        log.error("given up", extra=known, exc_info=error)
        async with self.database.transaction() as session:
            await tell_of_refusal(
                session, self.settings, self.room.name, reference, key=key, now=self.clock()
            )
        return f"failed: {reference}"

    async def _take_a_rest(self, trouble: RoomTroubleError) -> None:
        log.warning("room in trouble", extra={"room": self.room.name, "trouble": str(trouble)})
        self._rest = trouble.retry_after or min(max(self._rest * 2, _FIRST_REST), _LONGEST_REST)
        self._rests_until = self.clock() + timedelta(seconds=self._rest)
        self._knows_it_is_well = False
        async with self.database.transaction() as session:
            await tell_of_trouble(session, self.settings, self.room.name, trouble, self.clock())

    async def _is_well(self) -> None:
        self._rests_until, self._rest = None, 0.0
        if not self._knows_it_is_well:
            self._knows_it_is_well = True
            async with self.database.transaction() as session:
                await tell_of_recovery(session, self.settings, self.room.name, self.clock())
