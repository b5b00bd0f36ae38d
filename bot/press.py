"""The press: a frozen slate becomes a commit in the newsletter's repository, or a preview of one."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.draft import Base, Plan, PlannedStory, page_from_json, set_issue
from bot.drafts_in_repo import draft_path, draft_renamed, new_draft
from bot.errors import DeskError
from bot.hearing import DeskSettings
from bot.pictures import picture_files
from bot.printed import Printed
from bot.publication import freeze
from bot.ways import marked_as_draft, repo_to_read, repo_to_write
from renderers.issue_document import IssueDocument
from renderers.layout import Layout
from storage.database import Database
from storage.issue_records import Issue, Publication
from storage.issues import (
    issue_by_id,
    issue_in_preparation,
    paths_of_others,
    placements,
    publication,
)
from storage.links import keys_of
from storage.newsletter_repo import NewsletterRepo, Signature, Snapshot
from storage.people_records import Curator
from storage.publications import last_commit


class NothingToPrintError(DeskError):
    """Every story of a publish has gone into another issue meanwhile."""

    def __init__(self, settings: DeskSettings) -> None:
        threshold = settings.rules.threshold
        super().__init__(settings.wording.say("publish_empty", threshold=threshold), advice="")


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Who asked, when and where, for a publication to be undone; `line_id` is its line in the journal."""

    publication_id: str
    line_id: int
    curator_id: int
    at: str
    room: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Press:
    """Sets issues and commits them."""

    database: Database
    settings: DeskSettings
    repo: NewsletterRepo
    layout: Layout
    clock: Callable[[], datetime]

    async def print_publication(self, publication_id: str) -> dict[str, Any]:
        """Commit a frozen slate; return the commit and what came of it, as JSON.

        Run again after a crash it finds its commit by the publish id, and says the same.
        Raises a RepoError for what people can put right.
        """
        async with self.database.reading() as session:
            asked = await publication(session, publication_id)
            issue = await issue_by_id(session, asked.issue_id)
            editor = await session.get_one(Curator, asked.curator_id)
        plan = await plan_of(self.database, issue, asked.frozen)
        last: list[Printed] = []

        async def change(snapshot: Snapshot) -> Mapping[str, bytes | None]:
            last.append(await self._print_something(snapshot, issue, plan))
            async with self.database.reading() as session:
                pictures = await picture_files(session, snapshot, last[-1].document, asked.frozen["stories"])
            return {**pictures, last[-1].path: last[-1].document.render()}

        repo = await self.repo_to_write(issue)
        commit = await repo.commit(
            change,
            message=_message(issue, plan),
            author=self.signature(editor),
            when=asked.asked_at.astimezone(self.settings.config.zone),
            publish_id=_publish_id(self.settings.name, publication_id, asked),
        )
        committed_before = not last  # by a run that was interrupted before it could say so
        printed = await self.print(self.repo.at(commit.parent), issue, plan) if committed_before else last[-1]
        return {"issue": issue.id, **printed.as_json(commit, plan)}

    async def _print_something(self, snapshot: Snapshot, issue: Issue, plan: Plan) -> Printed:
        """Set the plan; raise NothingToPrintError where it would begin an issue without a story."""
        printed = await self.print(snapshot, issue, plan)
        if printed.before is None and not printed.document.stories:
            raise NothingToPrintError(self.settings)
        return printed

    async def print(self, snapshot: Snapshot, issue: Issue, plan: Plan) -> Printed:
        """Set the plan into the issue's file as this snapshot has it, or into a new one.

        A file that is gone is set again as it was last: nobody took its stories out one by one.
        """
        date = issue.date or self.clock().astimezone(self.settings.config.zone).date()
        async with self.database.reading() as session:
            taken = await paths_of_others(session, issue)
            since = await last_commit(session, issue.id)
        known = await draft_renamed(snapshot, issue.path, since=since, taken=taken)
        path = await draft_path(snapshot, self.layout, date, known=known, taken=taken, plan=plan)
        before = await snapshot.read(path)
        if before is not None:
            document = IssueDocument.parse(before, self.layout)
        elif issue.path is not None and plan.rendered is not None:
            document = IssueDocument.of(plan.rendered, self.layout)  # gone with its file, or its branch
        else:
            begun = await new_draft(snapshot, self.layout, date)
            document = marked_as_draft(begun, self.layout, self.settings)
        merged, outcome = await asyncio.to_thread(set_issue, document, plan)
        return Printed(path, before, merged, outcome, again=before is None and issue.path is not None)

    async def preview(self) -> Printed:
        """Set what `/publish` would set now, without committing it."""
        return (await self.preview_on_snapshot())[1]

    async def preview_on_snapshot(self) -> tuple[Snapshot, Printed]:
        """Return a preview behind the snapshot that it was set on."""
        async with self.database.transaction() as session:
            today = self.clock().astimezone(self.settings.config.zone).date()
            issue = await issue_in_preparation(session, self.settings.name, today=today)
            frozen = await freeze(session, self.settings, issue)
        plan = await plan_of(self.database, issue, frozen)
        snapshot = await (await self.repo_to_read(issue)).snapshot()
        return snapshot, await self.print(snapshot, issue, plan)

    async def take_back(self, asked_for: TakeBack) -> dict[str, Any]:
        """Undo a publication by a commit that reverts it; return the commit as JSON. Raises a RepoError."""
        async with self.database.reading() as session:
            asked = await publication(session, asked_for.publication_id)
            issue = await issue_by_id(session, asked.issue_id)
            editor = await session.get_one(Curator, asked_for.curator_id)
        repo = await self.repo_to_write(issue)
        commit = await repo.revert(
            asked.commit or "",
            message=f"Take back the draft of {issue.date}\n\nIssue: {issue.date}",
            author=self.signature(editor),
            when=datetime.fromisoformat(asked_for.at).astimezone(self.settings.config.zone),
            publish_id=f"{_publish_id(self.settings.name, asked.id, asked)}-undo-{asked_for.line_id}",
        )
        return {"issue": issue.id, "commit": commit.id, "pushed": commit.pushed}

    async def repo_to_read(self, issue: Issue) -> NewsletterRepo:
        """Return the repository by the branch on which an issue stands."""
        return await repo_to_read(self.database, self.settings, self.repo, issue)

    async def repo_to_write(self, issue: Issue) -> NewsletterRepo:
        """Return the repository by the branch to which an issue goes."""
        return await repo_to_write(self.database, self.settings, self.repo, issue, self.clock())

    def signature(self, curator: Curator) -> Signature:
        """Return how a person signs commits: by name, with an address that is nobody's mailbox."""
        return Signature(curator.name, f"curator-{curator.id}@{self.settings.config.newsletter.email_domain}")


