"""A desk on a real database, and a room. Every test that asks for them runs on both databases."""

import asyncio
import itertools
import logging
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.config import Config, parse_config
from bot.desk import Desk
from bot.hearing import DeskSettings
from storage.all_records import Record
from storage.database import Database
from storage.migrate import migrate
from tests.fakes.room import FakeRoom
from tests.postgres import MISSING, PostgresServer, postgres_programs, postgres_server

LONGEST = ("test_storm.py", "test_three_rooms.py")
MEMORY = Path("/dev/shm")
ROOM = 2 * 2**30
"""Bytes: a whole run takes a fifth of it, and pytest keeps the folders of three."""
BOTH = ("sqlite", "postgresql")
SECTIONS = (
    ("news", "News", "⚡"),
    ("papers", "Papers", "🤓"),
    ("projects", "Projects", "👨‍💻"),
    ("posts", "Posts", "✍"),
)


def pytest_configure(config: pytest.Config) -> None:
    """Keep the folders of tests in memory where there is room and programs may be run.

    Every commit of a database or of git waits for the disk; no test cuts the power, so none needs one.
    """
    if "PYTEST_DEBUG_TEMPROOT" in os.environ or not MEMORY.is_dir():
        return
    found = os.statvfs(MEMORY)
    runs_programs = not found.f_flag & getattr(os, "ST_NOEXEC", 0)
    if found.f_bavail * found.f_frsize >= ROOM and runs_programs and os.access(MEMORY, os.W_OK):
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(MEMORY)  # pytest's own name for where its folders go


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with two of the longest files, so that no process waits for another at the end.

    The third, `test_nothing_lost.py`, stays in its place: beside the storm both take longer than one by one.
    """
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


@pytest.fixture(autouse=True)
def _no_log_goes_nowhere() -> None:
    """Take away what a command run by an earlier test has left: a log to a stream now closed."""
    for name in (None, "dbos"):
        logger = logging.getLogger(name)
        for handler in logger.handlers[:]:
            if isinstance(handler, logging.StreamHandler) and getattr(handler.stream, "closed", False):
                logger.removeHandler(handler)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    programs = postgres_programs()
    if programs is None:
        pytest.skip(MISSING)
    with postgres_server(programs) as server:
        yield server


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with current tables, to be copied: quicker than migrating."""
    path = tmp_path_factory.mktemp("template") / "desk.db"

    async def make() -> None:
        database = Database(f"sqlite:///{path}")
        await migrate(database)
        await database.close()

    asyncio.run(make())
    return path


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a new database with current tables: for tests that start whole newsrooms on it."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("migrated_file")
        shutil.copyfile(template, tmp_path / "desk.db")
        yield f"sqlite:///{tmp_path / 'desk.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.new_database()
    yield url
    server.drop(url)


@pytest.fixture(scope="session")
def sqlite_database(migrated_file: Path) -> Database:
    return Database(f"sqlite:///{migrated_file}")


@pytest.fixture(scope="session")
def postgresql_database(postgres: PostgresServer) -> Database:
    return Database(postgres.new_database())


@pytest.fixture(params=BOTH)
def shared_database(request: pytest.FixtureRequest) -> Database:
    shared: Database = request.getfixturevalue(f"{request.param}_database")
    return shared


@pytest.fixture
async def database(shared_database: Database) -> AsyncIterator[Database]:
    """A database with current tables, emptied after the test: what it has compiled serves the next one."""
    yield shared_database
    await _let_connections_close()
    async with shared_database.connection() as connection:
        for table in reversed(Record.metadata.sorted_tables):
            await connection.execute(table.delete())
    await shared_database.close()


async def _let_connections_close() -> None:
    """Wait for what closes connections whose users were cancelled: left open, they keep SQLite's lock."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    closing = [task for task in others if "_terminate" in getattr(task.get_coro(), "__qualname__", "")]
    if closing:
        await asyncio.wait(closing, timeout=10)


@pytest.fixture
def clock() -> Callable[[], datetime]:
    """A clock that goes on a second at each look."""
    ticks = itertools.count()
    return lambda: datetime(2020, 5, 13, 9, tzinfo=UTC) + timedelta(seconds=next(ticks))


@pytest.fixture
def language() -> str:
    """The language the bot speaks; a module or a test that wants Chinese overrides it."""
    return "en"


@pytest.fixture
def config(language: str) -> Config:
    return parse_config(
        {
            "newsroom": {"language": language, "timezone": "Asia/Shanghai"},
            "desk": {
                "name": "gazette",
                "sections": [{"key": key, "name": name, "emoji": emoji} for key, name, emoji in SECTIONS],
            },
            "newsletter": {"layout": "plain"},
        }
    )


@pytest.fixture
def desk(database: Database, config: Config, clock: Callable[[], datetime]) -> Desk:
    """A desk whose stories need two votes. Nora is its editor; whoever else speaks is a curator."""
    return Desk(database, DeskSettings(config, ("web",)), clock)


@pytest.fixture
def room() -> FakeRoom:
    """The room where people meet."""
    return FakeRoom("web")
