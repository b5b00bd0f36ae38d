"""Publishes taken back, overtaken, mistyped and interrupted."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from storage.repo_errors import UnreachableRemoteError
from tests.publishing import PublishingDesk, config_of

MOON, MARS, SUN = "https://site.test/moon", "https://site.test/mars", "https://site.test/sun"
PATH = "embedded-ai-report/2020-05-15.md"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[PublishingDesk]:
    desk = await PublishingDesk(config_of(tmp_path, language="en")).open()
    yield desk
    await desk.close()


async def test_a_removed_story_that_an_undo_brings_back_leaves_again(desk: PublishingDesk) -> None:
    moon = await desk.pitch("lin", MOON, section="news", title="Moon")
    await desk.pitch("lin", MARS, section="news", title="Mars")
    await desk.say("editor", "/publish 2020-05-15")
    await desk.say("editor", f"/spike {moon} not ours")
    await desk.say("editor", "/publish 2020-05-15")

    await desk.say("editor", "/undo publish")
    back = await desk.file(PATH)
    answer = await desk.say("editor", "/publish 2020-05-15")

    assert b"[Moon]" in back and b"[Moon]" not in await desk.file(PATH)
    assert "1 removed" in answer


async def test_only_the_newest_publish_of_an_issue_is_taken_back(desk: PublishingDesk) -> None:
    await desk.pitch("lin", MOON, section="news", title="Moon")
    await desk.say("editor", "/publish 2020-05-15")
    await desk.pitch("lin", MARS, section="news", title="Mars")
    await desk.say("second", "/publish 2020-05-15")

    refused = await desk.say("editor", "/undo")
    await desk.say("editor", "/undo publish")
    await desk.say("editor", "/undo publish")

    assert refused.startswith("second published 2020-05-15 again after that.")
    assert "#1 Moon" in (slate := await desk.say("lin", "/slate")) and "#2 Mars" in slate
    assert await (await desk.repo.snapshot()).read(PATH) is None


async def test_a_publish_taken_back_twice_at_once_is_answered_twice(desk: PublishingDesk) -> None:
    await desk.pitch("lin", MOON, section="news", title="Moon")
    await desk.say("editor", "/publish 2020-05-15")

    first = await desk.say_without_errands("editor", "/undo publish")
    second = await desk.say_without_errands("editor", "/undo publish")
    await desk.run_errands()

    assert "Taken back: " in await desk.answer_to(first)
    assert "is taken back already" in await desk.answer_to(second)


async def test_an_old_publish_is_taken_back_only_by_name(desk: PublishingDesk) -> None:
    await desk.pitch("lin", MOON, section="news", title="Moon")
    await desk.say("editor", "/publish 2020-05-15")
    desk.now += timedelta(days=3)

    refused = await desk.say("editor", "/undo")

    assert refused == (
        "Your last deed is the publish of 2020-05-15 on 2020-05-12. To take that back: /undo publish"
    )


async def test_a_story_taken_out_in_git_can_be_restored(desk: PublishingDesk) -> None:
    moon = await desk.pitch("lin", MOON, section="news", title="Moon")
    await desk.pitch("lin", MARS, section="news", title="Mars")
    await desk.say("editor", "/publish 2020-05-15")
    await desk.edit_by_hand(
        PATH, lambda old: b"".join(line for line in old.splitlines(True) if b"moon" not in line)
    )
    await desk.say("editor", "/publish 2020-05-15")

    known = await desk.say("zhe", MOON)
    await desk.say("editor", f"/restore {moon}")
    answer = await desk.say("editor", "/publish 2020-05-15")

    assert "spiked: taken out of the draft in git" in known
    assert "1 added" in answer and b"[Moon]" in await desk.file(PATH)


async def test_a_mistyped_year_is_caught(desk: PublishingDesk) -> None:
    await desk.pitch("lin", MOON, section="news", title="Moon")

    answer = await desk.say("editor", "/publish 2202-05-15")

    assert answer == "2202-05-15 is more than 60 days ahead. Is the year right?"


async def test_lead_and_shorts_follow_when_a_wrong_date_is_taken_back(desk: PublishingDesk) -> None:
    await desk.pitch("lin", MOON, section="news", title="Moon")
    await desk.say("editor", "/lead A quiet week.")
    await desk.say("lin", "/short In one line.")
    await desk.say("editor", "/publish 2020-06-15")
    await desk.say("editor", "/undo publish")

    await desk.say("editor", "/publish 2020-05-15")

    file = (await desk.file(PATH)).decode()
    assert "A quiet week." in file and "- In one line." in file and "[Moon]" in file


async def test_two_issues_never_share_a_placeholder(desk: PublishingDesk) -> None:
    await desk.pitch("lin", MOON, section="news", title="Moon")
    await desk.say("editor", "/publish 2020-05-15")
    placeholder = "embedded-ai-report/2020-05-xx.md"
    await desk.edit_by_hand(PATH, lambda old: old, rename=placeholder)
    await desk.say("editor", "/publish 2020-05-15")
    await desk.pitch("lin", MARS, section="news", title="Mars")

    await desk.say("editor", "/publish 2020-05-22")

    assert b"[Mars]" not in await desk.file(placeholder)
    assert b"[Mars]" in await desk.file("embedded-ai-report/2020-05-22.md")


async def test_a_lead_taken_back_after_a_publish_leaves_the_draft(desk: PublishingDesk) -> None:
    await desk.pitch("lin", MOON, section="news", title="Moon")
    await desk.say("editor", "/lead A quiet week.")
    await desk.say("second", "/publish 2020-05-15")

    await desk.say("editor", "/undo")
    await desk.say("editor", "/publish 2020-05-15")

    assert b"A quiet week." not in await desk.file(PATH)


async def test_a_lead_written_after_an_undone_publish_is_set(desk: PublishingDesk) -> None:
    await desk.pitch("lin", MOON, section="news", title="Moon")
    await desk.say("editor", "/lead A quiet week.")
    await desk.say("editor", "/publish 2020-05-15")
    await desk.pitch("lin", MARS, section="news", title="Mars")
    await desk.say("editor", "/publish 2020-05-15")
    await desk.say("editor", "/undo publish")

    await desk.say("editor", "/lead A loud week.")
    await desk.say("editor", "/publish 2020-05-15")

    assert "> 导读：A loud week." in (await desk.file(PATH)).decode()


async def test_a_lead_somebody_wrote_in_git_is_never_taken_out(desk: PublishingDesk) -> None:
    await desk.pitch("lin", MOON, section="news", title="Moon")
    await desk.say("editor", "/publish 2020-05-15")
    by_hand = "> 导读：手写的。".encode()
    await desk.edit_by_hand(PATH, lambda old: old.replace("> 导读：".encode(), by_hand, 1))
    await desk.pitch("lin", MARS, section="news", title="Mars")

    await desk.say("editor", "/publish 2020-05-15")
    await desk.pitch("lin", SUN, section="news", title="Sun")
    await desk.say("editor", "/publish 2020-05-15")

    assert by_hand in await desk.file(PATH)


async def test_two_dates_at_once_make_no_empty_issue(desk: PublishingDesk) -> None:
    await desk.pitch("lin", MOON, section="news", title="Moon")

    await desk.say_without_errands("editor", "/publish 2020-05-15")
    second = await desk.say_without_errands("editor", "/publish 2020-05-22")
    await desk.run_errands()

    assert "did not happen: The slate is empty" in await desk.answer_to(second)
    assert await (await desk.repo.snapshot()).read("embedded-ai-report/2020-05-22.md") is None


async def test_a_story_in_the_draft_is_moved_by_the_next_publish(desk: PublishingDesk) -> None:
    moon = await desk.pitch("lin", MOON, section="news", title="Moon")
    mars = await desk.pitch("lin", MARS, section="news", title="Mars")
    await desk.say("editor", "/publish 2020-05-15")

    answer = await desk.say("editor", f"/move {mars} before {moon}")
    published = await desk.say("editor", "/publish 2020-05-15")

    file = (await desk.file(PATH)).decode()
    assert answer == f"The next /publish moves #{mars} before #{moon}."
    assert file.index("[Mars]") < file.index("[Moon]") and f"± #{mars} Mars" in published


async def test_a_move_in_the_draft_that_was_undone_moves_nothing(desk: PublishingDesk) -> None:
    moon = await desk.pitch("lin", MOON, section="news", title="Moon")
    mars = await desk.pitch("lin", MARS, section="news", title="Mars")
    await desk.say("editor", "/publish 2020-05-15")
    before = await desk.file(PATH)
    await desk.say("editor", f"/move {mars} before {moon}")

    await desk.say("editor", "/undo")
    await desk.say("editor", "/publish 2020-05-15")

    assert await desk.file(PATH) == before


async def test_a_commit_that_was_never_recorded_is_recognised_as_ours(desk: PublishingDesk) -> None:
    moon = await desk.pitch("lin", MOON, section="news", title="Moon", summary="It is round.")
    asked = await desk.say_without_errands("editor", "/publish 2020-05-15")
    publication = await desk.waiting_publication()
    await desk.press.print_publication(publication)  # and the answer of the push is lost
    lost = UnreachableRemoteError()
    await desk.fail_publication(publication, lost)

    again = await desk.say("editor", "/publish 2020-05-15")
    await desk.say("editor", f"/amend {moon} title Luna")
    third = await desk.say("editor", "/publish 2020-05-15")

    assert "did not happen" in await desk.answer_to(asked)
    assert "says all that already" in again and "Kept" not in again
    assert f"± #{moon} Luna" in third
