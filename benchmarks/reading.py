"""The bars of reading: text, titles, summaries, advice, duplicates, links and speed, others beside ours.

`python -m benchmarks reading [--data DIR] [--only AREA …]`. The pages and texts belong to their publishers
and stand beside the project, in ../shared; without them nothing can be measured, and the exit status is 2.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import (
    reading_duplicates,
    reading_guard,
    reading_links,
    reading_pages,
    reading_sections,
    reading_speed,
    reading_summaries,
    reading_titles,
)
from benchmarks.reading_bar import Bar, print_bars

AREAS: Mapping[str, Callable[[Path], Iterator[Bar]]] = {
    "pages": reading_pages.rows,
    "titles": reading_titles.rows,
    "summaries": reading_summaries.rows,
    "sections": reading_sections.rows,
    "links": reading_links.rows,
    "guard": reading_guard.rows,
    "duplicates": reading_duplicates.rows,
    "speed": reading_speed.rows,
}
_SHARED = Path(__file__).parents[2] / "shared"
_NOTHING_TO_MEASURE = 2


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and return the exit status: 0, or 2 where there is nothing to measure on."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks reading", description=__doc__)
    asked.add_argument("--data", type=Path, metavar="DIR", help="other data laid out as ../shared/data is")
    asked.add_argument(
        "--only", nargs="+", choices=AREAS, default=list(AREAS), metavar="AREA", help=", ".join(AREAS)
    )
    given = asked.parse_args(arguments)
    data: Path = given.data or _SHARED / "data"
    if not (data / "pages").is_dir():
        print(f"There are no pages in {data}: --data DIR names a folder laid out as ../shared/data is.")
        return _NOTHING_TO_MEASURE
    with _shared_with(data.resolve()) as shared:
        print_bars(_rows(shared, given.only))
        if "speed" in given.only:
            times = reading_speed.times_of(reading_pages.known_pages(shared))
            reading_speed.print_stages(times)
            reading_speed.print_slowest(times)
    return 0


def _rows(shared: Path, areas: Sequence[str]) -> Iterator[Bar]:
    for area in areas:
        print(f"measuring {area} …", file=sys.stderr, flush=True)
        try:
            yield from AREAS[area](shared)
        except FileNotFoundError as missing:
            yield Bar(area, "", f"not measured: no {Path(str(missing.filename)).name}")


@contextmanager
def _shared_with(data: Path) -> Iterator[Path]:
    """Give the folder that holds `data` under that name, and beside it all that ../shared has."""
    if data == (_SHARED / "data").resolve():
        yield _SHARED
        return
    with TemporaryDirectory(prefix="copydesk-shared-") as folder:
        shared = Path(folder)
        (shared / "data").symlink_to(data)
        for each in _SHARED.iterdir() if _SHARED.is_dir() else ():
            if each.name != "data":
                (shared / each.name).symlink_to(each.resolve())
        yield shared
