"""A desk prepares one issue at a time, whoever asks for it first."""

import asyncio
from datetime import UTC, date, datetime

import pytest
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


@pytest.mark.parametrize(
    ("drafted", "released", "expected"),
    [
        pytest.param(["05-13"], [], "05-13", id="a late one"),
        pytest.param(["05-13", "05-29"], [], "05-13", id="a late one before the next"),
        pytest.param(["05-08", "05-13", "05-29"], [], "05-13", id="the newest of the late ones"),
        pytest.param(["05-13", "05-15"], [], "05-15", id="the one of today before a late one"),
        pytest.param(["05-29", "06-12"], [], "05-29", id="the next of those to come"),
        pytest.param(["05-13", "05-29"], ["05-14"], "05-29", id="none that a later issue has overtaken"),
        pytest.param(["05-13"], ["05-08"], "05-13", id="one behind an issue that is out"),
        pytest.param(["04-15"], [], "04-15", id="one of thirty days ago"),
        pytest.param(["04-14"], [], None, id="none that was left a month ago"),
        pytest.param([], ["05-15"], None, id="none that is out"),
    ],
)
async def test_a_draft_is_worked_on_until_it_is_released_or_left_behind(
    database: Database, drafted: list[str], released: list[str], expected: str | None
) -> None:
    async with database.transaction() as session:
        for day in [*drafted, *released]:
            out = datetime(2020, 5, 15, tzinfo=UTC) if day in released else None
            session.add(
                Issue(desk="gazette", date=date.fromisoformat(f"2020-{day}"), path=day, released_at=out)
            )
        imported = Issue(desk="gazette", date=date(2020, 5, 12), path="imported", imported=True)
        elsewhere = Issue(desk="herald", date=date(2020, 5, 14), path="05-14")
        session.add_all([imported, elsewhere])

    async with database.transaction() as session:
        found = await issue_in_preparation(session, "gazette", today=DAY)

    assert found.path == expected
