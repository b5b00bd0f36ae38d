"""Undo: the last deed of one's own, of one story, or the last publish.

Votes and tags by reaction are not undone here: they are states, taken back by taking back the reaction.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from bot.ballot import held_opinion
from bot.command import FORMS, Command
from bot.hearing import Hearing, SaidError
from bot.likeness import forget_text
from bot.merging import undo_merge
from bot.permission import require_right
from bot.pitch import reopen, start_reading
from bot.retelling import deed_in_words
from bot.withdrawal import is_line_of, say_kept, take_pitch_back
from storage.curators import present_curator
from storage.event_records import JournalLine
from storage.issue_records import Issue, Short
from storage.journal import last_undoable, mark_undone, newer_publish
from storage.records import Author, Story, StoryStatus
from storage.releases import release_holding
from storage.stories import erase_field, release_links, story_by_id, touch, write_field
from storage.votes import tag_story

_USAGE = {form.name: form.usage for form in FORMS}
PUBLISH = "publish"
_RECENT = timedelta(days=1)  # in which a plain /undo takes a publish back


async def undo(hearing: Hearing, command: Command) -> None:
    """Take a deed back: mine; or, for an editor, anyone's of a named story or the last publish."""
    which = command.words[0] if command.words else ""
    if which == PUBLISH:
        await require_right(hearing, PUBLISH)
    line = await _line_to_undo(hearing, which)
    if line is None:
        raise hearing.refusal("nothing_to_undo")
    if line.deed == PUBLISH:
        await require_right(hearing, PUBLISH)
        await _require_newest(hearing, line, named=which == PUBLISH)
        await _require_open(hearing, line)
        who = (str(hearing.curator.id), hearing.now.isoformat(), hearing.room, hearing.message_id)
        await hearing.start("unpublish", str(line.details["publication"]), str(line.id), *who)
        hearing.say("undo_publish_under_way", issue=line.details["issue"])
        return
    story = await story_by_id(hearing.session, line.story_id) if line.story_id else None
    await _REVERSALS[line.deed](hearing, line, story)
    await mark_undone(hearing.session, line, hearing.curator.id, hearing.room, hearing.now)
    if story is not None:
        await touch(hearing.session, story.id)
    of_story = hearing.wording.say("undo_of_story", number=story.number) if story else ""
    hearing.say("undone", what=deed_in_words(line, hearing.settings), story=of_story)


async def _require_newest(hearing: Hearing, line: JournalLine, *, named: bool) -> None:
    """Refuse to take a publish back under a newer one; an old one must be asked for by name."""
    newer = await newer_publish(hearing.session, line)
    if newer is not None:
        name = newer.curator.name if newer.curator else ""
        raise hearing.refusal("undo_newer_publish", name=name, issue=line.details["issue"])
    if not named and hearing.now - line.at > _RECENT:
        day = line.at.astimezone(hearing.settings.config.zone).date()
        raise hearing.refusal("undo_old_publish", issue=line.details["issue"], day=day)


async def _require_open(hearing: Hearing, line: JournalLine) -> None:
    """Refuse to take back a publish of an issue that is out: its release comes first."""
    release = await release_holding(hearing.session, str(line.details["publication"]))
    if release is not None:
        raise hearing.refusal("undo_released", issue=line.details["issue"], released=release.date)


async def _line_to_undo(hearing: Hearing, which: str) -> JournalLine | None:
    """Find the deed: `publish`, a story's number, or nothing for one's own last."""
    mine = None if hearing.curator.is_editor and which else hearing.curator.id
    deeds = (*_REVERSALS, PUBLISH)
    if which == PUBLISH:
        return await last_undoable(hearing.session, hearing.desk, (PUBLISH,), curator_id=mine)
    story_id = (await hearing.story(which, usage=_USAGE["undo"])).id if which else None
    return await last_undoable(hearing.session, hearing.desk, deeds, curator_id=mine, story_id=story_id)


async def _undo_amend(hearing: Hearing, line: JournalLine, story: Story | None) -> None:
    field, before, after = line.details["field"], line.details["before"], line.details["after"]
    if story is None or story.field(field) != after:
        label = hearing.wording.say(f"field_{field}")
        what = deed_in_words(line, hearing.settings)
        number = story.number if story else 0
        raise hearing.refusal("undo_other_since", what=what, field=label, number=number)
    if before is None:
        await erase_field(hearing.session, story.id, field)
    else:
        await write_field(
            hearing.session,
            story.id,
            field,
            before["value"],
            author=Author(before["author"]),
            curator_id=await _who_is_now(hearing, before["curator_id"]),
            now=hearing.now,
        )
    if field == "url":
        await _undo_link(hearing, line, story)


