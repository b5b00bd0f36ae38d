"""Taking deeds back: one's own, or for an editor anyone's."""

from bot.desk import Desk
from tests.fakes.reading import reading
from tests.fakes.room import FakeRoom
from tests.past_issue import ran_before

MOON, SUN = "https://site.test/wet-moon", "https://site.test/loud-sun"


async def test_an_amendment_is_taken_back_to_the_machines_words(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    await room.ask(desk, "ada", "/amend 1 summary It rains there.")
    assert room.card.summary_label == "Summary"

    answer = await room.ask(desk, "ada", "/undo")

    assert answer.startswith("Undone: changed summary: “Wet moon in short.” → “It rains there.”")
    assert (room.card.summary, room.card.summary_label) == ("Wet moon in short.", "Draft summary")


async def test_what_was_taken_back_is_the_machines_to_change_again(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    await room.ask(desk, "ada", "/amend 1 title A moon")
    await room.ask(desk, "ada", "/undo")

    room.pages.found[MOON] = reading("The moon, corrected")
    await room.ask(desk, "ada", "/retry 1")

    assert room.card.title == "The moon, corrected"


async def test_deeds_are_taken_back_one_after_another(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    await room.ask(desk, "ada", "/amend 1 title One")
    await room.ask(desk, "ada", "/amend 1 title Two")

    await room.ask(desk, "ada", "/undo")
    assert room.card.title == "One"

    await room.ask(desk, "ada", "/undo")
    assert room.card.title == "Wet moon"


async def test_an_amendment_of_what_nobody_had_written_leaves_nothing(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    await room.ask(desk, "ada", "/amend 1 authors Ada Heron")
    assert room.card.authors == "Ada Heron"

    await room.ask(desk, "ada", "/undo")

    assert room.card.authors == ""


async def test_an_amended_link_is_taken_back(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    await room.ask(desk, "ada", f"/amend 1 url {SUN}")
    assert room.card.url == SUN

    await room.ask(desk, "ada", "/undo")

    assert room.card.url == MOON


async def test_an_amendment_that_was_changed_since_is_not_taken_back(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    await room.ask(desk, "ada", "/amend 1 title Ada's")
    await room.ask(desk, "nora", "/amend 1 title Nora's")

    answer = await room.ask(desk, "ada", "/undo")

    assert "has been changed since" in answer
    assert room.card.title == "Nora's"


async def test_a_chosen_section_is_taken_back_to_the_one_before(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", f"{MOON} #papers")
    await room.ask(desk, "ada", "/section 1 news")
    assert room.card.section == "News"

    await room.ask(desk, "ada", "/undo")

    assert room.card.section == "Papers"


async def test_a_section_changed_by_reaction_since_is_not_taken_back(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    await room.ask(desk, "ada", "/section 1 news")
    await room.react(desk, "ada", "🤓")

    answer = await room.ask(desk, "ada", "/undo")

    assert "cannot be undone" in answer
    assert room.card.section == "Papers"


async def test_a_spike_and_a_restoring_are_taken_back(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    await room.ask(desk, "nora", "/spike 1 old news")

    assert "Undone: spiked it: old news (#1)." in await room.ask(desk, "nora", "/undo")
    assert room.card.state == "waiting"

    await room.ask(desk, "nora", "/spike 1 old news")
    await room.ask(desk, "olga", "/restore 1")
    await room.ask(desk, "olga", "/undo")
    assert room.card.standing == "spiked: old news"


async def test_a_spike_that_somebody_reversed_is_not_taken_back_again(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    await room.ask(desk, "nora", "/spike 1 old news")
    await room.ask(desk, "olga", "/restore 1")

    assert "cannot be undone" in await room.ask(desk, "nora", "/undo")


async def test_a_move_is_taken_back(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", f"{MOON} {SUN}")
    await room.approve(desk, 1, 2)
    await room.ask(desk, "nora", "/move 2 before 1")
    assert "#2 Loud sun (3)\n#1 Wet moon (3)" in await room.ask(desk, "ada", "/slate")

    await room.ask(desk, "nora", "/undo")

    assert "#1 Wet moon (3)\n#2 Loud sun (3)" in await room.ask(desk, "ada", "/slate")


async def test_a_lead_is_taken_back_unless_somebody_wrote_another(desk: Desk, room: FakeRoom) -> None:
    await room.ask(desk, "nora", "/lead First words")
    await room.ask(desk, "olga", "/lead Better words")

    assert "cannot be undone" in await room.ask(desk, "nora", "/undo")
    assert "Undone: set the lead" in await room.ask(desk, "olga", "/undo")
    assert "Undone: set the lead" in await room.ask(desk, "nora", "/undo")


async def test_a_short_is_taken_back(desk: Desk, room: FakeRoom) -> None:
    await room.ask(desk, "ada", "/short Reeds grow.")

    assert "Undone: added a short" in await room.ask(desk, "ada", "/undo")
    assert "short 1" in await room.ask(desk, "ada", "/short Reeds grow fast.")


async def test_an_undone_pitch_takes_its_vote_back_and_the_story_with_it(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)

    assert "Undone: pitched it (#1)." in await room.ask(desk, "ada", "/undo")

    assert (room.card.state, room.card.score) == ("spiked", 0)
    await room.write(desk, "ben", MOON)
    assert (room.card.state, room.card.score, room.card.pitched_by) == ("waiting", 1, "pitched by ben")


async def test_an_undone_pitch_leaves_a_story_that_others_want(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    await room.react(desk, "ben", "🤓")

    await room.ask(desk, "ada", "/undo")

    assert (room.card.state, room.card.score) == ("waiting", 1)


async def test_a_curator_cannot_undo_what_another_did(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    await room.ask(desk, "ada", "/amend 1 title Ada's")

    assert "nothing of yours to undo" in await room.ask(desk, "ben", "/undo")
    assert "nothing of yours to undo" in await room.ask(desk, "ben", "/undo 1")
    assert room.card.title == "Ada's"


async def test_an_editor_undoes_anyones_deed_on_a_story(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    await room.ask(desk, "ada", "/amend 1 title Ada's")

    await room.ask(desk, "nora", "/undo 1")

    assert room.card.title == "Wet moon"
    assert "(undone)" in await room.ask(desk, "ada", "/why 1")


async def test_only_an_editor_undoes_a_publish(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "nora", "hello")

    assert "Only an editor" in await room.ask(desk, "ada", "/undo publish")
    assert "nothing" in await room.ask(desk, "nora", "/undo publish")


async def test_a_link_given_back_is_free_for_another_story(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    await room.ask(desk, "ada", f"/amend 1 url {SUN}")
    await room.ask(desk, "ada", "/undo")

    await room.write(desk, "ben", SUN)

    assert (room.card.number, room.card.url) == (2, SUN)
    assert (room.card_of(1).url, room.card_of(1).title) == (MOON, "Wet moon")


async def test_a_link_pitched_again_goes_back_to_the_story_that_ran(desk: Desk, room: FakeRoom) -> None:
    await ran_before(desk, MOON, "The moon is wet")
    await room.ask(desk, "nora", f"/again {MOON}")

    await room.ask(desk, "nora", "/undo")

    message = await room.write(desk, "ben", MOON)
    assert "That ran in 2020-04-30" in room.answer_to(message)
    assert room.card_of(2).state == "spiked"


async def test_a_move_is_not_taken_back_once_another_followed(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", f"{MOON} {SUN} https://site.test/red-mars")
    await room.approve(desk, 1, 2, 3)
    await room.ask(desk, "nora", "/move 3 before 1")
    await room.ask(desk, "olga", "/move 2 before 3")

    assert "cannot be undone" in await room.ask(desk, "nora", "/undo")

    await room.ask(desk, "olga", "/undo")
    assert "Undone: moved it" in await room.ask(desk, "nora", "/undo")
