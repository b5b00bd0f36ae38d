"""The issues as the pages show them: which there are, how each stands, and what one holds now."""

from dataclasses import dataclass

from bot.hearing import SaidError
from bot.masthead import masthead_of
from bot.picture_images import with_images
from bot.press import Press
from bot.reading.workers import ReadingWorkers
from bot.repo_trouble import told_to_people
from renderers.issue_document import IssueDocument
from renderers.issue_view import IssueView, view_of
from renderers.markdown import link_target
from storage.database import Session
from storage.issue_records import Issue
from storage.issues import dated_issues, issue_by_id
from storage.newsletter_repo import Snapshot
from storage.pictures import picture_of_desk
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
    workers: ReadingWorkers

    async def issues(self) -> tuple[ShelvedIssue, ...]:
        """Return the issues that have a file, newest first."""
        async with self.press.database.reading() as session:
            dated = await dated_issues(session, self.press.settings.name)
            return tuple([await _shelved(session, issue) for issue in dated if issue.path is not None])

    async def open(self, key: str, *, images: bool = False) -> tuple[ShelvedIssue, IssueView]:
        """Return an issue and what it holds now, with the pictures themselves where `images` are asked for.

        Raises DeskError where it cannot be read, LookupError where there is none.
        """
        with told_to_people(self.press.settings.wording):
            return await (self._next(images) if key == NEXT else self._dated(int(key), images))

    async def _dated(self, issue_id: int, images: bool) -> tuple[ShelvedIssue, IssueView]:
        async with self.press.database.reading() as session:
            issue = await session.get(Issue, issue_id)
            if issue is None or issue.desk != self.press.settings.name or issue.path is None:
                raise LookupError(issue_id)
            shelved = await _shelved(session, issue)
        return shelved, await _issue_view(self.press, issue, self.workers if images else None)

    async def _next(self, images: bool) -> tuple[ShelvedIssue, IssueView]:
        snapshot, printed = await self.press.preview_on_snapshot()
        masthead = masthead_of(self.press.settings.config, printed.path, layout=self.press.layout)
        view = view_of(printed.document, masthead)
        if images:
            reader = _NextPictures(self.press, snapshot)
            view = await with_images(
                view, reader.read, layout=self.press.layout, path=printed.path, workers=self.workers
            )
        return ShelvedIssue(NEXT, view.date, printed.path, "draft"), view


@dataclass(frozen=True, slots=True)
class _NextPictures:
    """The pictures of the next issue: those in the repository, and those that would come with it."""

    press: Press
    snapshot: Snapshot

    async def read(self, path: str) -> bytes | None:
        """Return the bytes of a picture by its place in the repository."""
        data = await self.snapshot.read(path)
        name = path.rpartition("/")[2]
        if data is not None or self.press.layout.picture_path(name) != path:
            return data
        async with self.press.database.reading() as session:
            return await picture_of_desk(session, self.press.settings.name, name)


async def issue_view(press: Press, issue: Issue) -> IssueView:
    """Read an issue as it stands in the repository; raises SaidError where it has no file there."""
    return await _issue_view(press, issue, None)


async def _issue_view(press: Press, issue: Issue, workers: ReadingWorkers | None) -> IssueView:
    """Read an issue; with `workers` also its pictures."""
    settings, snapshot, data = press.settings, None, None
    if issue.path is not None:
        snapshot = await (await press.repo_to_read(issue)).snapshot()
        data = await snapshot.read(issue.path)
    if snapshot is None or data is None or issue.path is None:
        raise SaidError(settings.wording.say("channel_no_file"))
    document = IssueDocument.parse(data, press.layout)
    view = view_of(document, masthead_of(settings.config, issue.path, layout=press.layout))
    if workers is None:
        return view
    return await with_images(view, snapshot.read, layout=press.layout, path=issue.path, workers=workers)


async def issue_view_by_id(
    press: Press, issue_id: int, *, workers: ReadingWorkers | None = None
) -> IssueView:
    """Read the issue of an id as it stands in the repository; with `workers` also its pictures."""
    async with press.database.reading() as session:
        issue = await issue_by_id(session, issue_id)
    return await _issue_view(press, issue, workers)


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
