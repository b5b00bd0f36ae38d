"""A desk prepares one issue at a time, whoever asks for it first."""

import asyncio
from datetime import date

from sqlalchemy import select

from storage.database import Database
from storage.issue_records import Issue
from storage.issues import issue_for, issue_in_preparation

DAY = date(2020, 5, 15)


async def test_two_who_ask_at_once_for_the_issue_in_preparation_get_the_same(database: Database) -> None:
    first_has_it = asyncio.Event()
    second_asks = asyncio.Event()

    async def first() -> int:
        async with database.transaction() as session:
            issue = await issue_in_preparation(session, "gazette", today=DAY)
            first_has_it.set()
            await second_asks.wait()
            await asyncio.sleep(0.05)  # the second waits for this transaction
            return issue.id

    async def second() -> int:
        await first_has_it.wait()
        second_asks.set()
        async with database.transaction() as session:
            return (await issue_in_preparation(session, "gazette", today=DAY)).id

    one, two = await asyncio.gather(first(), second())

    assert one == two
    async with database.reading() as session:
        assert len((await session.scalars(select(Issue))).all()) == 1


async def test_desks_and_dated_issues_do_not_share_the_issue_in_preparation(database: Database) -> None:
    async with database.transaction() as session:
        dated = await issue_for(session, "gazette", DAY)
        mine = await issue_in_preparation(session, "gazette", today=DAY)
        other = await issue_in_preparation(session, "herald", today=DAY)

    assert len({dated.id, mine.id, other.id}) == 3
    assert (dated.date, mine.date, other.date) == (DAY, None, None)
