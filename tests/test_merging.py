"""Merging: two stories become one, and two again."""

from datetime import UTC, datetime

from bot.desk import Desk
from bot.merging import taken_over
from storage.records import Story
from storage.stories import story_by_number
from tests.fakes.articles import english
from tests.fakes.room import FakeRoom
from tests.past_issue import ran_before
from tests.test_likeness import article

MOON, COPY, SUN = "https://site.test/moon", "https://mirror.test/moon", "https://site.test/sun"


async def pitched_twice(desk: Desk, room: FakeRoom) -> None:
    """#1 by Ada and #2 by Ben have one text."""
    room.pages.found = {MOON: article("Moon", english(1)), COPY: article("Copy", english(1))}
    await room.write(desk, "ada", f"{MOON} the original")
    await room.write(desk, "ben", f"{COPY} worth it")


async def story(desk: Desk, number: int) -> Story:
    async with desk.database.reading() as session:
        found = await story_by_number(session, "gazette", number)
        assert found is not None
        return found


def opinions(found: Story) -> tuple[dict[str, int], dict[str, str]]:
    votes = {vote.curator.name: vote.weight for vote in found.votes if vote.weight}
    return votes, {tag.curator.name: tag.section for tag in found.tags}


async def test_what_people_did_for_one_counts_for_the_other(desk: Desk, room: FakeRoom) -> None:
    await pitched_twice(desk, room)
    await room.react(desk, "cleo", "🤓", story=2)

    answer = await room.ask(desk, "nora", "/merge 2 1")

    assert answer == "#2 is part of #1 now: Moon. It stands at 3. /undo takes it back."
    assert room.card_of(1).score == 3
    assert room.card_of(1).section == "Papers"
    assert room.card_of(1).notes == ("the original", "worth it")
    assert room.card_of(1).pitched_by == "pitched by ada, ben"
    assert (room.card_of(2).state, room.card_of(2).standing) == ("spiked", "spiked: part of #1")
    assert room.card_of(2).remarks == ("Same text as #1, on the slate under Papers",)


async def test_the_link_leads_to_the_story_that_stays(desk: Desk, room: FakeRoom) -> None:
    await pitched_twice(desk, room)
    await room.ask(desk, "nora", "/merge 2 1")

    assert (await room.ask(desk, "cleo", COPY)).startswith("That is #1 already: Moon.")


async def test_of_two_opinions_of_one_person_the_later_stands(desk: Desk, room: FakeRoom) -> None:
    await pitched_twice(desk, room)
    await room.react(desk, "cleo", "⚡", story=2)
    await room.react(desk, "cleo", "👎", story=1)
    await room.react(desk, "dan", "👎", story=1)
    await room.react(desk, "dan", "✍", story=2)

    await room.ask(desk, "nora", "/merge 2 1")

    votes, tags = opinions(await story(desk, 1))
    assert votes == {"ada": 1, "ben": 1, "cleo": -1, "dan": 1}
    assert tags == {"cleo": "news", "dan": "posts"}


async def test_an_undo_takes_a_merge_back_fully(desk: Desk, room: FakeRoom) -> None:
    await pitched_twice(desk, room)
    await room.react(desk, "cleo", "🤓", story=2)
    await room.react(desk, "cleo", "👎", story=1)
    await room.react(desk, "dan", "👎", story=1)
    await room.react(desk, "dan", "✍", story=2)
    before = [opinions(await story(desk, number)) for number in (1, 2)]
    cards = [room.card_of(number) for number in (1, 2)]
    await room.ask(desk, "nora", "/merge 2 1")

    answer = await room.ask(desk, "nora", "/undo")

    assert answer == "Undone: merged it into #1 (#2)."
    assert [opinions(await story(desk, number)) for number in (1, 2)] == before
    assert [room.card_of(number) for number in (1, 2)] == cards
    assert (await room.ask(desk, "eve", COPY)).startswith("That is #2 already")


