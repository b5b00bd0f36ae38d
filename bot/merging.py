"""Merging: an editor makes one story of two that are the same. The machine only offers it.

The rules, as an editor would read them:

- What people did for the one counts for the other: votes and tags, the later where somebody did both, and
  pitches with their notes. Its links lead to the other from now on. Words stay where they are.
- The one is spiked, and keeps all its own, so that an undo finds it. What people did on the other's card
  since is never undone with it.
- Merged into a story that ran, it is spiked as having run; nothing moves.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.command import FORMS, Command
from bot.hearing import Hearing
from bot.permission import require_open
from bot.pitch import reopen, title_of
from bot.retelling import deed_in_words
from bot.withdrawal import take_pitch_back
from storage.curators import present_curator
from storage.event_records import JournalLine
from storage.journal import lines_of_story
from storage.links import give_links, move_links
from storage.pitches import add_pitch, remove_pitch
from storage.records import Story, StoryStatus
from storage.stories import story_by_id, touch
from storage.votes import cast_vote, tag_story

_USAGE = {form.name: form.usage for form in FORMS}
_VOTES, _TAGS = "votes", "tags"

Held = Mapping[int, tuple[Any, datetime]]
"""What curators think of a story, a weight or a section, by curator; and since when."""


async def merge(hearing: Hearing, command: Command) -> None:
    """Let a story go into another, which takes over what people did for it."""
    story, other = [await hearing.story(word, usage=_USAGE["merge"]) for word in command.words]
    _require_mergeable(hearing, story, other)
    ran = other.status == StoryStatus.PUBLISHED
    issue = str(other.issue.date) if other.issue else ""
    named = {"number": other.number, "issue": issue}
    reason = hearing.wording.say("reason_ran" if ran else "reason_merged", **named)
    moved = {} if ran else await _move(hearing, story, other)
    before = [story.same_as, story.likeness]
    story.status, story.spike_reason, story.withdrawn = StoryStatus.SPIKED, reason, False
    story.same_as = other.id  # so that the other does not say the same of it
    names = {"other": other.number, "other_id": other.id, "reason": reason}
    await hearing.note("merge", story=story, **names, before=before, moved=moved)
    await hearing.note("take_in", story=other, other=story.number)
    for one in (story, other):
        await touch(hearing.session, one.id)
    if ran:
        hearing.say("merged_ran", number=story.number, reason=reason)
        return
    score = sum(vote.weight for vote in (await story_by_id(hearing.session, other.id)).votes)
    hearing.say("merged", number=story.number, other=other.number, title=title_of(other), score=score)


def _require_mergeable(hearing: Hearing, story: Story, other: Story) -> None:
    """Raise a refusal where one of the two is out of the running, or both are one."""
    if story.id == other.id:
        raise hearing.refusal("merge_itself", number=story.number)
    require_open(hearing, story)
    for one in (story, other):
        if one.status == StoryStatus.SPIKED:
            raise hearing.refusal("merge_spiked", number=one.number, reason=one.spike_reason)


async def _move(hearing: Hearing, story: Story, other: Story) -> dict[str, Any]:
    """Let the other story have what is the story's; return what that changed, for an undo."""
    moved: dict[str, Any] = {}
    for kind in (_VOTES, _TAGS):
        moved[kind] = taken_over(_held(story, kind), _held(other, kind))
        for taken in moved[kind]:
            await _hold(hearing, other, kind, taken["curator"], taken["given"])
    moved["pitches"] = await _copy_pitches(hearing, story, other)
    moved["links"] = await move_links(hearing.session, story, other)
    moved["same_as"] = [other.same_as, other.likeness]
    if other.same_as == story.id:
        other.same_as, other.likeness = None, 0.0
    return moved


def taken_over(given: Held, held: Held) -> list[dict[str, Any]]:
    """Return whose opinion moves, and what they held before: that of everybody who did not form one later."""
    return [
        {
            "curator": curator,
            "given": [value, since.isoformat()],
            "held": [held[curator][0], held[curator][1].isoformat()] if curator in held else None,
        }
        for curator, (value, since) in sorted(given.items())
        if curator not in held or held[curator][1] <= since
    ]


