"""Votes and tags, by reaction and by button.

A person's reactions on a card are a state: which emojis stand now. From it follows an opinion, one per
curator and story over all rooms; the latest state decides, whatever order the events arrive in.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.emoji import VOTE_DOWN, VOTE_UP, plain
from bot.events import ButtonPressed, ReactionsOf
from bot.hearing import DeskSettings, Hearing
from storage.cards import story_shown_by
from storage.records import Story, StoryStatus
from storage.stories import story_and_opinion, story_by_id, touch
from storage.votes import (
    cast_vote,
    heard_on_cards_by,
    reactions_of,
    reactions_on_cards_of,
    store_reactions,
    tag_story,
)

SECTION_BUTTON = "section:"


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one curator thinks of a story: a weight of +1, −1 or 0, and a section."""

    weight: int = 0
    section: str | None = None


def opinion_of(emojis: Iterable[str], sections: Mapping[str, str]) -> Opinion:
    """Read an opinion off emojis in the order chosen; `sections` maps emoji to key.

    👎 wins over any +1; the section is the last one chosen; other emojis mean nothing to a desk.
    """
    weight, section = 0, None
    for emoji in emojis:
        if emoji == VOTE_DOWN:
            weight = -1
        elif emoji == VOTE_UP or emoji in sections:
            weight = weight or 1
            section = sections.get(emoji, section)
    return Opinion(weight, section)


def in_order_chosen(before: Sequence[str], now: Iterable[str]) -> tuple[str, ...]:
    """Keep the emojis that stand in the order in which they were chosen, new ones last."""
    standing = tuple(dict.fromkeys(plain(emoji) for emoji in now))
    kept = tuple(emoji for emoji in before if emoji in standing)
    return kept + tuple(emoji for emoji in standing if emoji not in kept)


def opinion_of_button(button: str, held: Opinion) -> Opinion:
    """Read an opinion off a button; pressing what one holds already takes it back.

    👍 leaves a section that one chose before: it adds a vote where there is none.
    """
    pressed = {"up": Opinion(1), "down": Opinion(-1)}.get(button) or Opinion(
        1, button.removeprefix(SECTION_BUTTON)
    )
    if button == "up" and held.section:
        return Opinion(1, held.section)
    return Opinion() if pressed == held else pressed


def opinion_after(
    emojis: Sequence[str], *, heard: Iterable[Sequence[str]], held: Opinion, sections: Mapping[str, str]
) -> Opinion:
    """Read an opinion off emojis; a 👍 keeps a section that did not come from emojis.

    `heard` are the emojis that took effect before on each card of the story, in whichever room: of
    reactions the latest state decides.
    """
    opinion = opinion_of(emojis, sections)
    by_emoji = held.section in {opinion_of(one, sections).section for one in heard}
    return Opinion(1, held.section) if opinion == Opinion(1) and not by_emoji else opinion


async def hear_reactions(hearing: Hearing, event: ReactionsOf) -> None:
    """Let a person's reactions on a card take effect, or wait where the story is closed.

    On other messages they mean nothing.
    """
    story = await _story_of_card(hearing, event.message_id)
    if story is None:
        return
    known = await reactions_of(hearing.session, hearing.room, event.message_id, hearing.curator.id)
    if known is not None and _is_overtaken(hearing.at, known.as_of, hearing.now):
        return
    now = in_order_chosen(known.emojis if known else (), event.emojis)
    heard = tuple(known.heard) if known else ()
    is_open = story.status == StoryStatus.PITCHED
    await store_reactions(
        hearing.session,
        room=hearing.room,
        message_id=event.message_id,
        curator_id=hearing.curator.id,
        emojis=now,
        heard=now if is_open else heard,
        as_of=hearing.at,
    )
    if is_open:
        await _take_to_heart(hearing, story, now, heard)


