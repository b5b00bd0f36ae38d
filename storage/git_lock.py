"""One writer at a time in a repository of ours, and the lock files that killed git programs left."""

import asyncio
import fcntl
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from storage.repo_errors import RepoBusyError

LOCK_NAME = "copydesk.flock"
LIVE_SECONDS = 2.0
"""No git holds a ref longer than this; a lock that is older was left by one that was killed."""


@asynccontextmanager
async def only_writer(directory: Path, *, patience: float) -> AsyncIterator[int]:
    """Hold the repository's flock, and give its descriptor; every writer of ours takes it first.

    Raises `RepoBusyError` after `patience` seconds. The descriptor is meant to be inherited by git: if we are
    killed, the lock stays taken until the git that we started has ended too. Otherwise it is given back for
    all who inherited it: a daemon that a hook has started may live for ever.
    """
    descriptor = os.open(directory / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        async with asyncio.timeout(patience):
            while not _taken(descriptor):  # noqa: ASYNC110
                await asyncio.sleep(0.02)  # flock has no event to wait for
    except TimeoutError:
        os.close(descriptor)
        raise RepoBusyError from None
    except BaseException:
        os.close(descriptor)
        raise
    try:
        yield descriptor
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def sweep_locks(directory: Path, *, older_than: float) -> None:
    """Remove git's lock files that are older than so many seconds, and crash notes of fast-import.

    In a cache nobody else writes, so 0 is right under the flock. Where other people push, use `LIVE_SECONDS`.
    """
    latest = time.time() - older_than
    for lock in _leftovers(directory):
        with suppress(FileNotFoundError):
            if older_than == 0 or lock.stat().st_mtime < latest:
                lock.unlink()


def _leftovers(directory: Path) -> Iterator[Path]:
    yield from directory.glob("*.lock")
    yield from (directory / "refs").rglob("*.lock")
    yield from directory.glob("fast_import_crash_*")
