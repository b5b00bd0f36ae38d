"""What runs inside a worker process: one job after another, within hard limits."""

import resource
import signal
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from bot.reading import page_file, page_reader  # loaded by the fork server: a new process has them at once

__all__ = ["READY", "Bounds", "Failed", "Job", "page_file", "page_reader", "serve"]

READY = "ready"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a process may use: wall seconds a job, bytes of address."""

    seconds: float
    memory: int


@dataclass(frozen=True, slots=True)
class Job:
    """A function of a module's top level, what it is called with, and the wall seconds it may take."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Failed:
    """What a job answers that raised: the exception's name. Its words may be a stranger's."""

    error: str


def serve(pipe: "Connection[Any, Job]", bounds: Bounds) -> None:
    """Answer jobs until the parent closes the pipe, or dies.

    The parent kills a process that takes too long. Should the parent die first, the kernel does: each job
    gets its own bound of processor time.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the parent decides
    resource.setrlimit(resource.RLIMIT_AS, (bounds.memory, bounds.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    pipe.send(READY)
    while True:
        try:
            job = pipe.recv()
        except (EOFError, OSError):
            return
        _bound_processor_time(job.seconds)
        pipe.send(_done(job))


def _bound_processor_time(seconds: float) -> None:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    until = int(usage.ru_utime + usage.ru_stime + seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


def _done(job: Job) -> Any:
    try:
        return job.function(*job.arguments)
    except Exception as error:  # what it raised may not be picklable, nor fit to be read out
        return Failed(type(error).__name__)
