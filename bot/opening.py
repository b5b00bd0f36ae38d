"""What a desk does first when it opens: it follows what the config says by now."""

from collections.abc import Collection
from datetime import datetime

from bot.hearing import DeskSettings
from storage.cards import order_missing_cards
from storage.curators import follow_config
from storage.database import Session
from storage.outbox import give_up_deliveries


async def open_desk(session: Session, settings: DeskSettings, rooms: Collection[str], now: datetime) -> None:
    """Appoint the editors whom the config names, show the board in new rooms, leave rooms that are gone."""
    await follow_config(session, settings.config.desk.editors)
    await give_up_deliveries(session, settings.name, rooms=rooms, now=now)
    for room in settings.rooms:
        await order_missing_cards(session, settings.name, room)
