"""Who may do what, and how a refusal sounds."""

import pytest

from bot.desk import COMMANDS, Desk
from bot.permission import EDITORS_ONLY
from tests.fakes.room import FakeRoom

MOON = "https://site.test/wet-moon"
TYPED = {
    "spike": "/spike 1 old",
    "restore": "/restore 1",
    "again": f"/again {MOON}",
    "merge": "/merge 1 1",
    "move": "/move 1 before 1",
    "lead": "/lead words",
    "publish": "/publish",
    "release": "/release",
    "unrelease": "/unrelease",
    "send": "/send email",
    "picture": "/picture 1 off",
    "invite": "/invite",
}


def test_every_command_that_is_for_editors_is_tried_here() -> None:
    assert set(TYPED) == EDITORS_ONLY
    assert set(COMMANDS) >= EDITORS_ONLY


@pytest.mark.parametrize("command", sorted(TYPED))
async def test_a_curator_is_told_which_rule_says_no_and_who_can_help(
    desk: Desk, room: FakeRoom, command: str
) -> None:
    for editor in ("nora", "olga"):
        await room.write(desk, editor, "hello")
    await room.write(desk, "ada", MOON)

    answer = await room.ask(desk, "ada", TYPED[command])

    assert answer == f"Only an editor may use /{command}. Ask: nora, olga."
    assert room.card.state == "waiting"


async def test_a_desk_without_an_editor_says_so(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)

    assert "nobody yet" in await room.ask(desk, "ada", "/spike 1 old")


async def test_anyone_puts_the_machines_words_right(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)

    await room.ask(desk, "ben", "/amend 1 title Ben's")

    assert room.card.title == "Ben's"


async def test_a_curators_words_are_theirs_and_an_editors(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "nora", MOON)
    await room.ask(desk, "ben", "/amend 1 title Ben's")

    refusal = await room.ask(desk, "ada", "/amend 1 title Ada's")
    assert refusal == "Only who wrote it, or an editor, may change it: ben wrote this title. Ask: nora."

    await room.ask(desk, "ben", "/amend 1 title Ben's better")
    assert room.card.title == "Ben's better"

    await room.ask(desk, "nora", "/amend 1 title Nora's")
    assert room.card.title == "Nora's"

    assert "nora wrote this title" in await room.ask(desk, "ben", "/amend 1 title Ben's again")


async def test_pasting_an_article_over_anothers_needs_an_editor(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "nora", MOON)
    await room.ask(desk, "ben", "/text 1 What Ben pasted.")

    assert "ben wrote this text" in await room.ask(desk, "ada", "/text 1 What Ada pasted.")
    assert "Taken" in await room.ask(desk, "nora", "/text 1 What Nora pasted.")
