"""`/link`: how somebody who is in several rooms becomes one person at the desk.

Rooms are public, so a code alone proves nothing: who asked for it must agree once they are told who gave it
elsewhere. The steps are `/link` here, `/link CODE` there, and `/link CODE` here again.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.ballot import Opinion, opinion_of, section_emojis
from bot.command import Command
from bot.hearing import Hearing
from storage.curators import identities_of
from storage.joining import (
    forget_opinion,
    join_code,
    move_over,
    new_join_code,
    open_stories_of,
    opinions_of,
    tries_since,
)
from storage.outbox import order_delivery
from storage.people_records import Curator, JoinCode
from storage.records import Story
from storage.stories import touch
from storage.votes import cast_vote, heard_on_cards_by, tag_story

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Of codes: without what is mistaken for another letter."""
CODE_LENGTH = 6
GOOD_FOR = timedelta(minutes=10)
"""How long a code is good, and how far back wrong ones count."""
MOST_WRONG = 5
_NEVER = datetime.min.replace(tzinfo=UTC)


async def link_person(hearing: Hearing, command: Command) -> None:
    """Give a code; or take one, given elsewhere or agreed to."""
    if not command.words:
        await _give_code(hearing)
        return
    wrong = await tries_since(
        hearing.session, "wrong_code", hearing.curator.id, since=hearing.now - GOOD_FOR, most=MOST_WRONG
    )
    if len(wrong) >= MOST_WRONG:
        left = wrong[-1] + GOOD_FOR - hearing.now
        raise hearing.refusal("link_too_many", minutes=_minutes(left))
    code = command.words[0].strip("“”\"'`").upper()
    found = await join_code(hearing.session, code, now=hearing.now)
    if found is None:
        await hearing.note("wrong_code")  # said, not refused: a refusal would take the note back
        hearing.say("link_unknown")
    elif found.curator_id == hearing.curator.id:
        await _agree(hearing, found)
    elif hearing.confirms:  # anybody may speak as a chat of theirs: one press would give them one's rights
        raise hearing.refusal("link_by_button", code=found.code)
    else:
        await _answer(hearing, found)


async def _give_code(hearing: Hearing) -> None:
    is_new = False
    while not is_new:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        is_new = await new_join_code(
            hearing.session,
            hearing.curator.id,
            code,
            room=hearing.room,
            thread=hearing.thread,
            expires_at=hearing.now + GOOD_FOR,
        )
    hearing.say("link_code", code=code, minutes=_minutes(GOOD_FOR))


async def _answer(hearing: Hearing, code: JoinCode) -> None:
    """Take the code from somebody else, and ask its owner, where they got it, whether that is them."""
    owner = await hearing.session.get_one(Curator, code.curator_id)
    if code.answered_by != hearing.curator.id:
        code.answered_by = hearing.curator.id
        code.asked_about = code.asked_about or hearing.curator.id
        await _ask_owner(hearing, code, owner)
    hearing.say("link_asked", name=owner.name, room=code.room, code=code.code)


async def _ask_owner(hearing: Hearing, code: JoinCode, owner: Curator) -> None:
    text = hearing.wording.say(
        "link_agree",
        name=owner.name,
        other=await _called(hearing, hearing.curator),
        code=code.code,
        minutes=_minutes(code.expires_at - hearing.now),
    )
    await order_delivery(
        hearing.session,
        desk=hearing.desk,
        room=code.room,
        key=f"{hearing.event_key}:link",
        kind="reply",
        payload={"text": text, "thread": code.thread},
        now=hearing.now,
    )


async def _agree(hearing: Hearing, code: JoinCode) -> None:
    """Join, where the owner was asked about the one who gave the code last."""
    if code.answered_by is None:
        hearing.say("link_own", code=code.code, minutes=_minutes(code.expires_at - hearing.now))
        return
    other = await hearing.session.get_one(Curator, code.answered_by)
    called = await _called(hearing, other)
    if code.asked_about != other.id:  # somebody gave it meanwhile: nobody joins whom they were not told of
        code.asked_about = other.id
        hearing.say("link_other", other=called, code=code.code)
        return
    survivor, joined = sorted((hearing.curator, other), key=lambda person: (person.since, person.id))
    await join(hearing, survivor, joined)
    hearing.say("link_done", name=survivor.name, other=called)


