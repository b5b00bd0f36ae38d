"""What the database knows of a pull request while people close it, open it again, and merge it."""

import asyncio
from datetime import UTC, date, datetime, timedelta

from storage.database import Database
from storage.issues import issue_in_preparation
from storage.pull_requests import (
    CLOSED,
    MERGED,
    OPEN,
    REOPENED_WITHIN,
    claim_branch,
    followed_pull_requests,
    note_change,
    note_open,
)

NOW = datetime(2020, 5, 12, tzinfo=UTC)


async def open_one(database: Database) -> int:
    """Let an issue have an open pull request; return the issue's id."""
    async with database.transaction() as session:
        issue = await issue_in_preparation(session, "desk", today=date(2020, 5, 12))
        branch = await claim_branch(session, issue.id, "copydesk/2020-05-15", NOW)
        await note_open(session, issue.id, branch=branch, number=1, url="https://forge.test/1", now=NOW)
        return issue.id


async def change(database: Database, issue_id: int, was: str, state: str, now: datetime = NOW) -> bool:
    async with database.transaction() as session:
        return await note_change(session, issue_id, number=1, was=was, state=state, now=now)


async def followed(database: Database, now: datetime) -> list[str]:
    async with database.reading() as session:
        return [row.state for row, _ in await followed_pull_requests(session, "desk", now)]


async def test_one_that_is_closed_is_followed_for_a_while_and_one_merged_no_longer(
    database: Database,
) -> None:
    issue_id = await open_one(database)
    late = NOW + timedelta(days=99)

    assert await followed(database, late) == [OPEN]
    await change(database, issue_id, OPEN, CLOSED)
    assert await followed(database, NOW + REOPENED_WITHIN - timedelta(hours=1)) == [CLOSED]
    assert await followed(database, NOW + REOPENED_WITHIN) == []
    await change(database, issue_id, CLOSED, OPEN)
    assert await followed(database, late) == [OPEN]
    await change(database, issue_id, OPEN, MERGED)
    assert await followed(database, NOW) == []


async def test_of_many_who_see_the_same_change_one_tells_it(database: Database) -> None:
    issue_id = await open_one(database)

    for was, state in ((OPEN, CLOSED), (CLOSED, OPEN), (OPEN, MERGED)):
        news = await asyncio.gather(*(change(database, issue_id, was, state) for _ in range(4)))
        assert sorted(news) == [False, False, False, True]
    assert not await change(database, issue_id, CLOSED, OPEN)  # seen before the merge, written after it
