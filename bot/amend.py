"""Deeds on one story: its words, its section, its page, whether it is in the running."""

import re

from bot.ballot import held_opinion
from bot.command import FIELDS, FORMS, Command
from bot.hearing import Hearing
from bot.likeness import forget_text
from bot.merging import merged_into
from bot.permission import require_field, require_open
from bot.pitch import is_being_read, new_story, record_pitch, reopen, start_reading, title_of
from bot.reading.link import NotALinkError, link
from bot.standing import section_of
from storage.inbox import text_of_message
from storage.records import Author, Story, StoryStatus
from storage.stories import (
    add_link,
    release_links,
    story_by_id,
    story_by_key,
    touch,
    write_field,
)
from storage.votes import tag_story

_USAGE = {form.name: form.usage for form in FORMS}


async def amend(hearing: Hearing, command: Command) -> None:
    """Change a field of a story; a person's words stand over the machine's."""
    word, field = command.words
    story = await hearing.story(word, usage=_USAGE["amend"])
    if field not in FIELDS:
        raise hearing.refusal("no_such_field", field=field, fields=hearing.wording.listed(list(FIELDS)))
    require_open(hearing, story)
    await require_field(hearing, story, field)
    url_before, added_key = story.url, None
    value = command.rest if field == "summary" else " ".join(command.rest.split())
    if field == "url":
        value, added_key = await _change_link(hearing, story, value)
    label = hearing.wording.say(f"field_{field}")
    if story.field(field) == value and story.author_of(field) != Author.MACHINE:
        hearing.say("unchanged", number=story.number, field=label)
        return
    await _write(hearing, story, field, value, url_before=url_before, added_key=added_key)
    hearing.say("amended", number=story.number, field=label, value=_shortened(value))


async def _write(hearing: Hearing, story: Story, field: str, value: str, **details: str | None) -> None:
    known = next((f for f in story.fields if f.name == field), None)
    before = {"value": known.value, "author": known.author, "curator_id": known.curator_id} if known else None
    author = Author.EDITOR if hearing.curator.is_editor else Author.CURATOR
    await write_field(
        hearing.session,
        story.id,
        field,
        value,
        author=author,
        curator_id=hearing.curator.id,
        now=hearing.now,
    )
    await hearing.note("amend", story=story, field=field, before=before, after=value, **details)
    await touch(hearing.session, story.id)


async def _change_link(hearing: Hearing, story: Story, url: str) -> tuple[str, str | None]:
    """Give a story another link, and have it read; return it, and its key where that is new to the story.

    The old spelling stays the story's own, so that it is still recognised.
    """
    try:
        new = link(url)
    except NotALinkError as error:
        raise hearing.refusal("not_a_link", url=url) from error
    owner = await story_by_key(hearing.session, hearing.desk, new.key)
    if owner is not None and owner.id != story.id:
        raise hearing.refusal("link_taken", number=owner.number, title=title_of(owner))
    added = await add_link(hearing.session, story, new.key)
    if story.url != new.url:
        story.url = new.url
        await forget_text(hearing.session, story)
        await start_reading(hearing, story)
    return new.url, new.key if added else None


async def choose_section(hearing: Hearing, command: Command) -> None:
    """Choose a section in words; an editor's choice outweighs."""
    word, name = command.words
    story = await hearing.story(word, usage=_USAGE["section"])
    require_open(hearing, story)
    settings = hearing.settings
    key = settings.section_called(name)
    if key is None:
        sections = [f"{s.key} {s.emoji} {s.name}" for s in settings.config.desk.sections]
        raise hearing.refusal("no_such_section", word=name, sections=hearing.wording.listed(sections))
    before = held_opinion(story, hearing.curator.id).section
    await tag_story(hearing.session, story.id, hearing.curator.id, key, now=hearing.now)
    await hearing.note("section", story=story, before=before, after=key)
    await touch(hearing.session, story.id)
    winner, _ = section_of(await story_by_id(hearing.session, story.id), settings.rules.sections)
    hearing.say(
        "sectioned",
        number=story.number,
        section=settings.section_name(key),
        winner=settings.section_name(winner),
    )


