"""The database: whether it answers, whether its tables are current, and what waits for somebody in it."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from bot.doctor.finding import Check, Finding
from bot.doctor.visit import Visit, failed
from storage.database import Database
from storage.failures import DatabaseFailure
from storage.health import database_time, moved_rooms, newest_event_at
from storage.inbox import failed_events
from storage.migrate import is_current

AREA = "database"
_REACHED = Check(AREA, "answers")
_TABLES = Check(AREA, "tables")
_EVENTS = Check(AREA, "events")
_SPACE = Check(AREA, "disk")
_TOO_LITTLE, _LITTLE = 100_000_000, 1_000_000_000  # bytes; a desk writes some 20 MB a year


async def database_findings(visit: Visit) -> list[Finding]:
    """Look at the database. Nothing is written, and no lock taken, so that a newsroom may run on it."""
    database = Database(visit.config.newsroom.database)
    try:
        return await _findings(visit, database)
    finally:
        await database.close()


async def _findings(visit: Visit, database: Database) -> list[Finding]:
    file = Path(database.url.database or "") if database.is_sqlite else None
    if file is not None and not file.exists():
        return [
            _REACHED.warning(f"there is no {file} yet", "Make it, or let the first start do it: " + _INIT)
        ]
    found = await visit.look(_REACHED, lambda: _answers(database))
    if failed(found):
        return found
    found += await visit.look(_TABLES, lambda: _tables(database))
    if not failed(found):
        found += await visit.look(_EVENTS, lambda: _events(visit, database))
    if file is not None:
        found.append(space_finding(file.parent, shutil.disk_usage(file.parent).free))
    return found


async def _answers(database: Database) -> Sequence[Finding]:
    where = f"SQLite, {database.url.database}" if database.is_sqlite else _server(database)
    try:
        await database.check()
    except DatabaseFailure as failure:
        return [
            _REACHED.wrong(
                f"{where}: {_reason(failure)}", _WHEN_SQLITE if database.is_sqlite else _WHEN_SERVER
            )
        ]
    return [_REACHED.fine(where)]


def _server(database: Database) -> str:
    return f"PostgreSQL, {database.url.database} at {database.url.host or 'this machine'}"


def _reason(failure: DatabaseFailure) -> str:
    lines = str(getattr(failure, "orig", None) or type(failure).__name__).strip().splitlines()
    return lines[0] if lines else "no answer"


async def _tables(database: Database) -> Sequence[Finding]:
    if await is_current(database):
        return [_TABLES.fine("those of this release")]
    cure = "Bring them up to date, or let the next start do it: python -m bot migrate"
    return [_TABLES.wrong("they are not those of this release", cure)]


async def _events(visit: Visit, database: Database) -> Sequence[Finding]:
    """Count what failed; and note what the other checks can use: where rooms moved, what time it is there."""
    async with database.reading() as session:
        failures = await failed_events(session, visit.config.desk.name)
        visit.chats.update({state.room: state.chat or "" for state in await moved_rooms(session)})
        if (theirs := await database_time(session)) is not None:
            visit.times.hear_time("the database", theirs, visit.clock())
        elif (newest := await newest_event_at(session)) is not None:
            visit.times.newest_event = newest
    if not failures:
        return [_EVENTS.fine("none has failed")]
    references = ", ".join(event.failure or "?" for event in failures[-5:])
    return [
        _EVENTS.warning(
            f"{len(failures)} failed; look for {references} in the log",
            "When the cause is mended, let them take effect: python -m bot retry-failed",
        )
    ]


def space_finding(folder: Path, free: int) -> Finding:
    """Judge the bytes that are free on the disk of the database."""
    said = f"{free / 1e9:.1f} GB free in {folder}"
    if free < _TOO_LITTLE:
        return _SPACE.wrong(said, f"Make room now, or nothing can be stored: {_MAKE_ROOM}")
    if free < _LITTLE:
        return _SPACE.warning(said, f"Make room: {_MAKE_ROOM}")
    return _SPACE.fine(said)


_INIT = "python -m bot init"
_MAKE_ROOM = "du -xh / 2>/dev/null | sort -h | tail -20 shows what takes it."
_WHEN_SQLITE = (
    "Look whether newsroom.database names the right file and this account may write there; "
    "docs/how-to/back-up-and-restore.md says how to go back to a copy."
)
_WHEN_SERVER = (
    "Look whether the server runs (pg_isready), and whether newsroom.database has the right host, name, "
    "user and password; docs/how-to/use-postgresql.md shows them."
)
