"""Which stories somebody moved: those that are not in the longest run that kept its order."""

from bisect import bisect_left
from collections.abc import Hashable, Sequence
from typing import TypeVar

Name = TypeVar("Name", bound=Hashable)


def moved(old: Sequence[Name], new: Sequence[Name]) -> frozenset[Name]:
    """Return the names that changed their place among those that both orders have, as few as can be."""
    place = {name: number for number, name in enumerate(old)}
    common = [name for name in new if name in place]
    ends: list[int] = []
    runs: list[int] = []  # for each name, how long the longest kept run is that ends with it
    for name in common:
        at = bisect_left(ends, place[name])
        ends[at : at + 1] = [place[name]]
        runs.append(at + 1)
    kept: set[Name] = set()
    wanted = len(ends)
    for name, length in zip(reversed(common), reversed(runs), strict=True):
        if length == wanted:
            kept.add(name)
            wanted -= 1
    return frozenset(common) - kept
