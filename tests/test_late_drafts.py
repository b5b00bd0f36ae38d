"""A newsletter is often late: the draft whose day has passed is the one people work on until it is out."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.publishing import PublishingDesk, config_of

MOON, MARS = "https://site.test/moon", "https://site.test/mars"
FOLDER = "embedded-ai-report"
WORDS = {"source": "某报", "summary": "说了一件事。"}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[PublishingDesk]:
    desk = await PublishingDesk(config_of(tmp_path)).open()
    yield desk
    await desk.close()


async def draft_of_the_13th_on_the_15th(desk: PublishingDesk) -> None:
    await desk.pitch("lin", MOON, section="news", title="月亮上的新闻", **WORDS)
    await desk.say("editor", "/publish 2020-05-13")
    desk.now += timedelta(days=3)
    await desk.pitch("lin", MARS, section="papers", title="火星上的论文", **WORDS)


async def test_what_comes_late_goes_into_the_late_draft_and_the_answer_says_which_that_is(
    desk: PublishingDesk,
) -> None:
    await draft_of_the_13th_on_the_15th(desk)

    preview = await desk.say("lin", "/preview")
    lead = await desk.say("editor", "/lead 本次9条。")
    answer = await desk.say("editor", "/publish")

    assert MARS in (await desk.file(f"{FOLDER}/2020-05-13.md")).decode()
    for said in (preview, lead, answer):
        assert (
            "2020-05-13 已经过了" in said and "/release 2020-05-15" in said and "/publish 2020-05-15" in said
        )
    assert "本次2条" in (await desk.file(f"{FOLDER}/2020-05-13.md")).decode()


async def test_a_release_without_a_date_is_of_the_late_draft_whatever_is_drafted_behind_it(
    desk: PublishingDesk,
) -> None:
    await draft_of_the_13th_on_the_15th(desk)
    begun = await desk.say("editor", "/publish 2020-05-29")

    plain = await desk.say("editor", "/release")
    await desk.say("editor", "/release 2020-05-15")
    answer = await desk.press_release_button("editor")

    assert "还没发布的草稿：2020-05-13" in begun
    assert "发布 2020-05-13 期" in plain and "按今天的日期发布：/release 2020-05-15" in plain
    assert "2020-05-15 期已发布" in answer
    assert "筹备中：2020-05-29" in await desk.say("lin", "/status")


async def test_a_date_begins_another_issue_and_the_status_names_the_draft_left_behind(
    desk: PublishingDesk,
) -> None:
    await draft_of_the_13th_on_the_15th(desk)

    answer = await desk.say("editor", "/publish 2020-05-15")
    status = await desk.say("lin", "/status")

    assert MARS in (await desk.file(f"{FOLDER}/2020-05-15.md")).decode()
    assert "还没发布的草稿：2020-05-13" in answer
    assert "筹备中：2020-05-15" in status and "还没发布的草稿：2020-05-13" in status


async def test_a_draft_left_for_a_month_takes_no_new_story_and_can_still_be_released(
    desk: PublishingDesk,
) -> None:
    await draft_of_the_13th_on_the_15th(desk)
    desk.now += timedelta(days=30)

    answer = await desk.say("editor", "/publish")

    assert f"{FOLDER}/2020-06-14.md" in answer and "还没发布的草稿：2020-05-13" in answer
    assert "发布 2020-05-13 期" in await desk.say("editor", "/release 2020-05-13")
