"""Processes that read pages and do other heavy work, and can be killed.

A thread that a hostile page has caught cannot be stopped, nor its memory bounded; a process can. The threads
here only wait at the pipes.
"""

import asyncio
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from queue import SimpleQueue
from typing import Any, TypeVar

from bot.reading.article import Reading
from bot.reading.page import Page
from bot.reading.page_file import read_page_file
from bot.reading.page_reader import read_page
from bot.reading.summary import SUMMARY_CHARACTERS
from bot.reading.verdict import Reason, Verdict
from bot.reading.worker_process import READY, Bounds, Failed, Job, serve

_START_SECONDS = 60.0
"""To start a process on a busy machine; 0.01 s when the fork server has loaded the reader, 1 s before."""
_MOST_JOBS = 500
"""After so many a process is replaced: the parsers' memory grows with what they have seen, and is bounded."""
_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")
"""Else numpy's and scikit-learn's libraries start a thread for each core, each with its own address space: on
a large machine they alone pass the bound on memory."""
_Result = TypeVar("_Result")


class WorkFailedError(Exception):
    """A job came to nothing: "too-slow", "crashed" (its process died), or the name of what it raised."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


_ENDINGS = {
    "too-slow": Reading(Verdict.TOO_SLOW, Reason.READING_TIME),
    "crashed": Reading(Verdict.UNREADABLE, Reason.READER_CRASHED),
    "MemoryError": Reading(Verdict.UNREADABLE, Reason.OUT_OF_MEMORY),
}


class ReadingWorkers:
    """A fixed number of processes, each doing one job at a time."""

    def __init__(
        self,
        *,
        processes: int = 2,
        seconds: float = 20.0,
        memory: int = 1_500_000_000,
        summary_characters: int = SUMMARY_CHARACTERS,
    ) -> None:
        """Set the bounds; nothing starts before the first job.

        `seconds` is the wall time of one page from its hand-over; `memory`, a process's bytes of address;
        `summary_characters`, the length of a draft summary in Chinese.
        """
        self._seconds, self._summary_characters = seconds, summary_characters
        for variable in _ONE_THREAD:
            os.environ.setdefault(variable, "1")  # the fork server and its processes inherit it
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["bot.reading.worker_process"])
        self._workers = [_Worker(self._context, Bounds(seconds, memory)) for _ in range(processes)]
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        for worker in self._workers:
            self._idle.put(worker)
        self._threads = ThreadPoolExecutor(processes, thread_name_prefix="reading")
        self._closed = False

    async def read(self, page: Page) -> Reading:
        """Read a page, while others go on.

        TOO_SLOW is the verdict past the time, UNREADABLE where the page broke its process.
        """
        return await self._reading(read_page, page)

    async def read_file(self, url: str, file: str) -> Reading:
        """Read the page of an address out of a file, with the same bounds."""
        return await self._reading(read_page_file, url, file)

    async def _reading(self, function: Callable[..., Reading], *what: Any) -> Reading:
        try:
            return await self.do(function, *what, self._summary_characters)
        except WorkFailedError as failed:
            return _ENDINGS.get(failed.reason, _ENDINGS["crashed"])

    async def do(
        self, function: Callable[..., _Result], *arguments: Any, seconds: float | None = None
    ) -> _Result:
        """Call a function of a module's top level in a process; `seconds` of wall time, if not a page's.

        Raises WorkFailedError. What goes in and comes out is pickled.
        """
        if self._closed:
            raise WorkFailedError("crashed")
        job = Job(function, arguments, seconds or self._seconds)
        answer = await asyncio.get_running_loop().run_in_executor(self._threads, self._do, job)
        if isinstance(answer, Failed):
            raise WorkFailedError(answer.error)
        result: _Result = answer
        return result

    def _do(self, job: Job) -> Any:
        worker = self._idle.get()  # never waits: there are as many threads as workers
        try:
            return worker.do(job)
        finally:
            self._idle.put(worker)

    async def close(self) -> None:
        """Kill the processes. A page that is being read ends as UNREADABLE, as does one that comes later."""
        self._closed = True
        for worker in self._workers:
            worker.retire()
        await asyncio.to_thread(self._threads.shutdown, cancel_futures=True)


class _Worker:
    """One process, started when it is needed and again after it was killed."""

    def __init__(self, context: ForkServerContext, bounds: Bounds) -> None:
        self._context = context
        self._bounds = bounds
        self._process: ForkServerProcess | None = None
        self._pipe: Connection[Job, Any] | None = None
        self._retired = False
        self._jobs = 0

    def do(self, job: Job) -> Any:
        try:
            return self._ask(job)
        except (EOFError, OSError):
            self.kill()
            return Failed("crashed")

    def _ask(self, job: Job) -> Any:
        if self._jobs >= _MOST_JOBS:
            self.kill()
        pipe = self._pipe or self._start()
        self._jobs += 1
        pipe.send(job)
        if not pipe.poll(job.seconds):
            self.kill()
            return Failed("too-slow")
        answer = pipe.recv()
        broken = isinstance(answer, Failed) or (
            isinstance(answer, Reading) and answer.verdict is Verdict.UNREADABLE
        )
        if broken:
            self.kill()  # what broke the reader may have left its memory full
        return answer

    def _start(self) -> "Connection[Job, Any]":
        if self._retired:
            raise EOFError
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=serve, args=(theirs, self._bounds), name="reading", daemon=True
        )
        process.start()
        theirs.close()
        self._process = process  # not before it runs: it may be retired meanwhile
        if self._retired or not ours.poll(_START_SECONDS) or ours.recv() != READY:
            raise EOFError
        self._pipe, self._jobs = ours, 0
        return ours

    def kill(self) -> None:
        """End the process at once."""
        process, self._process = self._process, None
        pipe, self._pipe = self._pipe, None
        if process is not None:
            process.kill()
            process.join()
        if pipe is not None:
            pipe.close()

    def retire(self) -> None:
        """End the process for good; called from another thread than the one that may be waiting for it."""
        self._retired = True
        process = self._process
        if process is not None:
            process.kill()
