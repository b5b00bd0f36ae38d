"""Votes and sections by reaction and by button."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.ballot import Opinion, in_order_chosen, opinion_of, opinion_of_button
from bot.desk import Desk
from bot.events import ButtonPressed, Event, MessagePosted, ReactionsOf
from storage.stories import story_by_number
from tests.fakes.reading import reading
from tests.fakes.room import FakeRoom

MOON = "https://site.test/moon"


def counts(room: FakeRoom, story: int | None = None) -> dict[str, int]:
    """The counts on a card's buttons, those that are not 0."""
    card = room.card if story is None else room.card_of(story)
    return {button.key: button.count for button in card.buttons if button.count}


async def test_a_pitch_counts_as_a_vote(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)

    assert room.card.score == 1
    assert room.card.standing == "1 more vote; no section yet"


async def test_a_changed_mind_counts_once_in_whichever_order_it_arrives(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)

    await room.react(desk, "ben", "👎")
    await room.react(desk, "ben", "👍")
    await room.unreact(desk, "ben", "👎")

    assert room.card.score == 2


async def test_a_section_emoji_is_a_vote_and_a_tag(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)

    await room.react(desk, "ben", "🤓")

    assert (room.card.score, room.card.section, room.card.state) == (2, "Papers", "slate")
    assert room.card.standing == "on the slate under Papers"


