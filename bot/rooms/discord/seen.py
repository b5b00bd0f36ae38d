"""Until when all that happened in a room is on disk: noted once a minute, and when the newsroom closes.

What is noted as read lags a minute behind, since threads may overtake their channel by a moment; what is read
twice is stored once.
"""

from dataclasses import dataclass, field

from bot.rooms.discord.desk import DiscordDesk
from bot.rooms.discord.intake import DiscordIntake
from storage.room_states import note_seen

EVERY = 60.0
"""Seconds between two notes."""


@dataclass(slots=True)
class Seen:
    """Notes what is on disk. `caught_up` are the rooms of which nothing is missing before now."""

    desk: DiscordDesk
    intake: DiscordIntake
    caught_up: set[str] = field(default_factory=set)
    _read_before: dict[str, int] = field(default_factory=dict)

    async def note(self, *, at_the_end: bool = False) -> None:
        """Note until when all is known; raises DatabaseFailure."""
        for room in sorted(self.caught_up):
            latest = self.intake.read_to.get(room)
            read_to = latest if at_the_end else self._read_before.get(room)
            async with self.desk.intake.database.transaction() as session:
                await note_seen(session, room, self.desk.now(), read_to=str(read_to) if read_to else None)
            if latest is not None:
                self._read_before[room] = latest
