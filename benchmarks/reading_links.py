"""How many spellings of one link are seen as one: pairs within groups, ours beside what libraries make."""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from pathlib import Path

from courlan import clean_url, normalize_url

from benchmarks.reading_bar import Bar, print_bars
from bot.reading.link import link

_RECALL, _PRECISION = 0.98, 1.0

Groups = Sequence[Sequence[str]]


def rows(shared: Path) -> Iterator[Bar]:
    """Measure on the groups of links in `urls`; a group is what one article is linked by."""
    groups = [group["urls"] for group in json.loads((shared / "data" / "urls" / "groups.json").read_text())]
    begun = time.perf_counter()
    recall, precision = _recall_and_precision(groups, lambda url: link(url).whole)
    micros = (time.perf_counter() - begun) / sum(map(len, groups)) * 1e6
    clean = _recall_and_precision(groups, lambda url: clean_url(url) or url)
    strict = _recall_and_precision(groups, lambda url: normalize_url(url, strict=True))
    anchor = f"courlan {clean[0]:.3f} / {clean[1]:.3f}, strict {strict[0]:.3f} / {strict[1]:.3f}"
    yield Bar(
        f"one spelling per link, {len(groups)} groups: recall / precision of pairs",
        anchor,
        f"{recall:.3f} / {precision:.3f}, {micros:.0f} µs a link",
        "≥ 0.98 / 1.0",
        recall >= _RECALL and precision >= _PRECISION,
    )


def _recall_and_precision(groups: Groups, spell: Callable[[str], str]) -> tuple[float, float]:
    """Count pairs of links: those of one article with one spelling, and those with one spelling in all."""
    members: dict[str, list[int]] = {}
    right = 0
    for number, group in enumerate(groups):
        spellings = [spell(url) for url in group]
        right += sum(one == other for one, other in combinations(spellings, 2))
        for spelling in spellings:
            members.setdefault(spelling, []).append(number)
    alike = sum(len(numbers) * (len(numbers) - 1) // 2 for numbers in members.values())
    asked = sum(len(group) * (len(group) - 1) // 2 for group in groups)
    return right / asked, right / alike if alike else 1.0


if __name__ == "__main__":
    print_bars(rows(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")))
