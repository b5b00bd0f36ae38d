"""What a program prints, read as it comes: up to its own end, not to that of all that it has started.

A daemon that a hook or ssh leaves behind (`ControlPersist`) holds the pipe open for as long as it lives.
"""

import asyncio
import os

_GRACE = 0.5
"""Seconds in which what a program printed last may still arrive after it has ended."""


class Output(asyncio.Protocol):
    """What came through a pipe so far; with `ends` only so many of its first and of its last bytes."""

    def __init__(self, ends: int | None = None) -> None:
        """Begin with nothing."""
        self._ends = ends
        self._first, self._last = bytearray(), bytearray()
        self._lost = asyncio.Event()
        self._transport: asyncio.BaseTransport | None = None

    async def open(self) -> int:
        """Make the pipe; return its other end, to be handed to the program and then closed."""
        reading, writing = os.pipe()
        pipe = os.fdopen(reading, "rb", buffering=0)
        try:
            self._transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: self, pipe)
        except BaseException:
            pipe.close()
            os.close(writing)
            raise
        return writing

    def data_received(self, data: bytes) -> None:
        """Keep what came, as far as it is wanted."""
        room = len(data) if self._ends is None else max(0, self._ends - len(self._first))
        self._first += data[:room]
        self._last += data[room:]
        if self._ends is not None:
            del self._last[: -self._ends]

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that nobody holds the other end any more."""
        self._lost.set()

    async def read(self) -> bytes:
        """Return what the program has printed; to be called when it has ended, and waits a moment at most."""
        try:
            async with asyncio.timeout(_GRACE):
                await self._lost.wait()
        except TimeoutError:
            pass  # a daemon has it
        return bytes(self._first + self._last)

    def close(self) -> None:
        """Let go of the pipe."""
        if self._transport is not None:
            self._transport.close()
