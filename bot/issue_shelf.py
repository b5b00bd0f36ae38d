"""The issues as the pages show them: which there are, how each stands, and what one holds now."""

from dataclasses import dataclass

from bot.hearing import SaidError
from bot.masthead import masthead_of
from bot.press import Press
from bot.ways import repo_to_read
from renderers.issue_document import IssueDocument
from renderers.issue_view import IssueView, view_of
from renderers.markdown import link_target
from storage.database import Session
from storage.issue_records import Issue
from storage.issues import dated_issues, issue_by_id
from storage.pull_requests import MERGED, pull_request_of

NEXT = "next"
"""What the issue is called that `/publish` would write now."""


@dataclass(frozen=True, slots=True)
class ShelvedIssue:
    """An issue: `state` is draft, pull-request or released; `address` leads to its pull request."""

    key: str
    date: str
    path: str
    state: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class IssueShelf:
    """Finds issues and reads them from the repository, each from the branch on which it stands."""

    press: Press

    async def issues(self) -> tuple[ShelvedIssue, ...]:
        """Return the issues that have a file, newest first."""
        async with self.press.database.reading() as session:
            dated = await dated_issues(session, self.press.settings.name)
            return tuple([await _shelved(session, issue) for issue in dated if issue.path is not None])

    async def open(self, key: str) -> tuple[ShelvedIssue, IssueView]:
        """Return an issue and what it holds now.

        Raises DeskError where it cannot be read, LookupError where there is none.
        """
        if key == NEXT:
            return await self._next()
        async with self.press.database.reading() as session:
            issue = await session.get(Issue, int(key))
            if issue is None or issue.desk != self.press.settings.name or issue.path is None:
                raise LookupError(key)
            shelved = await _shelved(session, issue)
        return shelved, await issue_view(self.press, issue)

    async def _next(self) -> tuple[ShelvedIssue, IssueView]:
        printed = await self.press.preview()
        masthead = masthead_of(self.press.settings.config, printed.path, layout=self.press.layout)
        view = view_of(printed.document, masthead)
        return ShelvedIssue(NEXT, view.date, printed.path, "draft"), view


async def issue_view(press: Press, issue: Issue) -> IssueView:
    """Read an issue as it stands in the repository; raises SaidError where it has no file there."""
    settings = press.settings
    data = None
    if issue.path is not None:
        repo = await repo_to_read(press.database, settings, press.repo, issue)
        data = await (await repo.snapshot()).read(issue.path)
    if data is None or issue.path is None:
        raise SaidError(settings.wording.say("channel_no_file"))
    document = IssueDocument.parse(data, press.layout)
    return view_of(document, masthead_of(settings.config, issue.path, layout=press.layout))


async def issue_view_by_id(press: Press, issue_id: int) -> IssueView:
    """Read the issue of an id as it stands in the repository."""
    async with press.database.reading() as session:
        issue = await issue_by_id(session, issue_id)
    return await issue_view(press, issue)


async def _shelved(session: Session, issue: Issue) -> ShelvedIssue:
    asked = await pull_request_of(session, issue.id)
    waits = asked is not None and asked.state != MERGED and asked.url
    released = issue.released_at is not None or issue.imported
    state = "released" if released else "pull-request" if waits else "draft"
    return ShelvedIssue(
        str(issue.id),
        str(issue.date),
        issue.path or "",
        state,
        link_target(asked.url) if asked and waits else "",
    )
