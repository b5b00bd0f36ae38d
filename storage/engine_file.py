"""Where the workflow engine keeps its tables: on SQLite a file beside the desk's, on PostgreSQL a schema."""

import sqlite3
import time
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, event

_SUBSECOND_CLOCK = (3, 42)  # SQLite's unixepoch('subsec') came with this; Debian 12 has 3.40


def engine_url(url: URL) -> str:
    """Return the address of the engine's tables."""
    if url.get_backend_name() != "sqlite":
        return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    name = str(url.database).removesuffix(".db") + "-jobs.db"
    return url.set(drivername="sqlite", database=name).render_as_string(hide_password=False)


def prepare_engine_file(url: URL) -> None:
    """Put the engine's SQLite file into WAL mode, which is a property of the file; nothing on PostgreSQL."""
    if url.get_backend_name() != "sqlite":
        return
    if sqlite3.sqlite_version_info < _SUBSECOND_CLOCK:
        _lend_clock()
    path = Path(str(url.database).removesuffix(".db") + "-jobs.db")
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()


@cache
def _lend_clock() -> None:
    """Give an old SQLite the function that the engine's tables use as a default."""

    @event.listens_for(Engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        if hasattr(connection, "create_function"):
            connection.create_function("unixepoch", -1, _unixepoch)


def _unixepoch(*kind: str) -> float | int:
    return time.time() if kind == ("subsec",) else int(time.time())
