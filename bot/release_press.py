"""The press of a release: what it would commit, its commit, and the commit that takes it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.errors import DeskError
from bot.issue_check import link_key
from bot.link_check import FRESH, LinkCheck, links_of, live_findings
from bot.press import Press
from bot.release_faults import died_since, overridden_errors, unseen_errors
from bot.release_plan import Prepared, ReleasePlanner
from bot.release_sentences import named_errors
from renderers.issue_document import IssueDocument
from renderers.issue_lint import LintFinding
from storage.database import Session
from storage.issue_records import Issue
from storage.issues import issue_by_id
from storage.newsletter_repo import Commit, NewsletterRepo, Snapshot
from storage.people_records import Curator
from storage.press_records import Release
from storage.records import StoryStatus
from storage.releases import release_by_id, stories_with_keys, waiting_release
from storage.stories import stories_of_issue

_SHOWN_DIFFERENCE = 4000  # characters


class ErrorsFoundError(DeskError):
    """Lint found errors that the preview had not shown."""


@dataclass(frozen=True, slots=True)
class ReleasePress:
    """Prepares and commits releases, on the press that sets drafts."""

    press: Press
    links: LinkCheck

    @property
    def planner(self) -> ReleasePlanner:
        """Return who works out what a release would do."""
        return ReleasePlanner(self.press)

    async def preview(self, release_id: str) -> dict[str, Any]:
        """Return what a release would commit and what lint says of it, links visited, as JSON."""
        release, issue = await self._asked(release_id)
        repo = await self.press.repo_to_read(issue)
        await self._require_no_other(release, repo)
        prepared = await self.planner.prepare(await repo.snapshot(), issue, release.date.isoformat())
        live = await self._visited(prepared.released.document)
        findings = sorted([*prepared.findings, *live], key=lambda found: (found.line, found.code))
        return {
            **_in_json(prepared),
            "findings": [[f.code, f.line, f.what] for f in findings if f.weight != "hint"],
            "errors": sum(f.weight == "error" for f in findings),
        }

    async def look_again(self, release_id: str) -> dict[str, Any]:
        """Visit the links again where the preview is not fresh; return those that `died`, as JSON.

        A commit may be run again after a crash, when it has landed: so this comes before it, and once.
        """
        release, issue = await self._asked(release_id)
        if issue.released_at is not None or self.press.clock() - release.asked_at <= FRESH:
            return {"died": []}
        repo = await self.press.repo_to_read(issue)
        prepared = await self.planner.prepare(await repo.snapshot(), issue, release.date.isoformat())
        return {"died": died_since(await self._visited(prepared.released.document), _preview(release))}

    async def _visited(self, document: IssueDocument) -> Sequence[LintFinding]:
        """Return what visiting the links of an issue shows."""
        visits = await self.links.check(links_of(document))
        await self.links.close()
        return live_findings(document, visits)

    async def commit(self, release_id: str, died: Sequence[Sequence[Any]] = ()) -> dict[str, Any]:
        """Commit a release once; return the commit and what came of it, as JSON.

        `died` are links that have died since the preview (`look_again`): they hold it up. Run again after a
        crash it finds its commit by the publish id, and says the same. Raises a RepoError or DeskError for
        what people can put right.
        """
        release, issue = await self._asked(release_id)
        self._require_open(issue)
        async with self.press.database.reading() as session:
            editor = await session.get_one(Curator, release.curator_id)
        date, last = release.date.isoformat(), list[Prepared]()

        async def change(snapshot: Snapshot) -> Mapping[str, bytes | None]:
            last.append(await self.planner.prepare(snapshot, issue, date))
            self._require_sound(release, last[-1], died)
            return last[-1].files

        repo = await self.press.repo_to_write(issue)
        await self._require_no_other(release, repo)
        commit = await repo.commit(
            change,
            message=f"Release {date}\n\nIssue: {date}",
            author=self.press.signature(editor),
            when=release.asked_at.astimezone(self.press.settings.config.zone),
            publish_id=_publish_id(release),
        )
        prepared = last[-1] if last else await self.planner.prepare(repo.at(commit.parent), issue, date)
        return await self._told(release, issue, prepared, commit)

    def _require_open(self, issue: Issue) -> None:
        """Refuse an issue that is out: two previews were confirmed, one behind the other."""
        if issue.released_at is not None:
            say = self.press.settings.wording.say
            raise DeskError(say("release_done_before", issue=issue.date, path=issue.path or ""), advice="")

    async def _require_no_other(self, release: Release, repo: NewsletterRepo) -> None:
        """Refuse a release where the issue's branch has one that waits to be merged."""
        async with self.press.database.reading() as session:
            other = await waiting_release(session, release.issue_id)
        if other is None or other.id == release.id or not await repo.holds(other.commit or ""):
            return
        say = self.press.settings.wording.say
        raise DeskError(say("release_waits_already", issue=other.date), advice="")

    def _require_sound(self, release: Release, prepared: Prepared, died: Sequence[Sequence[Any]]) -> None:
        """Refuse errors that no editor has seen: people may have edited the draft since the preview."""
        errors = unseen_errors(prepared.errors, _preview(release), allowed=release.anyway)
        unseen = [*([one.code, one.line, one.what] for one in errors), *map(list, died)]
        if unseen:
            settings = self.press.settings
            listed = named_errors(unseen, settings)
            said = settings.wording.say("release_unseen", issue=release.date, errors=listed)
            raise ErrorsFoundError(said, advice="")

    async def _told(
        self, release: Release, issue: Issue, prepared: Prepared, commit: Commit
    ) -> dict[str, Any]:
        stories = await self._stories_in(issue, prepared.released.document)
        told = {"commit": commit.id, "pushed": commit.pushed, "diff": commit.diff[:_SHOWN_DIFFERENCE]}
        told["new"] = bool(commit.paths)
        overridden = overridden_errors(prepared.errors, _preview(release)) if release.anyway else []
        empty = [s.key for s in prepared.released.document.sections if not s.stories]
        asked = {"issue": issue.id, "release": True, "empty": empty, "overridden": overridden}
        return {**_in_json(prepared), **asked, **told, **stories, **_written(prepared)}

    async def take_back(self, release_id: str, curator_id: int, at: str, errand: str) -> dict[str, Any]:
        """Undo a release by a commit that reverts it; return the commit as JSON. Raises a RepoError."""
        async with self.press.database.reading() as session:
            release = await release_by_id(session, release_id)
            issue = await issue_by_id(session, release.issue_id)
            editor = await session.get_one(Curator, curator_id)
        repo = await self.press.repo_to_write(issue)
        outcome, waits = release.outcome or {}, release.done_at is None
        if not outcome.get("new", True) or (waits and not await repo.holds(release.commit or "")):
            return {"commit": None, "pushed": False, "issue": issue.id}  # there is nothing to revert
        commit = await repo.revert(
            release.commit or "",
            message=f"Take back the release of {release.date}\n\nIssue: {release.date}",
            author=self.press.signature(editor),
            when=datetime.fromisoformat(at).astimezone(self.press.settings.config.zone),
            publish_id=f"{_publish_id(release)}-undo-{errand}",
        )
        told = {"commit": commit.id, "pushed": commit.pushed, "issue": issue.id}
        return {**told, "stories": outcome["stories"], "empty": outcome["empty"]} if waits else told

    async def _asked(self, release_id: str) -> tuple[Release, Issue]:
        async with self.press.database.reading() as session:
            release = await release_by_id(session, release_id)
            return release, await issue_by_id(session, release.issue_id)

    async def _stories_in(self, issue: Issue, document: IssueDocument) -> dict[str, Any]:
        """Tell which of the desk's stories stand in the file, which of the issue's do not, which are new."""
        async with self.press.database.reading() as session:
            return await stories_in(session, self.press.settings.name, issue, document)


