"""What a merge of an issue's pull request makes of a release that waited for it."""

import datetime as dt
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.drafts_in_repo import draft_renamed
from bot.hearing import DeskSettings
from bot.release import finish_release, undo_release
from bot.release_press import stories_in
from renderers.issue_document import IssueDocument
from renderers.layout import load_layout
from storage.database import Database, Session
from storage.issue_records import Issue
from storage.issues import issue_by_id
from storage.newsletter_repo import NewsletterRepo
from storage.releases import unreleased_at_merge, waiting_release


async def stories_merged(
    database: Database, settings: DeskSettings, repo: NewsletterRepo, issue_id: int
) -> dict[str, Any]:
    """Return which stories stand in the released file as it was merged, and where it is, as JSON.

    People may have changed it in the pull request since `/release`. It is empty where no release waited, and
    where the file cannot be found. Raises a RepoError.
    """
    async with database.reading() as session:
        release, issue = await waiting_release(session, issue_id), await issue_by_id(session, issue_id)
    if release is None or release.outcome is None:
        return {}
    snapshot, written = await repo.snapshot(), release.outcome["path"]
    path = await draft_renamed(snapshot, written, since=release.commit, taken=frozenset()) or written
    content = await snapshot.read(path)
    if content is None:
        return {}
    document = IssueDocument.parse(content, load_layout(settings.config.newsletter.layout))
    async with database.reading() as session:
        return {"path": path, **await stories_in(session, settings.name, issue, document)}


async def let_merge_take_effect(
    session: Session, settings: DeskSettings, issue: Issue, merged: Mapping[str, Any], now: datetime
) -> tuple[str, dt.date | None, tuple[str, ...]]:
    """Finish the release that waited for the merge, or take one back whose undo waited.

    Return what happened (`released`, `unreleased`, or `merged` for a draft), to which date, and by which
    channels it is announced.
    """
    release = await waiting_release(session, issue.id)
    if release is not None:
        release.outcome = {**(release.outcome or {}), **merged}
        channels = await finish_release(session, settings, issue, release, now)
        return "released", release.date, channels
    taken_back = await unreleased_at_merge(session, issue.id)
    if taken_back is not None:
        curator_id: int = (taken_back.outcome or {})["taking_back"]
        await undo_release(session, taken_back, curator_id, now)
        return "unreleased", taken_back.date, ()
    return "merged", issue.date, ()
