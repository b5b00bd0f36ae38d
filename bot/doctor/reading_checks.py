"""The processes that read pages: whether one can be started and answers."""

from collections.abc import Sequence

from bot.doctor.finding import Check, Finding
from bot.doctor.visit import Visit
from bot.reading.page import Page
from bot.reading.verdict import Verdict
from bot.reading.workers import ReadingWorkers

AREA = "reading"
_WORKER = Check(AREA, "process")
_ADDRESS = "https://copydesk.invalid/"
_PAGE = (
    b"<html><head><title>A page</title></head><body><p>It is read, and nothing is fetched.</p></body></html>"
)


async def reading_findings(visit: Visit) -> list[Finding]:
    """Let a process of its own, with the config's bounds, read a page that lies here."""
    return await visit.look(_WORKER, lambda: _one_page(visit))


async def _one_page(visit: Visit) -> Sequence[Finding]:
    reading = visit.config.reading
    workers = ReadingWorkers(
        processes=1, seconds=min(reading.seconds, visit.seconds), memory=reading.memory_mb * 1_000_000
    )
    page = Page(
        url=_ADDRESS, final_url=_ADDRESS, status=200, content_type="text/html", charset="utf-8", body=_PAGE
    )
    try:
        verdict = (await workers.read(page)).verdict
    finally:
        await workers.close()
    if verdict in (Verdict.UNREADABLE, Verdict.TOO_SLOW):
        return [_WORKER.wrong("a process that reads pages does not work", _CURE)]
    return [_WORKER.fine("one was started, and has read a page")]


_CURE = (
    "Raise reading.memory_mb (1500 is usual), and look whether this account may start processes (ulimit -u) "
    "and the machine has memory left (free -m)."
)
