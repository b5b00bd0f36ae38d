"""A group that became a supergroup has another id, and none of its messages came along."""

import logging

from bot.rooms.telegram.places import Places
from storage.database import Database
from storage.room_states import leave_cards_behind, note_chat

log = logging.getLogger(__name__)


async def follow_chat(database: Database, places: Places, chat: int, now: int) -> bool:
    """Go with a chat to its new id, and have the cards of open stories posted there; tell whether it is ours.

    Done twice, it makes no difference.
    """
    moved = [place for place in places.all if chat in (place.chat, *place.former) or place.chat == now]
    if not moved:
        return False
    async with database.transaction() as session:
        for place in moved:
            await note_chat(session, place.room, str(now))
            await leave_cards_behind(session, place.room, f"{now}:")
    for place in moved:
        place.move(now)
    log.info("chat moved", extra={"chat": chat, "now": now, "rooms": [place.room for place in moved]})
    return True