def _held(story: Story, kind: str) -> Held:
    if kind == _VOTES:
        return {vote.curator_id: (vote.weight, vote.cast_at) for vote in story.votes}
    return {tag.curator_id: (tag.section, tag.cast_at) for tag in story.tags}


async def _hold(hearing: Hearing, story: Story, kind: str, curator: int, opinion: list[Any]) -> None:
    value, since = opinion[0], datetime.fromisoformat(opinion[1])
    if kind == _VOTES:
        await cast_vote(hearing.session, story.id, curator, value, now=since)
    else:
        await tag_story(hearing.session, story.id, curator, value, now=since)


async def _copy_pitches(hearing: Hearing, story: Story, other: Story) -> list[list[str]]:
    """Let the messages that pitched the story pitch the other too; return those that had not before."""
    return [
        [pitch.room, pitch.message_id]
        for pitch in story.pitches
        if await add_pitch(
            hearing.session,
            other,
            curator_id=pitch.curator_id,
            room=pitch.room,
            message_id=pitch.message_id,
            thread=pitch.thread,
            note=pitch.note,
            now=pitch.pitched_at,
        )
    ]


async def merged_into(hearing: Hearing, story: Story) -> int | None:
    """Return the number of the story to which this one's links went, where it was merged and stays so."""
    if story.status != StoryStatus.SPIKED:
        return None
    lines = [line for line in await lines_of_story(hearing.session, story.id) if line.deed == "merge"]
    standing = [line for line in lines if line.undone_by is None and line.details["moved"]]
    return int(standing[-1].details["other"]) if standing else None


async def undo_merge(hearing: Hearing, line: JournalLine, story: Story | None) -> None:
    """Make two stories of one again; raise a refusal where the links have gone elsewhere since."""
    details, moved = line.details, line.details["moved"]
    if story is None or (story.status, story.spike_reason) != (StoryStatus.SPIKED, details["reason"]):
        raise _too_late(hearing, line)
    other = await story_by_id(hearing.session, details["other_id"])
    if moved and not await give_links(hearing.session, moved["links"], giver=other, taker=story):
        raise _too_late(hearing, line)
    gone = await _take_back(hearing, other, moved) if moved else []
    await hearing.note("give_back", story=other, other=story.number)
    story.same_as, story.likeness = details["before"]
    await reopen(hearing, story)
    for place in gone:
        await _follow_withdrawal(hearing, story.id, place)
    await touch(hearing.session, other.id)


async def _take_back(hearing: Hearing, other: Story, moved: Mapping[str, Any]) -> list[list[str]]:
    """Let the other story be without what it took over, as far as it stands; return pitches gone since."""
    for kind in (_VOTES, _TAGS):
        now = _held(other, kind)
        for taken in moved[kind]:
            curator = await present_curator(hearing.session, taken["curator"])
            value, since = taken["given"]
            if curator is None or now.get(curator.id) != (value, datetime.fromisoformat(since)):
                continue  # somebody who changed their mind since has done so about the other
            nothing = [0 if kind == _VOTES else None, since]
            await _hold(hearing, other, kind, curator.id, taken["held"] or nothing)
    standing = [[pitch.room, pitch.message_id] for pitch in other.pitches]
    for place in moved["pitches"]:
        if place in standing:
            await remove_pitch(hearing.session, other, *place)
    if other.same_as is None:
        other.same_as, other.likeness = moved["same_as"]
    return [place for place in moved["pitches"] if place not in standing]


async def _follow_withdrawal(hearing: Hearing, story_id: int, place: list[str]) -> None:
    """Take a pitch back whose message was withdrawn while the story was part of the other."""
    story = await story_by_id(hearing.session, story_id)
    pitch = next((one for one in story.pitches if [one.room, one.message_id] == place), None)
    if pitch is not None and story.status == StoryStatus.PITCHED:
        await take_pitch_back(hearing, story, pitch)


def _too_late(hearing: Hearing, line: JournalLine) -> Exception:
    return hearing.refusal("undo_too_late", what=deed_in_words(line, hearing.settings))
