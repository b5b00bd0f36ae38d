"""The newsroom as an operator starts it: a process of its own, which can be killed at any moment."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import aiohttp

PROJECT = Path(__file__).parents[1]


class NotReadyError(Exception):
    """The newsroom did not answer in time."""


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class NewsroomProcess:
    """Runs `python -m bot run`, again and again, each time in a session of its own; stderr goes to `log`."""

    def __init__(
        self, config: Path, *, address: str, log: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self.address, self.config, self._log = address, config, log
        self._environment = {**os.environ, **(environment or {})}
        self._process: asyncio.subprocess.Process | None = None
        self._sessions: list[int] = []

    @property
    def pid(self) -> int:
        """The running process."""
        if self._process is None:
            raise NotReadyError("the newsroom was not started")
        return self._process.pid

    async def start(self) -> None:
        """Start the process; it is not ready yet."""
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run", "--quiet", "--config", str(self.config)),
                cwd=PROJECT,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=log,
                env=self._environment,
                start_new_session=True,
            )
        self._sessions.append(self._process.pid)

    async def ready(self, patience: float = 60.0) -> None:
        """Wait until the room answers; raises NotReadyError after `patience` seconds, or where it ended."""
        timeout = aiohttp.ClientTimeout(total=5)
        try:
            async with asyncio.timeout(patience), aiohttp.ClientSession(timeout=timeout) as http:
                while not await self._answers(http):
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise NotReadyError(f"not ready after {patience:g} s:\n{self.said()}") from None

    async def _answers(self, http: aiohttp.ClientSession) -> bool:
        if self._process is None or self._process.returncode is not None:
            raise NotReadyError(f"the newsroom ended:\n{self.said()}")
        with suppress(aiohttp.ClientError, TimeoutError):
            async with http.get(self.address, allow_redirects=False) as answer:
                return answer.status < 500
        return False

    async def kill(self) -> None:
        """End the process at once, and nothing but it: what it has started is left to itself."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
            await self._process.wait()

    async def stop(self) -> int:
        """Ask the process to close, as an operator does; return its exit status."""
        if self._process is None:
            raise NotReadyError("the newsroom was not started")
        with suppress(ProcessLookupError):
            self._process.terminate()
        return await self._process.wait()

    def said(self) -> str:
        """Return the end of what the process wrote."""
        return self._log.read_text(errors="replace")[-4000:] if self._log.exists() else ""

    def tree(self) -> list[int]:
        """Return the processes of the running newsroom: itself and what reads pages for it."""
        return _processes_of({self.pid})

    async def orphans(self, patience: float = 10.0) -> list[int]:
        """Return what still runs of any newsroom started here, after at most `patience` seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while _processes_of(set(self._sessions)):
                    await asyncio.sleep(0.05)
        return _processes_of(set(self._sessions))


def _processes_of(sessions: set[int]) -> list[int]:
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        with suppress(OSError):
            if (
                os.getsid(int(folder.name)) in sessions
                and "\nState:\tZ" not in (folder / "status").read_text()
            ):
                found.append(int(folder.name))
    return sorted(found)
