"""Pitches: a message with links makes stories; an edit or a deletion changes what it pitched."""

import re

from bot.ballot import Opinion, give_up, hear_what_stands, held_opinion, hold
from bot.emoji import TAKEN
from bot.events import MessageDeleted, MessageEdited, MessagePosted
from bot.hearing import DeskSettings, Hearing
from bot.reading.link import Link, find_links, words_around
from storage.event_records import JournalLine
from storage.journal import lines_of_story
from storage.records import Pitch, Story, StoryStatus
from storage.stories import (
    add_pitch,
    add_story,
    pitched_in,
    remove_pitch,
    story_by_id,
    story_by_key,
    touch,
)

_HASHTAG = re.compile(r"[#＃](\S+)")


async def hear_message(hearing: Hearing, event: MessagePosted | MessageEdited) -> None:
    """Pitch each link of a message; take back what an edit took out of it."""
    links = find_links(event.text)
    before = {story.id: story for story in await pitched_in(hearing.session, hearing.room, event.message_id)}
    note, section = note_and_section(event.text, hearing.settings)
    named = [await _pitch(hearing, link, note=note, section=section, known=before) for link in links]
    for story_id in before.keys() - {story.id for story in named if story}:
        await _withdraw(hearing, before[story_id])
    if links:
        await hearing.react(TAKEN)


async def hear_deletion(hearing: Hearing, event: MessageDeleted) -> None:
    """Withdraw what a deleted message pitched, unless others voted for it."""
    for story in await pitched_in(hearing.session, hearing.room, event.message_id):
        await _withdraw(hearing, story)


def note_and_section(text: str, settings: DeskSettings) -> tuple[str, str | None]:
    """Split a message's own words into the curator's note and the section that a #hashtag chooses.

    A hashtag that names no section stays in the note.
    """
    chosen: str | None = None
    words: list[str] = []
    for word in words_around(text).split():
        tag = _HASHTAG.fullmatch(word)
        key = settings.section_called(tag[1]) if tag else None
        chosen = key or chosen
        words += [] if key else [word]
    return " ".join(words), chosen


async def _pitch(
    hearing: Hearing, link: Link, *, note: str, section: str | None, known: dict[int, Story]
) -> Story | None:
    """Make a story of a link, or pitch the one it has; None where it ran before."""
    story = await new_story(hearing, link)
    is_new = story is not None
    if story is None:
        story = await story_by_key(hearing.session, hearing.desk, link.key)
        if story is None:
            raise RuntimeError(f"the link {link.key} belongs to no story")
        if story.id not in known and not await _may_pitch_again(hearing, story, link):
            return None
    if story.id in known:
        await _renew_note(hearing, known[story.id], note)
    else:
        await record_pitch(hearing, story, note=note, section=section, is_new=is_new)
        if not is_new:
            await _say_known(hearing, story.id)
        elif link.temporary:
            hearing.say("pitch_temporary", number=story.number)
    return story


async def _say_known(hearing: Hearing, story_id: int) -> None:
    story = await story_by_id(hearing.session, story_id)
    score = sum(vote.weight for vote in story.votes)
    hearing.say("pitch_known", number=story.number, title=title_of(story), score=score)


async def new_story(hearing: Hearing, link: Link) -> Story | None:
    """Make a story for a link and send someone to read it; None where the link has a story."""
    added = await add_story(
        hearing.session,
        desk=hearing.desk,
        key=link.key,
        url=link.url,
        pitched_by=hearing.curator.id,
        now=hearing.now,
    )
    if added is None:
        return None
    await hearing.start("read", str(added.id), part=str(added.id))
    return await story_by_id(hearing.session, added.id)


async def record_pitch(
    hearing: Hearing, story: Story, *, note: str, section: str | None, is_new: bool
) -> None:
    """Record the pitch; it counts as a vote, and a #section as a tag."""
    await add_pitch(
        hearing.session,
        story,
        curator_id=hearing.curator.id,
        room=hearing.room,
        message_id=hearing.message_id,
        note=note,
        now=hearing.now,
    )
    await hearing.note("pitch", story=story, message_id=hearing.message_id, new=is_new)
    held = held_opinion(story, hearing.curator.id)
    await hold(hearing, story, Opinion(1, section or held.section), hearing.at)
    await touch(hearing.session, story.id)


