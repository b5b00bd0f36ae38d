"""A draft on WeChat shows the issue's pictures: each uploaded once, whatever breaks or is killed."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.wechat_draft import LeftOut
from bot.wechat_trouble import UploadStoppedError, WechatError
from bot.works import may_pass
from renderers.issue_view import IssueView, Masthead, PictureImage, PictureView, SectionView, StoryView
from renderers.outputs.wechat import articles
from tests.test_wechat_account import Journal, account, send
from tests.wechat_server import CUT, SECRET, WechatServer, drawing, wechat_server

HOSTED = "https://mmbiz.qpic.cn/mmbiz_png/Kept{}/0?wx_fmt=png&amp;from=appmsg"


@pytest.fixture
async def server() -> AsyncIterator[WechatServer]:
    async with wechat_server() as opened:
        yield opened


def picture(name: str, colour: str = "", *, data: bytes = b"", media_type: str = "image/png") -> PictureView:
    """A picture with its image; without a colour nobody could open it."""
    image = PictureImage(data or drawing(colour), media_type, 80, 80) if colour or data else None
    return PictureView(name, "", f"© {name}", image)


def issue_of(*pictures: PictureView) -> IssueView:
    """An issue with a story for each picture."""
    stories = tuple(
        StoryView(f"Story {number}", "", "https://marsh.test/", "They grow.", pictures=(one,))
        for number, one in enumerate(pictures, 1)
    )
    return IssueView(Masthead("Gazette"), "Issue", "2026-03-10", "", (), (SectionView("n", "N", stories),))


async def test_each_picture_stands_below_its_story_with_its_credit_and_the_same_one_is_uploaded_once(
    server: WechatServer,
) -> None:
    issue = issue_of(picture("a.png", "red"), picture("b.png", "blue"), picture("c.png", "red"))
    journal = Journal()

    left_out = await send(account(server), issue, journal)

    assert left_out == LeftOut((), ())
    assert server.pictures == [drawing("red"), drawing("blue")]
    assert server.asked == ["token", "picture", "picture", "draft"]
    assert journal.lines == ["uploaded", "uploaded", "trying draft", "sent draft"]
    assert server.shown == [HOSTED.format(1), HOSTED.format(2), HOSTED.format(1)]
    content = server.drafts[0][0]["content"]
    assert (
        f'<p>They grow.</p><p><img src="{HOSTED.format(1)}" alt="Story 1"></p>'
        '<p style="font-size:13px;color:#666">© a.png</p>' in content
    )


@pytest.mark.parametrize("code", [40005, 40009, 48001, 99999])
async def test_a_picture_that_wechat_refuses_is_left_out_and_its_story_named(
    server: WechatServer, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.picture_refusals = [0, code]
    issue = issue_of(picture("a.png", "red"), picture("b.png", "blue"), picture("gone.png"))

    left_out = await send(account(server), issue)

    assert left_out == LeftOut(refused=("“Story 2”",), missing=("“Story 3”",))
    assert server.shown == [HOSTED.format(1)]
    assert SECRET not in caplog.text and "token-1" not in caplog.text


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"GIF89a" + bytes(99), "image/png"),
        (drawing("red"), "image/jpeg"),
        (drawing("red") + bytes(1024 * 1024), "image/png"),
    ],
    ids=["another kind", "a kind that is none", "too large"],
)
async def test_what_is_no_picture_for_wechat_is_its_own_refusal(
    server: WechatServer, data: bytes, media_type: str
) -> None:
    issue = issue_of(picture("a.png", data=data, media_type=media_type))

    assert await send(account(server), issue) == LeftOut(("“Story 1”",), ())
    assert server.asked == ["token", "picture", "draft"]
    assert server.shown == []


@pytest.mark.parametrize("code", [40001, 42001])
async def test_a_token_that_ends_between_two_pictures_is_renewed_once(
    server: WechatServer, code: int
) -> None:
    server.picture_refusals = [0, code]

    await send(account(server), issue_of(picture("a.png", "red"), picture("b.png", "blue")))

    assert server.asked == ["token", "picture", "picture", "fresh token", "picture", "draft"]
    assert len(server.shown) == 2


async def test_a_token_that_stays_refused_makes_no_draft_without_pictures(server: WechatServer) -> None:
    server.picture_refusals = [42001, 42001]

    with pytest.raises(WechatError, match="nor a fresh one") as caught:
        await send(account(server), issue_of(picture("a.png", "red")))
    assert not may_pass(caught.value)
    assert server.drafts == []


@pytest.mark.parametrize("code", [-1, 45009, 45011, 50002, 88000, CUT])
async def test_what_passes_is_tried_again_and_goes_on_with_the_next_picture(
    server: WechatServer, code: int
) -> None:
    issue, journal = issue_of(picture("a.png", "red"), picture("b.png", "blue")), Journal()
    server.picture_refusals = [0, code]

    with pytest.raises(UploadStoppedError) as caught:
        await send(account(server), issue, journal)
    assert may_pass(caught.value)
    assert "/send wechat" in str(caught.value)
    assert journal.lines == ["uploaded"]

    assert await send(account(server), issue, journal) == LeftOut((), ())
    assert server.pictures == [drawing("red"), drawing("blue")]
    assert server.shown == [HOSTED.format(1), HOSTED.format(2)]


@pytest.mark.parametrize("said", [b"<html>busy</html>", b"[]"])
async def test_an_answer_that_is_none_stops_the_upload(server: WechatServer, said: bytes) -> None:
    server.answer = said

    with pytest.raises(UploadStoppedError, match="made no sense"):
        await send(account(server), issue_of(picture("a.png", "red")))


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.test/",
        "http://mmbiz.qpic.cn.evil.test/",
        "http://mmbiz.qpic.cn@evil.test/",
        "http://mmbiz.qpic.cn:8080/",
        "ftp://mmbiz.qpic.cn/",
        'http://mmbiz.qpic.cn/"onerror="x',
        "http://mmbiz.qpic.cn/\n",
        "//mmbiz.qpic.cn/",
        "",
    ],
)
async def test_only_an_address_at_which_wechat_keeps_pictures_gets_into_an_article(
    server: WechatServer, elsewhere: str
) -> None:
    server.pictures_at = elsewhere

    left_out = await send(account(server), issue_of(picture("a.png", "red")))

    assert left_out.refused == ("“Story 1”",)
    assert server.shown == []


async def test_pictures_count_where_an_issue_is_cut_into_parts(server: WechatServer) -> None:
    issue = issue_of(*(picture(f"{number}.png", "red") for number in range(30)))
    [section] = issue.sections
    stories = tuple(replace(story, summary="They grow. " * 45) for story in section.stories)
    long = replace(issue, sections=(replace(section, stories=stories),))

    await send(account(server), long)

    assert (len(articles(long)), len(server.drafts[0])) == (1, 2)
    assert server.shown == [HOSTED.format(1)] * 30
    assert max(len(article["content"]) for article in server.drafts[0]) < 20_000


async def test_what_would_be_refused_anyway_is_said_before_any_upload(server: WechatServer) -> None:
    bare = account(server).model_copy(update={"thumb_media_id": ""})

    with pytest.raises(WechatError, match="cover"):
        await send(bare, issue_of(picture("a.png", "red")))
    assert server.asked == []
