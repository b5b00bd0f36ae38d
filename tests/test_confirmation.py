"""Admins who speak as the chat: their links are pitched; what hangs on who gives it has a button."""

import re
from datetime import timedelta

import pytest

from bot.confirmation import LONGEST_SHOWN
from bot.desk import Desk
from bot.hearing import DeskSettings
from bot.permission import EDITORS_ONLY
from tests.fakes.room import FakeRoom
from tests.test_permission import TYPED

MOON = "https://site.test/wet-moon"


async def test_what_an_anonymous_admin_drops_is_pitched_for_the_chat(desk: Desk, room: FakeRoom) -> None:
    await room.write_as_chat(desk, f"{MOON} #papers")

    assert (room.card.score, room.card.section) == (1, "Papers")
    assert room.card.pitched_by == "pitched by The Gazette"


async def test_commands_for_everybody_need_no_button(desk: Desk, room: FakeRoom) -> None:
    await room.write_as_chat(desk, MOON)
    asked = await room.write_as_chat(desk, "/amend 1 title A moon")

    assert "now “A moon”" in room.answer_to(asked)
    assert "Undone" in room.answer_to(await room.write_as_chat(desk, "/undo"))


@pytest.mark.parametrize("command", sorted(EDITORS_ONLY))
async def test_what_only_editors_may_do_is_asked_about_and_not_refused(
    desk: Desk, room: FakeRoom, command: str
) -> None:
    await room.write(desk, "ada", MOON)

    asked = await room.write_as_chat(desk, TYPED[command])

    assert f"Nobody can see which of the admins wants {TYPED[command]}." in room.answer_to(asked)
    [answer] = [post for post in room.said if post.buttons]
    assert [button.label for button in answer.buttons] == [f"It was me: /{command}"]
    assert len(answer.buttons[0].key.encode()) <= 64  # as much as Telegram takes
    assert room.card.state == "waiting"


