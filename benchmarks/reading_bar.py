"""One line of the table of bars: what was measured, what others reach, and what we asked of ourselves."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass

from rich.console import Console
from rich.table import Table

_HEADINGS = ("measure", "anchor", "ours", "bar", "")


@dataclass(frozen=True, slots=True)
class Bar:
    """A measure on a named set; `holds` is None where there is no bar."""

    measure: str
    anchor: str
    ours: str
    bar: str = ""
    holds: bool | None = None


def print_bars(bars: Iterable[Bar]) -> None:
    """Print bars as a table."""
    table = Table(*_HEADINGS, box=None)
    for bar in bars:
        *texts, holds = astuple(bar)
        table.add_row(*texts, {True: "✓", False: "✗", None: ""}[holds])
    Console(width=140).print(table)
