"""Pages of films: by the player's state, by metadata, and those whose film is gone."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.article import Article, Reading
from bot.reading.link import link
from bot.reading.markup.html_page import HtmlPage
from bot.reading.page import Page
from bot.reading.sources import video
from bot.reading.verdict import Verdict

PAGES = Path(__file__).parent / "pages"
YOUTUBE = "https://www.youtube.com/watch?v=Ab-1_cD2eF3"
BILIBILI = "https://www.bilibili.com/video/BV1xx411c7mD"
VIMEO = "https://vimeo.com/410000001"


def reading_of(markup: str, url: str) -> Reading:
    reading = video.read(HtmlPage(Page(url, url, 200, "text/html", None, markup.encode())))
    assert reading is not None
    return reading


def article_in(file: str, url: str) -> Article:
    reading = reading_of((PAGES / file).read_text(), url)
    assert reading.verdict is Verdict.FINE, reading.reason
    assert reading.article is not None
    return reading.article


def test_a_youtube_film_is_its_description_under_its_channel() -> None:
    article = article_in("video_youtube.html", YOUTUBE)

    assert (article.title, article.source) == ("Eleven months on one coin cell", "Bench Notes")
    assert article.published == "2020-04-28T08:15:00-07:00"
    assert article.text.splitlines()[2] == "02:10 Why the meter lies to you at night"
    assert "Copyright" not in article.text
    assert {link(alias).key for alias in article.aliases} == {link(YOUTUBE).key}


def test_a_youtube_page_without_its_response_is_read_by_its_metadata() -> None:
    page = (PAGES / "video_youtube.html").read_text().replace("ytInitialPlayerResponse", "other")

    reading = reading_of(page, YOUTUBE)

    assert reading.article is not None
    assert (reading.article.title, reading.article.source) == (
        "Eleven months on one coin cell",
        "Bench Notes",
    )
    assert reading.article.published == "2020-04-28T08:15:00-07:00"


def test_a_bilibili_film_is_its_description_under_its_makers_name() -> None:
    article = article_in("video_bilibili.html", BILIBILI)

    assert (article.title, article.source) == ("给洗衣机加上振动预警", "小满实验室")
    assert article.published == "2020-04-30T10:00:00+08:00"
    assert article.text.startswith("不拆机") and "播放量" not in article.text
    assert [link(alias).key for alias in article.aliases] == ["bili:BV1xx411c7mD"]


def test_a_bilibili_page_without_its_state_loses_what_the_site_adds() -> None:
    page = (PAGES / "video_bilibili.html").read_text().replace("__INITIAL_STATE__", "other")

    reading = reading_of(page, BILIBILI)

    assert (reading.verdict, reading.reason) == (Verdict.THIN, "video")
    assert reading.article is not None
    assert reading.article.title == "给洗衣机加上振动预警"
    assert reading.article.text == "不拆机，一块加速度计贴在背板上，三天后它就能听出轴承要坏了。"
    assert reading.article.published == "2020-04-30T10:00:00+08:00"


def test_a_vimeo_film_is_read_by_its_linked_data() -> None:
    article = article_in("video_vimeo.html", VIMEO)

    assert (article.title, article.source) == ("Winding a coil by hand", "Ada Okafor")
    assert article.published == "2020-04-28T05:00:00-04:00"
    assert article.text.startswith("Four hundred turns")


def test_a_film_without_words_says_that_it_is_one() -> None:
    page = """<html lang="zh"><title>拆开一只旧路由器_腾讯视频</title>
        <meta property="og:title" content="拆开一只旧路由器_腾讯视频"><p>登录 会员</p></html>"""

    reading = reading_of(page, "https://v.qq.com/x/page/a0000000001.html")

    assert (reading.verdict, reading.reason) == (Verdict.THIN, "video")
    assert reading.article is not None and reading.article.title == "拆开一只旧路由器"


def player(status: str, reason: str) -> str:
    response = json.dumps({"playabilityStatus": {"status": status, "reason": reason}})
    return f"<title> - YouTube</title><script>var ytInitialPlayerResponse = {response};</script>"


@pytest.mark.parametrize(
    ("markup", "url", "verdict"),
    [
        (player("ERROR", "Video unavailable"), YOUTUBE, "gone"),
        (player("LOGIN_REQUIRED", "This video is private"), YOUTUBE, "gone"),
        (player("LOGIN_REQUIRED", "Sign in to confirm you’re not a bot"), YOUTUBE, "verification"),
        (player("LOGIN_REQUIRED", "Sign in to confirm your age"), YOUTUBE, "login"),
        ("<title>Before you continue</title>", "https://consent.youtube.com/m?continue=x", "verification"),
        ("<title> - YouTube</title><p>About Press Copyright</p>", YOUTUBE, "not-article"),
        ("<title>视频去哪了呢？_哔哩哔哩_bilibili</title>", BILIBILI, "gone"),
        ('<script>window.__INITIAL_STATE__={"error":{"code":-404}};</script>', BILIBILI, "gone"),
        ("<title>Private Video on Vimeo</title>", VIMEO, "gone"),
    ],
)
def test_a_film_that_is_not_there_is_no_article(markup: str, url: str, verdict: str) -> None:
    reading = reading_of(f"<html><body>{markup}</body></html>", url)

    assert (reading.verdict, reading.article) == (verdict, None)


def test_a_channels_front_page_is_not_claimed() -> None:
    assert video.claims(YOUTUBE) and video.claims(BILIBILI) and video.claims(VIMEO)
    assert not video.claims("https://www.youtube.com/@bench")
    assert not video.claims("https://www.bilibili.com/read/cv1")
    assert not video.claims("https://youtube.com.elsewhere.test/watch?v=Ab-1_cD2eF3")


@given(
    st.recursive(st.none() | st.text(max_size=9) | st.integers(), lambda inner: st.lists(inner), max_leaves=4)
)
@settings(max_examples=40, deadline=None)
def test_a_state_of_any_shape_breaks_nothing(state: object) -> None:
    for shape in (state, {"videoDetails": state}, {"videoDetails": {"title": state}, "microformat": state}):
        page = f"<script>ytInitialPlayerResponse = {json.dumps(shape)};</script>"
        assert reading_of(page, YOUTUBE).verdict in Verdict
    for shape in ({"videoData": state}, {"videoData": {"title": state, "pubdate": state, "owner": state}}):
        page = f"<script>window.__INITIAL_STATE__={json.dumps(shape)};</script>"
        assert reading_of(page, BILIBILI).verdict in Verdict
