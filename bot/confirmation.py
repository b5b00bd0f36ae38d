"""Confirming: an admin who speaks as the chat gives a command, and says by a button who that is.

Whoever presses the button gives the command as themselves, with their own rights.
"""

from dataclasses import replace
from datetime import timedelta

from bot.command import is_command
from bot.events import ButtonPressed, Event, MessagePosted, from_payload
from bot.hearing import Hearing
from storage.inbox import event_heard_in
from storage.journal import write_line_once
from storage.outbox import is_ordered

BUTTON = "confirm:"
"""What the key of a button begins with; the id of the command's event follows."""
GOOD_FOR = timedelta(hours=1)
LONGEST_SHOWN = 1000
"""Characters of a command that is asked about."""
_ASKED = "confirm"  # the part of the answer that holds the button


def command_confirmed(event: Event) -> int | None:
    """Return the id of the event whose command a press confirms; None where it is no such press."""
    number = event.button.removeprefix(BUTTON) if isinstance(event, ButtonPressed) else ""
    if not isinstance(event, ButtonPressed) or number == event.button:
        return None
    return int(number) if number.isascii() and number.isdigit() and len(number) <= 9 else 0


async def ask_who(hearing: Hearing, command: str, typed: str) -> None:
    """Answer an anonymous command with the button that confirms it; who presses must see all of it."""
    shown = typed.strip()
    text = hearing.wording.say(
        "confirm_ask", command=f"{shown[:LONGEST_SHOWN]}…" if len(shown) > LONGEST_SHOWN else shown
    )
    label = hearing.wording.say("confirm_button", command=f"/{command}")
    await hearing.answer(text, part=_ASKED, buttons=[(f"{BUTTON}{hearing.event_id}", label)])


async def hear_confirmation(hearing: Hearing, event_id: int) -> tuple[Hearing, str] | None:
    """Return the command that a press confirms, to be heard as its presser's; None where there is none.

    It takes effect once, in the room where it was asked, within an hour.
    """
    asked = await _asked(hearing, event_id)
    if asked is None:
        return None
    theirs = replace(
        hearing,
        message_id=asked.message_id,
        reply_to=asked.reply_to,
        thread=asked.thread,
        anonymous=False,
        confirms=True,
    )
    if hearing.at - asked.at > GOOD_FOR:
        theirs.say("confirm_late", command=asked.text.split()[0])
        return theirs, ""
    is_first = await write_line_once(
        hearing.session,
        f"{BUTTON}{event_id}",
        desk=hearing.desk,
        deed="confirm",
        details={"event": event_id, "command": asked.text.split()[0]},
        now=hearing.now,
        curator_id=hearing.curator.id,
        room=hearing.room,
    )
    return (theirs, asked.text) if is_first else None


async def _asked(hearing: Hearing, event_id: int) -> MessagePosted | None:
    """Return the anonymous command that was answered with a button in this room."""
    payload = await event_heard_in(hearing.session, hearing.room, event_id)
    if payload is None or not await is_ordered(hearing.session, f"event-{event_id}:{_ASKED}"):
        return None
    event = from_payload(payload)
    known = isinstance(event, MessagePosted) and event.anonymous and is_command(event.text)
    return event if known and isinstance(event, MessagePosted) else None
