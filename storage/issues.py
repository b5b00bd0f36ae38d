"""Questions and changes about issues. The caller holds the session, and so the transaction."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from storage.issue_records import Issue, Placement, Publication, Short
from storage.upsert import insert_new, insert_or_change

LATE = dt.timedelta(days=30)
"""For how long after its day a draft is still worked on. This newsletter's came out two to three days late
(27 renames of a draft to a later date); a monthly one has its next issue after that long."""


async def issue_in_preparation(session: AsyncSession, desk: str, *, today: dt.date) -> Issue:
    """Return the issue people work on now: a draft that has a file and is not released, else the undated one.

    The newest draft whose day has come is worked on until it is released, for `LATE` and while no issue of a
    later date is out; then the next draft by date. An older draft is left behind: only its date names it.
    """
    out = select(func.max(Issue.date)).where(Issue.desk == desk, Issue.released_at.is_not(None))
    newest_out = out.scalar_subquery()
    come = (
        _drafts(desk)
        .where(Issue.date <= today, Issue.date >= today - LATE)
        .where(or_(newest_out.is_(None), Issue.date > newest_out))
        .order_by(Issue.date.desc())
    )
    coming = _drafts(desk).where(Issue.date > today).order_by(Issue.date)
    for query in (come, coming):
        found = (await session.scalars(query.options(selectinload(Issue.shorts)).limit(1))).first()
        if found is not None:
            return found
    return await _undated(session, desk)


async def late_drafts(session: AsyncSession, desk: str, *, today: dt.date) -> Sequence[Issue]:
    """Return the drafts whose day has passed and which are not released, newest first."""
    query = _drafts(desk).where(Issue.date < today).order_by(Issue.date.desc())
    return (await session.scalars(query)).all()


def _drafts(desk: str) -> Select[Issue]:
    return select(Issue).where(
        Issue.desk == desk,
        Issue.imported.is_(False),
        Issue.path.is_not(None),
        Issue.released_at.is_(None),
    )


async def issue_for(session: AsyncSession, desk: str, date: dt.date) -> Issue:
    """Return the issue of a date; the one without a date takes it where there is none."""
    query = select(Issue).where(Issue.desk == desk, Issue.date == date).options(selectinload(Issue.shorts))
    found = (await session.scalars(query.execution_options(populate_existing=True))).first()
    if found is not None and found.path is not None:
        return found
    undated = await _undated(session, desk)
    if found is None:
        undated.date = date
        await session.flush()
        return undated
    await _hand_on(session, undated, found)  # an issue of this date was begun and taken back
    return found


async def give_back(session: AsyncSession, issue: Issue) -> None:
    """Let an issue that has no file hand its lead and shorts to the issue without a date."""
    await _hand_on(session, issue, await _undated(session, issue.desk))


async def _hand_on(session: AsyncSession, giver: Issue, taker: Issue) -> None:
    """Move lead and shorts from one issue to another; where both have a lead, the taker's stays."""
    if giver.id == taker.id:
        return
    taker.lead, giver.lead = taker.lead or giver.lead, None
    await session.execute(update(Short).where(Short.issue_id == giver.id).values(issue_id=taker.id))
    await session.flush()
    for issue in (giver, taker):
        await session.refresh(issue, ["shorts"])


async def _undated(session: AsyncSession, desk: str) -> Issue:
    """Return the desk's only issue without a date; the unique key decides who makes it."""
    query = select(Issue).where(Issue.desk == desk, Issue.date.is_(None)).options(selectinload(Issue.shorts))
    found = (await session.scalars(query)).first()
    if found is not None:
        return found
    await insert_new(session, Issue, desk=desk)
    return (await session.scalars(query)).one()


async def issue_by_id(session: AsyncSession, issue_id: int) -> Issue:
    """Return an issue with its shorts; raises NoResultFound."""
    query = select(Issue).where(Issue.id == issue_id).options(selectinload(Issue.shorts))
    return (await session.scalars(query)).one()


async def dated_issues(session: AsyncSession, desk: str) -> Sequence[Issue]:
    """Return the desk's dated issues, newest first."""
    query = select(Issue).where(Issue.desk == desk, Issue.date.is_not(None)).order_by(Issue.date.desc())
    return (await session.scalars(query)).all()


async def add_short(session: AsyncSession, issue: Issue, text: str, curator_id: int) -> Short:
    """Add a one-liner to an issue."""
    short = Short(issue_id=issue.id, text=text, curator_id=curator_id)
    session.add(short)
    await session.flush()
    return short


async def placements(session: AsyncSession, issue_id: int) -> dict[int, Placement]:
    """Return how each story was last set in an issue, by the story's id."""
    rows = (await session.scalars(select(Placement).where(Placement.issue_id == issue_id))).all()
    return {row.story_id: row for row in rows}


async def place_story(
    session: AsyncSession, issue_id: int, story_id: int, *, section: str, page: dict[str, Any], text: str
) -> None:
    """Record how a story was set in an issue."""
    await insert_or_change(
        session,
        Placement,
        key={"issue_id": issue_id, "story_id": story_id},
        section=section,
        page=page,
        text=text,
    )


async def forget_placement(session: AsyncSession, issue_id: int, story_id: int) -> None:
    """Forget that a story stood in an issue."""
    await session.execute(delete(Placement).filter_by(issue_id=issue_id, story_id=story_id))


async def publication(session: AsyncSession, publication_id: str) -> Publication:
    """Return one `/publish`; raises NoResultFound."""
    return (await session.scalars(select(Publication).where(Publication.id == publication_id))).one()


async def mark_shorts(session: AsyncSession, short_ids: Sequence[int], *, rendered: bool) -> None:
    """Record whether shorts stand in the issue's file."""
    await session.execute(update(Short).where(Short.id.in_(short_ids)).values(rendered=rendered))


async def imported_issue(session: AsyncSession, desk: str, date: dt.date, *, path: str) -> Issue:
    """Return the issue of a date for its past stories; one made here is known to come from an import."""
    query = select(Issue).where(Issue.desk == desk, Issue.date == date)
    found = (await session.scalars(query)).first()
    if found is not None:
        return found
    issue = Issue(desk=desk, date=date, path=path, imported=True)
    session.add(issue)
    await session.flush()
    return issue


async def paths_of_others(session: AsyncSession, issue: Issue) -> frozenset[str]:
    """Return the files of the desk's other issues: each file is one issue's."""
    query = select(Issue.path).where(
        Issue.desk == issue.desk, Issue.id != issue.id, Issue.path.is_not(None), Issue.imported.is_(False)
    )
    return frozenset(path for path in (await session.scalars(query)).all() if path is not None)
