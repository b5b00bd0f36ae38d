"""Heartbeats of the processes that run workflows, by the database's clock."""

import time
from collections.abc import Sequence

from sqlalchemy import delete, literal, select, text

from storage.database import Database
from storage.event_records import Executor
from storage.upsert import insert_or_change


async def beat(database: Database, me: str, *, dead_after: float) -> list[str]:
    """Say that I live; return the executors that have been silent for `dead_after` seconds."""
    clock = literal(time.time()) if database.is_sqlite else text("extract(epoch from clock_timestamp())")
    async with database.transaction() as session:
        now = float((await session.execute(select(clock))).scalar_one())
        await insert_or_change(session, Executor, key={"id": me}, seen=now)
        silent = select(Executor.id).where(Executor.seen < now - dead_after, Executor.id != me)
        return list((await session.scalars(silent)).all())


async def forget(database: Database, executor_ids: Sequence[str]) -> None:
    """Strike executors off whose workflows were taken over."""
    async with database.transaction() as session:
        await session.execute(delete(Executor).where(Executor.id.in_(executor_ids)))