async def _undo_link(hearing: Hearing, line: JournalLine, story: Story) -> None:
    """Have the link of before read again; the one that goes is free for another story."""
    story.url = line.details["url_before"]
    if key := line.details["added_key"]:
        await release_links(hearing.session, story, key)
    await forget_text(hearing.session, story)
    await start_reading(hearing, story)


async def _undo_section(hearing: Hearing, line: JournalLine, story: Story | None) -> None:
    who = await _who_is_now(hearing, line.curator_id)
    if story is None or who is None:
        return
    if held_opinion(story, who).section != line.details["after"]:
        raise _too_late(hearing, line)
    await tag_story(hearing.session, story.id, who, line.details["before"], now=hearing.now)


async def _who_is_now(hearing: Hearing, curator_id: int | None) -> int | None:
    """Return who somebody of the journal is now: two curators may have become one since."""
    curator = await present_curator(hearing.session, curator_id) if curator_id is not None else None
    return curator.id if curator is not None else None


async def _undo_spike(hearing: Hearing, line: JournalLine, story: Story | None) -> None:
    if story is None or (story.status, story.spike_reason) != (StoryStatus.SPIKED, line.details["reason"]):
        raise _too_late(hearing, line)
    if (reason := line.details.get("withdrawn")) is not None:  # as it was before: withdrawn by its pitcher
        story.spike_reason, story.withdrawn = reason, True
    else:
        await reopen(hearing, story)


async def _undo_restore(hearing: Hearing, line: JournalLine, story: Story | None) -> None:
    if story is None or story.status != StoryStatus.PITCHED:
        raise _too_late(hearing, line)
    story.status, story.spike_reason = StoryStatus.SPIKED, line.details["reason"]
    story.withdrawn = line.details.get("withdrawn", False)


async def _undo_move(hearing: Hearing, line: JournalLine, story: Story | None) -> None:
    before, after = line.details["before"], line.details["after"]
    moved = {story_id: await hearing.session.get_one(Story, int(story_id)) for story_id in before}
    if any(one.place != after[story_id] for story_id, one in moved.items()):
        raise _too_late(hearing, line)
    for story_id, one in moved.items():
        one.place = before[story_id]


async def _undo_move_in_draft(hearing: Hearing, line: JournalLine, story: Story | None) -> None:
    if story is None or story.run_before != line.details["after"]:
        raise _too_late(hearing, line)
    story.run_before = line.details["before"]


async def _undo_lead(hearing: Hearing, line: JournalLine, story: Story | None) -> None:
    issue = await hearing.session.get(Issue, line.details["issue"])
    if issue is None or issue.lead != line.details["after"]:
        raise _too_late(hearing, line)
    issue.lead = line.details["before"]


async def _undo_short(hearing: Hearing, line: JournalLine, story: Story | None) -> None:
    short = await hearing.session.get(Short, line.details["short"])
    if short is None or short.rendered:
        raise _too_late(hearing, line)
    short.withdrawn = True


async def _undo_pitch(hearing: Hearing, line: JournalLine, story: Story | None) -> None:
    """Withdraw the pitch; nobody else for it, and the story goes too."""
    pitch = next((pitch for pitch in story.pitches if is_line_of(line, pitch)), None) if story else None
    if story is None or pitch is None or story.status != StoryStatus.PITCHED:
        raise _too_late(hearing, line)
    if not await take_pitch_back(hearing, story, pitch) and story.issue_id is not None:
        say_kept(hearing, story)


def _too_late(hearing: Hearing, line: JournalLine) -> SaidError:
    return hearing.refusal("undo_too_late", what=deed_in_words(line, hearing.settings))


_Reversal = Callable[[Hearing, JournalLine, Story | None], Awaitable[None]]
_REVERSALS: Mapping[str, _Reversal] = {
    "pitch": _undo_pitch,
    "amend": _undo_amend,
    "section": _undo_section,
    "spike": _undo_spike,
    "restore": _undo_restore,
    "merge": undo_merge,
    "move": _undo_move,
    "move_in_draft": _undo_move_in_draft,
    "lead": _undo_lead,
    "short": _undo_short,
}
