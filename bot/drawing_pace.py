"""When cards are drawn: a burst of votes is one redraw, and the desk comes first while much waits for it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from storage.database import Database
from storage.inbox import count_unhandled

MANY = 20
"""Events that wait for the desk: above this, drawing what changes again at once would only delay them."""
MEANWHILE = timedelta(seconds=2)
"""Between drawings while many events wait: people should see that something moves."""


@dataclass(slots=True)
class DrawingPace:
    """Says when a courier may draw cards; a clock set back makes no pause longer."""

    database: Database
    desk: str
    clock: Callable[[], datetime]
    _drawn_at: dict[int, datetime] = field(default_factory=dict)  # by story
    _drew_at: datetime | None = None

    async def may_draw(self) -> bool:
        """Tell whether cards may be drawn now; where many events wait, only now and then."""
        now = self.clock()
        if self._drew_at is not None and timedelta(0) <= now - self._drew_at < MEANWHILE:
            async with self.database.reading() as session:
                if await count_unhandled(session, self.desk) > MANY:
                    return False
        self._drew_at = now
        return True

    def just_drawn(self, pause: float) -> frozenset[int]:
        """Return the stories whose cards were drawn less than `pause` seconds ago."""
        now = self.clock()
        since = now - timedelta(seconds=pause)
        self._drawn_at = {story: at for story, at in self._drawn_at.items() if since < at <= now}
        return frozenset(self._drawn_at)

    def drew(self, story_id: int) -> None:
        """Note that a story's card is drawn."""
        self._drawn_at[story_id] = self.clock()
