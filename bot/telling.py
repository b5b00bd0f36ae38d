"""A story in words: what it still needs, how it stands. Pure."""

from bot.hearing import DeskSettings
from bot.standing import standing
from storage.records import Story, StoryStatus


def missing_of(story: Story, settings: DeskSettings) -> str:
    """Say what a pitched story still needs for the slate; empty where it needs nothing."""
    now = standing(story, settings.rules)
    say = settings.wording.say
    parts = []
    if now.vetoed_by is not None:
        parts.append(say("standing_vetoed", name=now.vetoed_by))
    if now.votes_missing == 1:
        parts.append(say("missing_vote"))
    elif now.votes_missing:
        parts.append(say("missing_votes", count=now.votes_missing))
    if now.section is None:
        parts.append(say("missing_section"))
    if not now.has_title:
        parts.append(say("missing_title", number=story.number))
    return settings.wording.clauses(parts)


def standing_of(story: Story, settings: DeskSettings) -> str:
    """Say how a story stands: in an issue, on the slate, spiked, or what it needs."""
    say = settings.wording.say
    issue = str(story.issue.date) if story.issue and story.issue.date else ""
    section = settings.section_name(story.section)
    if story.status == StoryStatus.SPIKED:
        return say("standing_spiked", reason=story.spike_reason)
    if story.status == StoryStatus.PUBLISHED:
        return say("standing_published", issue=issue, section=section)
    if story.issue_id is not None:
        return say("standing_drafted", issue=issue, section=section)
    won = settings.section_name(standing(story, settings.rules).section)
    return missing_of(story, settings) or say("standing_slate", section=won)


def state_of(story: Story, settings: DeskSettings) -> str:
    """Name the state a card shows: waiting, slate, drafted, published, spiked, vetoed or unread."""
    if story.status != StoryStatus.PITCHED:
        return str(story.status)
    now = standing(story, settings.rules)
    if story.issue_id is not None:
        return "drafted"
    if now.vetoed_by is not None:
        return "vetoed"
    if now.approved:
        return "slate"
    return "waiting" if now.has_title else "unread"
