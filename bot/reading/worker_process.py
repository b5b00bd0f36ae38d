"""What runs inside a worker process: read one page after another, within hard limits."""

import resource
import signal
from dataclasses import dataclass
from multiprocessing.connection import Connection

from bot.reading.article import Reading
from bot.reading.page import Page
from bot.reading.page_reader import read_page
from bot.reading.verdict import Verdict

READY = "ready"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a process may use: wall seconds a page, bytes of address; and how long a summary it writes."""

    seconds: float
    memory: int
    summary_characters: int


def serve(pipe: "Connection[Reading | str, Page]", bounds: Bounds) -> None:
    """Answer pages until the parent closes the pipe, or dies.

    The parent kills a process that takes too long. Should the parent die first, the kernel does: each page
    gets its own bound of processor time.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the parent decides
    resource.setrlimit(resource.RLIMIT_AS, (bounds.memory, bounds.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    pipe.send(READY)
    while True:
        try:
            page = pipe.recv()
        except (EOFError, OSError):
            return
        _bound_processor_time(bounds.seconds)
        pipe.send(_read(page, bounds.summary_characters))


def _bound_processor_time(seconds: float) -> None:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    until = int(usage.ru_utime + usage.ru_stime + seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


def _read(page: Page, summary_characters: int) -> Reading:
    try:
        return read_page(page, summary_characters=summary_characters)
    except MemoryError:  # raised again while `read_page` was reporting the first one
        return Reading(Verdict.UNREADABLE, "out-of-memory")
