"""What is said of drafts whose day has passed: which issue is meant, and how to choose another."""

import datetime as dt

from bot.hearing import DeskSettings
from storage.database import Session
from storage.issue_records import Issue
from storage.issues import late_drafts

_MOST_NAMED = 3  # a desk that never releases leaves a draft behind each week


def lateness(issue: Issue, settings: DeskSettings, today: dt.date) -> list[str]:
    """Say that an issue's day has passed, how it is put out, and how another is begun."""
    if issue.path is None or issue.released_at is not None or issue.date is None or issue.date >= today:
        return []
    return [settings.wording.say("issue_late", issue=issue.date, today=today)]


async def left_behind(session: Session, settings: DeskSettings, issue: Issue, today: dt.date) -> list[str]:
    """Name the newest drafts, besides this one, whose day has passed and which are not released."""
    late = await late_drafts(session, settings.name, today=today)
    dates = [str(one.date) for one in late if one.id != issue.id]
    if not dates:
        return []
    more = ["…"] if len(dates) > _MOST_NAMED else []
    named = settings.wording.listed([*dates[:_MOST_NAMED], *more])
    return [settings.wording.say("drafts_unreleased", dates=named, newest=dates[0])]
