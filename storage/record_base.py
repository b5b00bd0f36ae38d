"""What every table shares.

Times are aware UTC. Relationships are ``lazy="raise"``: a query loads by name what its answer needs.
Enumerations are stored as their text, so that a dump can be read by eye.
"""

import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, MetaData, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")
JsonValue = JSON().with_variant(JSONB(), "postgresql")


class AwareTime(TypeDecorator[datetime]):
    """An aware UTC time; SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time without a zone; store UTC."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a stored time needs a zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware UTC time."""
        return None if value is None else value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)


def storable_text(text: str) -> str:
    """Return a text without NUL and the halves of characters, which PostgreSQL does not take."""
    return _NOT_STORABLE.sub("", text)


def storable(value: Any) -> Any:
    """Return what JSON holds without the characters that PostgreSQL does not take."""
    match value:
        case str():
            return storable_text(value)
        case dict():
            return {storable(key): storable(one) for key, one in value.items()}
        case list():
            return [storable(one) for one in value]
    return value


class Words(TypeDecorator[str]):
    """Text from people and pages, stored without the characters that PostgreSQL does not take."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Leave out NUL and the halves of characters."""
        return None if value is None else storable_text(value)


class Record(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads this class attribute
        datetime: AwareTime(),
        dict[str, Any]: JsonValue,
        list[str]: JsonValue,
    }
