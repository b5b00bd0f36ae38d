"""A story as its card shows it."""

import subprocess
import sys

import pytest
from telegram.constants import ReactionEmoji

from bot.card import STATE_EMOJI
from bot.desk import Desk
from bot.emoji import plain
from bot.reading.verdict import Verdict
from bot.rooms.palette import TELEGRAM_PALETTE, can_react
from tests.fakes.reading import reading
from tests.fakes.room import FakeRoom

MOON = "https://site.test/wet-moon"


async def test_a_card_shows_what_the_page_says_and_calls_its_summary_a_draft(
    desk: Desk, room: FakeRoom
) -> None:
    room.pages.found[MOON] = reading(
        "The moon is wet",
        source="Marsh Weekly",
        authors="A. Heron, B. Reed",
        published="2020-04-30T08:00:00+00:00",
        language="en",
        summary="It rains there.",
    )

    await room.write(desk, "ada", f"{MOON} worth a look")

    card = room.card
    assert (card.title, card.source, card.authors) == ("The moon is wet", "Marsh Weekly", "A. Heron, B. Reed")
    assert (card.date, card.language, card.notes) == ("2020-04-30", "en", ("worth a look",))
    assert (card.summary_label, card.summary) == ("Draft summary", "It rains there.")
    assert (card.state, card.standing) == ("waiting", "1 more vote; no section yet")


async def test_a_card_names_the_writer_of_a_post_once_and_story_its_day(desk: Desk, room: FakeRoom) -> None:
    room.pages.found[MOON] = reading(
        "A wet moon", source="Ada Okafor", authors="Ada Okafor", published="2020-04-30T08:00:00+08:00"
    )

    await room.write(desk, "ada", MOON)

    assert (room.card.source, room.card.authors) == ("Ada Okafor", "")
    assert "date: 2020-04-30\n" in await room.ask(desk, "ada", "/story 1")


async def test_a_button_for_each_vote_and_section_counts_people(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    await room.react(desk, "ben", "🤓")

    buttons = {button.key: button for button in room.card.buttons}
    assert [button.emoji for button in room.card.buttons] == ["👍", "👎", "⚡", "🤓", "👨‍💻", "✍"]
    assert (buttons["up"].count, len(buttons["up"].people)) == (2, 2)
    assert buttons["section:papers"].count == 1
    assert buttons["section:papers"].people[0] in buttons["up"].people


async def test_the_advice_goes_once_somebody_has_chosen(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", "https://github.com/wet/moon")
    assert room.card.advice == "Suggested section: 👨‍💻 Projects (90 %)"

    await room.react(desk, "ben", "⚡")

    assert room.card.advice == ""


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict is not Verdict.FINE])
async def test_a_card_says_why_a_page_could_not_be_read_and_what_to_do(
    desk: Desk, room: FakeRoom, verdict: Verdict
) -> None:
    room.pages.found[MOON] = reading(verdict=str(verdict))

    await room.write(desk, "ada", MOON)

    assert room.card.title == MOON
    assert any(f"{command} 1" in room.card.problem for command in ("/text", "/amend"))


async def test_a_problem_is_over_once_somebody_has_written_the_story_up(desk: Desk, room: FakeRoom) -> None:
    room.pages.found[MOON] = reading(verdict="gone")
    await room.write(desk, "ada", MOON)

    await room.ask(desk, "ada", "/amend 1 title The moon")
    assert room.card.state == "waiting"
    await room.ask(desk, "ada", "/amend 1 summary It is wet.")

    assert (room.card.problem, room.card.state) == ("", "waiting")


async def test_a_note_said_twice_is_shown_once(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", f"wow {MOON}")
    await room.write(desk, "ben", f"wow {MOON}")

    assert (room.card.notes, room.card.pitched_by) == (("wow",), "pitched by ada, ben")


def test_the_bots_own_reactions_can_be_shown_on_telegram() -> None:
    assert all(can_react("telegram", emoji) for emoji in STATE_EMOJI.values())


def test_the_palette_written_out_is_that_of_telegrams_library() -> None:
    assert {plain(str(emoji.value)) for emoji in ReactionEmoji} == TELEGRAM_PALETTE


def test_reading_the_config_needs_no_platforms_library() -> None:
    program = "import sys, bot.config, bot.newsroom; print({'telegram', 'discord'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"
