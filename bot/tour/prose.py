"""Text wrapped for a terminal as its languages want it: English between words, Chinese between characters."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

_WIDE = r"\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef"
_OPENING = "“‘《（「『#"
_CLOSING = "，。、；：！？）》」』”’…·"
_PIECE = re.compile(
    rf"(?:[{_OPENING}]*[{_WIDE}]|[{_OPENING}]*[^\s{_WIDE}{_OPENING}{_CLOSING}]+)[{_CLOSING}]*"
    rf"|[{_OPENING}{_CLOSING}]+|\s+"
)


def wrapped(text: str, width: int) -> Iterator[str]:
    """Break each line of a text to fit into `width` cells; a word longer than that stays whole."""
    for line in text.splitlines() or [""]:
        begun = ""
        for piece in _PIECE.findall(line):
            if begun and cell_len(begun + piece.rstrip()) > width:
                yield begun.rstrip()
                begun = piece.lstrip()
            else:
                begun += piece
        yield begun.rstrip()


@dataclass(frozen=True, slots=True)
class Prose:
    """A text that rich can draw, behind a head (a name, a label) that stands on its first line."""

    text: str
    style: str = ""
    head: Text = field(default_factory=Text)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw the lines; the first has room for less, by what the head takes."""
        blank = "\u2007" * self.head.cell_len  # a blank that does not break
        lines = list(wrapped(blank + self.text, options.max_width))
        first = Text.assemble(self.head, (lines[0].removeprefix(blank), self.style))
        yield Text("\n").join([first, *(Text(line, style=self.style) for line in lines[1:])])

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """Take the width there is."""
        return Measurement(1, options.max_width)
