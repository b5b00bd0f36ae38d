"""What the doctor finds: fine, or what is wrong and the very step that mends it."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How something is. A warning is for later: it lets the command succeed, something wrong does not."""

    FINE = "fine"
    WRONG = "wrong"
    WARNING = "warning"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is said about one thing; `cure` is a step to take, empty where there is none."""

    area: str
    check: str
    room: str | None
    state: State
    said: str
    cure: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is looked at, in an area; `room` where it is about one room."""

    area: str
    name: str
    room: str | None = None

    def fine(self, said: str) -> Finding:
        """Say that there is nothing to do."""
        return Finding(self.area, self.name, self.room, State.FINE, said)

    def wrong(self, said: str, cure: str) -> Finding:
        """Say what keeps the newsroom from its work."""
        return Finding(self.area, self.name, self.room, State.WRONG, said, cure)

    def warning(self, said: str, cure: str) -> Finding:
        """Say what will be trouble, or what the newsroom mends itself when it starts."""
        return Finding(self.area, self.name, self.room, State.WARNING, said, cure)

    def skipped(self, said: str) -> Finding:
        """Say why nothing could be found out."""
        return Finding(self.area, self.name, self.room, State.SKIPPED, said)
