"""Time from process start to ready; memory of the whole process tree, idle and while 300 pages are read."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.desk import drop, running_desk, write_config
from benchmarks.figure import Figure, figure
from benchmarks.pages import pages
from benchmarks.site import serving
from bot.config import load_config
from tests.newsroom_process import NewsroomProcess

_STARTS = 3
_LOOK = 0.1  # seconds between looks at the memory


async def figures() -> AsyncIterator[Figure]:
    """Measure starts and memory."""
    with TemporaryDirectory(prefix="copydesk-measured-") as name:
        times = await _start_times(Path(name))
    yield figure("first start to ready", times[0], "s")
    yield figure("later start to ready, median", statistics.median(times[1:]), "s")
    async for found in _memory():
        yield found


async def _start_times(folder: Path) -> list[float]:
    path = write_config(folder, "site.invalid")
    process = NewsroomProcess(path, address=load_config(path).web.address, log=folder / "newsroom.log")
    times = []
    for _ in range(1 + _STARTS):
        begun = time.perf_counter()
        await process.start()
        await process.ready()
        times.append(time.perf_counter() - begun)
        await process.stop()
    return times


async def _memory() -> AsyncIterator[Figure]:
    async with serving() as host, running_desk(host) as desk:
        await asyncio.sleep(2)
        yield figure("memory, idle, nothing read yet", megabytes(desk.process.tree()), "MB")
        ada = await desk.person("Ada")
        urls = [f"http://{host}{path}" for path in pages()]
        await drop(ada, urls)
        peak = 0.0
        while not all(url in ada.card_at for url in urls):
            peak = max(peak, megabytes(desk.process.tree()))
            await asyncio.sleep(_LOOK)
        yield figure("memory, highest while 300 pages are read", peak, "MB")
        await asyncio.sleep(2)
        yield figure("memory, idle after 300 pages", megabytes(desk.process.tree()), "MB")


def megabytes(processes: list[int]) -> float:
    """Add the proportional shares, so that pages which processes share count once."""
    return sum(map(_share, processes)) / 1000


def _share(process: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