async def stories_in(session: Session, desk: str, issue: Issue, document: IssueDocument) -> dict[str, Any]:
    """Return `placed` (story id → section), `gone` (ids) and `unknown` (what stories say), as JSON."""
    there = {link_key(story.url): story for story in document.stories if story.url}
    known = await stories_with_keys(session, desk, there)
    placed = {
        str(story.id): there[key].section
        for key, story in known.items()
        if story.issue_id in (None, issue.id) and story.status != StoryStatus.PUBLISHED
    }
    mine = [s for s in await stories_of_issue(session, issue.id) if s.issue_id == issue.id]
    gone = [
        str(story.id)
        for story in mine
        if str(story.id) not in placed and story.status != StoryStatus.PUBLISHED
    ]
    unknown = [
        {
            "section": story.section,
            "url": story.url,
            "title": _storable(story.title),
            "source": _storable(story.source),
            "summary": _storable(story.summary),
            "text": _storable(story.text),
        }
        for key, story in there.items()
        if key not in known
    ]
    return {"placed": placed, "gone": gone, "unknown": unknown}


def _written(prepared: Prepared) -> dict[str, Any]:
    """Return what people wrote into the draft in git since the last publish."""
    return {"edits": dict(prepared.draft.edits), "lead": dict(prepared.draft.lead)}


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _preview(release: Release) -> Mapping[str, Any]:
    return (release.outcome or {}).get("preview") or {"findings": []}


def _in_json(prepared: Prepared) -> dict[str, Any]:
    return {
        "path": prepared.target,
        "path_before": prepared.path,
        "stories": prepared.released.count,
        "cells": list(prepared.released.cells),
        "counted": prepared.released.counted,
        "rows": list(prepared.rows),
        "dead": list(prepared.dead),
        "draft": prepared.draft.date,
        "unpublished": prepared.draft.unpublished,
    }


def _publish_id(release: Release) -> str:
    """Return an id that no other database of this newsletter makes: events are counted per database."""
    return f"{release.desk}-release-{release.id}-{int(release.asked_at.timestamp() * 1000)}"
