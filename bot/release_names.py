"""What a released issue's file is called, and what moves with it."""

import re
from pathlib import PurePosixPath

from renderers.layout import Layout
from storage.newsletter_repo import Snapshot

_PLACEHOLDER = re.compile(r"\d{4}-\d{2}-[xX]{2}")


def final_path(path: str, layout: Layout, date: str) -> str:
    """Return a draft's path under its final ISO date, in the folder where people have it.

    A name by the layout's pattern keeps the words that people gave it; another becomes the layout's own.
    """
    day = layout.date_in(path)
    placeholder = _PLACEHOLDER.search(path)
    for known in (day, placeholder and placeholder.group()):
        if known and layout.date_in(named := _with_date(path, known, date)) == date:
            return named
    final = layout.path(date)
    return final if "/" in layout.file else str(PurePosixPath(path).with_name(PurePosixPath(final).name))


def _with_date(path: str, known: str, date: str) -> str:
    before, _, behind = path.rpartition(known)
    return f"{before}{date}{behind}"


async def moved_along(snapshot: Snapshot, layout: Layout, path: str, target: str) -> dict[str, bytes | None]:
    """Return what changes beside the new file: the old one goes, what else is in its own folder moves."""
    here, there = (str(PurePosixPath(one).parent) for one in (path, target))
    changed: dict[str, bytes | None] = {} if path == target else {path: None}
    if here == there or "/" not in layout.file:
        return changed
    for one in await _below(snapshot, here):
        if one != path:
            changed |= {one: None, f"{there}{one.removeprefix(here)}": await snapshot.read(one)}
    return changed


async def _below(snapshot: Snapshot, folder: str) -> list[str]:
    """Return the files in a folder and in those below it."""
    lines = await snapshot.tree([f"{folder}/"])
    found = [line.path for line in lines if line.kind == "blob"]
    for line in lines:
        if line.kind == "tree":
            found += await _below(snapshot, line.path)
    return found
