"""The pull requests of issues: opened or brought up to date after a push, and followed to their end."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.forges.forge import Forge, Proposal, Pull, PullState, find_or_open
from bot.forges.forge_error import PASSING_FORGE_ERRORS, ForgeBusyError, ForgeError, NothingToMergeError
from bot.forges.opening import forge_of
from bot.hearing import DeskSettings
from bot.merged_release import let_merge_take_effect, stories_merged
from bot.release import drop_release
from bot.release_sentences import sent_before
from bot.repo_trouble import told
from storage.database import Database, Session
from storage.issue_records import Issue
from storage.issues import issue_by_id
from storage.newsletter_repo import NewsletterRepo
from storage.outbox import order_delivery
from storage.press_records import PullRequest
from storage.pull_requests import (
    MERGED,
    OPEN,
    followed_pull_requests,
    note_change,
    note_open,
    note_pushed_after_merge,
    pull_request_of,
)
from storage.releases import release_by_id, waiting_release
from storage.repo_errors import RepoError
from storage.sendings import sendings_besides

log = logging.getLogger(__name__)

EACH = timedelta(minutes=3)
"""Between two looks at what became of pull requests; a token of GitHub may ask 5000 times an hour."""

_SOON = 60.0  # seconds: for as long the engine tries a step again


@dataclass(frozen=True, slots=True)
class PullRequests:
    """Proposes what was pushed to an issue's branch, and knows what became of it."""

    database: Database
    settings: DeskSettings
    repo: NewsletterRepo
    forge: Forge
    clock: Callable[[], datetime]

    async def propose(self, issue_id: int, outcome: Mapping[str, Any]) -> dict[str, Any]:
        """Open the pull request of an issue's branch, or bring it up to date; return it as JSON.

        `outcome` is the push's (`stories`, and `empty` sections; neither after an undo). Run again it finds
        the same one. What may pass soon is raised; other trouble is returned, as the push stands. `merged`
        says that there is nothing left to propose: somebody merged it since the push.
        """
        await self.look(issue_id)
        async with self.database.reading() as session:
            row, issue = await pull_request_of(session, issue_id), await issue_by_id(session, issue_id)
        if row is None or await self._is_in_base(row, outcome["commit"]):
            return {"merged": True}
        dropped = await self._without_a_lost_release(issue_id, row.branch)
        if row.state == OPEN and "stories" not in outcome:
            return {"branch": row.branch, "number": row.number, "url": row.url, **dropped}
        try:
            pull = await find_or_open(self.forge, self._proposal(issue, row.branch, outcome))
        except NothingToMergeError:
            return {"merged": True}
        except ForgeError as trouble:
            if _passes_soon(trouble):
                raise
            return {"branch": row.branch, "trouble": list(told(trouble, self.settings.wording))}
        async with self.database.transaction() as session:
            await note_open(
                session, issue_id, branch=row.branch, number=pull.number, url=pull.url, now=self.clock()
            )
        return {"branch": row.branch, "number": pull.number, "url": pull.url, **dropped}

    async def _is_in_base(self, row: PullRequest, commit: str | None) -> bool:
        """Tell whether nothing is left to propose of what was pushed.

        A merge just before the push has left it out: then the branch needs another pull request.
        """
        if row.state != MERGED:
            return not await self.repo.on(row.branch).is_ahead()
        if commit is None or await self.repo.holds(commit):
            return True
        async with self.database.transaction() as session:
            await note_pushed_after_merge(session, row.issue_id, branch=row.branch)
        return False

    async def _without_a_lost_release(self, issue_id: int, branch: str) -> dict[str, str]:
        """Drop a release that waits where its branch begins anew without it; return its date as JSON."""
        async with self.database.reading() as session:
            release = await waiting_release(session, issue_id)
        if release is None or await self.repo.on(branch).holds(release.commit or ""):
            return {}
        async with self.database.transaction() as session:
            await drop_release(session, await release_by_id(session, release.id), self.clock())
        return {"dropped": str(release.date)}

    def _proposal(self, issue: Issue, branch: str, outcome: Mapping[str, Any]) -> Proposal:
        """Say in numbers what the branch holds: words from pages could ping people or close tickets."""
        newsletter, say = self.settings.config.newsletter, self.settings.wording.say
        pattern = newsletter.pull_request.title if newsletter.pull_request else ""
        kind = "release" if outcome.get("release") else "draft" if "stories" in outcome else "undo"
        return Proposal(
            head=branch,
            base=newsletter.branch,
            title=pattern.replace("{date}", str(issue.date))
            or say(f"pull_request_{kind}_title", date=issue.date),
            body=say(
                f"pull_request_{kind}_body",
                date=issue.date,
                stories=outcome.get("stories", 0),
                empty=len(outcome.get("empty", ())),
                base=newsletter.branch,
            ),
        )

    async def look(self, issue_id: int | None = None) -> int:
        """Ask the forge what became of the pull requests; tell the room of each change, once.

        Return how many were merged, closed or opened again. A forge that cannot be asked now is asked later.
        """
        async with self.database.reading() as session:
            rows = await followed_pull_requests(session, self.settings.name, self.clock())
        count = 0
        for row, issue in rows:
            if issue_id in (None, issue.id):
                try:
                    pull = await self.forge.look(row.number)
                    count += await self._changed(issue.id, row.state, pull)
                except (ForgeError, RepoError) as trouble:
                    log.warning("pull request not seen", extra={"number": row.number, "why": trouble.problem})
        return count

    async def _changed(self, issue_id: int, was: str, pull: Pull) -> bool:
        if pull.state == was:
            return False
        now, merged = self.clock(), dict[str, Any]()
        if pull.state == PullState.MERGED:
            merged = await stories_merged(self.database, self.settings, self.repo, issue_id)
        async with self.database.transaction() as session:
            if not await note_change(
                session, issue_id, number=pull.number, was=was, state=pull.state, now=now
            ):
                return False
            issue = await issue_by_id(session, issue_id)
            said = await self._consequence(session, pull, issue, merged, now)
            await self._tell(session, pull, issue, said, now)
        return True

    async def _consequence(
        self, session: Session, pull: Pull, issue: Issue, merged: Mapping[str, Any], now: datetime
    ) -> str:
        """Let what was merged take effect; return the sentences on what happened."""
        say, listed = self.settings.wording.say, self.settings.wording.listed
        what, date, channels = str(pull.state), issue.date, tuple[str, ...]()
        if pull.state == PullState.MERGED:
            what, date, channels = await let_merge_take_effect(session, self.settings, issue, merged, now)
        base = self.settings.config.newsletter.branch
        said = [say(f"pull_request_{what}", date=date, number=pull.number, base=base, url=pull.url)]
        said += [say("release_channels", channels=listed(list(channels)))] if channels else []
        if what == "released":
            said += sent_before(await sendings_besides(session, issue.id, channels), self.settings)
        return "\n".join(said)

    async def _tell(self, session: Session, pull: Pull, issue: Issue, text: str, now: datetime) -> None:
        """Tell the editors' room what became of a pull request."""
        await order_delivery(
            session,
            desk=self.settings.name,
            room=self.settings.room_for_editors(),
            key=f"pull-request:{issue.id}:{pull.number}:{pull.state}:{now.isoformat()}",
            kind="reply",
            payload={"text": text},
            now=now,
        )


def _passes_soon(trouble: ForgeError) -> bool:
    """Tell whether trying a step again, for about a minute, may help."""
    if isinstance(trouble, ForgeBusyError):
        return trouble.seconds <= _SOON
    return isinstance(trouble, PASSING_FORGE_ERRORS)


def pull_requests_of(
    database: Database, settings: DeskSettings, repo: NewsletterRepo, clock: Callable[[], datetime]
) -> PullRequests | None:
    """Return who looks after pull requests; None where drafts go straight to the branch."""
    forge = forge_of(settings.config.newsletter)
    return None if forge is None else PullRequests(database, settings, repo, forge, clock)


@dataclass(slots=True)
class PullRequestWatch:
    """Looks at the pull requests every few minutes."""

    pulls: PullRequests | None
    clock: Callable[[], datetime]
    looked_at: datetime | None = None

    async def go_on(self) -> int:
        """Look where that is due; return how many pull requests have changed."""
        now = self.clock()
        if self.pulls is None or (self.looked_at is not None and now - self.looked_at < EACH):
            return 0
        self.looked_at = now
        return await self.pulls.look()