async def test_an_undo_loses_no_vote_that_came_after_the_merge(desk: Desk, room: FakeRoom) -> None:
    await pitched_twice(desk, room)
    await room.ask(desk, "nora", "/merge 2 1")
    await room.react(desk, "ben", "👎", story=1)
    await room.react(desk, "cleo", "⚡", story=1)

    await room.ask(desk, "nora", "/undo 2")

    assert opinions(await story(desk, 1)) == ({"ada": 1, "ben": -1, "cleo": 1}, {"cleo": "news"})
    assert opinions(await story(desk, 2)) == ({"ben": 1}, {})


async def test_what_was_said_on_the_closed_card_counts_once_it_is_open(desk: Desk, room: FakeRoom) -> None:
    await pitched_twice(desk, room)
    await room.ask(desk, "nora", "/merge 2 1")
    await room.react(desk, "cleo", "⚡", story=2)
    assert opinions(await story(desk, 2))[0] == {"ben": 1}

    await room.ask(desk, "nora", "/undo 2")

    assert opinions(await story(desk, 2)) == ({"ben": 1, "cleo": 1}, {"cleo": "news"})


async def test_a_message_taken_back_after_the_merge_is_gone_from_both(desk: Desk, room: FakeRoom) -> None:
    room.pages.found = {MOON: article("Moon", english(1)), COPY: article("Copy", english(1))}
    await room.write(desk, "ada", MOON)
    message = await room.write(desk, "ben", COPY)
    await room.write(desk, "cleo", COPY)
    await room.ask(desk, "nora", "/merge 2 1")

    await room.delete(desk, "ben", message)
    assert opinions(await story(desk, 1))[0] == {"ada": 1, "cleo": 1}
    await room.ask(desk, "nora", "/undo 2")

    assert opinions(await story(desk, 2))[0] == {"cleo": 1}
    assert [pitch.curator.name for pitch in (await story(desk, 2)).pitches] == ["cleo"]


async def test_a_message_with_both_links_pitches_the_one_once(desk: Desk, room: FakeRoom) -> None:
    room.pages.found = {MOON: article("Moon", english(1)), COPY: article("Copy", english(1))}
    message = await room.write(desk, "ada", f"{MOON} {COPY}")
    await room.ask(desk, "nora", "/merge 2 1")
    assert opinions(await story(desk, 1))[0] == {"ada": 1}

    await room.edit(desk, "ada", message, f"{MOON} {COPY} both are good")

    assert room.card_of(1).notes == ("both are good",)
    assert room.card_of(1).score == 1


async def test_a_merged_story_is_restored_by_undoing_the_merge_only(desk: Desk, room: FakeRoom) -> None:
    await pitched_twice(desk, room)
    await room.ask(desk, "nora", "/merge 2 1")

    assert "/undo 2" in await room.ask(desk, "nora", "/restore 2")
    assert (await room.ask(desk, "nora", "/undo 2")).startswith("Undone")
    assert room.card_of(2).state == "waiting"

    await room.ask(desk, "nora", "/spike 2 old")
    assert (await room.ask(desk, "nora", "/restore 2")).startswith("#2 is back")


async def test_merging_into_what_ran_spikes_the_story_and_moves_nothing(desk: Desk, room: FakeRoom) -> None:
    await ran_before(desk, MOON, "Moon")
    await room.write(desk, "ada", SUN)

    answer = await room.ask(desk, "nora", "/merge 2 1")

    assert answer.startswith("#2 is spiked: ran in 2020-04-30 as #1.")
    assert opinions(await story(desk, 2))[0] == {"ada": 1}
    assert (await room.ask(desk, "ben", SUN)).startswith("That is #2, spiked: ran in 2020-04-30 as #1.")
    await room.ask(desk, "nora", "/undo")
    assert room.card_of(2).state == "waiting"


