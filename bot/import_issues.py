"""Past issues become published stories, for duplicates, search and advice."""

import asyncio
import datetime as dt
import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.advising import order_learning
from bot.config import Config
from bot.draft import key_of
from bot.drafts_in_repo import issue_paths
from bot.errors import DeskError
from bot.newsroom import utc_now
from bot.operator_tasks import opened
from bot.past_issues import date_of, issue_files
from bot.reading.link import NotALinkError, link
from renderers.issue_document import IssueDocument
from renderers.issue_lint import lint
from renderers.layout import Layout, load_layout
from renderers.story_style import DocumentStory
from storage.database import Session
from storage.issue_records import Issue
from storage.issues import imported_issue
from storage.newsletter_repo import NewsletterRepo, Signature
from storage.records import Author, StoryStatus
from storage.stories import add_story, write_field

_UNREAD = ("broken-head", "empty-link", "no-link", "unsafe-link")


class NothingToImportError(DeskError):
    """There are no issues at the place given."""

    def __init__(self, source: str) -> None:
        super().__init__(
            f"There are no issue files at {source}.",
            advice="Name a Markdown file, a folder of them, or a git repository.",
        )


@dataclass(slots=True)
class Imported:
    """What an import did."""

    issues: int = 0
    stories: int = 0
    known: int = 0
    complaints: list[str] = field(default_factory=list)


async def import_issues(config: Config, source: str) -> Imported:
    """Import every issue found; one that was imported before adds nothing. Raises DeskError, RepoError."""
    layout, outcome = load_layout(config.newsletter.layout), Imported()
    async with opened(config) as database:
        for path, content in await _files(config, layout, source):
            async with database.transaction() as session:
                await _import_one(session, config, IssueDocument.parse(content, layout), path, outcome)
        async with database.transaction() as session:
            await order_learning(session, config.desk.name, utc_now())
    if not outcome.issues and not outcome.complaints:
        raise NothingToImportError(source)
    return outcome


async def _files(config: Config, layout: Layout, source: str) -> list[tuple[str, bytes]]:
    """Return the issue files of a file, a folder, a work tree or a repository, by name."""
    found = await asyncio.to_thread(issue_files, layout, Path(source))
    return found or await _files_in_repo(config, layout, source)


async def _files_in_repo(config: Config, layout: Layout, source: str) -> list[tuple[str, bytes]]:
    remote = await asyncio.to_thread(_address, source)
    with tempfile.TemporaryDirectory() as cache:
        repo = NewsletterRepo(Path(cache) / "cache.git", remote=remote, branch=config.newsletter.branch)
        await repo.open({}, Signature("Copydesk", "copydesk@copydesk.invalid"), utc_now())
        snapshot = await repo.snapshot()
        paths = [path for path in await issue_paths(snapshot, layout) if path.endswith(".md")]
        return [(path, await snapshot.read(path) or b"") for path in paths]


def _address(source: str) -> str:
    return str(Path(source).absolute()) if Path(source).exists() else source


async def _import_one(
    session: Session, config: Config, document: IssueDocument, path: str, outcome: Imported
) -> None:
    date = date_of(document, path)
    if date is None:
        if document.stories:
            outcome.complaints.append(f"{path}:1: no date in the title or the name; left out")
        return
    outcome.issues += 1
    issue = await imported_issue(session, config.desk.name, date, path=path)
    when = datetime.combine(date, dt.time(12), tzinfo=config.zone)
    for finding in lint(document, key_of):
        if finding.code in _UNREAD:
            outcome.complaints.append(f"{path}:{finding.line}: {finding.message}")
    for story in document.stories:
        try:
            await _import_story(session, config, story, issue, when, outcome)
        except NotALinkError:
            continue  # the lint has named the line


async def _import_story(
    session: Session,
    config: Config,
    story: DocumentStory,
    issue: Issue,
    when: datetime,
    outcome: Imported,
) -> None:
    one = link(story.url)
    added = await add_story(
        session, desk=config.desk.name, key=one.key, url=one.url, pitched_by=None, now=when
    )
    if added is None:
        outcome.known += 1
        return
    outcome.stories += 1
    added.status, added.issue_id, added.section = StoryStatus.PUBLISHED, issue.id, story.section
    added.read_at, added.verdict = when, "fine"
    for name, value in (("title", story.title), ("source", story.source), ("summary", story.summary)):
        if value:
            await write_field(session, added.id, name, value, author=Author.GIT, curator_id=None, now=when)
