"""Links dropped in a room become stories; edits, deletions and repetitions are understood."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from bot.desk import Desk
from bot.events import MessageDeleted, MessageEdited, MessagePosted
from bot.hearing import DeskSettings
from bot.pitch import MOST_LINKS
from bot.reader import RETRY_AFTER
from storage.issues import imported_issue
from storage.outbox import waiting_errands
from storage.stories import story_by_number
from tests.fakes.reading import reading
from tests.fakes.room import FakeRoom
from tests.past_issue import ran_before

MOON, SUN = "https://site.test/wet-moon", "https://site.test/loud-sun"
WECHAT = "https://mp.weixin.qq.com/s/Abc123"


async def test_a_link_gets_a_receipt_and_a_card(desk: Desk, room: FakeRoom) -> None:
    message = await room.write(desk, "ada", f"look: {MOON}")

    assert room.platform.reactions[message] == "👀"
    assert (room.card.number, room.card.title, room.card.source) == (1, "Wet moon", "site.test")
    assert (room.card.pitched_by, room.card.summary_label) == ("pitched by ada", "Draft summary")
    assert room.said == []


async def test_a_message_without_a_link_is_talk(desk: Desk, room: FakeRoom) -> None:
    message = await room.write(desk, "ada", "good morning #news")

    assert message not in room.platform.reactions
    assert (room.cards, room.said) == ({}, [])


async def test_several_links_are_several_stories(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", f"{MOON} and {SUN}, {MOON}#top")

    assert [card.url for card in room.cards.values()] == [MOON, SUN]
    assert [card.number for card in room.cards.values()] == [1, 2]


async def test_a_messages_own_words_are_kept_as_a_note(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", f"a wild claim #{{odd}} {MOON}")

    assert room.card.notes == ("a wild claim #{odd}",)


@pytest.mark.parametrize(
    "hashtag", ["#papers", "#Papers", "＃papers", "#🤓", "#papers,", "#papers。", "#Papers！"]
)
async def test_a_hashtag_chooses_the_section(desk: Desk, room: FakeRoom, hashtag: str) -> None:
    await room.write(desk, "ada", f"{MOON} {hashtag} worth it")

    assert room.card.section == "Papers"
    assert room.card.notes == ("worth it",)


async def test_tracking_makes_no_other_link(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", f"{MOON}?utm_source=chat&id=7")
    await room.write(desk, "ben", "http://SITE.test/wet-moon?id=7&fbclid=x#part")

    assert [card.score for card in room.cards.values()] == [2]
    assert room.card.url == f"{MOON}?id=7"


async def test_a_wechat_link_is_known_by_its_name_whatever_its_tail(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", f"{WECHAT}?scene=21#wechat_redirect")
    await room.write(desk, "ben", f"{WECHAT}?from=timeline&isappinstalled=0")

    assert (len(room.cards), room.card.score) == (1, 2)
    assert room.card.url == WECHAT


async def test_a_temporary_wechat_link_is_taken_and_answered(desk: Desk, room: FakeRoom) -> None:
    message = await room.write(
        desk, "ada", "https://mp.weixin.qq.com/s?src=11&timestamp=1589&ver=2&signature=a*b&new=1"
    )

    assert len(room.cards) == 1
    assert "will expire" in room.answer_to(message)
    assert "/amend 1 url" in room.answer_to(message)


async def test_the_same_link_again_is_a_vote_and_an_answer(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)

    message = await room.write(desk, "ben", f"have you seen {MOON}? #papers")

    assert room.answer_to(message).startswith("That is #1 already: Wet moon.")
    assert (room.card.score, room.card.section) == (2, "Papers")
    assert room.card.pitched_by == "pitched by ada, ben"
    assert room.pages.read_urls == [MOON]


async def test_the_same_link_from_another_room_is_the_same_story(desk: Desk, room: FakeRoom) -> None:
    both = Desk(desk.database, DeskSettings(desk.settings.config, ("web", "tower")), desk.clock)
    tower = FakeRoom("tower", beside=[room])
    room.beside = [tower]
    await room.write(both, "ada", MOON)

    message = await tower.write(both, "zoe", MOON)

    assert "it stands at 2" in tower.answer_to(message)
    assert room.card == tower.card
    assert room.card.score == 2


async def test_an_address_reached_by_redirect_is_the_same_story(desk: Desk, room: FakeRoom) -> None:
    room.pages.found["https://sho.test/x"] = reading("Wet moon", final_url=MOON)
    await room.write(desk, "ada", "https://sho.test/x")

    message = await room.write(desk, "ben", MOON)

    assert "That is #1 already" in room.answer_to(message)


async def test_a_link_that_ran_is_answered_with_issue_and_section(desk: Desk, room: FakeRoom) -> None:
    await ran_before(desk, MOON, "The moon is wet")

    message = await room.write(desk, "ada", MOON)

    assert room.cards == {}
    answer = room.answer_to(message)
    assert answer.startswith("That ran in 2020-04-30, under News: The moon is wet.")
    assert f"/again {MOON}" in answer


async def test_only_an_editor_brings_back_a_link_that_ran(desk: Desk, room: FakeRoom) -> None:
    await ran_before(desk, MOON, "The moon is wet")
    await room.write(desk, "nora", "hello")

    assert "Only an editor may use /again. Ask: nora." in await room.ask(desk, "ada", f"/again {MOON}")
    answer = await room.ask(desk, "nora", f"/again {MOON}")

    assert answer == "Taken as #2, though it ran in 2020-04-30. Its card follows."
    assert (room.card.number, room.card.title, room.card.score) == (2, "Wet moon", 1)
    message = await room.write(desk, "ben", MOON)
    assert "That is #2 already" in room.answer_to(message)


async def test_an_edit_pitches_what_it_adds_and_withdraws_what_it_drops(desk: Desk, room: FakeRoom) -> None:
    message = await room.write(desk, "ada", f"see {MOON}")

    answer = await room.edit(desk, "ada", message, f"rather {SUN}")

    assert room.card_of(2).url == SUN
    assert room.card_of(1).state == "spiked"
    assert "#1 is withdrawn" in answer


async def test_of_edits_in_one_second_the_last_is_what_the_next_one_changes(
    desk: Desk, room: FakeRoom
) -> None:
    message = await room.write(desk, "ada", MOON)
    second = desk.clock()
    for text, at in ((f"now {MOON}", second), (SUN, second), (f"now {MOON}", second + timedelta(minutes=1))):
        await room.store(desk, "ada", MessageEdited(message, room.person("ada"), text, at))
        await room.settle(desk)

    assert {card.url: card.state for card in room.cards.values()} == {MOON: "waiting", SUN: "spiked"}


async def test_an_edit_of_the_words_changes_the_note(desk: Desk, room: FakeRoom) -> None:
    message = await room.write(desk, "ada", f"odd {MOON}")

    answer = await room.edit(desk, "ada", message, f"old {MOON}")

    assert (room.card.notes, room.card.score, answer) == (("old",), 1, "")
    assert room.pages.read_urls == [MOON]


async def test_a_deleted_message_withdraws_its_stories(desk: Desk, room: FakeRoom) -> None:
    message = await room.write(desk, "ada", f"{MOON} {SUN}")

    answer = await room.delete(desk, "ada", message)

    assert {card.state for card in room.cards.values()} == {"spiked"}
    assert {card.score for card in room.cards.values()} == {0}
    assert "#1 is withdrawn" in answer
    assert "#2 is withdrawn" in answer


async def test_a_story_that_others_voted_for_outlives_its_message(desk: Desk, room: FakeRoom) -> None:
    message = await room.write(desk, "ada", MOON)
    await room.react(desk, "ben", "🤓")

    answer = await room.delete(desk, "ada", message)

    assert "so it stays" in answer
    assert (room.card.state, room.card.score) == ("waiting", 1)


async def test_a_second_message_of_the_same_person_keeps_the_story(desk: Desk, room: FakeRoom) -> None:
    message = await room.write(desk, "ada", MOON)
    await room.write(desk, "ada", MOON)

    await room.delete(desk, "ada", message)

    assert (room.card.state, room.card.score) == ("waiting", 1)


async def test_a_withdrawn_link_can_be_pitched_again_by_anyone(desk: Desk, room: FakeRoom) -> None:
    message = await room.write(desk, "ada", MOON)
    answer = await room.delete(desk, "ada", message)
    assert "Pitch the link again" in answer

    await room.write(desk, "ben", MOON)

    assert (room.card.number, room.card.state, room.card.score) == (1, "waiting", 1)
    assert room.card.pitched_by == "pitched by ben"


async def test_a_withdrawn_pitch_leaves_nothing_to_undo(desk: Desk, room: FakeRoom) -> None:
    message = await room.write(desk, "ada", MOON)
    await room.delete(desk, "ada", message)

    assert "nothing of yours to undo" in await room.ask(desk, "ada", "/undo")


async def test_a_spiked_link_is_answered_with_the_reason(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    await room.ask(desk, "nora", "/spike 1 an advertisement")

    message = await room.write(desk, "ben", MOON)

    assert room.answer_to(message).startswith("That is #1, spiked: an advertisement.")
    assert (room.card.state, room.card.score) == ("spiked", 1)


async def test_an_edited_command_does_nothing(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", MOON)
    command = await room.write(desk, "nora", "/spike 1 old")
    await room.ask(desk, "nora", "/restore 1")

    assert await room.edit(desk, "nora", command, "/spike 1 older") == ""
    assert room.card.state == "waiting"


async def test_a_page_that_could_not_be_read_says_what_to_do(desk: Desk, room: FakeRoom) -> None:
    room.pages.found[MOON] = reading(verdict="verification")

    await room.write(desk, "ada", MOON)

    assert (room.card.title, room.card.state) == (MOON, "unread")
    assert "/text 1 <article>" in room.card.problem


async def test_a_later_reading_mends_and_a_failed_one_leaves_what_was_found(
    desk: Desk, room: FakeRoom
) -> None:
    room.pages.found[MOON] = reading(verdict="unreadable", passing=True)
    await room.write(desk, "ada", MOON)
    assert room.card.state == "unread"

    del room.pages.found[MOON]
    await room.ask(desk, "ada", "/retry 1")
    assert (room.card.title, room.card.problem) == ("Wet moon", "")

    room.pages.found[MOON] = reading(verdict="gone")
    await room.ask(desk, "ada", "/retry 1")
    assert (room.card.title, room.card.problem) == ("Wet moon", "")


async def test_a_failure_that_may_pass_is_tried_again_a_little_later(desk: Desk, room: FakeRoom) -> None:
    room.pages.found[MOON] = reading(verdict="unreadable", passing=True)
    room.pages.found[SUN] = reading(verdict="gone")

    await room.write(desk, "ada", f"{MOON} {SUN}")

    async with desk.database.reading() as session:
        waiting = await waiting_errands(session, limit=10)
    assert [(errand.workflow, errand.arguments[1:], errand.delay) for errand in waiting] == [
        ("read", ["1"], RETRY_AFTER[0])
    ]


async def test_an_editors_spike_stands_though_its_pitch_is_gone(desk: Desk, room: FakeRoom) -> None:
    message = await room.write(desk, "ada", MOON)
    await room.react(desk, "ben", "👍")
    await room.delete(desk, "ada", message)
    await room.ask(desk, "nora", "/spike 1 a paid advert")

    again = await room.write(desk, "ben", MOON)

    assert "spiked: a paid advert" in room.answer_to(again)
    assert room.card.state == "spiked"


async def test_an_editor_may_spike_what_its_pitcher_withdrew(desk: Desk, room: FakeRoom) -> None:
    message = await room.write(desk, "ada", MOON)
    await room.delete(desk, "ada", message)

    await room.ask(desk, "nora", "/spike 1 a paid advert")
    assert "spiked: a paid advert" in room.answer_to(await room.write(desk, "ben", MOON))

    await room.ask(desk, "nora", "/undo")
    await room.write(desk, "ben", MOON)
    assert room.card.state == "waiting"


async def test_words_right_behind_a_hashtag_stay_in_the_note(desk: Desk, room: FakeRoom) -> None:
    await room.write(desk, "ada", f"{MOON} #papers，值得看 #odd，不算")

    assert room.card.section == "Papers"
    assert room.card.notes == ("值得看 #odd，不算",)


async def test_an_edit_that_adds_a_hashtag_chooses_the_section(desk: Desk, room: FakeRoom) -> None:
    message = await room.write(desk, "ada", MOON)

    await room.edit(desk, "ada", message, f"{MOON} #papers")
    assert (room.card.section, room.card.score) == ("Papers", 1)

    await room.edit(desk, "ada", message, f"{MOON} #news")
    assert room.card.section == "News"

    await room.edit(desk, "ada", message, MOON)
    assert (room.card.section, room.card.score) == ("", 1)


async def test_an_edit_of_other_words_leaves_a_section_chosen_since(desk: Desk, room: FakeRoom) -> None:
    message = await room.write(desk, "ada", f"{MOON} #papers")
    await room.ask(desk, "ada", "/section 1 news")

    await room.edit(desk, "ada", message, f"{MOON} #papers wild")
    assert (room.card.section, room.card.notes) == ("News", ("wild",))

    await room.edit(desk, "ada", message, f"{MOON} wild")
    assert room.card.section == "News"


async def test_a_message_told_after_its_edit_changes_nothing(desk: Desk, room: FakeRoom) -> None:
    first, second, ada = desk.clock(), desk.clock(), room.person("ada")
    room.platform.messages["m1"] = SUN

    await room.store(desk, "ada", MessageEdited("m1", ada, SUN, second))
    await room.store(desk, "ada", MessagePosted("m1", ada, MOON, first))
    await room.settle(desk)

    assert [(card.url, card.state) for card in room.cards.values()] == [(SUN, "waiting")]


async def test_a_message_told_after_its_deletion_changes_nothing(desk: Desk, room: FakeRoom) -> None:
    first, second, ada = desk.clock(), desk.clock(), room.person("ada")

    await room.store(desk, "ada", MessageDeleted("m1", ada, second))
    await room.store(desk, "ada", MessagePosted("m1", ada, MOON, first))
    await room.settle(desk)

    assert room.cards == {}


async def test_so_many_links_of_a_message_are_taken_and_the_rest_is_said(desk: Desk, room: FakeRoom) -> None:
    message = await room.write(desk, "ada", " ".join(f"https://site.test/{n}" for n in range(MOST_LINKS + 3)))

    assert len(room.cards) == MOST_LINKS
    assert "the other 3 in further messages" in room.answer_to(message)


async def test_a_link_too_long_for_an_index_is_a_story_like_others(desk: Desk, room: FakeRoom) -> None:
    """Random letters: what repeats is packed small enough by PostgreSQL."""
    letters = "".join(hashlib.sha256(bytes([n])).hexdigest() for n in range(60))
    room.pages.found[MOON] = reading("Wet moon", final_url=f"https://site.test/{letters}")
    await room.write(desk, "ada", f"{MOON} https://site.test/?q={letters[:3000]}")

    message = await room.write(desk, "ben", f"https://site.test/{letters}")

    assert [card.number for card in room.cards.values()] == [1, 2]
    assert "That is #1 already" in room.answer_to(message)


async def put_in_draft(desk: Desk, number: int) -> None:
    """Let a story stand in an issue's draft, as a publish does."""
    async with desk.database.transaction() as session:
        name, day = desk.settings.name, datetime(2020, 5, 15, tzinfo=UTC).date()
        story = await story_by_number(session, name, number)
        assert story is not None
        story.issue_id = (await imported_issue(session, name, day, path="issues/2020-05-15.md")).id


