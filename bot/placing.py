"""Where a publish has put stories, and how they stood before it, so that an undo can go back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.git_edits import give_back_edits, take_edits
from bot.wording import Wording
from storage.database import Session
from storage.issue_records import Issue, Placement
from storage.issues import forget_placement, give_back, place_story, placements
from storage.records import Story, StoryStatus
from storage.stories import touch


async def record_places(
    session: Session,
    issue: Issue,
    result: Mapping[str, Any],
    wording: Wording,
    *,
    lead: str | None,
    now: datetime,
) -> dict[str, Any]:
    """Record where a publish set stories; return how all of them stood before it, as JSON.

    A lead that people wrote in git becomes the desk's, unless it has another by now than the `lead` frozen.
    """
    known = await placements(session, issue.id)
    stood: dict[str, Any] = {}
    for word, placed in result["placed"].items():
        stood[word] = await _place(session, issue, placed, wording, known.get(int(word)), int(word), now)
    for story_id, placement in known.items():
        story = await session.get_one(Story, story_id)
        if story.number in (*result["removed"], *result["kept_out"]):
            stood[str(story_id)] = as_it_stood(story, placement)
            by_hand = story.number in result["kept_out"]
            await _take_out(session, issue, story, by_hand=by_hand, wording=wording)
    return {**_record_file(issue, result, lead), "stories": stood}


def _record_file(issue: Issue, result: Mapping[str, Any], lead: str | None) -> dict[str, Any]:
    """Record what the issue's file is and says; return what was recorded before."""
    before = {"lead": issue.rendered_lead, "path": issue.path, "rendered": issue.rendered}
    before["own_lead"] = issue.lead
    if issue.lead == lead:
        issue.lead = result["lead"]
    issue.path, issue.rendered_lead, issue.rendered = result["path"], result["lead"], result["rendered"]
    return before


async def _place(
    session: Session,
    issue: Issue,
    placed: Mapping[str, Any],
    wording: Wording,
    known: Placement | None,
    story_id: int,
    now: datetime,
) -> dict[str, Any]:
    """Record where one story stands now, and what people wrote of it; return how it stood."""
    story = await session.get_one(Story, story_id)
    stood = as_it_stood(story, known)
    taken = await take_edits(session, story_id, placed, wording, now)
    section, text = placed["section"], placed["text"]
    story.issue_id, story.section, story.run_before = issue.id, section, None
    await place_story(session, issue.id, story_id, section=section, page=taken.page, text=text)
    await touch(session, story_id)
    return {**stood, "fields": taken.before}


async def _take_out(session: Session, issue: Issue, story: Story, *, by_hand: bool, wording: Wording) -> None:
    """Free a story that is no longer in the file; one that somebody took out in git counts as spiked."""
    await forget_placement(session, issue.id, story.id)
    story.issue_id = story.section = None
    if by_hand and story.status == StoryStatus.PITCHED:
        story.status, story.spike_reason = StoryStatus.SPIKED, wording.say("reason_taken_out")
    await touch(session, story.id)


def as_it_stood(story: Story, placement: Placement | None) -> dict[str, Any]:
    """Return where a story stands, and how it is set in an issue, as JSON."""
    return {
        "issue": story.issue_id,
        "section": story.section,
        "status": story.status,
        "reason": story.spike_reason,
        "page": placement.page if placement else None,
        "text": placement.text if placement else None,
        "set_in": placement.section if placement else None,
    }


async def put_back(
    session: Session,
    issue: Issue,
    before: Mapping[str, Any],
    *,
    numbers: list[int],
    lead: str | None,
    now: datetime,
) -> None:
    """Let stories stand as they did before a publish; `numbers` are those it found taken out by hand.

    Words that came from git go back as well, and so does the `lead` that the publish left; they are in the
    file still, and the next publish finds them. An issue that the publish had begun has no file any more: its
    lead and shorts go to the next one.
    """
    for word, stood in before["stories"].items():
        story = await session.get_one(Story, int(word))
        story.issue_id, story.section = stood["issue"], stood["section"]
        if story.number in numbers:
            story.status, story.spike_reason = StoryStatus(stood["status"]), stood["reason"]
        await give_back_edits(session, story.id, stood.get("fields", {}), now)
        await place_as_before(session, issue, story, stood)
    issue.rendered_lead, issue.path = before["lead"], before["path"]
    issue.rendered = before.get("rendered")
    if issue.lead is not None and issue.lead == lead:
        issue.lead = before.get("own_lead", issue.lead)
    if issue.path is None:
        await give_back(session, issue)


async def place_as_before(session: Session, issue: Issue, story: Story, stood: Mapping[str, Any]) -> None:
    """Record again how a story was set in the issue: as `as_it_stood` says."""
    if stood["page"] is None:
        await forget_placement(session, issue.id, story.id)
    else:
        page, text, section = stood["page"], stood["text"], stood["set_in"]
        await place_story(session, issue.id, story.id, section=section, page=page, text=text)
    await touch(session, story.id)
