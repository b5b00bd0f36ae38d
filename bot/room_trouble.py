"""A room in trouble: its editors are told once, in a room that works, and once when it is over."""

from datetime import datetime, timedelta

from bot.hearing import DeskSettings
from bot.rooms.room import LASTING, RoomTroubleError, Trouble
from storage.database import Session
from storage.outbox import is_ordered, order_delivery
from storage.room_states import note_trouble, room_state

PATIENCE = timedelta(minutes=1)
"""After which a trouble that may pass by itself is told of."""


async def tell_of_trouble(
    session: Session, settings: DeskSettings, room: str, trouble: RoomTroubleError, now: datetime
) -> None:
    """Record that a room can't be written to, and tell the editors once.

    Where only people can help they are told at once, else when it has lasted for PATIENCE.
    """
    state = await room_state(session, room)
    since = state.trouble_since if state is not None and state.trouble_since else now
    if state is not None and state.trouble in LASTING and trouble.trouble not in LASTING:
        return  # told of already, and what may pass does not end it
    await note_trouble(session, room, trouble.trouble, since)
    if trouble.trouble in LASTING or now - since >= PATIENCE:
        sentence = f"trouble_{trouble.trouble}"
        key = f"trouble:{trouble.trouble}:{_key(room, since)}"
        text = settings.wording.say(sentence, room=room, detail=trouble.detail)
        await _tell(session, settings, room, key, text, now)


async def tell_of_refusal(
    session: Session, settings: DeskSettings, room: str, detail: str, *, key: str, now: datetime
) -> None:
    """Tell the editors of a message that a platform does not take, and that is skipped therefore."""
    text = settings.wording.say("trouble_refused", room=room, detail=detail)
    await _tell(session, settings, room, f"refused:{key}", text, now)


async def tell_of_recovery(session: Session, settings: DeskSettings, room: str, now: datetime) -> None:
    """Record that a room is well; where the editors were told of its trouble, tell them of its end."""
    state = await room_state(session, room)
    if state is None or state.trouble is None or state.trouble_since is None:
        return
    key = _key(room, state.trouble_since)
    await note_trouble(session, room, None, None)
    for trouble in Trouble:
        if await is_ordered(session, f"trouble:{trouble}:{key}"):
            text = settings.wording.say("trouble_over", room=room)
            await _tell(session, settings, room, f"trouble-over:{key}", text, now)
            return


def _key(room: str, since: datetime) -> str:
    return f"{room}:{since.isoformat()}"


async def _tell(
    session: Session, settings: DeskSettings, room: str, key: str, text: str, now: datetime
) -> None:
    await order_delivery(
        session,
        desk=settings.name,
        room=settings.room_for_editors(besides=room),
        key=key,
        kind="reply",
        payload={"text": text},
        now=now,
    )
