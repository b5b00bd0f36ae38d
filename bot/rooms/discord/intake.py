"""The one consumer of the queue: it stores what came, in the order in which it came, and only then says so.

While the database is away it waits and tries again; nothing leaves the queue unstored. What the database
refuses for good is set aside by itself.
"""

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from bot.events import MessageDeleted, MessageEdited, MessagePosted, to_payload
from bot.rooms.discord.desk import DiscordDesk, new_key
from bot.rooms.discord.events import (
    Asked,
    Cleared,
    Deleted,
    Mark,
    Notice,
    Reacted,
    Said,
    Standing,
    Unreadable,
)
from bot.rooms.discord.reactions import ReactionBook, States, take_note
from bot.rooms.intake import Incoming
from storage.database import Session, is_passing
from storage.failures import DatabaseFailure
from storage.message_events import awaits_card, is_bots_message, writer_of

log = logging.getLogger(__name__)

_AT_ONCE = 50
_REFUSED = "the database does not take it"
_FIRST_REST, _LONGEST_REST = 0.2, 10.0  # seconds between tries while the database is away


@dataclass(slots=True)
class _Draft:
    """What a batch will change, until it is stored."""

    pages: dict[tuple[str, str], States] = field(default_factory=dict)
    writers: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(slots=True)
class DiscordIntake:
    """Takes notices from the queue and stores what they mean."""

    desk: DiscordDesk
    book: ReactionBook = field(default_factory=ReactionBook)
    read_to: dict[str, int] = field(default_factory=dict)  # room → its latest message on disk
    _errands: set["asyncio.Task[None]"] = field(default_factory=set)

    async def go_on(self) -> None:
        """Store what comes, until it is cancelled."""
        while True:
            batch = [await self.desk.notices.get()]
            while len(batch) < _AT_ONCE and not self.desk.notices.empty():
                batch.append(self.desk.notices.get_nowait())
            for _, together in groupby(batch, key=_counted_as):
                await self._keep(list(together))

    async def _keep(self, batch: Sequence[Notice]) -> None:
        rest = _FIRST_REST
        while True:
            try:
                await self._store(batch)
                return
            except Exception as error:
                if not await self._may_pass(error):
                    if len(batch) > 1:
                        for notice in batch:
                            await self._keep([notice])
                        return
                    log.exception("notice refused")
                    if await self._set_aside(batch[0]):
                        return
            log.warning("database away; notices wait", extra={"waiting": self.desk.notices.qsize()})
            await asyncio.sleep(rest)
            rest = min(rest * 2, _LONGEST_REST)

    async def _may_pass(self, error: Exception) -> bool:
        if is_passing(error):
            return True
        try:
            await self.desk.intake.database.check()
        except DatabaseFailure:
            return True
        return False

    async def _set_aside(self, notice: Notice) -> bool:
        """Keep what the database refuses, and tell the editors; tell whether that could be done."""
        kept = _unstorable(notice)
        try:
            await self.desk.intake.quarantine(kept.room, kept.event_id, kept.raw, kept.problem)
        except DatabaseFailure:
            return False
        return True

    async def _store(self, batch: Sequence[Notice]) -> None:
        draft, incoming = _Draft(), list[Incoming]()
        async with self.desk.intake.database.reading() as session:
            for notice in batch:
                incoming += await self._meant_by(session, notice, draft)
        count = await self.desk.intake.take(incoming) if incoming else 0
        self.book.keep(draft.pages)
        for notice in batch:
            if isinstance(notice, Unreadable):
                await self.desk.intake.quarantine(notice.room, notice.event_id, notice.raw, notice.problem)
        self._stored(batch, count)

    def _stored(self, batch: Sequence[Notice], count: int) -> None:
        """Tell of what is on disk."""
        for notice in batch:
            match notice:
                case Asked():
                    self._run(notice)
                case Mark():
                    notice.reached.set()
                case Said(incoming=Incoming(event=MessagePosted(message_id=message_id), room=room)):
                    latest = int(message_id.rpartition(":")[2])
                    self.read_to[room] = max(self.read_to.get(room, 0), latest)
        tally = batch[0].tally
        if tally is not None and isinstance(batch[0], Standing):
            tally.reactions += count
        elif tally is not None:
            tally.messages += count

    def _run(self, asked: Asked) -> None:
        """Acknowledge without keeping those behind waiting."""

        async def acknowledge() -> None:
            await asked.acknowledge()

        task = asyncio.create_task(acknowledge())
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    async def acknowledged(self) -> None:
        """Wait until Discord was told of all that is stored."""
        if self._errands:
            await asyncio.wait(self._errands)

    async def _meant_by(self, session: Session, notice: Notice, draft: _Draft) -> list[Incoming]:
        match notice:
            case Said():
                return self._said(notice, draft)
            case Asked(incoming=several):
                return list(several)
            case Deleted():
                return await self._deletion(session, notice, draft)
            case Reacted() | Cleared() | Standing():
                return await self._reactions(session, notice, draft)
        return []

    def _said(self, notice: Said, draft: _Draft) -> list[Incoming]:
        event = notice.incoming.event
        if notice.tally is not None and event.message_id in self.desk.deleted:
            return []  # it was deleted while it was fetched
        if isinstance(event, MessagePosted | MessageEdited):
            draft.writers[event.message_id] = (event.person, event.name)
        return [notice.incoming]

    async def _deletion(self, session: Session, notice: Deleted, draft: _Draft) -> list[Incoming]:
        """Tell whose message is gone; one that was never stored is nobody's business."""
        message_id = notice.message_id
        wrote = draft.writers.get(message_id) or await writer_of(session, notice.room, message_id)
        if wrote is None:
            return []
        event = MessageDeleted(message_id, wrote[0], notice.at, wrote[1])
        return [Incoming(notice.room, f"deleted:{message_id.rpartition(':')[2]}", event)]

    async def _reactions(
        self, session: Session, notice: Reacted | Cleared | Standing, draft: _Draft
    ) -> list[Incoming]:
        if isinstance(notice, Reacted) and notice.added and not await self._is_ours(session, notice):
            return []
        key = (notice.room, notice.message_id)
        if key not in draft.pages:
            draft.pages[key] = await self.book.page(session, *key)
        return take_note(draft.pages[key], notice, self.desk.palette())

    async def _is_ours(self, session: Session, notice: Reacted) -> bool:
        """Tell whether the bot wrote the message; a card whose message is not recorded yet counts as ours."""
        if notice.is_ours is not None:
            return notice.is_ours
        if notice.message_id in self.desk.own:
            return True
        if await is_bots_message(session, notice.room, notice.message_id):
            return True
        if await writer_of(session, notice.room, notice.message_id) is not None:
            return False
        return await awaits_card(session, notice.room)


def _counted_as(notice: Notice) -> tuple[int, bool]:
    """Return what a notice is counted as; those of one kind are stored together."""
    return id(notice.tally), isinstance(notice, Standing)


def _unstorable(notice: Notice) -> Unreadable:
    """Return what to set aside in place of a notice; its text is escaped, so that any database takes it."""
    incoming = notice.incoming if isinstance(notice, Said) else None
    if isinstance(notice, Asked):
        incoming = notice.incoming[0]
    if incoming is not None:
        raw = {"text": json.dumps({**to_payload(incoming.event), "token": ""})}
        return Unreadable(incoming.room, incoming.event_id, raw, _REFUSED)
    room = getattr(notice, "room", "discord")
    return Unreadable(room, f"unstorable:{new_key()}", {"text": ascii(notice)}, _REFUSED)
