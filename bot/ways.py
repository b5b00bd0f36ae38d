"""By which way an issue goes into the repository: its branch, and the mark of a draft."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.hearing import DeskSettings
from bot.newsletter_tables import NewsletterConfig
from renderers.front_matter import with_value
from renderers.issue_document import IssueDocument
from renderers.layout import Layout
from storage.database import Database, Session
from storage.issue_records import Issue
from storage.newsletter_repo import Keys, NewsletterRepo
from storage.pull_requests import MERGED, claim_branch, pull_request_of


def keys_of(newsletter: NewsletterConfig) -> Keys:
    """Return the ssh keys that the config names."""
    return Keys(newsletter.ssh_key, newsletter.known_hosts, newsletter.signing_key)


def waits_for_merge(settings: DeskSettings) -> bool:
    """Tell whether people merge what is pushed, so that a release takes effect only then."""
    return settings.config.newsletter.way == "pull-request"


async def repo_to_read(
    database: Database, settings: DeskSettings, repo: NewsletterRepo, issue: Issue
) -> NewsletterRepo:
    """Return the repository by the branch on which the issue stands now."""
    if not waits_for_merge(settings):
        return repo
    async with database.reading() as session:
        row = await pull_request_of(session, issue.id)
    return repo if row is None or row.state == MERGED else repo.on(row.branch)


async def repo_to_write(
    database: Database, settings: DeskSettings, repo: NewsletterRepo, issue: Issue, now: datetime
) -> NewsletterRepo:
    """Return the repository by the branch to which the issue goes; the issue's own is remembered from now on.

    After a merge it is another branch, which begins anew. The issue must have its date.
    """
    place = settings.config.newsletter.pull_request
    if not waits_for_merge(settings) or place is None:
        return repo
    async with database.transaction() as session:
        branch = await claim_branch(session, issue.id, f"{place.prefix}{issue.date}", now)
    return repo.on(branch)


async def is_merged(session: Session, issue_id: int, result: Mapping[str, Any]) -> bool:
    """Tell whether what was pushed is in the newsletter's branch by now; `result` is that of the push."""
    row, pull = await pull_request_of(session, issue_id), result.get("pull_request") or {}
    ended = row is not None and row.state == MERGED and row.number == pull.get("number")
    return bool(pull.get("merged")) or ended


def marked_as_draft(document: IssueDocument, layout: Layout, settings: DeskSettings) -> IssueDocument:
    """Put the config's draft mark into a new draft, so that the site does not show it."""
    mark = settings.config.newsletter.mark
    if mark is None:
        return document
    text = document.render().decode("utf-8", "surrogateescape")
    return IssueDocument.parse(with_value(text, *mark).encode("utf-8", "surrogateescape"), layout)