@pytest.mark.parametrize("how", ["by deletion", "by undo"])
async def test_a_story_in_a_draft_outlives_its_pitch(desk: Desk, room: FakeRoom, how: str) -> None:
    message = await room.write(desk, "ada", f"{MOON} #news")
    await put_in_draft(desk, 1)

    answer = (
        await room.delete(desk, "ada", message)
        if how == "by deletion"
        else await room.ask(desk, "ada", "/undo")
    )

    assert "stands in the draft of 2020-05-15" in answer
    assert (room.card.state, room.card.score) == ("drafted", 0)


async def test_an_edit_that_changes_nothing_is_ignored(desk: Desk, room: FakeRoom) -> None:
    await ran_before(desk, SUN, "The sun is loud")
    message = await room.write(desk, "ada", f"{MOON} and {SUN}")
    del room.platform.reactions[message]

    assert await room.edit(desk, "ada", message, f"{MOON} and {SUN}") == ""
    assert message not in room.platform.reactions

    assert await room.edit(desk, "ada", message, f"{MOON} or {SUN}") == ""  # that ran: it was said before
    assert room.card.notes == ("or",)


async def test_an_edit_does_not_bring_back_a_pitch_that_was_undone(desk: Desk, room: FakeRoom) -> None:
    message = await room.write(desk, "ada", MOON)
    await room.ask(desk, "ada", "/undo")

    await room.edit(desk, "ada", message, f"{MOON} oh well")
    assert room.card.state == "spiked"

    await room.edit(desk, "ada", message, "oh well")
    await room.edit(desk, "ada", message, MOON)
    assert (room.card.state, room.card.score) == ("waiting", 1)