async def _may_pitch_again(hearing: Hearing, story: Story, link: Link) -> bool:
    """Answer for a link that ran, stands in a draft or was spiked; tell whether it is open."""
    section = hearing.settings.section_name(story.section)
    issue = str(story.issue.date) if story.issue and story.issue.date else ""
    title = title_of(story)
    if story.status == StoryStatus.PUBLISHED:
        hearing.say("pitch_ran", issue=issue, section=section, title=title, url=link.url)
    elif story.status == StoryStatus.SPIKED and not story.withdrawn:
        hearing.say("pitch_spiked", number=story.number, reason=story.spike_reason)
    elif story.issue_id is not None:
        hearing.say("pitch_drafted", issue=issue, section=section, number=story.number, title=title)
    else:
        if story.withdrawn:
            story.pitched_by = hearing.curator.id
            await reopen(hearing, story)
        return True
    return False


async def reopen(hearing: Hearing, story: Story) -> None:
    """Bring a spiked story back, with what people did on its cards meanwhile."""
    story.status, story.spike_reason, story.withdrawn = StoryStatus.PITCHED, None, False
    await hearing.session.flush()
    await hear_what_stands(hearing, story)


async def _renew_note(hearing: Hearing, story: Story, note: str) -> None:
    for pitch in story.pitches:
        if (pitch.room, pitch.message_id) == (hearing.room, hearing.message_id) and pitch.note != note:
            pitch.note = note
            await touch(hearing.session, story.id)


async def _withdraw(hearing: Hearing, story: Story) -> None:
    """Take back what this message pitched, and say what becomes of the story."""
    if story.status != StoryStatus.PITCHED:
        return
    here = (hearing.room, hearing.message_id)
    pitch = next(pitch for pitch in story.pitches if (pitch.room, pitch.message_id) == here)
    went = await take_pitch_back(hearing, story, pitch)
    if went:
        hearing.say("pitch_withdrawn", number=story.number)
    else:
        say_kept(hearing, story)
    withdrawn = await hearing.note("withdraw", story=story)
    for line in await lines_of_story(hearing.session, story.id):
        if line.deed == "pitch" and is_line_of(line, pitch):
            line.undone_by = withdrawn.id  # so that an undo does not find it


async def take_pitch_back(hearing: Hearing, story: Story, pitch: Pitch) -> bool:
    """Take a pitch and its vote back; with nobody else for the story it goes too: tell whether it does.

    One that stands in a draft stays: it is an editor's to take out.
    """
    curator_id = pitch.curator_id
    await remove_pitch(hearing.session, story, pitch.room, pitch.message_id)
    others = any(vote.weight > 0 and vote.curator_id != curator_id for vote in story.votes)
    again = any(one.curator_id == curator_id and one.id != pitch.id for one in story.pitches)
    if not again:
        await give_up(hearing, story, curator_id)
    went = not (others or again or story.issue_id is not None)
    if went:
        story.status, story.withdrawn = StoryStatus.SPIKED, True
        story.spike_reason = hearing.wording.say("reason_withdrawn", name=hearing.curator.name)
    await touch(hearing.session, story.id)
    return went


def say_kept(hearing: Hearing, story: Story) -> None:
    """Say that a story stays though a pitch of it is gone."""
    if story.issue_id is None:
        hearing.say("pitch_kept", number=story.number)
    else:
        issue = str(story.issue.date) if story.issue and story.issue.date else ""
        hearing.say("pitch_kept_in_draft", number=story.number, issue=issue)


def is_line_of(line: JournalLine, pitch: Pitch) -> bool:
    """Tell whether a line of the journal records this pitch."""
    return (line.room, line.details.get("message_id")) == (pitch.room, pitch.message_id)


def title_of(story: Story) -> str:
    """Return what to call a story: its title, or its link where it has none yet."""
    return story.field("title") or story.url