async def plan_of(database: Database, issue: Issue, frozen: Mapping[str, Any]) -> Plan:
    """Read a frozen slate back, with how each story was last set; leave out what another issue has taken."""
    async with database.reading() as session:
        bases = await placements(session, issue.id)
        keys = await keys_of(session, [one["id"] for one in frozen["stories"]], issue_id=issue.id)
    return Plan(
        stories=tuple(
            PlannedStory(
                id=one["id"],
                number=one["number"],
                keys=keys[one["id"]],
                page=page_from_json(one["page"]),
                base=_base(bases.get(one["id"])),
                spiked=one["spiked"],
                before=one["before"],
            )
            for one in frozen["stories"]
            if one["id"] in keys
        ),
        lead=frozen["lead"],
        rendered_lead=issue.rendered_lead,
        shorts=tuple(short["text"] for short in frozen["shorts"]),
        rendered=issue.rendered,
    )


def _base(placement: Any) -> Base | None:
    return None if placement is None else Base(page_from_json(placement.page), placement.text)


def _publish_id(desk: str, publication_id: str, asked: Publication) -> str:
    """Return an id that no other database of this newsletter makes: events are counted per database."""
    return f"{desk}-{publication_id}-{int(asked.asked_at.timestamp() * 1000)}"


def _message(issue: Issue, plan: Plan) -> str:
    count = sum(story.base is None and not story.spiked for story in plan.stories)
    what = f"add {count} {'story' if count == 1 else 'stories'}" if count else "update stories"
    return f"Draft {issue.date}: {what}\n\nIssue: {issue.date}"