async def spike(hearing: Hearing, command: Command) -> None:
    """Drop a story, with a reason that goes back to the room."""
    story = await hearing.story(command.words[0], usage=_USAGE["spike"])
    require_open(hearing, story)
    if story.status == StoryStatus.SPIKED and not story.withdrawn:
        raise hearing.refusal("already_spiked", number=story.number, reason=story.spike_reason)
    reason = " ".join(command.rest.split())
    withdrawn = story.spike_reason if story.withdrawn else None
    story.status, story.spike_reason, story.withdrawn = StoryStatus.SPIKED, reason, False
    await hearing.note("spike", story=story, reason=reason, withdrawn=withdrawn)
    await touch(hearing.session, story.id)
    hearing.say("spiked", number=story.number, reason=reason)


async def restore(hearing: Hearing, command: Command) -> None:
    """Bring a spiked story back."""
    story = await hearing.story(command.words[0], usage=_USAGE["restore"])
    if story.status != StoryStatus.SPIKED:
        raise hearing.refusal("not_spiked", number=story.number)
    if (other := await merged_into(hearing, story)) is not None:
        raise hearing.refusal("restore_merged", number=story.number, other=other)
    await hearing.note("restore", story=story, reason=story.spike_reason, withdrawn=story.withdrawn)
    await reopen(hearing, story)
    await touch(hearing.session, story.id)
    hearing.say("restored", number=story.number, title=title_of(story))


async def pitch_again(hearing: Hearing, command: Command) -> None:
    """Pitch a link that ran in an earlier issue: the link belongs to the new story from now on."""
    try:
        one = link(command.words[0])
    except NotALinkError as error:
        raise hearing.refusal("not_a_link", url=command.words[0]) from error
    ran = await story_by_key(hearing.session, hearing.desk, one.key)
    if ran is None or ran.status != StoryStatus.PUBLISHED:
        raise hearing.refusal("again_new")
    await release_links(hearing.session, ran, one.key)
    story = await new_story(hearing, one)
    if story is None:
        raise RuntimeError(f"the link {one.key} was not released")
    link_of = (ran.id, one.key)
    await record_pitch(hearing, story, note="", section=None, is_new=True, link_of=link_of)
    issue = str(ran.issue.date) if ran.issue else ""
    hearing.say("again_taken", number=story.number, issue=issue)


async def read_again(hearing: Hearing, command: Command) -> None:
    """Send someone to read the page once more."""
    story = await hearing.story(command.words[0], usage=_USAGE["retry"])
    require_open(hearing, story)
    if is_being_read(story, hearing.now):
        raise hearing.refusal("being_read", number=story.number)
    await start_reading(hearing, story)
    hearing.say("reading_again", number=story.number)


async def take_text(hearing: Hearing, command: Command) -> None:
    """Take the article that someone pasted, with the command or in the message it replies to."""
    story = await hearing.story(command.words[0], usage=_USAGE["text"])
    require_open(hearing, story)
    await require_field(hearing, story, "text")
    text = command.rest or await _replied_text(hearing)
    if not text.strip():
        raise hearing.refusal("text_missing", number=story.number)
    await write_field(
        hearing.session,
        story.id,
        "text",
        text,
        author=Author.EDITOR if hearing.curator.is_editor else Author.CURATOR,
        curator_id=hearing.curator.id,
        now=hearing.now,
    )
    await hearing.note("text", story=story, count=len(text))
    await hearing.start("read_text", str(story.id), part=str(story.id))
    hearing.say("text_taken", number=story.number, count=len(text))


async def _replied_text(hearing: Hearing) -> str:
    if hearing.reply_to is None:
        return ""
    said = await text_of_message(hearing.session, hearing.room, hearing.reply_to) or ""
    return re.sub(r"^/text\s+\S+\s*", "", said)


def _shortened(value: str, most: int = 80) -> str:
    value = " ".join(value.split())
    return value if len(value) <= most else value[: most - 1] + "…"
