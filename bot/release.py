"""What a release makes of an issue and its stories, and what is left when it is taken back."""

import datetime as dt
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.advising import order_learning
from bot.channels import order_sendings
from bot.git_edits import take_edits
from bot.git_stories import take_stories
from bot.hearing import DeskSettings
from bot.placing import as_it_stood, place_as_before
from storage.database import Session
from storage.issue_records import Issue
from storage.issues import forget_placement, issue_by_id, placements
from storage.journal import write_line_once
from storage.press_records import Release
from storage.records import Story, StoryStatus
from storage.releases import redate
from storage.stories import touch


async def finish_release(
    session: Session, settings: DeskSettings, issue: Issue, release: Release, now: datetime
) -> tuple[str, ...]:
    """Record that an issue is out: its stories ran, its date and file are final; return how it is announced.

    `release.outcome` says which stories stand in the file. To be called once, in one transaction, when the
    release's commit is on the newsletter's branch.
    """
    outcome = dict(release.outcome or {})
    placed: Mapping[str, str] = outcome["placed"]
    concerned = [await session.get_one(Story, int(word)) for word in (*placed, *outcome["gone"])]
    known = await placements(session, issue.id)
    before: dict[str, Any] = {
        "date": issue.date.isoformat() if issue.date else None,
        "path": issue.path,
        "stories": {str(story.id): as_it_stood(story, known.get(story.id)) for story in concerned},
    }
    _take_lead(issue, outcome)
    await redate(session, issue, release.date)
    issue.path, issue.released_at, release.done_at = outcome["path"], now, now
    for story in concerned:
        await _take_words(session, settings, release, story, now)
        await _settle(session, settings, issue, story, placed.get(str(story.id)))
    added = await _add_unknown(session, issue, outcome["unknown"], now)
    release.outcome = {**outcome, "before": before, "added": [story.id for story in added]}
    await _write_down(session, issue, release, [*placed, *(str(story.id) for story in added)], now)
    await order_learning(session, settings.name, now)
    return await order_sendings(session, settings, issue, now)


async def _take_words(
    session: Session, settings: DeskSettings, release: Release, story: Story, now: datetime
) -> None:
    """Let a story say what people wrote in git since the last publish; a draft again, it says so still."""
    edits = (release.outcome or {}).get("edits", {}).get(str(story.id))
    if edits is None:
        return
    await take_edits(session, story.id, edits, settings.wording, now)
    await write_line_once(
        session,
        f"{release.id}:git:{story.id}",
        desk=release.desk,
        deed="git_edit",
        details={"issue": str(release.date), "edits": edits["edits"]},
        now=now,
        room=release.room,
        story_id=story.id,
    )


def _take_lead(issue: Issue, outcome: Mapping[str, Any]) -> None:
    """Let a lead that people wrote in git be the desk's, unless it has another by now."""
    if "lead" in outcome and issue.lead == outcome["lead"]["wanted"]:
        issue.lead = outcome["lead"]["says"]


async def _settle(
    session: Session, settings: DeskSettings, issue: Issue, story: Story, section: str | None
) -> None:
    """Let a story that stands in the file have run; free one that somebody took out, as a publish does."""
    if section is not None:
        story.status, story.issue_id, story.section = StoryStatus.PUBLISHED, issue.id, section
        story.spike_reason, story.run_before = None, None
    else:
        await forget_placement(session, issue.id, story.id)
        story.issue_id = story.section = None
        if story.status == StoryStatus.PITCHED:
            story.status = StoryStatus.SPIKED
            story.spike_reason = settings.wording.say("reason_taken_out")
    await touch(session, story.id)


async def _add_unknown(
    session: Session, issue: Issue, unknown: list[dict[str, str]], now: datetime
) -> list[Story]:
    """Remember the stories that people wrote into the file by hand, so that nobody runs them again."""
    added = await take_stories(session, issue.desk, issue, unknown, now)
    for story in added:
        story.status = StoryStatus.PUBLISHED
    return added


async def _write_down(
    session: Session, issue: Issue, release: Release, story_ids: list[str], now: datetime
) -> None:
    """Write the release into the journal, and into each story's lines that it ran."""
    overridden = (release.outcome or {}).get("overridden") or ()
    told: dict[str, Any] = {"issue": str(release.date), "release": release.id, "commit": release.commit}
    told |= {"in_spite_of": [[code, what] for code, _, what in overridden]} if overridden else {}
    lines = [("release", None), *(("ran", int(word)) for word in story_ids)]
    for deed, story_id in lines:
        await write_line_once(
            session,
            f"{release.id}:{deed}:{story_id or issue.id}",
            desk=release.desk,
            deed=deed,
            details=told if deed == "release" else {k: told[k] for k in ("issue", "release", "commit")},
            now=now,
            curator_id=release.curator_id,
            room=release.room,
            story_id=story_id,
        )


async def drop_release(session: Session, release: Release, now: datetime) -> None:
    """Forget a release that waited to be merged: its commit is not in the issue's branch any more."""
    release.done_at = release.undone_at = now


async def undo_release(session: Session, release: Release, curator_id: int, now: datetime) -> Issue:
    """Let the stories of a reverted release stand in the draft again, and the issue be open; return it."""
    issue, outcome = await issue_by_id(session, release.issue_id), release.outcome or {}
    before: Mapping[str, Any] = outcome["before"]
    for word, stood in before["stories"].items():
        story = await session.get_one(Story, int(word))
        story.issue_id, story.section = stood["issue"], stood["section"]
        story.status, story.spike_reason = StoryStatus(stood["status"]), stood["reason"]
        await place_as_before(session, issue, story, stood)
    for story_id in outcome.get("added", ()):
        story = await session.get_one(Story, story_id)
        story.status = StoryStatus.PITCHED
        await forget_placement(session, issue.id, story_id)
        await touch(session, story.id)
    issue.released_at, issue.path, release.undone_at = None, before["path"], now
    await redate(session, issue, dt.date.fromisoformat(before["date"]) if before["date"] else None)
    await note_unrelease(session, release, curator_id, now)
    return issue


async def note_unrelease(session: Session, release: Release, curator_id: int, now: datetime) -> None:
    """Write into the journal that a release was taken back."""
    await write_line_once(
        session,
        f"{release.id}:unrelease",
        desk=release.desk,
        deed="unrelease",
        details={"issue": str(release.date), "release": release.id},
        now=now,
        curator_id=curator_id,
        room=release.room,
    )
