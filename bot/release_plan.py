"""What a release would commit, worked out from the repository as it stands."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.drafts_in_repo import issue_paths
from bot.errors import DeskError
from bot.issue_check import link_key, ran_before
from bot.press import Press, plan_of
from bot.printed import lead_of, placed_in
from bot.publication import freeze
from bot.release_feeds import feed_changes, wants_feeds
from bot.release_names import final_path, moved_along
from renderers.front_matter import value_of
from renderers.index_rows import IndexRow, dead_rows, rows_in, with_index_rows
from renderers.issue_document import IssueDocument
from renderers.issue_lint import LintFinding, lint
from renderers.issue_release import ReleasedIssue, release_document, with_past_names
from storage.issue_records import Issue
from storage.issues import issue_by_id
from storage.newsletter_repo import Snapshot
from storage.record_base import storable
from storage.releases import drafts


class NoDraftError(DeskError):
    """The draft's file is not in the repository any more."""


class ReleasedFileError(DeskError):
    """The release would rename an issue that is out, or write over one."""


@dataclass(frozen=True, slots=True)
class _Draft:
    """A draft's file as the repository has it.

    `date` is the one by which a publish finds it (ISO), `unpublished` tells whether a publish would change
    it, `edits`, by story, what people wrote in git since the last one, `lead` what the desk wants for a lead
    and what the file says.
    """

    path: str
    date: str
    content: bytes
    unpublished: bool
    edits: Mapping[str, Any]
    lead: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a release would commit: the issue's file under its final name, and the index page's new rows."""

    path: str
    target: str
    released: ReleasedIssue
    findings: tuple[LintFinding, ...]
    files: Mapping[str, bytes | None]
    rows: tuple[str, ...]
    dead: tuple[str, ...]
    draft: "_Draft"

    @property
    def errors(self) -> tuple[LintFinding, ...]:
        """Return the findings that hold a release up."""
        return tuple(found for found in self.findings if found.weight == "error")


@dataclass(frozen=True, slots=True)
class ReleasePlanner:
    """Works out what a release would do."""

    press: Press

    async def prepare(self, snapshot: Snapshot, issue: Issue, date: str) -> Prepared:
        """Set the draft, as the repository has it, to an ISO date: the file, its name, the index page."""
        layout = self.press.layout
        draft = await self._draft_in(snapshot, issue)
        path, target = draft.path, final_path(draft.path, layout, date)
        files = tuple(one for one in await issue_paths(snapshot, layout) if one != path)
        index = await snapshot.read(layout.index_file) if layout.index_file else None
        page = (index or b"").decode("utf-8", "surrogateescape")
        named = rows_in(page, layout.index)
        self._require_renamable(path, target, files, named)
        previous = await self._previous(snapshot, files, date)
        document = IssueDocument.parse(draft.content, layout)
        paths = {**{self._day(one): one for one in files if self._day(one)}, date: target}
        released = await asyncio.to_thread(_released, document, date, previous, paths)
        grown = with_index_rows(page, layout, await self._listed(snapshot, files, named, date), paths)
        changed = await moved_along(snapshot, layout, path, target)
        changed[target] = released.document.render()
        if grown != page:
            changed[layout.index_file] = grown.encode("utf-8", "surrogateescape")
        changed |= await self._feeds(snapshot, files, (target, released.document))
        return Prepared(
            path=path,
            target=target,
            released=released,
            findings=await self._lint(issue, released.document, date),
            files=changed,
            rows=tuple(r.date for r in rows_in(grown, layout.index) if r.date not in _dates(named)),
            dead=tuple(row.date for row in dead_rows(grown, layout, {*files, target})),
            draft=draft,
        )

    async def _draft_in(self, snapshot: Snapshot, issue: Issue) -> _Draft:
        """Find the draft where a publish would."""
        async with self.press.database.reading() as session:
            frozen = await freeze(session, self.press.settings, await issue_by_id(session, issue.id))
        plan = await plan_of(self.press.database, issue, frozen)
        printed = await self.press.print(snapshot, issue, plan)
        if printed.before is None:
            say = self.press.settings.wording.say
            raise NoDraftError(say("release_no_draft", path=printed.path), advice="")
        placed = placed_in(printed.merged, plan)
        edits = {word: one for word, one in placed.items() if one["edits"]}
        return _Draft(
            path=printed.path,
            date=str(issue.date),
            content=printed.before,
            unpublished=bool(printed.difference),
            edits=storable(edits),
            lead=storable({"wanted": plan.lead, "says": lead_of(printed.document, plan)}),
        )

    def _require_renamable(
        self, path: str, target: str, files: Sequence[str], named: Sequence[IndexRow]
    ) -> None:
        """Refuse to write over an issue, or to rename one that the index page names: people link to it."""
        if target == path:
            return
        say = self.press.settings.wording.say
        taken = [one for one in files if one == target or self._day(one) == self._day(target)]
        if taken:
            raise ReleasedFileError(say("release_in_the_way", path=taken[0]), advice="")
        if self._day(path) in _dates(named):
            raise ReleasedFileError(say("release_renames_released", path=path, target=target), advice="")

    async def _previous(self, snapshot: Snapshot, files: Sequence[str], date: str) -> IssueDocument | None:
        earlier = [one for one in files if "" < self._day(one) < date]
        if not earlier:
            return None
        return IssueDocument.parse(await snapshot.read(max(earlier, key=self._day)) or b"", self.press.layout)

    async def _listed(
        self, snapshot: Snapshot, files: Sequence[str], named: Sequence[IndexRow], date: str
    ) -> list[str]:
        """Return the dates that the index page is to name: this issue, and all that were released before it.

        A draft of ours, one with a draft mark, and a file without a story were not released.
        """
        waiting = await self._waiting()
        known = _dates(named)
        missing = [one for one in files if "" < self._day(one) < date and self._day(one) not in known]
        return [
            date,
            *[self._day(one) for one in missing if one not in waiting and await self._is_out(snapshot, one)],
        ]

    async def _feeds(
        self, snapshot: Snapshot, files: Sequence[str], this: tuple[str, IssueDocument]
    ) -> Mapping[str, bytes]:
        """Return the feed files of this issue and those before it, as many as a feed holds."""
        settings = self.press.settings
        if not wants_feeds(settings):
            return {}
        issues, waiting = [this], await self._waiting()
        for one in sorted((one for one in files if self._day(one)), key=self._day, reverse=True):
            if len(issues) == settings.config.feeds.entries:
                break
            if one not in waiting and await self._is_out(snapshot, one):
                content = await snapshot.read(one) or b""
                issues.append((one, IssueDocument.parse(content, self.press.layout)))
        return await feed_changes(settings, issues)

    def _day(self, path: str) -> str:
        """Return the ISO date that an issue's file is named after; empty where it has none."""
        return self.press.layout.date_in(path) or ""

    async def _waiting(self) -> set[str | None]:
        """Return the files of drafts that were not released."""
        async with self.press.database.reading() as session:
            return {one.path for one in await drafts(session, self.press.settings.name)}

    async def _is_out(self, snapshot: Snapshot, path: str) -> bool:
        document = IssueDocument.parse(await snapshot.read(path) or b"", self.press.layout)
        marked = value_of(document.text, "published") is False or value_of(document.text, "draft") is True
        return bool(document.stories) and not marked

    async def _lint(self, issue: Issue, document: IssueDocument, date: str) -> tuple[LintFinding, ...]:
        async with self.press.database.reading() as session:
            past = await ran_before(session, self.press.settings.name, issue.id, document)
        return await asyncio.to_thread(lint, document, link_key, name=date, past=past)


def _released(
    document: IssueDocument, date: str, previous: IssueDocument | None, paths: Mapping[str, str]
) -> ReleasedIssue:
    released = release_document(document, date=date, previous=previous)
    return replace(released, document=with_past_names(released.document, paths, released.cells))


def _dates(rows: Sequence[IndexRow]) -> set[str]:
    return {row.date for row in rows}
