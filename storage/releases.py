"""Questions and changes about releases. The caller holds the session, and so the transaction."""

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.issue_records import Issue, Publication
from storage.press_records import Release
from storage.records import Field, LinkKey, Story, StoryStatus

_MOST = 400  # values asked for in one query; SQLite's limit is far above


async def drafts(session: AsyncSession, desk: str) -> Sequence[Issue]:
    """Return the issues that have a file and were not released, by date."""
    query = (
        select(Issue)
        .where(
            Issue.desk == desk,
            Issue.imported.is_(False),
            Issue.path.is_not(None),
            Issue.released_at.is_(None),
        )
        .order_by(Issue.date, Issue.id)
    )
    return (await session.scalars(query)).all()


async def issue_dated(session: AsyncSession, desk: str, date: dt.date) -> Issue | None:
    """Return the issue of a date, if there is one."""
    return (await session.scalars(select(Issue).where(Issue.desk == desk, Issue.date == date))).first()


async def release_by_id(session: AsyncSession, release_id: str) -> Release:
    """Return one `/release`; raises NoResultFound."""
    return await session.get_one(Release, release_id)


async def last_asked(session: AsyncSession, issue_id: int, date: dt.date) -> Release | None:
    """Return the newest `/release` of an issue to a date that was not carried out."""
    query = (
        select(Release)
        .where(Release.issue_id == issue_id, Release.date == date, Release.done_at.is_(None))
        .order_by(Release.asked_at.desc(), Release.id.desc())
        .limit(1)
    )
    return (await session.scalars(query)).first()


async def standing_release(session: AsyncSession, desk: str, date: dt.date | None) -> Release | None:
    """Return the newest release that stands or waits to be merged, of an issue's date or of any."""
    waits = Release.done_at.is_(None)
    query = (
        select(Release)
        .join(Issue, Issue.id == Release.issue_id)
        .where(
            Release.desk == desk,
            Release.commit.is_not(None),
            Release.undone_at.is_(None),
            or_(waits, Issue.released_at.is_not(None)),
        )
        .order_by(Release.asked_at.desc(), Release.id.desc())
        .limit(1)
    )
    if date is not None:
        query = query.where(or_(Issue.date == date, and_(waits, Release.date == date)))
    return (await session.scalars(query)).first()


async def release_holding(session: AsyncSession, publication_id: str) -> Release | None:
    """Return the standing release of the issue that a publish wrote, if it is out."""
    query = (
        select(Release)
        .join(Issue, Issue.id == Release.issue_id)
        .join(Publication, Publication.issue_id == Issue.id)
        .where(
            Publication.id == publication_id,
            Issue.released_at.is_not(None),
            Release.commit.is_not(None),
            Release.undone_at.is_(None),
        )
        .limit(1)
    )
    return (await session.scalars(query)).first()


async def waiting_release(session: AsyncSession, issue_id: int) -> Release | None:
    """Return the release whose commit waits to be merged, if the issue has one."""
    query = (
        select(Release)
        .where(
            Release.issue_id == issue_id,
            Release.commit.is_not(None),
            Release.done_at.is_(None),
            Release.undone_at.is_(None),
        )
        .order_by(Release.asked_at.desc(), Release.id.desc())
        .limit(1)
    )
    return (await session.scalars(query)).first()


async def unreleased_at_merge(session: AsyncSession, issue_id: int) -> Release | None:
    """Return the release of an issue that is taken back once the commit that reverts it is merged."""
    query = (
        select(Release)
        .where(Release.issue_id == issue_id, Release.done_at.is_not(None), Release.undone_at.is_(None))
        .order_by(Release.asked_at.desc(), Release.id.desc())
    )
    found = (await session.scalars(query)).all()
    return next((one for one in found if (one.outcome or {}).get("taking_back")), None)


async def stories_with_keys(session: AsyncSession, desk: str, keys: Collection[str]) -> dict[str, Story]:
    """Return which story each of these link keys leads to, without what belongs to it."""
    wanted = sorted(keys)
    found: dict[str, Story] = {}
    for start in range(0, len(wanted), _MOST):
        query = (
            select(LinkKey.key, Story)
            .join(Story, Story.id == LinkKey.story_id)
            .where(LinkKey.desk == desk, LinkKey.key.in_(wanted[start : start + _MOST]))
        )
        found |= {row[0]: row[1] for row in (await session.execute(query)).all()}
    return found


async def titles_that_ran(
    session: AsyncSession, desk: str, titles: Collection[str], *, besides: int
) -> dict[str, dt.date | None]:
    """Return which of these titles ran, and when; the issue `besides` does not count."""
    query = (
        select(Field.value, Issue.date)
        .join(Story, Story.id == Field.story_id)
        .join(Issue, Issue.id == Story.issue_id)
        .where(
            Story.desk == desk,
            Story.status == StoryStatus.PUBLISHED,
            Story.issue_id != besides,
            Field.name == "title",
            Field.value.in_(sorted(titles)[:_MOST]),
        )
    )
    return {row[0]: row[1] for row in (await session.execute(query)).all()}


async def issue_dates(session: AsyncSession, issue_ids: Collection[int]) -> dict[int, dt.date | None]:
    """Return the dates of issues by their ids."""
    query = select(Issue.id, Issue.date).where(Issue.id.in_(sorted(issue_ids)[:_MOST]))
    return {row[0]: row[1] for row in (await session.execute(query)).all()}


async def redate(session: AsyncSession, issue: Issue, date: dt.date | None) -> None:
    """Give an issue another date; one without a file that has it takes the old date instead.

    A date is an issue's only: the two are parted by a date that no issue has.
    """
    if date is None or issue.date == date:
        return
    other = await issue_dated(session, issue.desk, date)
    old = issue.date
    if other is not None:
        other.date = dt.date.max - dt.timedelta(days=issue.id)
        await session.flush()
    issue.date = date
    await session.flush()
    if other is not None:
        other.date = old
        await session.flush()
