"""One process lets events take effect and speaks for a desk: on PostgreSQL, where others may try, by a lock.

It is the server's own: it goes with the connection, and so with the process, however that ends.
"""

import asyncio
import time
from zlib import crc32

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database

_CLASS = 0x436F7079  # "Copy": keeps our locks apart from those of others in the same database
_LOOK = 0.5  # seconds between tries
PATIENCE = 10.0
"""Seconds: a process that was killed a moment ago may still hold the desk."""


class DeskTakenError(Exception):
    """Another process serves this desk."""


class DeskLock:
    """Holds a desk until `close`."""

    def __init__(self, database: Database, desk: str, *, patience: float) -> None:
        self._database, self._patience = database, patience
        self._number = crc32(desk.encode()) - 2**31  # as PostgreSQL's signed integer
        self._connection: AsyncConnection | None = None

    async def take(self) -> None:
        """Take the desk; raises DeskTakenError where another process holds it for `patience` seconds more.

        On SQLite a lock on the state folder keeps every second process out, and nothing is done here.
        """
        if self._database.is_sqlite:
            return
        self._connection = await self._database.lasting_connection()
        deadline = time.monotonic() + self._patience
        question = text("SELECT pg_try_advisory_lock(:class, :number)")
        while not await self._connection.scalar(question, {"class": _CLASS, "number": self._number}):
            if time.monotonic() > deadline:
                await self.close()
                raise DeskTakenError
            await asyncio.sleep(_LOOK)

    async def close(self) -> None:
        """Let another process have the desk."""
        if self._connection is not None:
            await self._connection.invalidate()  # a connection that went back to the pool would keep the lock
            await self._connection.close()
            self._connection = None
