"""Forgetting what is over: once a day, what was said, started and done more than a month ago."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.engine import Starter
from storage.database import Database
from storage.pruning import forget_sent, forget_started

log = logging.getLogger(__name__)

KEPT = timedelta(days=30)
"""How long deliveries, errands and finished workflows are kept, for those who look into what happened."""
_EACH = timedelta(days=1)
_AT_ONCE = 200  # of each kind; the write lock is held for some milliseconds


@dataclass(slots=True)
class Pruning:
    """Keeps the database from growing with what nobody will ask for."""

    database: Database
    starter: Starter
    clock: Callable[[], datetime]
    done_at: datetime | None = None

    async def go_on(self) -> int:
        """Forget some of what is old, where that is due; return how much: 0 once all of it is gone."""
        now = self.clock()
        if self.done_at is not None and now - self.done_at < _EACH:
            return 0
        count = await self._forget(now - KEPT)
        if count:
            log.info("forgot what is over", extra={"count": count})
        else:
            self.done_at = now
        return count

    async def _forget(self, before: datetime) -> int:
        async with self.database.transaction() as session:
            sent = await forget_sent(session, before=before, limit=_AT_ONCE)
            started = await forget_started(session, before=before, limit=_AT_ONCE)
        return sent + started + await self.starter.forget_finished(before=before, limit=_AT_ONCE)
