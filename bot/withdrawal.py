"""Withdrawal: a deleted message, or an undone pitch, takes its vote back and maybe its story."""

from bot.ballot import give_up
from bot.events import MessageDeleted
from bot.hearing import Hearing
from storage.event_records import JournalLine
from storage.journal import lines_of_story
from storage.pitches import remove_pitch
from storage.records import Pitch, Story, StoryStatus
from storage.stories import add_link, pitched_in, release_links, touch


async def hear_deletion(hearing: Hearing, event: MessageDeleted) -> None:
    """Withdraw what a deleted message pitched, unless others voted for it."""
    for story in await pitched_in(hearing.session, hearing.room, event.message_id):
        await withdraw(hearing, story)


async def withdraw(hearing: Hearing, story: Story) -> None:
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
        await _ask_editors(hearing, story)
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
        await _give_link_back(hearing, story, pitch)
    await touch(hearing.session, story.id)
    return went


async def _give_link_back(hearing: Hearing, story: Story, pitch: Pitch) -> None:
    """Let a link that was pitched again belong once more to the story that ran with it."""
    for line in await lines_of_story(hearing.session, story.id):
        if line.deed == "pitch" and is_line_of(line, pitch) and line.details.get("link_of"):
            ran_id, key = line.details["link_of"]
            ran = await hearing.session.get_one(Story, ran_id)
            await release_links(hearing.session, story, key)
            await add_link(hearing.session, ran, key)


def say_kept(hearing: Hearing, story: Story) -> None:
    """Say that a story stays though a pitch of it is gone."""
    if story.issue_id is None:
        hearing.say("pitch_kept", number=story.number)
    else:
        issue = str(story.issue.date) if story.issue and story.issue.date else ""
        hearing.say("pitch_kept_in_draft", number=story.number, issue=issue)


async def _ask_editors(hearing: Hearing, story: Story) -> None:
    """Ask the editors whether the story is to stay; where they meet in this room, they have just read it."""
    room = hearing.settings.room_for_editors()
    if room == hearing.room:
        hearing.say("pitch_kept_ask_here", number=story.number)
        return
    name, where = hearing.curator.name, hearing.room
    title = story.field("title") or story.url
    text = hearing.wording.say("pitch_kept_ask", number=story.number, title=title, name=name, room=where)
    await hearing.deliver("reply", {"text": text}, part=f"editors-{story.number}", room=room)


def is_line_of(line: JournalLine, pitch: Pitch) -> bool:
    """Tell whether a line of the journal records this pitch."""
    return (line.room, line.details.get("message_id")) == (pitch.room, pitch.message_id)
