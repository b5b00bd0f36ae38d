"""A measured figure, and how several are shown."""

import json
import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its unit; `load` is the machine's load average of the last minute when it was taken."""

    name: str
    value: float
    unit: str
    load: float


def figure(name: str, value: float, unit: str) -> Figure:
    """Note a figure together with how busy the machine is."""
    return Figure(name, round(value, 4), unit, round(os.getloadavg()[0], 2))


def percentiles(name: str, seconds: Sequence[float]) -> list[Figure]:
    """Return the median and the 99th percentile of some waiting times, in milliseconds."""
    ordered = sorted(seconds)
    return [
        figure(
            f"{name} p{percent}", 1000 * ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], "ms"
        )
        for percent in (50, 99)
    ]


def show(figures: Iterable[Figure], *, as_json: bool) -> None:
    """Print figures as they come: JSON lines for a machine, else one table at the end."""
    if as_json:
        for found in figures:
            print(json.dumps(asdict(found)), flush=True)
        return
    table = Table(title=f"Copydesk on {os.cpu_count()} processors, Python {platform.python_version()}")
    table.add_column("figure")
    for column in ("value", "unit", "load"):
        table.add_column(column, justify="right" if column != "unit" else "left")
    for found in figures:
        table.add_row(found.name, f"{found.value:,.4g}", found.unit, f"{found.load:g}")
    Console().print(table)
