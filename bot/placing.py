"""Where a publish has put stories, and how they stood before it, so that an undo can go back."""

from collections.abc import Mapping
from typing import Any

from bot.wording import Wording
from storage.database import Session
from storage.issue_records import Issue, Placement
from storage.issues import forget_placement, give_back, place_story, placements
from storage.records import Story, StoryStatus
from storage.stories import touch


async def record_places(
    session: Session, issue: Issue, result: Mapping[str, Any], wording: Wording
) -> dict[str, Any]:
    """Record where a publish set stories; return how all of them stood before it, as JSON."""
    known = await placements(session, issue.id)
    stood: dict[str, Any] = {}
    for word, placed in result["placed"].items():
        story = await session.get_one(Story, int(word))
        stood[word] = _as_it_stood(story, known.get(story.id))
        story.issue_id, story.section, story.run_before = issue.id, placed["section"], None
        if placed["set"] is not None:
            await place_story(session, issue.id, story.id, section=placed["section"], **placed["set"])
        await touch(session, story.id)
    for story_id, placement in known.items():
        story = await session.get_one(Story, story_id)
        if story.number in (*result["removed"], *result["kept_out"]):
            stood[str(story_id)] = _as_it_stood(story, placement)
            await _take_out(
                session, issue, story, by_hand=story.number in result["kept_out"], wording=wording
            )
    return {"lead": issue.rendered_lead, "path": issue.path, "stories": stood}


async def _take_out(session: Session, issue: Issue, story: Story, *, by_hand: bool, wording: Wording) -> None:
    """Free a story that is no longer in the file; one that somebody took out in git counts as spiked."""
    await forget_placement(session, issue.id, story.id)
    story.issue_id = story.section = None
    if by_hand and story.status == StoryStatus.PITCHED:
        story.status, story.spike_reason = StoryStatus.SPIKED, wording.say("reason_taken_out")
    await touch(session, story.id)


def _as_it_stood(story: Story, placement: Placement | None) -> dict[str, Any]:
    return {
        "issue": story.issue_id,
        "section": story.section,
        "status": story.status,
        "reason": story.spike_reason,
        "page": placement.page if placement else None,
        "text": placement.text if placement else None,
        "set_in": placement.section if placement else None,
    }


async def put_back(session: Session, issue: Issue, before: Mapping[str, Any], *, numbers: list[int]) -> None:
    """Let stories stand as they did before a publish; `numbers` are those it found taken out by hand.

    An issue that the publish had begun has no file any more: its lead and shorts go to the next one.
    """
    for word, stood in before["stories"].items():
        story = await session.get_one(Story, int(word))
        story.issue_id, story.section = stood["issue"], stood["section"]
        if story.number in numbers:
            story.status, story.spike_reason = StoryStatus(stood["status"]), stood["reason"]
        if stood["page"] is None:
            await forget_placement(session, issue.id, story.id)
        else:
            page, text, section = stood["page"], stood["text"], stood["set_in"]
            await place_story(session, issue.id, story.id, section=section, page=page, text=text)
        await touch(session, story.id)
    issue.rendered_lead, issue.path = before["lead"], before["path"]
    if issue.path is None:
        await give_back(session, issue)
