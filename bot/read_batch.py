"""Reading many pages that a manifest names, with every core, in the manifest's order."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.json_lines import in_order, json_lines
from bot.reading.article import Reading
from bot.reading.fetch import Fetcher, FetchFailedError
from bot.reading.link import NotALinkError, link
from bot.reading.sources import page_to_read
from bot.reading.verdict import Reason, Verdict
from bot.reading.workers import ReadingWorkers

_AHEAD = 32
"""Pages begun for each process beyond the one whose line is due, so that a slow one holds up nobody."""
_FETCHES = 16
"""Pages fetched at the same time."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line of a manifest: an address, and the file that holds its page; None where it is to be fetched."""

    url: str
    file: Path | None


async def read_batch(
    manifest: Path, *, processes: int | None = None, fetcher: Fetcher | None = None
) -> AsyncIterator[tuple[str, Reading]]:
    """Yield the address and the reading of each of a manifest's lines, in order.

    A line is an object with "url" and, for a page that is not to be fetched, "html_file", relative to the
    manifest. One that cannot be read is a reading too. Only some pages are held at a time, however many lines
    there are. Raises DeskError where the manifest itself cannot be read.
    """
    processes = processes or cores()
    batch = _Batch(ReadingWorkers(processes=processes), fetcher or Fetcher())
    try:
        async for read in in_order(_wanted(manifest), batch.answer, ahead=_AHEAD * processes):
            yield read
    finally:
        await batch.close()


async def read_one(wanted: Wanted) -> Reading:
    """Read a single page, in a process of its own."""
    batch = _Batch(ReadingWorkers(processes=1), Fetcher())
    try:
        return await batch.read(wanted)
    finally:
        await batch.close()


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _wanted(manifest: Path) -> Iterator[Wanted]:
    return (wanted_in(line.fields or {}, manifest.parent) for line in json_lines(manifest))


def wanted_in(fields: Mapping[str, Any], folder: Path) -> Wanted:
    """Return what a manifest's line asks for; without an address where it is not such a line."""
    url, file = fields.get("url"), fields.get("html_file")
    if not isinstance(url, str) or not (file is None or isinstance(file, str)):
        return Wanted("", None)
    return Wanted(url, folder / file if file else None)


class _Batch:
    """What reads a manifest's pages."""

    def __init__(self, workers: ReadingWorkers, fetcher: Fetcher) -> None:
        self._workers = workers
        self._fetcher = fetcher
        self._fetching = asyncio.Semaphore(_FETCHES)

    async def answer(self, wanted: Wanted) -> tuple[str, Reading]:
        """Read a page, and name its address beside what was read."""
        return wanted.url, await self.read(wanted)

    async def read(self, wanted: Wanted) -> Reading:
        """Read a page from its file, or from the net."""
        if not wanted.url:
            return Reading(Verdict.UNREADABLE, Reason.BAD_LINE)
        try:
            url = link(wanted.url).url
        except NotALinkError:
            return Reading(Verdict.UNREADABLE, Reason.NOT_A_WEB_ADDRESS)
        if wanted.file is not None:
            return await self._workers.read_file(url, str(wanted.file))
        try:
            async with self._fetching:
                page = await self._fetcher.fetch(page_to_read(url))
        except FetchFailedError as failed:
            return Reading(failed.verdict, failed.reason)
        return await self._workers.read(page)

    async def close(self) -> None:
        """Kill the processes, and close the connections."""
        await self._workers.close()
        await self._fetcher.close()
