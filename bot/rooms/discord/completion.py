"""What a command's option offers while somebody types in it."""

from collections.abc import Sequence

from discord.app_commands import Choice

from bot.command import FORMS
from bot.emoji import plain
from bot.hearing import DeskSettings
from bot.pitch import title_of
from bot.rooms.discord.commands import STORY_OPTIONS
from renderers.markdown import clean
from storage.database import Database
from storage.records import Story
from storage.stories import pitched_stories

Offer = Choice[str | int | float]
_MOST, _LONGEST = 25, 100  # of Discord


async def choices_for(option: str, typed: str, *, database: Database, settings: DeskSettings) -> list[Offer]:
    """Return what fits to what was typed so far, 25 choices at most."""
    if option in STORY_OPTIONS:
        async with database.reading() as session:
            stories = await pitched_stories(session, settings.name)
        found = stories_like(typed, stories)
        if option == "what":
            words = [Offer(name="publish", value="publish")] if "publish".startswith(typed) else []
            return [*words, *(_of_story(story, str(story.number)) for story in found)][:_MOST]
        return [_of_story(story, story.number) for story in found][:_MOST]
    if option == "section":
        return sections_like(typed, settings)
    if option == "command":
        names = [form.name for form in FORMS if typed.lstrip("/").casefold() in form.name]
        return [Offer(name=name, value=name) for name in names][:_MOST]
    return []


def stories_like(typed: str, stories: Sequence[Story]) -> list[Story]:
    """Return the stories whose number begins so, or whose title holds all the words; the newest first."""
    words = typed.casefold().lstrip("#＃").split()
    digits = words[0] if len(words) == 1 and words[0].isdigit() else None
    return [
        story
        for story in reversed(stories)
        if (digits is not None and str(story.number).startswith(digits))
        or all(word in title_of(story).casefold() for word in words)
    ]


def sections_like(typed: str, settings: DeskSettings) -> list[Offer]:
    """Return the sections whose key, name or emoji is like what was typed."""
    word = plain(typed.lstrip("#")).casefold()
    return [
        Offer(name=f"{section.emoji} {section.name}"[:_LONGEST], value=section.key)
        for section in settings.config.desk.sections
        if word in section.key.casefold() or word in section.name.casefold() or word == plain(section.emoji)
    ][:_MOST]


def _of_story(story: Story, value: int | str) -> Offer:
    return Offer(name=f"#{story.number} {clean(title_of(story))}"[:_LONGEST], value=value)
