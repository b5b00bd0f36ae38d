"""The same 300 pages through the desk and through a bare pool of two processes, side by side."""

import multiprocessing
import time
from collections.abc import AsyncIterator
from concurrent.futures import ProcessPoolExecutor

import trafilatura

from benchmarks.desk import drop, running_desk
from benchmarks.figure import Figure, figure
from benchmarks.pages import pages
from benchmarks.site import serving
from bot.reading.article import article_from_text
from bot.reading.summary import draft_summary

_PROCESSES = 2  # as many as the desk reads with


async def figures() -> AsyncIterator[Figure]:
    """Measure both and the ratio."""
    desk = await through_the_desk()
    yield figure("300 pages through the desk", desk, "s")
    bare = through_a_bare_pool()
    yield figure("300 pages through a bare pool", bare, "s")
    yield figure("desk to bare pool", desk / bare, "×")


async def through_the_desk() -> float:
    """Return the seconds from the first message to the last card; the readers are warm."""
    async with serving() as host, running_desk(host) as desk:
        ada = await desk.person("Ada")
        warm = [f"http://{host}/x{path}" for path in list(pages())[:_PROCESSES]]
        await drop(ada, warm)
        await ada.see_cards(warm)
        urls = [f"http://{host}{path}" for path in pages()]
        begun = time.perf_counter()
        await drop(ada, urls)
        return await ada.see_cards(urls) - begun


def through_a_bare_pool() -> float:
    """Return the seconds for the same bytes with nothing around them; the processes are warm."""
    with ProcessPoolExecutor(_PROCESSES, mp_context=multiprocessing.get_context("spawn")) as pool:
        known = [(f"http://site.test{path}", body) for path, body in pages().items()]
        list(pool.map(_read, known[: 2 * _PROCESSES]))
        begun = time.perf_counter()
        read = list(pool.map(_read, known))
        spent = time.perf_counter() - begun
    assert all(read), "a page gave no summary"
    return spent


def _read(page: tuple[str, bytes]) -> str:
    url, body = page
    found = trafilatura.bare_extraction(body, url=url, with_metadata=True)
    if found is None or isinstance(found, dict):
        return ""
    return draft_summary(article_from_text(url, found.title or "", found.text or "")).text
