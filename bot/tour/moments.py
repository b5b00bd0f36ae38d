"""What there is to see on the tour, one moment after another, and who watches: a person or a machine."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Narrated:
    """The narrator speaks; `clock` is the tour's time of day."""

    clock: str
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """Someone writes a message."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Received:
    """The bot's receipt stands on a message: it is on disk."""

    name: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The bot answers; `file` is the name of what it attached."""

    text: str
    file: str | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A card is posted or redrawn, as the room has it."""

    card: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reacted:
    """Someone's reactions on a card are these now, or they pressed a button of it."""

    name: str
    number: int
    emojis: tuple[str, ...]
    pressed: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """A card was redrawn in place, and this is how its story stands."""

    number: int
    title: str
    state: str
    standing: str
    score: int


@dataclass(frozen=True, slots=True)
class Committed:
    """What git holds in the end: the newest commit and the issue's Markdown."""

    path: str
    log: str
    markdown: str


Moment = Narrated | Said | Received | Answered | Drawn | Reacted | Changed | Committed


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of the tour, counted from what the room showed and what git holds.

    `commit` is the newest one's id and `path` the issue's file in it; `stories` were considered at the desk,
    `published` stand in the committed issue; `receipts` are messages with the bot's 👀.
    """

    commit: str
    path: str
    stories: int
    published: int
    receipts: int
    cards: int


class Audience(Protocol):
    """Who watches the tour."""

    async def see(self, moment: Moment) -> None:
        """Take in a moment, for as long as that takes."""

    def leave(self, figures: Figures) -> None:
        """See what came of it."""


@dataclass(frozen=True, slots=True)
class Machine:
    """Writes each moment as a JSON line, and the figures last."""

    write: Callable[[str], object]

    async def see(self, moment: Moment) -> None:
        """Write a moment, with its kind as `event`."""
        self._line({"event": type(moment).__name__.lower(), **asdict(moment)})

    def leave(self, figures: Figures) -> None:
        """Write the figures."""
        self._line(asdict(figures))

    def _line(self, fields: Mapping[str, Any]) -> None:
        self.write(json.dumps(fields, ensure_ascii=False))