async def test_who_presses_gives_the_command_as_themselves(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    asked = await room.write_as_chat(desk, "/spike 1 an advertisement")

    said = await room.press_under(desk, "nora", asked)

    assert said == "#1 is spiked: an advertisement. /restore 1 brings it back."
    assert room.said[-1].reply_to == asked
    assert "nora: spiked it: an advertisement" in await room.ask(desk, "ada", "/why 1")
    assert "Undone: spiked it" in await room.ask(desk, "nora", "/undo")


async def test_who_presses_sees_all_of_what_they_confirm(desk: Desk, room: FakeRoom) -> None:
    short = await room.write_as_chat(desk, "/lead\nBuy tin.\nSell reeds.")
    endless = await room.write_as_chat(desk, f"/lead {'tin ' * 2000}")

    assert "/lead\nBuy tin.\nSell reeds." in room.answer_to(short)
    assert len(room.answer_to(endless)) < LONGEST_SHOWN + 200


async def test_a_second_press_does_nothing_and_says_nothing(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    asked = await room.write_as_chat(desk, "/spike 1 an advertisement")
    await room.press_under(desk, "nora", asked)
    await room.ask(desk, "nora", "/restore 1")

    assert await room.press_under(desk, "nora", asked) == ""
    assert await room.press_under(desk, "olga", asked) == ""
    assert room.card.state == "waiting"


async def test_who_may_not_is_told_so_once_and_an_editor_still_may(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "nora", MOON)
    asked = await room.write_as_chat(desk, "/spike 1 an advertisement")

    assert await room.press_under(desk, "ada", asked) == "Only an editor may use /spike. Ask: nora."
    assert await room.press_under(desk, "ada", asked) == ""
    assert room.card.state == "waiting"

    assert "is spiked" in await room.press_under(desk, "nora", asked)


async def test_a_button_is_good_for_an_hour(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    asked = await room.write_as_chat(desk, "/spike 1 an advertisement")
    later = Desk(desk.database, desk.settings, lambda: desk.clock() + timedelta(hours=1))

    assert await room.press_under(later, "nora", asked) == "That was too long ago. Please give /spike again."
    assert await room.press_under(later, "nora", asked) == ""
    assert room.card.state == "waiting"


async def test_only_the_command_that_was_asked_about_is_confirmed(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)  # event 1
    refused = await room.write(desk, "ada", "/spike 1 mine")
    open_to_all = await room.write_as_chat(desk, "/short Reeds grow.")
    asked = await room.write_as_chat(desk, "/spike 1 an advertisement")
    assert refused != open_to_all
    [key] = [post.buttons[0].key for post in room.said if post.buttons]
    last = int(key.removeprefix("confirm:"))

    for forged in (*range(last - 3, last), last + 1000, 10**9, 10**12):
        assert await room.press_under(desk, "nora", asked, button=f"confirm:{forged}") == ""
    for forged in ("", "x", "-1", "１", " 1", f"{last} "):
        assert await room.press_under(desk, "nora", asked, button=f"confirm:{forged}") == ""

    assert room.card.state == "waiting"
    assert "is spiked" in await room.press_under(desk, "nora", asked)


async def test_a_button_of_another_room_confirms_nothing(desk: Desk, room: FakeRoom) -> None:
    both = Desk(desk.database, DeskSettings(desk.settings.config, ("web", "tower")), desk.clock)
    tower = FakeRoom("tower", beside=[room])
    room.beside = [tower]
    await room.write(both, "ada", MOON)
    elsewhere = await tower.write_as_chat(both, "/spike 1 an advertisement")
    [key] = [post.buttons[0].key for post in tower.said if post.buttons]
    here = await room.write_as_chat(both, "/lead Words")

    assert await room.press_under(both, "nora", here, button=key) == ""
    assert room.card.state == "waiting"
    assert "is spiked" in await tower.press_under(both, "nora", elsewhere)


@pytest.mark.parametrize(
    "command", ["/amend 1 title Mine", "/amend 1 url https://site.test/b", "/text 1 Words"]
)
async def test_changing_anothers_words_is_asked_about_too(desk: Desk, room: FakeRoom, command: str) -> None:
    await room.write(desk, "ada", MOON)
    await room.ask(desk, "ada", "/amend 1 title Ada's")
    await room.ask(desk, "ada", "/text 1 Ada's words.")
    before = room.card

    asked = await room.write_as_chat(desk, command)

    assert "Nobody can see" in room.answer_to(asked)
    assert room.card == before
    assert "Only" in await room.press_under(desk, "ben", asked)
    assert "Only" not in await room.press_under(desk, "nora", asked)


async def test_an_anonymous_publish_is_its_confirmers(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    await room.approve(desk, 1)
    asked = await room.write_as_chat(desk, "/publish 2020-05-15")

    await room.press_under(desk, "nora", asked)

    assert room.platform.reactions[asked] == "👀"
    assert "Nobody can see" in room.answer_to(await room.write_as_chat(desk, "/undo publish"))


async def test_the_chat_itself_is_nobody_to_be_one_with(desk: Desk, room: FakeRoom) -> None:
    asked = await room.write_as_chat(desk, "/link")

    assert "Nobody can see which of the admins wants /link." in room.answer_to(asked)
    assert "Your code is" in await room.press_under(desk, "ada", asked)


async def test_a_press_gives_nobody_somebody_elses_code(desk: Desk, room: FakeRoom) -> None:
    [code, *_] = re.findall(r"/link ([A-Z0-9]{6})", await room.ask(desk, "mallory", "/link"))
    asked = await room.write_as_chat(desk, f"/link {code}")  # anybody may speak as a channel of theirs

    assert "A button cannot give a code" in await room.press_under(desk, "nora", asked)

    assert "Nobody has given" in await room.ask(desk, "mallory", f"/link {code}")