async def test_what_cannot_be_merged_is_refused_with_the_next_step(desk: Desk, room: FakeRoom) -> None:
    await ran_before(desk, MOON, "Moon")
    for url in (SUN, COPY):
        await room.write(desk, "ada", url)

    assert "ran in 2020-04-30" in await room.ask(desk, "nora", "/merge 1 2")
    assert "/merge 15 12" in await room.ask(desk, "nora", "/merge 2 2")
    assert "There is no story #9" in await room.ask(desk, "nora", "/merge 2 9")
    await room.ask(desk, "nora", "/spike 3 old")
    assert "/restore 3" in await room.ask(desk, "nora", "/merge 2 3")
    assert "/restore 3" in await room.ask(desk, "nora", "/merge 3 2")
    assert "/merge N M" in await room.ask(desk, "nora", "/merge 2")
    assert (room.card_of(2).state, room.card_of(2).score) == ("waiting", 1)


async def test_a_merge_is_not_undone_once_its_links_have_gone_on(desk: Desk, room: FakeRoom) -> None:
    await pitched_twice(desk, room)
    await room.write(desk, "cleo", SUN)
    await room.ask(desk, "nora", "/merge 2 1")
    await room.ask(desk, "nora", "/merge 1 3")

    assert "cannot be undone any more" in await room.ask(desk, "nora", "/undo 2")
    assert opinions(await story(desk, 3))[0] == {"ada": 1, "ben": 1, "cleo": 1}

    await room.ask(desk, "nora", "/undo 1")
    await room.ask(desk, "nora", "/undo 2")
    assert [opinions(await story(desk, n))[0] for n in (1, 2, 3)] == [{"ada": 1}, {"ben": 1}, {"cleo": 1}]


async def test_after_two_became_one_person_an_undo_still_takes_back_what_moved(
    desk: Desk, room: FakeRoom
) -> None:
    tower = FakeRoom("tower", beside=[room])
    await pitched_twice(desk, room)
    await room.ask(desk, "nora", "/merge 2 1")
    code = (await tower.ask(desk, "benny", "/link")).split()[3].strip(",")
    await room.ask(desk, "ben", f"/link {code}")
    await tower.ask(desk, "benny", f"/link {code}")

    await room.ask(desk, "nora", "/undo 2")

    assert opinions(await story(desk, 1))[0] == {"ada": 1}
    assert sum(opinions(await story(desk, 2))[0].values()) == 1


async def test_the_journal_tells_of_both(desk: Desk, room: FakeRoom) -> None:
    await pitched_twice(desk, room)
    await room.ask(desk, "nora", "/merge 2 1")
    assert "nora: merged it into #1" in await room.ask(desk, "ada", "/why 2")
    assert "nora: merged #2 into it" in await room.ask(desk, "ada", "/why 1")

    await room.ask(desk, "nora", "/undo")

    assert "merged it into #1 (undone)" in await room.ask(desk, "ada", "/why 2")
    assert "parted #2 from it" in await room.ask(desk, "ada", "/why 1")


async def test_reading_the_story_that_stays_again_does_not_offer_the_merge_anew(
    desk: Desk, room: FakeRoom
) -> None:
    await pitched_twice(desk, room)
    await room.ask(desk, "nora", "/merge 1 2")
    assert room.card_of(2).remarks == ()

    await room.ask(desk, "ada", "/retry 2")

    assert room.card_of(2).remarks == ()


def test_an_opinion_formed_later_about_the_other_story_stays() -> None:
    early, late = (datetime(2020, 5, day, tzinfo=UTC) for day in (1, 2))
    given = {1: (1, late), 2: (1, early), 3: (-1, early)}

    moved = taken_over(given, {1: (-1, early), 2: (-1, late)})

    assert [(one["curator"], one["given"][0], one["held"] and one["held"][0]) for one in moved] == [
        (1, 1, -1),
        (3, -1, None),
    ]
