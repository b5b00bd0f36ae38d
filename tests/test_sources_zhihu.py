"""Zhihu: column articles, answers, questions, and the walls that a server mostly meets."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.article import Article, Reading
from bot.reading.link import link
from bot.reading.markup.html_page import HtmlPage
from bot.reading.page import Page
from bot.reading.sources import zhihu
from bot.reading.verdict import Verdict

PAGES = Path(__file__).parent / "pages"
ARTICLE = "https://zhuanlan.zhihu.com/p/61000001"
QUESTION = "https://www.zhihu.com/question/319000001"


def reading_of(markup: str, url: str) -> Reading:
    return zhihu.read(HtmlPage(Page(url, url, 200, "text/html", None, markup.encode())))


def article_in(file: str, url: str) -> Article:
    reading = reading_of((PAGES / file).read_text(), url)
    assert reading.verdict is Verdict.FINE, reading.reason
    assert reading.article is not None
    return reading.article


def test_a_column_article_is_read_out_of_the_pages_state() -> None:
    article = article_in("zhihu_article.html", ARTICLE)

    assert article.title == "把方框滤波写到与半径无关"
    assert (article.source, article.authors) == ("知乎", ("沈小满",))
    assert article.published == "2020-04-30T10:00:00+08:00"
    assert article.text.splitlines()[2:4] == ["for (int i = 0; i < n; i++)", "    sum += row[i];"]
    assert "卡片" not in article.text and "关注" not in article.text


def test_an_answer_is_called_what_was_asked() -> None:
    article = article_in("zhihu_answers.html", f"{QUESTION}/answer/900000001")

    assert article.title == "如何看待又一个端侧推理框架？"
    assert article.authors == ("林一",)
    assert article.text.startswith("先问需求再问框架") and "占个位" not in article.text
    assert [link(alias).key for alias in article.aliases] == ["zhihu:a:900000001"]


def test_a_short_answer_is_thin() -> None:
    reading = reading_of((PAGES / "zhihu_answers.html").read_text(), f"{QUESTION}/answer/900000002")

    assert (reading.verdict, reading.reason) == (Verdict.THIN, "short-text")


def test_a_question_is_what_was_asked_and_the_first_answer() -> None:
    article = article_in("zhihu_answers.html", QUESTION)

    assert article.authors == ()
    assert article.published == "2020-04-29T02:53:20+08:00"
    assert article.text.splitlines()[0] == "昨天又开源了一个，自称比别人都快。"
    assert "三个算子" in article.text


def test_a_page_without_its_state_is_read_off_its_blocks() -> None:
    article = article_in("zhihu_article_without_state.html", "https://zhuanlan.zhihu.com/p/61000002")

    assert article.title == "用手机振动马达做触觉按键"
    assert article.authors == ("南墙",)
    assert article.published == "2020-04-30T10:22:00+08:00"
    assert article.text.splitlines()[1] == "驱动波形"


@pytest.mark.parametrize(
    ("title", "body", "verdict"),
    [
        ("知乎 - 有问题，就会有答案", "验证码登录 密码登录 立即注册", "login"),
        ("安全验证 - 知乎", "系统监测到您的网络环境存在异常，请点击下方验证按钮", "verification"),
        ("", '<script src="https://static.zhihu.com/zse-ck/v3/a.js"></script>', "verification"),
        ("404 - 知乎", "你似乎来到了没有知识存在的荒原 登录", "gone"),
        ("知乎", "该文章已被作者删除 登录/注册", "gone"),
        ("知乎", "回答因涉嫌违反社区规范，已建议修改 登录", "gone"),
    ],
)
def test_a_wall_is_no_article(title: str, body: str, verdict: str) -> None:
    page = f"<html><head><title>{title}</title></head><body>{body}</body></html>"

    reading = reading_of(page, ARTICLE)

    assert (reading.verdict, reading.article) == (verdict, None)


def test_only_posts_are_claimed() -> None:
    assert zhihu.claims(ARTICLE) and zhihu.claims(QUESTION)
    assert zhihu.claims("https://www.zhihu.com/signin?next=%2Fquestion%2F319000001")
    assert not zhihu.claims("https://www.zhihu.com/people/shen")
    assert not zhihu.claims("https://zhihu.com.elsewhere.test/p/61000001")


@given(
    state=st.recursive(
        st.none() | st.text(max_size=20) | st.integers(), lambda inner: st.lists(inner), max_leaves=5
    )
)
@settings(max_examples=40, deadline=None)
def test_a_state_of_any_shape_breaks_nothing(state: object) -> None:
    for shape in (
        state,
        {"initialState": state},
        {"initialState": {"entities": {"articles": {"61000001": state}}}},
    ):
        page = f'<script id="js-initialData" type="text/json">{json.dumps(shape)}</script>'
        assert reading_of(page, ARTICLE).verdict in Verdict