async def test_an_address_behind_words_counts_like_one_that_is_seen(desk: Desk, room: FakeRoom) -> None:
    """Rooms write such an address out behind its words."""
    message = await room.write(desk, "ada", "read this and that")

    await room.edit(desk, "ada", message, f"read this ({MOON}) and that")
    assert (room.card.url, room.platform.reactions[message]) == (MOON, "👀")

    answer = await room.edit(desk, "ada", message, f"read this and that ({SUN})")
    assert (room.card_of(1).state, room.card_of(2).url) == ("spiked", SUN)
    assert "#1 is withdrawn" in answer


async def test_a_command_edited_into_a_message_pitches_its_links(desk: Desk, room: FakeRoom) -> None:
    message = await room.write(desk, "ada", f"/find {MOON}")

    await room.edit(desk, "ada", message, f"I could not find {MOON}")

    assert room.card.url == MOON


async def test_too_many_links_are_complained_of_once(desk: Desk, room: FakeRoom) -> None:
    links = " ".join(f"https://site.test/{n}" for n in range(MOST_LINKS + 3))
    message = await room.write(desk, "ada", links)

    assert await room.edit(desk, "ada", message, f"{links} !") == ""


async def test_the_editors_are_asked_in_their_room_what_becomes_of_a_story(
    desk: Desk, room: FakeRoom
) -> None:
    both = Desk(desk.database, DeskSettings(desk.settings.config, ("web", "tower")), desk.clock)
    tower = FakeRoom("tower", beside=[room])
    room.beside = [tower]
    message = await tower.write(both, "ada", MOON)
    await room.react(both, "ben", "🤓")

    said = await tower.delete(both, "ada", message)

    assert said == "A message with #1 is gone, but it is wanted still, so it stays."
    assert room.last == (
        "ada took back in tower a message that pitched #1: Wet moon. It is wanted still, so it stays. "
        "Leave it, or drop it: /spike 1 <reason>"
    )


async def test_where_the_editors_read_it_anyway_they_are_asked_there(desk: Desk, room: FakeRoom) -> None:
    message = await room.write(desk, "ada", MOON)
    await room.react(desk, "ben", "🤓")

    said = await room.delete(desk, "ada", message)

    assert said.endswith("so it stays.\nAn editor can leave it, or drop it: /spike 1 <reason>")
    assert len(room.said) == 1