async def _called(hearing: Hearing, curator: Curator) -> str:
    """Name somebody with what their platforms call them: a name alone may be anybody's."""
    identities = hearing.wording.listed(list(await identities_of(hearing.session, curator.id)))
    return hearing.wording.say("link_person", name=curator.name, identities=identities)


async def join(hearing: Hearing, survivor: Curator, other: Curator) -> None:
    """Make one person of two; from here on the hearing is the survivor's."""
    session = hearing.session
    affected = await open_stories_of(session, [survivor.id, other.id])
    merged = await _merge_opinions(hearing, survivor, other)
    await move_over(session, other, survivor)
    hearing.curator = survivor
    await hearing.note("join", other=other.id, name=other.name)
    for story_id in affected:
        if story_id in merged:
            story = await session.get_one(Story, story_id)
            await hearing.note("join", story=story, other=other.id, name=other.name)
        await touch(session, story_id)


@dataclass(frozen=True, slots=True)
class Held:
    """What one of two people thought of a story, and when; `by_emoji`: a reaction of theirs says so."""

    opinion: Opinion
    voted_at: datetime
    tagged_at: datetime
    by_emoji: bool


def merged_opinion(earlier: Held, later: Held) -> Opinion:
    """Return what one person thinks of a story who held both opinions, `later` the later vote.

    The latest state decides. A 👍 without a section keeps one that was chosen otherwise than by reaction,
    as it does within one room; and so does a section that was chosen after the vote, by /section.
    """
    weight, section = later.opinion.weight, later.opinion.section
    kept = earlier.opinion.section
    if kept and earlier.tagged_at > max(later.voted_at, later.tagged_at):
        return Opinion(weight, kept)
    if section is None and weight > 0 and not (earlier.by_emoji and later.by_emoji):
        return Opinion(weight, kept)
    return Opinion(weight, section)


async def _merge_opinions(hearing: Hearing, survivor: Curator, other: Curator) -> set[int]:
    """Leave the survivor one opinion of each story of which both had one; return those stories."""
    session = hearing.session
    ours, theirs = await _opinions(hearing, survivor), await _opinions(hearing, other)
    both = set(ours) & set(theirs)
    for story_id in sorted(both):
        earlier, later = sorted((ours[story_id], theirs[story_id]), key=lambda held: held.voted_at)
        opinion = merged_opinion(earlier, later)
        tagged_at = max(
            held.tagged_at for held in (earlier, later) if held.opinion.section == opinion.section
        )
        await forget_opinion(session, story_id, survivor.id)
        await forget_opinion(session, story_id, other.id)
        if later.voted_at != _NEVER:
            await cast_vote(session, story_id, survivor.id, opinion.weight, now=later.voted_at)
        await tag_story(session, story_id, survivor.id, opinion.section, now=tagged_at)
    return both


async def _opinions(hearing: Hearing, curator: Curator) -> dict[int, Held]:
    """Return what somebody thinks of each story that they voted on or tagged."""
    votes, tags = await opinions_of(hearing.session, curator.id)
    heard = await heard_on_cards_by(hearing.session, curator.id)
    emojis = section_emojis(hearing.settings)
    held = {}
    for story_id in {*votes, *tags}:
        vote, tag = votes.get(story_id), tags.get(story_id)
        opinion = Opinion(vote.weight if vote else 0, tag.section if tag else None)
        held[story_id] = Held(
            opinion,
            voted_at=vote.cast_at if vote else _NEVER,
            tagged_at=tag.cast_at if tag else _NEVER,
            by_emoji=opinion in {opinion_of(one, emojis) for one in heard.get(story_id, ())},
        )
    return held


def _minutes(time: timedelta) -> int:
    return max(1, -(-int(time.total_seconds()) // 60))