async def test_the_bots_own_reaction_says_how_a_story_stands(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    reactions = room.platform.reactions
    assert reactions[room.card_id()] == "👀"

    await room.react(desk, "ben", "🤓")
    assert reactions[room.card_id()] == "👍"

    await room.react(desk, "nora", "👎")
    assert reactions[room.card_id()] == "👎"


async def test_a_vote_against_wins_over_any_vote_for_of_the_same_person(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)

    await room.react(desk, "ben", "👎", "👍", "⚡")

    assert counts(room) == {"up": 1, "down": 1, "section:news": 1}
    assert room.card.score == 0


async def test_the_section_is_the_last_one_chosen(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)

    await room.react(desk, "ben", "⚡", "🤓")
    assert room.card.section == "Papers"

    await room.unreact(desk, "ben", "🤓")
    assert room.card.section == "News"


async def test_taking_the_reaction_back_takes_vote_and_tag_back(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    await room.react(desk, "ben", "🤓")

    await room.unreact(desk, "ben", "🤓")

    assert counts(room) == {"up": 1}


async def test_other_emojis_mean_nothing(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    before = room.card

    await room.react(desk, "ben", "🔥", "🎉")

    assert room.card == before


async def test_an_emoji_means_the_same_with_and_without_its_variation_selector(
    desk: Desk, room: FakeRoom
) -> None:
    await room.write(desk, "ada", MOON)

    await room.react(desk, "ben", "✍️")
    await room.react(desk, "cyd", "✍")

    assert counts(room) == {"up": 3, "section:posts": 2}


async def test_a_joined_emoji_keeps_its_spelling(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)

    await room.react(desk, "ben", "👨‍💻")

    assert room.card.section == "Projects"


async def test_reactions_on_other_messages_mean_nothing(desk: Desk, room: FakeRoom) -> None:
    message = await room.write(desk, "ada", MOON)

    await room.store(desk, "ben", ReactionsOf(message, room.person("ben"), ("👍",), desk.clock()))
    await room.settle(desk)

    assert room.card.score == 1


async def test_the_section_with_the_most_tags_wins(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)

    await room.react(desk, "ben", "⚡")
    await room.react(desk, "cyd", "🤓")
    await room.react(desk, "dan", "🤓")

    assert room.card.section == "Papers"


async def test_an_editors_tag_outweighs_those_of_curators(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    for name in ("ben", "cyd", "dan"):
        await room.react(desk, name, "🤓")

    await room.react(desk, "nora", "✍")

    assert room.card.section == "Posts"


async def test_a_tie_falls_to_the_earlier_section(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)

    await room.react(desk, "ben", "🤓")
    await room.react(desk, "cyd", "⚡")

    assert room.card.section == "News"


async def test_a_tie_falls_to_the_advice_before_the_earlier_section(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", "https://arxiv.org/abs/2004.12832 #news")  # arXiv's are papers

    await room.react(desk, "ben", "🤓")

    assert counts(room) == {"up": 2, "section:news": 1, "section:papers": 1}
    assert room.card.section == "Papers"


async def test_a_thumb_accepts_the_advised_section(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", "https://arxiv.org/abs/2004.12832")
    assert room.card.advice == "Suggested section: 🤓 Papers (90 %)"

    await room.react(desk, "ben", "👍")

    assert (room.card.state, room.card.section) == ("slate", "Papers")


async def test_an_editor_against_it_is_a_veto(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    for name in ("ben", "cyd", "dan"):
        await room.react(desk, name, "🤓")

    await room.react(desk, "nora", "👎")
    assert (room.card.state, room.card.score) == ("vetoed", 3)
    assert room.card.standing == "nora, an editor, is against it"

    await room.unreact(desk, "nora", "👎")
    assert room.card.state == "slate"


async def test_a_story_without_a_title_stays_off_the_slate(desk: Desk, room: FakeRoom) -> None:
    room.pages.found[MOON] = reading(verdict="gone")
    await room.write(desk, "ada", MOON)

    await room.react(desk, "ben", "🤓")

    assert room.card.state == "unread"
    assert room.card.standing == "no title yet: /amend 1 title <title>"


async def test_a_button_votes_and_chooses_and_pressed_again_takes_back(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)

    await room.press(desk, "ben", "section:papers")
    assert (room.card.score, room.card.section) == (2, "Papers")

    await room.press(desk, "ben", "down")
    assert (room.card.score, room.card.section) == (0, "")

    await room.press(desk, "ben", "down")
    assert room.card.score == 1


async def test_a_button_that_no_card_has_means_nothing(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)

    await room.press(desk, "ben", "section:gossip")

    assert room.card.score == 1
    assert room.said == []


async def test_nobody_votes_on_a_story_that_was_spiked(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    await room.ask(desk, "nora", "/spike 1 old news")

    await room.react(desk, "ben", "👍")

    assert room.card.score == 1


async def test_what_people_do_on_the_card_of_a_spiked_story_counts_once_it_is_restored(
    desk: Desk, room: FakeRoom
) -> None:
    await room.write(desk, "ada", MOON)
    await room.react(desk, "ben", "🤓")
    await room.react(desk, "dan", "🔥")
    await room.write(desk, "dan", MOON)
    await room.ask(desk, "nora", "/spike 1 old news")
    await room.unreact(desk, "ben", "🤓")
    await room.react(desk, "cyd", "⚡")
    await room.react(desk, "dan", "🎉")
    assert counts(room) == {"up": 3, "section:papers": 1}

    await room.ask(desk, "nora", "/restore 1")

    assert counts(room) == {"up": 3, "section:news": 1}
    assert "cyd: voted +1" in await room.ask(desk, "ada", "/why 1")


@pytest.mark.parametrize("how", ["#papers", "/section 1 papers", "section:papers"])
@pytest.mark.parametrize("thumb", ["reaction", "button"])
async def test_a_thumb_keeps_a_section_that_was_chosen_otherwise(
    desk: Desk, room: FakeRoom, how: str, thumb: str
) -> None:
    await room.write(desk, "ada", MOON)
    if how.startswith("section:"):
        await room.press(desk, "ben", how)
    else:
        await room.write(desk, "ben", f"{MOON} {how}" if how.startswith("#") else how)

    if thumb == "reaction":
        await room.react(desk, "ben", "👍")
    else:
        await room.press(desk, "ben", "up")

    assert counts(room) == {"up": 2, "section:papers": 1}


async def test_a_thumb_in_place_of_a_sections_emoji_takes_the_section_back(
    desk: Desk, room: FakeRoom
) -> None:
    await room.write(desk, "ada", MOON)
    ben = room.person("ben")

    for emojis in (("⚡",), ("👍",)):
        await room.store(desk, "ben", ReactionsOf(room.card_id(), ben, emojis, desk.clock()))
    await room.settle(desk)

    assert counts(room) == {"up": 2}


async def test_an_older_state_that_arrives_late_is_ignored(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    early = desk.clock()
    card, ben = room.card_id(), room.person("ben")

    await room.store(desk, "ben", ReactionsOf(card, ben, ("🤓",), early + timedelta(seconds=2)))
    await room.store(desk, "ben", ReactionsOf(card, ben, ("👎",), early))
    await room.settle(desk)

    assert (room.card.score, room.card.section) == (2, "Papers")


async def test_a_reaction_older_than_a_button_is_ignored(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    early = desk.clock()
    await room.press(desk, "ben", "down")

    await room.store(desk, "ben", ReactionsOf(room.card_id(), room.person("ben"), ("🤓",), early))
    await room.settle(desk)

    assert counts(room) == {"up": 1, "down": 1}


async def test_a_platform_whose_clock_is_ahead_keeps_nobody_from_changing_their_mind(
    desk: Desk, room: FakeRoom
) -> None:
    await room.write(desk, "ada", MOON)
    ahead = desk.clock() + timedelta(minutes=2)
    await room.store(desk, "ben", ReactionsOf(room.card_id(), room.person("ben"), ("👍",), ahead))
    await room.settle(desk)
    assert room.card.score == 2

    await room.press(desk, "ben", "down")

    assert room.card.score == 0


async def test_votes_count_though_our_clock_was_set_back(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    await room.press(desk, "ben", "up")
    await room.react(desk, "zoe", "👍")
    set_back = Desk(desk.database, desk.settings, lambda: desk.clock() - timedelta(hours=1))

    await room.press(set_back, "ben", "down")
    await room.unreact(set_back, "zoe", "👍")

    assert room.card.score == 0


async def test_a_reaction_made_after_a_pitch_counts_though_both_waited(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    ben = room.person("ben")
    pitch = MessagePosted("m9", ben, MOON, desk.clock())
    change_of_mind = ReactionsOf(room.card_id(), ben, ("👎",), desk.clock())

    room.platform.messages["m9"] = MOON
    await room.store(desk, "ben", pitch)
    await room.store(desk, "ben", change_of_mind)
    await room.settle(desk)

    assert counts(room) == {"up": 1, "down": 1}


EMOJIS = ("👍", "👎", "⚡", "🤓", "👨‍💻", "✍", "✍️", "🔥")
BUTTONS = ("up", "down", "section:news", "section:papers")
PEOPLE = ("ben", "cyd", "nora")


@st.composite
def reaction_histories(draw: st.DrawFn) -> list[tuple[str, ...]]:
    """The states of one person's reactions on a card, as they put emojis on it and take some off."""
    standing: list[str] = []
    states = []
    for emoji in draw(st.permutations(EMOJIS))[: draw(st.integers(0, 4))]:
        standing.append(emoji)
        states.append(tuple(standing))
        if draw(st.booleans()):
            standing.remove(draw(st.sampled_from(standing)))
            states.append(tuple(standing))
    return states


@st.composite
def days(draw: st.DrawFn) -> tuple[list[tuple[str, int, tuple[str, ...] | str]], list[int]]:
    """What people do with a card, and an order in which it arrives.

    States of reactions come in any order, some twice; presses of one person's buttons keep their order,
    since pressing again takes back.
    """
    deeds: list[tuple[str, int, tuple[str, ...] | str]] = []
    for name in PEOPLE:
        if draw(st.booleans()):
            states = draw(reaction_histories())
            deeds += [(name, moment, state) for moment, state in enumerate(states)]
        else:
            presses = draw(st.lists(st.sampled_from(BUTTONS), max_size=4))
            deeds += [(name, moment, button) for moment, button in enumerate(presses)]
    order = draw(st.permutations(range(len(deeds))))
    presses_of = {name: [i for i in range(len(deeds)) if deeds[i][0] == name] for name in PEOPLE}
    in_turn = {name: iter(places) for name, places in presses_of.items()}
    arriving = [next(in_turn[deeds[i][0]]) if isinstance(deeds[i][2], str) else i for i in order]
    return deeds, [*arriving, *(i for i in arriving[:3] if not isinstance(deeds[i][2], str))]


@settings(
    max_examples=8,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(day=days())
async def test_whatever_the_order_of_arrival_votes_and_tags_end_the_same(
    desk: Desk,
    room: FakeRoom,
    day: tuple[list[tuple[str, int, tuple[str, ...] | str]], list[int]],
) -> None:
    deeds, arriving = day
    in_order = await ballot_after(desk, room, deeds, range(len(deeds)))

    assert await ballot_after(desk, room, deeds, arriving) == in_order


async def ballot_after(
    desk: Desk,
    room: FakeRoom,
    deeds: list[tuple[str, int, tuple[str, ...] | str]],
    order: "range | list[int]",
) -> tuple[set[tuple[str, int]], set[tuple[str, str]]]:
    """Pitch a new story, let these deeds arrive on its card in this order, and return its votes and tags."""
    number = len(room.cards) + 1
    await room.write(desk, "ada", f"{MOON}/{number}")
    card, start = room.card_id(number), desk.clock()
    for index in order:
        name, moment, did = deeds[index]
        at, person = start + timedelta(seconds=moment), room.person(name)
        event: Event = (
            ButtonPressed(card, person, did, at)
            if isinstance(did, str)
            else ReactionsOf(card, person, did, at)
        )
        await room.store(desk, name, event)
    await desk.catch_up()
    async with desk.database.reading() as session:
        story = await story_by_number(session, desk.settings.name, number)
    assert story is not None
    votes = {(vote.curator.name, vote.weight) for vote in story.votes if vote.weight}
    return votes, {(tag.curator.name, tag.section) for tag in story.tags}


SECTION_OF = {"⚡": "news", "🤓": "papers"}


@given(st.lists(st.sampled_from(("👍", "👎", "⚡", "🤓", "🔥")), unique=True))
def test_an_opinion_is_a_vote_at_most_and_a_section_at_most(emojis: list[str]) -> None:
    opinion = opinion_of(emojis, SECTION_OF)

    chosen = [SECTION_OF[emoji] for emoji in emojis if emoji in SECTION_OF]
    meant = [emoji for emoji in emojis if emoji != "🔥"]
    assert opinion.weight == (-1 if "👎" in emojis else 1 if meant else 0)
    assert opinion.section == (chosen[-1] if chosen else None)


@given(st.lists(st.sampled_from(EMOJIS)), st.lists(st.sampled_from(EMOJIS)))
def test_a_state_told_twice_is_the_same_state(before: list[str], now: list[str]) -> None:
    once = in_order_chosen(before, now)

    assert in_order_chosen(once, reversed(now)) == once


@pytest.mark.parametrize("button", ["up", "down", "section:news"])
def test_a_button_pressed_twice_is_as_if_never_pressed(button: str) -> None:
    held = opinion_of_button(button, Opinion())

    assert opinion_of_button(button, held) == Opinion()
