"""START HERE: what the desk does with a message, a reaction, a command.

Rooms store events in the inbox; `Desk.catch_up` lets them take effect one after another, in the order
stored, each in a transaction of its own. What is to be said goes to the outbox in that same transaction.
"""

import logging
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot import amend, order, show
from bot.ballot import hear_button, hear_reactions
from bot.channel_command import send
from bot.command import Command, NotUnderstood, is_command, parse_command
from bot.confirmation import ask_who, command_confirmed, hear_confirmation
from bot.errors import DeskError
from bot.events import (
    ButtonPressed,
    CommandGiven,
    Event,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    ReactionsOf,
    from_payload,
)
from bot.guests import invite_someone
from bot.hearing import DeskSettings, Hearing
from bot.joining import link_person
from bot.merging import merge
from bot.pages.person_name import shown_name
from bot.permission import NobodyKnownError, require_right
from bot.pictures import ask_picture
from bot.pitch import hear_message
from bot.publication import ask_preview, ask_publish
from bot.release_request import ask_release, ask_unrelease, hear_release_button, released_by
from bot.undo import undo
from bot.withdrawal import hear_deletion
from storage.curators import curator_of, name_editor
from storage.database import Database, Session, is_passing
from storage.event_records import InboxEvent
from storage.failures import DatabaseFailure
from storage.inbox import mark_handled, unhandled_events
from storage.people_records import Role

log = logging.getLogger(__name__)

_AT_ONCE = 50  # events fetched together; each takes effect in a transaction of its own
MOST_TRIES = 10
"""Of one event, while the database is there; at the newsroom's pace that is ten seconds or more."""

COMMANDS: Mapping[str, Callable[[Hearing, Command], Awaitable[None]]] = {
    "help": show.show_help,
    "slate": show.show_slate,
    "story": show.show_story,
    "why": show.show_why,
    "find": show.show_found,
    "status": show.show_status,
    "amend": amend.amend,
    "text": amend.take_text,
    "retry": amend.read_again,
    "section": amend.choose_section,
    "spike": amend.spike,
    "restore": amend.restore,
    "again": amend.pitch_again,
    "merge": merge,
    "move": order.move,
    "lead": order.set_lead,
    "short": order.add_one_liner,
    "picture": ask_picture,
    "preview": ask_preview,
    "publish": ask_publish,
    "release": ask_release,
    "unrelease": ask_unrelease,
    "send": send,
    "undo": undo,
    "invite": invite_someone,
    "link": link_person,
}


