"""The intake: where rooms on platforms store what people did, before the platform is told it was taken."""

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.events import Event, to_payload
from bot.hearing import DeskSettings
from storage.database import Database, Session
from storage.inbox import set_aside_raw, store_event
from storage.outbox import order_delivery

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Incoming:
    """An event in a room; `event_id` is the platform's own, so that what comes twice is stored once."""

    room: str
    event_id: str
    event: Event


@dataclass(frozen=True, slots=True)
class Intake:
    """Stores events in the inbox. `wake` lets the desk look at once."""

    database: Database
    settings: DeskSettings
    clock: Callable[[], datetime]
    wake: Callable[[], None]

    async def take(self, incoming: Sequence[Incoming]) -> int:
        """Store events in their order, all or none; return how many were new. Then they are on disk.

        Raises DatabaseFailure where the database is away or refuses one of them.
        """
        async with self.database.transaction() as session:
            count = 0
            for one in incoming:
                count += await self._store(session, one)
        if count:
            self.wake()
        return count

    async def quarantine(self, room: str, event_id: str, raw: Mapping[str, Any], problem: str) -> None:
        """Keep what could not be read, and tell the editors once; it stops nothing behind it.

        `problem` is said to people: no secret, nothing of what is in `raw`.
        """
        reference = secrets.token_hex(4)
        async with self.database.transaction() as session:
            is_new = await set_aside_raw(
                session,
                desk=self.settings.name,
                room=room,
                event_id=event_id,
                raw=raw,
                failure=reference,
                at=self.clock(),
            )
            if is_new:
                text = self.settings.wording.say(
                    "quarantined", room=room, problem=problem, reference=reference
                )
                await self._order(session, self.settings.room_for_editors(), f"quarantine:{reference}", text)
        log.error("event in quarantine", extra={"room": room, "event_id": event_id, "reference": reference})
        self.wake()

    async def say(self, room: str, key: str, sentence: str, **fields: object) -> None:
        """Ask for one of the bot's sentences to be said in a room; the same key is said once."""
        async with self.database.transaction() as session:
            await self._order(session, room, key, self.settings.wording.say(sentence, **fields))
        self.wake()

    async def _order(self, session: Session, room: str, key: str, text: str) -> None:
        await order_delivery(
            session,
            desk=self.settings.name,
            room=room,
            key=key,
            kind="reply",
            payload={"text": text},
            now=self.clock(),
        )

    async def _store(self, session: Session, one: Incoming) -> bool:
        return await store_event(
            session,
            desk=self.settings.name,
            room=one.room,
            event_id=one.event_id,
            payload=to_payload(one.event),
            at=self.clock(),
        )
