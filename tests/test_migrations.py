"""The migrations, run on an empty database, give exactly the tables of the code."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect

from storage.all_records import Record
from storage.database import Database
from storage.migrate import is_current, migrate
from tests.conftest import BOTH
from tests.postgres import PostgresServer


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'desk.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.new_database(empty=True)
    yield url
    server.drop(url)


def differences(connection: Connection) -> list[Any]:
    found: list[Any] = compare_metadata(MigrationContext.configure(connection), Record.metadata)
    return found


def table_names(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def test_an_upgraded_database_has_the_tables_of_the_code(empty_url: str) -> None:
    database = Database(empty_url)
    try:
        assert not await is_current(database)

        await migrate(database)

        assert await is_current(database)
        async with database.connection() as connection:
            assert await connection.run_sync(differences) == []
    finally:
        await database.close()


async def test_migrating_again_changes_nothing(empty_url: str) -> None:
    database = Database(empty_url)
    try:
        await migrate(database)
        await migrate(database)

        async with database.connection() as connection:
            assert await connection.run_sync(table_names) == {*Record.metadata.tables, "alembic_version"}
    finally:
        await database.close()