@dataclass(frozen=True, slots=True)
class Desk:
    """The people, rooms, sections and rules that make one newsletter."""

    database: Database
    settings: DeskSettings
    clock: Callable[[], datetime]
    _failed_tries: Counter[int] = field(default_factory=Counter, compare=False, repr=False)

    async def catch_up(self) -> int:
        """Let every stored event take effect; return how many did."""
        count = 0
        while heard := await self.hear_some():
            count += heard
        return count

    async def hear_some(self) -> int:
        """Let the events that have waited longest take effect; return how many did."""
        async with self.database.reading() as session:
            events = await unhandled_events(session, self.settings.name, limit=_AT_ONCE)
        return sum([await self.hear(event) for event in events])

    async def hear(self, stored: InboxEvent) -> bool:
        """Let one event take effect, once; tell whether it did now.

        Whatever a deed raises ends here: a bug is logged with a reference which the room may quote, the
        event is kept in the inbox, and the events behind it go on. The database's own trouble is raised,
        to be tried again; an event that meets it each time is set aside in the end.
        """
        try:
            return await self._take_effect(stored)
        except Exception as error:
            if is_passing(error) and not await self._is_tried_enough(stored):
                raise
            self._failed_tries.pop(stored.id, None)
            reference = secrets.token_hex(4)
            log.exception("event failed", extra={"event": stored.id, "reference": reference})
            return await self._set_aside(stored, reference)

    async def _is_tried_enough(self, stored: InboxEvent) -> bool:
        """Count a try that failed while the database was there; one that is away wears no event out."""
        try:
            await self.database.check()
        except DatabaseFailure:
            return False
        self._failed_tries[stored.id] += 1
        return self._failed_tries[stored.id] >= MOST_TRIES

    async def _take_effect(self, stored: InboxEvent) -> bool:
        event = from_payload(stored.payload)
        try:
            async with self.database.transaction() as session:
                if not await mark_handled(session, stored, self.clock()):
                    return False
                hearing = await self._hearing(session, stored, event)
                await _dispatch(hearing, event)
                await hearing.answer()
        except DeskError as refusal:
            return await self._refuse(stored, event, str(refusal))
        return True

    async def _refuse(self, stored: InboxEvent, event: Event, sentence: str) -> bool:
        """Say why nothing was done; what the deed had begun is rolled back."""
        async with self.database.transaction() as session:
            if not await mark_handled(session, stored, self.clock()):
                return False
            hearing = await self._hearing(session, stored, event)
            await hearing.answer(sentence, part="refusal")
        return True

    async def _set_aside(self, stored: InboxEvent, reference: str) -> bool:
        """Keep an event that met a bug, and tell the room what to quote, where that can be said."""
        try:
            return await self._keep(stored, reference, answer=True)
        except Exception as error:
            if is_passing(error):
                raise
            log.exception("complaint failed", extra={"event": stored.id, "reference": reference})
            return await self._keep(stored, reference, answer=False)

    async def _keep(self, stored: InboxEvent, reference: str, *, answer: bool) -> bool:
        async with self.database.transaction() as session:
            if not await mark_handled(session, stored, self.clock(), failure=reference):
                return False
            try:
                event = from_payload(stored.payload)
            except (KeyError, TypeError, ValueError):
                return True  # nobody to answer: no room of ours has stored this
            if not answer:
                return True
            hearing = await self._hearing(session, stored, event)
            text = hearing.wording.say("broken", reference=reference)
            await hearing.answer(text, part=f"broken-{reference}")  # the plain answer is a later try's
        return True

    async def _hearing(self, session: Session, stored: InboxEvent, event: Event) -> Hearing:
        now = self.clock()
        curator = await curator_of(
            session, event.person, name=shown_name(event.name), role=Role.CURATOR, now=now
        )
        if event.person in self.settings.config.desk.editors:
            name_editor(curator)
        confirmed = command_confirmed(event)
        return Hearing(
            session=session,
            settings=self.settings,
            curator=curator,
            room=stored.room,
            message_id=event.message_id,
            event_id=stored.id,
            now=now,
            at=min(event.at, stored.received_at),  # a platform's clock may be ahead of ours
            reply_to=event.reply_to if isinstance(event, MessagePosted) else None,
            thread=getattr(event, "thread", None),
            anonymous=getattr(event, "anonymous", False),
            answers="" if confirmed is None else f"confirm-{confirmed}-{curator.id}",
        )


async def _dispatch(hearing: Hearing, event: Event) -> None:
    match event:
        case CommandGiven():
            await _obey(hearing, event.text)
        case MessagePosted() if is_command(event.text) and not event.forwarded:
            await _obey(hearing, event.text)
        case MessageEdited() if is_command(event.text):
            return  # a command takes effect when it is sent
        case MessagePosted() | MessageEdited():
            await hear_message(hearing, event)
        case MessageDeleted():
            await hear_deletion(hearing, event)
        case ReactionsOf():
            await hear_reactions(hearing, event)
        case ButtonPressed() if (confirmed := command_confirmed(event)) is not None:
            await _confirm(hearing, confirmed)
        case ButtonPressed() if (release_id := released_by(event)) is not None:
            await hear_release_button(hearing, release_id)
        case ButtonPressed():
            await hear_button(hearing, event)


async def _obey(hearing: Hearing, text: str) -> None:
    command = parse_command(text)
    if isinstance(command, NotUnderstood):
        show.say_not_understood(hearing, command)
        return
    try:
        await require_right(hearing, command.name)
        await COMMANDS[command.name](hearing, command)
    except NobodyKnownError:  # raised before anything is changed
        await ask_who(hearing, command.name, text)


async def _confirm(hearing: Hearing, event_id: int) -> None:
    given = await hear_confirmation(hearing, event_id)
    if given is not None:
        theirs, text = given
        if text:
            await _obey(theirs, text)
        await theirs.answer()
        hearing.said.clear()
