"""Pitches: a message with links makes stories; an edit changes what it pitched."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.ballot import Opinion, hear_what_stands, held_opinion, hold
from bot.command import is_command
from bot.emoji import TAKEN
from bot.events import MessageEdited, MessagePosted
from bot.hashtag import note_and_section
from bot.hearing import Hearing
from bot.message_history import is_overtaken, is_unchanged, last_heard, text_of
from bot.reading.link import Link, find_links
from bot.withdrawal import withdraw
from storage.pitches import add_pitch
from storage.records import Story, StoryStatus
from storage.stories import (
    add_story,
    pitched_in,
    story_by_id,
    story_by_key,
    touch,
)

MOST_LINKS = 20
"""Of one message: more is no pitch but a list, and would keep everybody else's pages waiting."""
LONGEST_READING = timedelta(minutes=10)
"""After which a reading that has not come back is taken for lost."""


@dataclass(frozen=True, slots=True)
class _Message:
    """What a message says beside its links, which stories it pitched before, which links it held then."""

    note: str
    section: str | None
    pitched: frozenset[int]
    answered: frozenset[str]


async def hear_message(hearing: Hearing, event: MessagePosted | MessageEdited) -> None:
    """Pitch each link of a message; take back what an edit took out of it.

    An edit that changes nothing means nothing; so does what arrives after an edit or a deletion that came
    later.
    """
    last = await last_heard(hearing)
    if is_overtaken(event, last) or is_unchanged(event, last):
        return
    found = find_links(event.text)
    links = found[:MOST_LINKS]
    before = {story.id: story for story in await pitched_in(hearing.session, hearing.room, event.message_id)}
    note, section = note_and_section(event.text, hearing.settings)
    message = _Message(note, section, frozenset(before), answered=_links_taken(text_of(last)))
    named = [await _pitch(hearing, link, message) for link in links]
    _, section_before = note_and_section(text_of(last), hearing.settings)
    for story in before.values():
        if story in named:
            await _renew_section(hearing, story, section, before=section_before)
        else:
            await withdraw(hearing, story)
    if len(found) > len(links) and len(message.answered) < MOST_LINKS:
        hearing.say("pitch_too_many", count=len(links), left=len(found) - len(links))
    if links:
        await hearing.react(TAKEN)


def _links_taken(text: str) -> frozenset[str]:
    """Return the keys of the links that were taken when a message said this."""
    links = [] if is_command(text) else find_links(text)
    return frozenset(link.key for link in links[:MOST_LINKS])


async def _pitch(hearing: Hearing, link: Link, message: _Message) -> Story | None:
    """Make a story of a link, or pitch the one it has; None where it ran before, or was answered before."""
    story = await new_story(hearing, link)
    is_new = story is not None
    if story is None:
        story = await story_by_key(hearing.session, hearing.desk, link.key)
        if story is None:
            raise RuntimeError(f"the link {link.key} belongs to no story")
        if story.id in message.pitched:
            await _renew_note(hearing, story, message.note)
            return story
        if link.key in message.answered or not await _may_pitch_again(hearing, story, link):
            return None
    await record_pitch(hearing, story, note=message.note, section=message.section, is_new=is_new)
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
    await start_reading(hearing, added)
    return await story_by_id(hearing.session, added.id)


async def start_reading(hearing: Hearing, story: Story) -> None:
    """Send someone to read a story's page."""
    story.being_read_since = hearing.now
    await hearing.start("read", str(story.id), part=str(story.id))


def is_being_read(story: Story, now: datetime) -> bool:
    """Tell whether someone was sent to a story's page and is to be expected back."""
    return story.being_read_since is not None and now - story.being_read_since < LONGEST_READING


async def record_pitch(
    hearing: Hearing,
    story: Story,
    *,
    note: str,
    section: str | None,
    is_new: bool,
    link_of: tuple[int, str] | None = None,
) -> None:
    """Record the pitch; it counts as a vote, and a #section as a tag.

    `link_of` is the id of the story that ran with the link before, and the link's key.
    """
    await add_pitch(
        hearing.session,
        story,
        curator_id=hearing.curator.id,
        room=hearing.room,
        message_id=hearing.message_id,
        thread=hearing.thread,
        note=note,
        now=hearing.now,
    )
    await hearing.note("pitch", story=story, message_id=hearing.message_id, new=is_new, link_of=link_of)
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


async def _renew_section(hearing: Hearing, story: Story, section: str | None, *, before: str | None) -> None:
    """Follow an edit that chose another section, or none; a section chosen elsewhere since stays then."""
    held = held_opinion(story, hearing.curator.id)
    replaces = section is not None or held.section == before
    if story.status == StoryStatus.PITCHED and section != before and replaces:
        await hold(hearing, story, Opinion(held.weight, section), hearing.at)


def title_of(story: Story) -> str:
    """Return what to call a story: its title, or its link where it has none yet."""
    return story.field("title") or story.url
