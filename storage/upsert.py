"""Insert or leave alone, insert or change, on both databases. The caller holds the session."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.event_records import Counter
from storage.record_base import Record


def _insert(
    session: AsyncSession, table: type[Record]
) -> postgresql.Insert | sqlite.Insert:  # the two agree on what is used here
    dialect = session.get_bind().dialect.name
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


async def insert_new(session: AsyncSession, table: type[Record], **values: Any) -> bool:
    """Insert a row unless one of the table's unique keys has it; tell whether it was inserted."""
    key = inspect(table).primary_key
    statement = _insert(session, table).values(**values).on_conflict_do_nothing().returning(*key)
    return (await session.execute(statement)).first() is not None  # psycopg counts no rows here


async def insert_new_many(
    session: AsyncSession, table: type[Record], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert those rows together that one of the table's unique keys does not have."""
    await session.execute(_insert(session, table).on_conflict_do_nothing(), [dict(row) for row in rows])


async def insert_or_change(
    session: AsyncSession, table: type[Record], *, key: dict[str, Any], **values: Any
) -> None:
    """Insert a row, or give the row of this key these values."""
    statement = _insert(session, table).values(**key, **values)
    await session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))


async def insert_or_change_many(
    session: AsyncSession,
    table: type[Record],
    rows: Sequence[Mapping[str, Any]],
    *,
    key: Sequence[str],
    only: ColumnElement[bool],
) -> None:
    """Insert rows together; rows that are there already change where `only` holds of them."""
    statement = _insert(session, table)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in key}
    upsert = statement.on_conflict_do_update(index_elements=list(key), set_=changed, where=only)
    await session.execute(upsert, [dict(row) for row in rows])


async def count_up(session: AsyncSession, name: str) -> int:
    """Return the next number of a counter: 1, 2, 3 …, each once, in the order of the transactions."""
    statement = (
        _insert(session, Counter)
        .values(name=name, value=1)
        .on_conflict_do_update(index_elements=["name"], set_={"value": Counter.value + 1})
        .returning(Counter.value)
    )
    return int((await session.execute(statement)).scalar_one())
