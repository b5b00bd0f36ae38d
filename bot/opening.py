"""What a desk does first when it opens: it follows what the config says by now."""

from collections.abc import Collection
from datetime import datetime

from bot.advising import order_learning
from bot.errors import DeskError
from bot.hearing import DeskSettings
from storage.cards import order_missing_cards
from storage.curators import follow_config
from storage.database import Database
from storage.desk_lock import PATIENCE, DeskLock, DeskTakenError
from storage.outbox import give_up_deliveries


class DeskServedError(DeskError):
    """Another process lets this desk's events take effect."""

    def __init__(self) -> None:
        super().__init__(
            "Another bot process serves this desk already.",
            advice="Stop that one first; two would say everything twice.",
        )


async def take_desk(database: Database, desk: str, *, patience: float = PATIENCE) -> DeskLock:
    """Take the desk for this process, until the lock is closed; raises DeskServedError."""
    lock = DeskLock(database, desk, patience=patience)
    try:
        await lock.take()
    except DeskTakenError:
        raise DeskServedError from None
    return lock


async def open_desk(
    database: Database, settings: DeskSettings, rooms: Collection[str], now: datetime
) -> None:
    """Appoint the editors whom the config names, show the board in new rooms, leave rooms that are gone.

    What ran is learnt from where it was not yet, as after an upgrade that learns in another way.
    """
    async with database.transaction() as session:
        await follow_config(session, settings.config.desk.editors)
        await give_up_deliveries(session, settings.name, rooms=rooms, now=now)
        for room in settings.rooms:
            await order_missing_cards(session, settings.name, room)
        await order_learning(session, settings.name, now)
