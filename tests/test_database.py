"""The database as every part of the desk uses it."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.database import Database
from storage.migrate import migrate


@pytest.fixture
async def on_file(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'desk.db'}")
    await migrate(database)
    yield database
    await database.close()


def is_locked(path: Path) -> bool:
    other = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return True
    finally:
        other.close()
    return False


async def test_a_task_cancelled_at_any_moment_leaves_no_lock_behind(
    on_file: Database, tmp_path: Path
) -> None:
    async def count(name: str) -> None:
        async with on_file.transaction() as session:
            for step in range(3):
                added = text("INSERT INTO counters (name, value) VALUES (:name, 1) RETURNING name")
                (await session.execute(added, {"name": f"{name} {step}"})).all()

    await count("warm")
    begun = time.monotonic()
    await count("whole")
    took = time.monotonic() - begun

    tracebacks = []  # a logger, a debugger or a cycle keeps them as well
    for moment in range(40):
        task = asyncio.create_task(count(f"moment {moment}"))
        await asyncio.sleep(took * moment / 40)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError as cancelled:
            tracebacks.append(cancelled)
        async with asyncio.timeout(10):
            while is_locked(tmp_path / "desk.db"):
                await asyncio.sleep(0.01)

    assert tracebacks
