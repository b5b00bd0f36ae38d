"""Asking for a release, confirming it, taking it back.

`/release` shows first what would be committed. An editor's button, or the same command again, lets it happen.
"""

import datetime as dt
from datetime import datetime, timedelta

from bot.command import Command
from bot.emoji import TAKEN
from bot.events import ButtonPressed
from bot.hearing import Hearing
from bot.permission import require_right
from bot.publication import publish_date
from storage.issue_records import Issue
from storage.issues import issue_in_preparation
from storage.outbox import order_errand
from storage.press_records import Release
from storage.releases import drafts, issue_dated, last_asked, standing_release

BUTTON = "release:"
"""What the key of a button begins with; the id of the release follows."""
GOOD_FOR = timedelta(minutes=30)
"""For which a preview may be confirmed: what it showed is not what is there for ever."""
_MOST_NAMED = 5  # drafts, of those left behind
ANYWAY, NEW = "anyway", "new"
"""Words after the date: release in spite of errors; look again, whatever was shown before."""


async def ask_release(hearing: Hearing, command: Command) -> None:
    """Show what a release would do; or carry it out, where the command repeats what a preview has shown."""
    words = command.rest.split()
    said = {word.casefold() for word in words} & {ANYWAY, NEW}
    dates = [word for word in words if word.casefold() not in said]
    if len(dates) > 1:
        raise hearing.refusal("not_a_date", word=" ".join(dates))
    asked_for = publish_date(hearing, dates[0] if dates else None)
    issue = await _draft(hearing, asked_for)
    date = asked_for or issue.date or hearing.today
    await _require_free(hearing, issue, date)
    before = await last_asked(hearing.session, issue.id, date)
    if before is not None and NEW not in said and _is_fresh(before, hearing.now):
        await _confirm(hearing, before, anyway=ANYWAY in said)
        before.room, before.message_id = hearing.room, hearing.message_id  # the answer goes here
        return
    release = Release(
        id=hearing.event_key,
        desk=hearing.desk,
        issue_id=issue.id,
        curator_id=hearing.curator.id,
        room=hearing.room,
        message_id=hearing.message_id,
        date=date,
        asked_at=hearing.now,
    )
    hearing.session.add(release)
    await hearing.react(TAKEN)
    await hearing.start("check_release", release.id)


def released_by(event: ButtonPressed) -> str | None:
    """Return the id of the release that a press confirms; None where it is no such press."""
    release_id = event.button.removeprefix(BUTTON)
    return release_id if release_id != event.button else None


async def hear_release_button(hearing: Hearing, release_id: str) -> None:
    """Let a press under a preview carry the release out, once; whoever presses must be an editor."""
    release = await hearing.session.get(Release, release_id)
    if release is None or release.desk != hearing.desk or release.room != hearing.room:
        return
    await require_right(hearing, "release")
    if release.done_at is not None:
        return
    issue = await hearing.session.get_one(Issue, release.issue_id)
    if issue.released_at is not None:  # by another preview, of another date
        raise hearing.refusal("release_done_before", issue=issue.date, path=issue.path or "")
    if not _is_fresh(release, hearing.now):
        raise hearing.refusal("release_late", issue=release.date)
    await _confirm(hearing, release, anyway=True)


def _is_fresh(release: Release, now: datetime) -> bool:
    return (release.outcome or {}).get("preview") is not None and now - release.asked_at <= GOOD_FOR


async def _confirm(hearing: Hearing, release: Release, *, anyway: bool) -> None:
    """Send a previewed release to the press; errors hold it up unless the editor says so."""
    outcome = release.outcome or {}
    if outcome["preview"]["errors"] and not anyway:
        raise hearing.refusal("release_blocked", issue=release.date, count=outcome["preview"]["errors"])
    release.anyway = bool(outcome["preview"]["errors"])
    release.curator_id = hearing.curator.id
    await order_errand(
        hearing.session,
        errand_id=f"release:{release.id}",
        workflow="release",
        arguments=[release.id],
        now=hearing.now,
    )
    hearing.say("release_under_way", issue=release.date)


async def _draft(hearing: Hearing, date: dt.date | None) -> Issue:
    """Return the draft to release: that of the date, else the one in preparation, else the only one."""
    waiting = await drafts(hearing.session, hearing.desk)
    same = [issue for issue in waiting if issue.date == date] if date is not None else []
    if same:
        return same[0]
    if date is not None:
        await _require_unreleased(hearing, date)
    if not waiting:
        raise hearing.refusal("release_nothing")
    prepared = await issue_in_preparation(hearing.session, hearing.desk, today=hearing.today)
    if prepared.path is not None:
        return prepared
    if len(waiting) > 1:
        dates = hearing.wording.listed([str(issue.date) for issue in waiting[-_MOST_NAMED:]])
        raise hearing.refusal("release_which", dates=dates)
    return waiting[0]


async def _require_unreleased(hearing: Hearing, date: dt.date) -> None:
    """Refuse to touch an issue that is out."""
    issue = await issue_dated(hearing.session, hearing.desk, date)
    if issue is not None and (issue.released_at is not None or issue.imported):
        raise hearing.refusal("release_done_before", issue=date, path=issue.path or "")


async def _require_free(hearing: Hearing, issue: Issue, date: dt.date) -> None:
    """Refuse a date that another issue with a file has: it would be overwritten."""
    other = await issue_dated(hearing.session, hearing.desk, date)
    if other is not None and other.id != issue.id and other.path is not None:
        raise hearing.refusal("release_done_before", issue=date, path=other.path)


async def ask_unrelease(hearing: Hearing, command: Command) -> None:
    """Ask for a release to be reverted: the issue's of a date, else the newest."""
    date = publish_date(hearing, command.words[0] if command.words else None)
    release = await standing_release(hearing.session, hearing.desk, date)
    if release is None:
        raise hearing.refusal("unrelease_nothing")
    who = (str(hearing.curator.id), hearing.now.isoformat(), hearing.room, hearing.message_id)
    await hearing.react(TAKEN)
    await hearing.start("unrelease", release.id, *who)
