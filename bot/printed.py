"""An issue's file as it would be printed, and what is kept of it once it is committed. Pure."""

import difflib
from dataclasses import asdict, dataclass
from typing import Any

from bot.draft import Outcome, Plan
from bot.git_edits import edits_in
from bot.git_stories import unknown_in
from renderers.issue_document import IssueDocument
from renderers.issue_merge import MergedIssue
from renderers.lead_merge import lead_says
from renderers.story_match import readable
from storage.newsletter_repo import Commit
from storage.record_base import storable


@dataclass(frozen=True, slots=True)
class Printed:
    """An issue's file as a plan would have it, beside what the repository has.

    `again` says that the repository had the file at the last publish, and has it no more.
    """

    path: str
    before: bytes | None
    merged: MergedIssue
    outcome: Outcome
    again: bool = False

    @property
    def document(self) -> IssueDocument:
        """Return the file's document as it would be."""
        return self.merged.document

    @property
    def difference(self) -> tuple[str, ...]:
        """Return a unified diff from what is committed, a line each."""
        old = (self.before or b"").decode("utf-8", "replace").splitlines()
        new = self.document.render().decode("utf-8", "replace").splitlines()
        return tuple(difflib.unified_diff(old, new, self.path, self.path, lineterm="", n=1))

    def as_json(self, commit: Commit, plan: Plan) -> dict[str, Any]:
        """Return the commit and what came of the plan."""
        return {
            "commit": commit.id,
            "pushed": commit.pushed,
            "new": bool(commit.paths),
            "path": self.path,
            "again": self.again,
            "rendered": readable(self.document.text),
            "lead": lead_of(self.document, plan),
            "placed": storable(placed_in(self.merged, plan)),
            "unknown": storable(unknown_in(self.merged)),
            "stories": len(self.document.stories),
            "empty": [s.key for s in self.document.sections if not s.stories],
            "diff": commit.diff[:4000],
            **self.outcome.as_json(),
        }


def lead_of(document: IssueDocument, plan: Plan) -> str | None:
    """Return the lead that the desk has from now on: people's words where they wrote it anew in git."""
    if plan.lead is None or lead_says(document, plan.lead):
        return plan.lead
    return document.lead or ""


def placed_in(merged: MergedIssue, plan: Plan) -> dict[str, Any]:
    """Return where stories stand now, by id, as JSON: how each was set, and what of it people wrote."""
    placed = {}
    for story in plan.stories:
        there = merged.stories.get(story.name)
        if there is not None and not story.spiked:
            placed[story.name] = {
                "section": merged.sections[story.name],
                "page": asdict(story.page),
                "text": there.text,
                "edits": edits_in(there.fields, merged.edited.get(story.name, ())),
            }
    return placed
