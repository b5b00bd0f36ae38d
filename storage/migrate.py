"""Bringing the database's tables to the present, with Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.database import Database

_SCRIPTS = Path(__file__).parent / "migrations"


async def migrate(database: Database, *, to: str = "head") -> None:
    """Run every migration up to this one that the database has not had; safe to call at every start."""
    async with database.connection() as connection:
        await connection.run_sync(_upgrade, to)


async def is_current(database: Database) -> bool:
    """Tell whether the tables are those of this release; a running newsroom is not held up."""
    async with database.reading() as session:
        return await (await session.connection()).run_sync(_is_current)


def _upgrade(connection: Connection, to: str) -> None:
    if not _is_current(connection):
        command.upgrade(_config(connection), to)


def _is_current(connection: Connection) -> bool:
    newest = ScriptDirectory.from_config(_config(connection)).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == newest


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    return config
