"""The tour for a person at a terminal: a chat, at a pace that can be followed."""

import asyncio
import time

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from bot.tour.drawings import Drawings, shortened
from bot.tour.lines import Lines
from bot.tour.moments import Answered, Changed, Committed, Drawn, Figures, Moment, Narrated, Said

_WIDEST = 92
_SHORTEST_PAUSE = 0.4  # seconds
_LONGEST_PAUSE = 4.0
_READ_EACH_SECOND = 75  # cells of a terminal, a Chinese character being two: brisk, but it can be read


class Screen:
    """Draws moments on a terminal; `pace` multiplies the time to read them, 0 leaves none."""

    def __init__(self, console: Console, lines: Lines, *, pace: float) -> None:
        self._console, self._lines, self._pace = console, lines, pace
        self._drawings = Drawings(lines)
        self._read_at = 0.0

    async def see(self, moment: Moment) -> None:
        """Draw a moment as soon as the one before has been read; the room works on meanwhile."""
        await asyncio.sleep(max(0.0, self._read_at - time.monotonic()))
        if isinstance(moment, Committed):
            self._print_commit(moment)
        else:
            self._console.print(self._drawings.of(moment), width=min(_WIDEST, self._console.width))
        self._read_at = time.monotonic() + self._pace * reading_time(moment)

    def leave(self, figures: Figures) -> None:
        """Say what came of the day."""
        closing = self._lines.line(
            "closing",
            stories=figures.stories,
            cards=figures.cards,
            receipts=figures.receipts,
            published=figures.published,
            commit=figures.commit[:7],
        )
        self._console.print(Text(closing, style="bold"))

    def _print_commit(self, moment: Committed) -> None:
        """Print git's words and the file as they are: the terminal wraps long lines, we don't."""
        for title, text in (("git log -1 --stat", moment.log), (moment.path, moment.markdown)):
            self._console.print()
            self._console.rule(Text(title, style="dim"), align="left", style="dim")
            self._console.print(self._drawings.of_file(text), soft_wrap=True)
        self._console.rule(style="dim")


def reading_time(moment: Moment) -> float:
    """Return the seconds in which a moment can be taken in."""
    seconds = cell_len(_to_read(moment)) / _READ_EACH_SECOND
    return min(max(seconds, _SHORTEST_PAUSE), _LONGEST_PAUSE)


def _to_read(moment: Moment) -> str:
    """Return the words that are new to who watches; a card is glanced at."""
    match moment:
        case Narrated() | Answered():
            words = moment.text
        case Said():
            words = shortened(moment.text, 90)
        case Drawn():
            words = moment.card["title"] + moment.card["standing"] + moment.card["problem"]
        case Changed():
            words = moment.standing
        case _:
            words = ""
    return words
