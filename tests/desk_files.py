"""SQLite files of desks without an engine, opened by databases that serve one test after another.

A new `Database` has every statement to compile again, and a new file every migration to run; together
that was a third of such a test. So a file is a copy of a migrated one, and a database goes from file to
file: its address is a link, set to another file while nobody is connected. SQLite follows the link, so
that other processes find file and journal where the config says.
"""

import functools
import shutil
import tempfile
from pathlib import Path

from sqlalchemy import make_url

from storage.database import Database
from storage.migrate import migrate

_free: list[Database] = []


async def open_database(url: str) -> Database:
    """Return a database with current tables at this address; an SQLite file that is missing is made.

    A file that is there was made by another process; this one may be killed, and leaves no link behind.
    """
    address = make_url(url)
    file = Path(address.database or "")
    if address.get_backend_name() != "sqlite" or file.exists():
        database = Database(url)
        await migrate(database)
        return database
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(await _migrated_file(), file)
    database = _free.pop() if _free else _new_database()
    _link(database).unlink(missing_ok=True)
    _link(database).symlink_to(file.resolve())
    return database


async def close_database(database: Database) -> None:
    """Let the file go; the database will open another."""
    await database.close()
    if _link(database).is_symlink() and database not in _free:
        _free.append(database)


async def _migrated_file() -> Path:
    file = Path(_folder().name) / "migrated.db"
    if not file.exists():
        database = Database(f"sqlite:///{file}")
        await migrate(database)
        await database.close()
    return file


def _new_database() -> Database:
    return Database(f"sqlite:///{tempfile.mkdtemp(dir=_folder().name)}/link.db")


def _link(database: Database) -> Path:
    return Path(database.url.database or "")


@functools.cache
def _folder() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="desk-files-")
