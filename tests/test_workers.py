"""Reading in processes: a hostile page is killed alone, and nothing outlives the newsroom."""

import asyncio
import importlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.reading.page import Page
from bot.reading.verdict import Verdict
from bot.reading.workers import ReadingWorkers, WorkFailedError

PAGES = Path(__file__).parent / "pages"
SECONDS = 3.0
MEMORY = 700_000_000


def page(body: bytes) -> Page:
    url = "https://a.test/x"
    return Page(url=url, final_url=url, status=200, content_type="text/html", charset=None, body=body)


def good_page() -> Page:
    return page((PAGES / "blog_english.html").read_bytes())


def attribute_bomb() -> Page:
    """Parsing is quadratic in attributes: these take minutes. "<" between them makes the tag look short."""
    attributes = b" ".join(b'a%d="%s"' % (number, b"" if number % 500 else b"<") for number in range(100_000))
    return page(b"<html><body><p " + attributes + b">x</p></body></html>")


def memory_bomb() -> Page:
    """One character beyond the basic plane makes Python spend four bytes on each of ten million."""
    return page(
        "<html><body><article><p>😀{}</p></article></body></html>".format("many words " * 900_000).encode()
    )


@pytest.fixture
async def workers() -> AsyncIterator[ReadingWorkers]:
    workers = ReadingWorkers(processes=2, seconds=SECONDS, memory=MEMORY)
    yield workers
    await workers.close()


async def test_a_page_is_read_in_another_process(workers: ReadingWorkers) -> None:
    reading = await workers.read(good_page())

    assert reading.verdict is Verdict.FINE
    assert reading.summary is not None


async def test_a_page_that_burns_the_processor_is_killed_while_others_are_read(
    workers: ReadingWorkers,
) -> None:
    bombs = [asyncio.create_task(workers.read(attribute_bomb()))]

    others = await asyncio.gather(*(workers.read(good_page()) for _ in range(5)))
    after = [await bomb for bomb in bombs] + [await workers.read(good_page())]

    assert {reading.verdict for reading in others} == {Verdict.FINE}
    assert [reading.verdict for reading in after] == [Verdict.TOO_SLOW, Verdict.FINE]


async def test_a_page_that_eats_memory_ends_in_a_verdict_and_the_next_is_read(
    workers: ReadingWorkers,
) -> None:
    small = ReadingWorkers(processes=1, seconds=20, memory=260_000_000)

    bomb = await small.read(memory_bomb())
    after = await small.read(good_page())
    await small.close()

    assert bomb.verdict in (Verdict.UNREADABLE, Verdict.TOO_SLOW)
    assert after.verdict is Verdict.FINE


async def test_the_event_loop_goes_on_while_pages_are_read(workers: ReadingWorkers) -> None:
    reading = asyncio.create_task(workers.read(good_page()))
    turns = 0
    while not reading.done():
        await asyncio.sleep(0)
        turns += 1

    assert turns > 1


async def test_closing_does_not_wait_for_a_page_that_burns() -> None:
    workers = ReadingWorkers(processes=1, seconds=600, memory=MEMORY)
    await workers.read(good_page())
    burning = asyncio.create_task(workers.read(attribute_bomb()))
    await asyncio.sleep(0.2)

    await workers.close()

    assert (await burning).verdict is Verdict.UNREADABLE


async def test_a_process_that_dies_takes_one_page_with_it(workers: ReadingWorkers) -> None:
    with pytest.raises(WorkFailedError) as failed:
        await workers.do(os.abort)

    assert failed.value.reason == "crashed"
    assert (await workers.read(good_page())).verdict is Verdict.FINE


async def test_a_process_is_replaced_after_many_pages() -> None:
    workers = ReadingWorkers(processes=1, memory=MEMORY)
    processes = [await workers.do(os.getpid) for _ in range(501)]
    await workers.close()

    assert len(set(processes[:500])) == 1
    assert processes[500] != processes[0]


async def test_work_that_comes_after_the_closing_is_refused_as_work_under_way_is() -> None:
    """Anything else would be taken for a bug, and told on the story's card."""
    workers = ReadingWorkers(processes=1, seconds=SECONDS, memory=MEMORY)
    await workers.close()

    assert (await workers.read(good_page())).verdict is Verdict.UNREADABLE
    with pytest.raises(WorkFailedError):
        await workers.do(len, "words")


async def test_the_bound_on_memory_holds_with_every_library_loaded() -> None:
    workers = ReadingWorkers(processes=1, seconds=60)

    loaded = await workers.do(load_everything)
    with pytest.raises(WorkFailedError) as failed:
        await workers.do(bytearray, 2_000_000_000)
    await workers.close()

    assert loaded < 1_000_000_000
    assert failed.value.reason == "MemoryError"


def load_everything() -> int:
    """Import what jobs use, and return the bytes of address that this takes."""
    for library in ("sklearn.linear_model", "pypdf", "trafilatura", "numpy"):
        importlib.import_module(library)
    sizes = Path("/proc/self/statm").read_text().split()
    return int(sizes[0]) * os.sysconf("SC_PAGE_SIZE")


async def test_a_process_calculates_in_one_thread(workers: ReadingWorkers) -> None:
    assert await workers.do(threads_after_calculating) == 1


def threads_after_calculating() -> int:
    """Multiply matrices, and return how many threads this process has."""
    numpy = importlib.import_module("numpy")
    table = numpy.ones((500, 500))
    assert (table @ table)[0, 0] == 500
    return len(list(Path("/proc/self/task").iterdir()))


NEWSROOM = """
import asyncio, sys
from bot.reading.workers import ReadingWorkers
from tests.test_workers import attribute_bomb, good_page

async def main():
    workers = ReadingWorkers(processes=2, seconds=2, memory=700_000_000)
    await asyncio.gather(workers.read(good_page()), workers.read(good_page()))
    print(*(worker._process.pid for worker in workers._workers), flush=True)
    await workers.read(attribute_bomb())

if __name__ == "__main__":
    asyncio.run(main())
"""


def is_running(pid: int) -> bool:
    """Tell whether a process is there and no zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs Linux's /proc")
async def test_no_process_outlives_a_newsroom_that_was_killed() -> None:
    newsroom = subprocess.Popen(
        [sys.executable, "-c", NEWSROOM],
        cwd=Path(__file__).parents[1],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert newsroom.stdout is not None
    processes = [int(pid) for pid in (await asyncio.to_thread(newsroom.stdout.readline)).split()]
    assert len(set(processes)) == 2
    assert all(is_running(pid) for pid in processes)

    os.kill(newsroom.pid, signal.SIGKILL)
    newsroom.wait()
    newsroom.stdout.close()
    async with asyncio.timeout(30):
        while any(is_running(pid) for pid in processes):
            await asyncio.sleep(0.05)