async def hear_what_stands(hearing: Hearing, story: Story) -> None:
    """Let what people did on the cards of a story while it was closed take effect."""
    for state, curator in await reactions_on_cards_of(hearing.session, story.id):
        theirs = replace(hearing, curator=curator, room=state.room, at=state.as_of)
        fresh = await story_by_id(hearing.session, story.id)
        now, heard, state.heard = tuple(state.emojis), tuple(state.heard), list(state.emojis)
        await _take_to_heart(theirs, fresh, now, heard)


async def _take_to_heart(
    hearing: Hearing, story: Story, now: tuple[str, ...], heard: tuple[str, ...]
) -> None:
    """Form the opinion that emojis stand for, where those that count are others than before."""
    emojis = section_emojis(hearing.settings)
    if [e for e in heard if _counts(e, emojis)] != [e for e in now if _counts(e, emojis)]:
        held = held_opinion(story, hearing.curator.id)
        on_cards = await heard_on_cards_by(hearing.session, hearing.curator.id, story_id=story.id)
        before = [heard, *on_cards.get(story.id, ())]
        await hold(hearing, story, opinion_after(now, heard=before, held=held, sections=emojis), hearing.at)


async def hear_button(hearing: Hearing, event: ButtonPressed) -> None:
    """Let a press of a card's button take effect."""
    story = await _story_of_card(hearing, event.message_id)
    known = {"up", "down", *(SECTION_BUTTON + key for key in hearing.settings.rules.sections)}
    if story is not None and story.status == StoryStatus.PITCHED and event.button in known:
        held = held_opinion(story, hearing.curator.id)
        await hold(hearing, story, opinion_of_button(event.button, held), hearing.at)


async def hold(hearing: Hearing, story: Story, opinion: Opinion, at: datetime) -> None:
    """Make this the curator's opinion of the story, unless a later one is held already."""
    curator_id = hearing.curator.id
    cast = next((vote.cast_at for vote in story.votes if vote.curator_id == curator_id), None)
    held = held_opinion(story, curator_id)
    if cast is not None and _is_overtaken(at, cast, hearing.now):
        return
    await cast_vote(hearing.session, story.id, curator_id, opinion.weight, now=at)
    if opinion == held:
        return
    await tag_story(hearing.session, story.id, curator_id, opinion.section, now=at)
    await touch(hearing.session, story.id)
    if opinion.weight != held.weight:
        await hearing.note("vote", story=story, before=held.weight, after=opinion.weight)
    if opinion.section != held.section:
        await hearing.note("tag", story=story, before=held.section, after=opinion.section)


async def give_up(hearing: Hearing, story: Story, curator_id: int) -> None:
    """Leave a curator without an opinion of the story, unless they formed one later than this."""
    cast = next((vote.cast_at for vote in story.votes if vote.curator_id == curator_id), None)
    if cast is None or not _is_overtaken(hearing.at, cast, hearing.now):
        await cast_vote(hearing.session, story.id, curator_id, 0, now=hearing.at)
        await tag_story(hearing.session, story.id, curator_id, None, now=hearing.at)


def held_opinion(story: Story, curator_id: int) -> Opinion:
    """Return what a curator thinks of a story now."""
    weight = next((vote.weight for vote in story.votes if vote.curator_id == curator_id), 0)
    section = next((tag.section for tag in story.tags if tag.curator_id == curator_id), None)
    return Opinion(weight, section)


async def _story_of_card(hearing: Hearing, message_id: str) -> Story | None:
    story_id = await story_shown_by(hearing.session, hearing.room, message_id)
    if story_id is None:
        return None
    return await story_and_opinion(hearing.session, story_id, hearing.curator.id)


def section_emojis(settings: DeskSettings) -> dict[str, str]:
    """Return which section each emoji chooses."""
    return {section.emoji: section.key for section in settings.config.desk.sections}


def _is_overtaken(at: datetime, known: datetime, now: datetime) -> bool:
    """Tell whether a later state is known already; a time to come was written by a clock that went wrong."""
    return at < known <= now


def _counts(emoji: str, sections: Mapping[str, str]) -> bool:
    return emoji in (VOTE_UP, VOTE_DOWN) or emoji in sections
