"""What is over is forgotten after a month; what people gave and did is kept."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.config import Config
from bot.engine import Starter
from bot.newsroom import Newsroom
from bot.pruning import KEPT, Pruning
from storage.database import Database
from storage.event_records import Delivery, Errand, InboxEvent, JournalLine
from storage.outbox import mark_sent, mark_started, order_delivery, order_errand
from storage.record_base import Record
from tests.fakes.newsroom import config_of, signed_in
from tests.fakes.web import local_web

THEN = datetime(2020, 5, 13, 9, tzinfo=UTC)


class Clock:
    """A clock that is set by hand."""

    now = THEN

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
async def pruning(database_url: str) -> AsyncIterator[Pruning]:
    database, clock = Database(database_url), Clock()
    starter = Starter(database, clock=clock, at_once=1)
    await starter.open()
    yield Pruning(database, starter, clock)
    await starter.close()
    await database.close()


async def count(database: Database, table: type[Record]) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def until_done(pruning: Pruning) -> None:
    while await pruning.go_on():
        pass


async def say(database: Database, key: str, *, sent: datetime | None) -> None:
    async with database.transaction() as session:
        await order_delivery(
            session, desk="gazette", room="web", key=key, kind="reply", payload={"text": key}, now=THEN
        )
        said = (await session.scalars(select(Delivery).where(Delivery.key == key))).one()
        if sent:
            await mark_sent(session, said, sent, None, message_id=None)


async def send_for(database: Database, errand: str, *, started: datetime | None) -> None:
    async with database.transaction() as session:
        await order_errand(session, errand_id=errand, workflow="read", arguments=["1"], now=THEN)
        if started:
            await mark_started(session, [errand], started)


async def test_what_was_said_and_started_is_kept_for_a_month(pruning: Pruning) -> None:
    for key, at in (("old", THEN), ("new", THEN + timedelta(days=1)), ("waiting", None)):
        await say(pruning.database, key, sent=at)
        await send_for(pruning.database, key, started=at)

    pruning.clock = lambda: THEN + KEPT + timedelta(hours=1)
    await until_done(pruning)

    async with pruning.database.reading() as session:
        assert set(await session.scalars(select(Delivery.key))) == {"new", "waiting"}
        assert set(await session.scalars(select(Errand.id))) == {"new", "waiting"}


async def test_a_backlog_is_forgotten_in_small_pieces(pruning: Pruning) -> None:
    async with pruning.database.transaction() as session:
        session.add_all(
            Delivery(
                desk="gazette",
                room="web",
                key=str(n),
                kind="reply",
                payload={},
                created_at=THEN,
                sent_at=THEN,
            )
            for n in range(450)
        )
    pruning.clock = lambda: THEN + KEPT * 2

    assert [await pruning.go_on() for _ in range(4)] == [200, 200, 50, 0]


async def test_it_is_done_once_a_day(pruning: Pruning) -> None:
    pruning.clock = lambda: THEN + KEPT * 2
    await until_done(pruning)
    await say(pruning.database, "late", sent=THEN)

    await until_done(pruning)
    assert await count(pruning.database, Delivery) == 1

    pruning.clock = lambda: THEN + KEPT * 2 + timedelta(days=1)
    await until_done(pruning)
    assert await count(pruning.database, Delivery) == 0


async def test_a_newsroom_forgets_finished_workflows_and_keeps_what_people_gave(
    tmp_path: Path, database_url: str
) -> None:
    async with local_web() as site:
        config = config_of(tmp_path, database_url, site.host)
        await read_a_page(config, site.url("/english"))
        database = Database(database_url)
        given = await count(database, InboxEvent), await count(database, JournalLine)
        starter = Starter(database, clock=Clock(), at_once=1)
        await starter.open()
        pruning = Pruning(database, starter, lambda: datetime.now(UTC) + KEPT)

        assert await starter.forget_finished(before=datetime.now(UTC) - KEPT, limit=9) == 0
        assert await count(database, Errand) == 1
        await until_done(pruning)

        assert await starter.forget_finished(before=datetime.now(UTC) + KEPT, limit=9) == 0
        assert await count(database, Errand) + await count(database, Delivery) == 0
        assert (await count(database, InboxEvent), await count(database, JournalLine)) == given
        await starter.close()
        await database.close()


async def read_a_page(config: Config, link: str) -> None:
    async with Newsroom(config), signed_in(config, "ada") as ada:
        await ada.say(link)
        await ada.card_of(link)
