"""Pull requests in which issues wait to be merged. The caller holds the session, and so the transaction.

A row stands before the branch is pushed (`planned`, number 0), so that a crash never forgets which branch is
the issue's; it is `open` once the forge has said its number, then `merged` or `closed`. One that is closed
may be opened again by hand, and so is followed for a while.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.issue_records import Issue
from storage.press_records import PullRequest
from storage.upsert import insert_or_change

PLANNED, OPEN, MERGED, CLOSED = "planned", "open", "merged", "closed"
REOPENED_WITHIN = timedelta(days=14)
"""How long a pull request is followed after it was seen closed; later, hardly anybody opens it again."""


async def pull_request_of(session: AsyncSession, issue_id: int) -> PullRequest | None:
    """Return the issue's newest pull request."""
    query = select(PullRequest).where(PullRequest.issue_id == issue_id)
    return (await session.scalars(query.execution_options(populate_existing=True))).first()


async def claim_branch(session: AsyncSession, issue_id: int, wanted: str, now: datetime) -> str:
    """Return the branch to which the issue is pushed now.

    It is the one of before, unless that was merged; then, and at first, it is the `wanted` name, with a
    number behind it where an issue has that name already. The numbers of an issue go up, whatever its date: a
    branch that was squashed and not deleted looks unmerged, and must not be taken up again.
    """
    row = await pull_request_of(session, issue_id)
    if row is not None and row.state != MERGED:
        return row.branch
    taken = set((await session.scalars(select(PullRequest.branch))).all())
    number = 1 if row is None else _number_of(row.branch) + 1
    while (name := wanted if number == 1 else f"{wanted}-{number}") in taken:
        number += 1
    values = {"branch": name, "number": 0, "url": "", "state": PLANNED, "seen_at": now}
    await insert_or_change(session, PullRequest, key={"issue_id": issue_id}, **values)
    return name


def _number_of(branch: str) -> int:
    """Return the number that `claim_branch` put behind a branch's date; 1 where it put none."""
    found = re.search(r"\d{4}-\d{2}-\d{2}-(\d+)\Z", branch)
    return int(found[1]) if found else 1


async def note_open(
    session: AsyncSession, issue_id: int, *, branch: str, number: int, url: str, now: datetime
) -> None:
    """Record the open pull request of the issue's branch."""
    await session.execute(
        update(PullRequest)
        .where(PullRequest.issue_id == issue_id, PullRequest.branch == branch)
        .values(number=number, url=url, state=OPEN, seen_at=now)
    )


async def note_pushed_after_merge(session: AsyncSession, issue_id: int, *, branch: str) -> None:
    """Record that the issue's branch holds more than what was merged of it: it needs another pull request."""
    await session.execute(
        update(PullRequest)
        .where(PullRequest.issue_id == issue_id, PullRequest.branch == branch, PullRequest.state == MERGED)
        .values(number=0, url="", state=PLANNED)
    )


async def note_change(
    session: AsyncSession, issue_id: int, *, number: int, was: str, state: str, now: datetime
) -> bool:
    """Record that a pull request was merged, closed, or opened again; tell whether that is news.

    It is none where somebody else has recorded a change since it was read as `was`.
    """
    mine = (PullRequest.issue_id == issue_id, PullRequest.number == number, PullRequest.state == was)
    changed = update(PullRequest).where(*mine).values(state=state, seen_at=now)
    return (await session.execute(changed.returning(PullRequest.issue_id))).first() is not None


async def followed_pull_requests(
    session: AsyncSession, desk: str, now: datetime
) -> Sequence[tuple[PullRequest, Issue]]:
    """Return the desk's pull requests that may change: open, or closed of late; oldest issue first."""
    closed_of_late = and_(PullRequest.state == CLOSED, PullRequest.seen_at > now - REOPENED_WITHIN)
    query = (
        select(PullRequest, Issue)
        .join(Issue, Issue.id == PullRequest.issue_id)
        .where(Issue.desk == desk, or_(PullRequest.state == OPEN, closed_of_late))
        .order_by(Issue.date, Issue.id)
    )
    return [(pull, issue) for pull, issue in (await session.execute(query)).all()]
