"""The database: SQLite by default, PostgreSQL by changing one URL.

Measured choices (SQLAlchemy 2.1 on both): on SQLite one writing connection with BEGIN IMMEDIATE keeps the
tail short, readers have connections of their own, and synchronous=FULL loses no acknowledged commit.
"""

import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event, make_url, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

_LOCK_PATIENCE = 30_000  # milliseconds a connection waits for another process's write lock
_SQLITE = "sqlite"
_PASSING_SQLITE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}
_PASSING_POSTGRES = re.compile("08|40|53|55P03|57P|58")
"""SQLSTATEs: connection, rollback (deadlock, serialisation), resources, lock, shutdown, the system's own."""


Session = AsyncSession
"""A transaction, or a session for questions; what the functions of this package take."""


class Database:
    """Where the desk's memory is kept; opens transactions for those who change and those who ask."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == _SQLITE
        self._writer = _engine(self.url, writes=True)
        self._reader = _engine(self.url, writes=False) if self.is_sqlite else self._writer
        self._writing = async_sessionmaker(self._writer, expire_on_commit=False)
        self._reading = async_sessionmaker(self._reader, expire_on_commit=False)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """Open a transaction that changes something; it commits at the end, or rolls back on an error."""
        async with self._writing.begin() as session:
            yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """Open a session for questions only; on SQLite it never waits for a writer."""
        async with self._reading() as session:
            yield session

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        """Open a bare connection in a transaction, for migrations."""
        async with self._writer.begin() as connection:
            yield connection

    async def lasting_connection(self) -> AsyncConnection:
        """Return a connection outside any transaction, for what lasts as long as it does; close it."""
        connection = await self._writer.connect()
        return await connection.execution_options(isolation_level="AUTOCOMMIT")

    async def check(self) -> None:
        """Ask the database for a sign of life; raise its error where there is none."""
        async with self.reading() as session:
            await session.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Close every connection."""
        await self._writer.dispose()
        if self._reader is not self._writer:
            await self._reader.dispose()


def is_passing(error: BaseException) -> bool:
    """Tell whether an error comes from where the database is, not from what was asked of it.

    A lost connection, a lock, a deadlock, a shutdown, a full disk or pool may be gone a moment later; a
    statement that is too complex never will be, though the drivers call both operational.
    """
    if not isinstance(error, DBAPIError):
        return isinstance(error, PoolTimeoutError)
    if isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorcode", 0)  # none where the driver itself refused
        return code & 0xFF in _PASSING_SQLITE  # the low byte; the rest says more of the same
    state = getattr(error.orig, "sqlstate", None)
    if state is None or error.connection_invalidated:
        return isinstance(error, OperationalError | InterfaceError)  # no answer from a server at all
    return bool(_PASSING_POSTGRES.match(state))


def _engine(url: URL, *, writes: bool) -> AsyncEngine:
    if url.get_backend_name() != _SQLITE:
        return create_async_engine(
            url.set(drivername="postgresql+psycopg"), isolation_level="READ COMMITTED", pool_pre_ping=True
        )
    Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
    pool: dict[str, Any] = {"pool_size": 1, "max_overflow": 0} if writes else {"pool_size": 4}
    engine = create_async_engine(
        url.set(drivername="sqlite+aiosqlite"),
        pool_timeout=120,
        connect_args={"factory": _LettingGo},
        **pool,
    )
    _prepare_connections(engine, "IMMEDIATE" if writes else "DEFERRED")
    return engine


class _LettingGo(sqlite3.Connection):
    """A connection that gives its locks back when it is closed.

    SQLite keeps a closed connection, with its transaction, for as long as a statement of it is alive. That of
    a task cancelled between asking and fetching is, until the garbage collector finds the task's traceback.
    """

    def close(self) -> None:
        """Roll back what is open, then close."""
        with suppress(sqlite3.Error):  # closed already, or broken: nothing is left to give back
            if self.in_transaction:
                self.rollback()
        super().close()


def _prepare_connections(engine: AsyncEngine, begin: str) -> None:
    """Begin transactions ourselves: the driver's own begin comes too late to be IMMEDIATE."""

    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={_LOCK_PATIENCE}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: Any) -> None:
        connection.exec_driver_sql(f"BEGIN {begin}")
