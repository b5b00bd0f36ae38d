"""`python -m benchmarks [FIGURE …] [--json]`: measure and print. `python -m benchmarks reading`: the bars."""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Mapping

from benchmarks import latency, press, publish, rooms, start, throughput
from benchmarks.figure import Figure, show

FIGURES: Mapping[str, Callable[[], AsyncIterator[Figure]]] = {
    "latency": latency.figures,
    "throughput": throughput.figures,
    "start": start.figures,
    "publish": publish.figures,
    "press": press.figures,
    "rooms": rooms.figures,
}


def main() -> None:
    """Measure what was asked for, by default everything but reading, which needs pages of others."""
    if sys.argv[1:2] == ["reading"]:
        from benchmarks import reading

        sys.exit(reading.main(sys.argv[2:]))
    asked = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    asked.add_argument("figures", nargs="*", metavar="FIGURE", help=f"of {', '.join(FIGURES)}")
    asked.add_argument("--json", action="store_true", help="JSON lines, for a machine")
    given = asked.parse_args()
    names = given.figures or list(FIGURES)
    if unknown := set(names) - set(FIGURES):
        asked.error(f"no such figure: {', '.join(sorted(unknown))}")
    for name in names:
        show(asyncio.run(_measured(FIGURES[name])), as_json=given.json)


async def _measured(figures: Callable[[], AsyncIterator[Figure]]) -> list[Figure]:
    return [found async for found in figures()]


if __name__ == "__main__":  # the bare pool's processes import this module too
    main()
