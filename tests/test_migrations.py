"""The migrations, run on an empty database, give exactly the tables of the code."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from storage.all_records import Record
from storage.database import Database
from storage.migrate import is_current, migrate
from storage.records import Card
from storage.stories import story_by_id
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


OLD_ROWS = """
INSERT INTO curators (id, name, role, since) VALUES (1, 'ada', 'editor', '2020-05-13 09:00:00+00:00');
INSERT INTO identities (name, curator_id) VALUES ('web:1', 1);
INSERT INTO stories (id, desk, number, status, url, pitched_at, pitched_by, confidence, withdrawn)
VALUES (1, 'gazette', 1, 'pitched', 'https://site.test/', '2020-05-13 09:00:00+00:00', 1, 0, false);
INSERT INTO cards (story_id, room, message_id, version, drawn) VALUES (1, 'web', '7', 3, 3);
INSERT INTO pitches (id, story_id, curator_id, room, message_id, note, pitched_at)
VALUES (1, 1, 1, 'web', '6', 'look', '2020-05-13 09:00:00+00:00')
"""


async def test_a_newsroom_of_the_first_release_keeps_all_it_knows(empty_url: str) -> None:
    database = Database(empty_url)
    try:
        await migrate(database, to="0001")
        async with database.connection() as connection:
            for statement in OLD_ROWS.split(";"):
                await connection.execute(text(statement))

        await migrate(database)

        assert await is_current(database)
        async with database.reading() as session:
            story = await story_by_id(session, 1)
            card = await session.get_one(Card, (1, "web"))
        assert [(pitch.note, pitch.thread, pitch.curator.name) for pitch in story.pitches] == [
            ("look", None, "ada")
        ]
        assert (card.message_id, card.version, card.tried) == ("7", 3, None)
    finally:
        await database.close()
