"""WeChat's pages: articles of all years, posts of pictures, film and text, shares, placeholders."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.article import Article, Reading
from bot.reading.link import link
from bot.reading.markup.html_page import HtmlPage
from bot.reading.page import Page
from bot.reading.sources import wechat
from bot.reading.verdict import Reason, Verdict

PAGES = Path(__file__).parent / "pages"
SHARED = Path(__file__).parents[1].parent / "shared" / "data" / "pages"
SHORT = "https://mp.weixin.qq.com/s/sample"


def reading_of(markup: str | bytes, url: str = SHORT) -> Reading:
    body = markup.encode() if isinstance(markup, str) else markup
    return wechat.read(HtmlPage(Page(url, url, 200, "text/html", None, body)))


def article_in(file: str) -> Article:
    article = reading_of((PAGES / file).read_bytes()).article
    assert article is not None
    return article


def long_key(account: str, message: int, index: int) -> str:
    return link(f"https://mp.weixin.qq.com/s?__biz={account}&mid={message}&idx={index}").key


def test_an_article_of_2016_is_read_without_what_came_later() -> None:
    article = article_in("wechat_article_2016.html")

    assert article.title == "四毛钱的单片机能听懂多少话"
    assert article.source == "小满实验室"
    assert article.published == "2016-03-09T11:00:00+08:00"
    assert article.text.splitlines()[1] == "结论先说在前面：安静的房间里是十二个，开着风扇的房间里是五个。"
    assert "安静 12" in article.text and "样式说明" not in article.text


def test_the_second_of_publishing_may_be_missing() -> None:
    page = (PAGES / "wechat_article_2016.html").read_text().replace('var ct = "1457492400";', "")

    article = reading_of(page).article

    assert article is not None and article.published == "2016-03-09"


def test_a_script_within_the_article_does_not_end_it() -> None:
    page = (PAGES / "wechat_article_2016.html").read_text()
    opening = page.index(">", page.index("js_content")) + 1

    article = reading_of(f"{page[:opening]}<script>var vote = '<p>1</p>';</script>{page[opening:]}").article

    assert article is not None and article.text == article_in("wechat_article_2016.html").text


def test_code_keeps_its_lines_and_loses_their_numbers() -> None:
    lines = article_in("wechat_code.html").text.splitlines()

    assert lines[0] == "中断里只写，主循环里只读， 两边都不需要加锁，代码如下。"
    assert lines[1:4] == ["int put(char c) {", "    ring[head++ & 63] = c;", "}"]
    assert lines[5:7] == ["make flash", "make monitor"]


@pytest.mark.parametrize("identity", ["id=js_content", "id = 'js_content'", 'ID="js_content"'])
def test_a_body_is_found_however_its_name_is_quoted(identity: str) -> None:
    markup = (PAGES / "wechat_code.html").read_text().replace('id="js_content"', identity)

    article = reading_of(markup).article
    assert article is not None
    assert article.text == article_in("wechat_code.html").text


@pytest.mark.parametrize(("opening", "closing"), [("JsDecode('", "')"), ('JsDecode( "', '" )')])
def test_a_field_is_read_however_its_value_is_quoted(opening: str, closing: str) -> None:
    fields = {"title": "睡眠电流", "nick_name": "纽扣电池", "content_noencode": "\\x3cp\\x3e先量睡眠电流。"}
    filled_in = ", ".join(f"{name}: {opening}{value}{closing}" for name, value in fields.items())

    article = reading_of(f"<script>window.cgiDataNew = {{{filled_in}}};</script>").article
    assert article is not None
    assert (article.title, article.source, article.text) == ("睡眠电流", "纽扣电池", "先量睡眠电流。")


def test_cards_for_other_things_are_silent_and_links_in_a_sentence_are_not() -> None:
    text = article_in("wechat_code.html").text

    for silent in ("别的号", "小程序", "朗读", "听这一集", "微信扫一扫"):
        assert silent not in text
    assert text.endswith("缓冲区的大小取二的幂，取余就只是一次与运算。")


def test_authors_are_names() -> None:
    assert article_in("wechat_code.html").authors == ("沈小满", "林一")


def test_an_article_is_known_by_its_long_address_and_its_short_one() -> None:
    keys = [link(address).key for address in article_in("wechat_code.html").aliases]

    assert keys == [
        long_key("MzAxTest00000A==", 2650700002, 1),
        link("https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUw").key,
    ]


def test_the_index_is_part_of_the_long_address() -> None:
    [alias] = article_in("wechat_article_2016.html").aliases

    assert link(alias).key == long_key("MzAxTest00000A==", 2650700001, 2)


def test_an_address_of_another_site_is_no_alias() -> None:
    page = (PAGES / "wechat_code.html").read_text()
    page = page.replace(
        "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUw", "https://elsewhere.test/s/AbCdEfGhIjKlMnOp"
    )

    article = reading_of(page).article

    assert article is not None and len(article.aliases) == 1


def test_an_english_title_may_be_twice_as_long() -> None:
    title = "Running a keyword spotter on a coin cell for eleven months, and what its owner heard meanwhile"
    page = (PAGES / "wechat_code.html").read_text().replace("三十行写完一个环形缓冲区", title)

    article = reading_of(page).article

    assert article is not None and article.title == title


def test_a_film_is_its_description() -> None:
    reading = reading_of((PAGES / "wechat_video.html").read_bytes())

    assert reading.verdict is Verdict.FINE
    assert reading.article is not None
    assert reading.article.title == "烙铁温度该调到多少"
    assert reading.article.source == "小满实验室"
    assert reading.article.published == "2020-04-30T10:00:00+08:00"
    assert reading.article.text == "三种焊锡、两种烙铁头，\n一次讲清楚温度和停留时间。"
    assert [link(alias).key for alias in reading.article.aliases] == [
        long_key("MzAxTest00000A==", 2650700003, 1)
    ]


def test_a_film_without_words_says_that_it_is_one() -> None:
    page = (PAGES / "wechat_video.html").read_text()
    wordless = page.replace("三种焊锡、两种烙铁头，\\x0a一次讲清楚温度和停留时间。", "")

    reading = reading_of(wordless)

    assert (reading.verdict, reading.reason) == (Verdict.THIN, Reason.VIDEO)
    assert reading.article is not None and reading.article.text == ""


def test_a_post_of_pictures_is_its_words_and_not_those_it_quotes() -> None:
    article = article_in("wechat_pictures.html")

    assert article.text == "第一版把晶振放错了边，\n第四版终于可以用电池过冬。#电路板"
    assert article.source == "小满 & 朋友"
    assert article.published == "2020-05-03T21:08:00+08:00"


def test_an_article_of_pictures_only_is_thin_and_keeps_its_digest() -> None:
    page = """<meta property="og:title" content="原理图"><meta property="og:description" content="电源部分">
        <a id="js_name">小满实验室</a><div id="js_content"><p><img data-src="x"></p></div><script></script>"""

    reading = reading_of(page)

    assert (reading.verdict, reading.reason) == (Verdict.THIN, Reason.PICTURES_ONLY)
    assert reading.article is not None and reading.article.text == "电源部分"


def test_a_share_is_of_the_account_that_shares_and_by_the_one_that_wrote() -> None:
    article = article_in("wechat_share.html")

    assert (article.source, article.authors) == ("小满实验室", ("南墙工作室",))
    assert article.text.splitlines()[0] == "拆下来的屏幕接口各不相同，但点亮它们的办法只有三种。"
    assert "不该从这里读" not in article.text
    assert long_key("MzAyTest00000B==", 2247480009, 1) in [link(alias).key for alias in article.aliases]


NOTICES = [
    ("该内容已被发布者删除", "gone", "deleted-by-author"),
    ("該內容已被發佈者刪除", "gone", "deleted-by-author"),
    ("This content has been deleted by the author.", "gone", "deleted-by-author"),
    ("此内容因违规无法查看 由用户投诉并经平台审核，涉嫌违反相关法律法规", "gone", "removed-by-platform"),
    ("此内容被投诉且经审核涉嫌侵权，无法查看。", "gone", "removed-by-platform"),
    ("此内容被多人投诉，相关的内容无法进行查看。", "gone", "removed-by-platform"),
    ("Unable to view this content because it violates regulations", "gone", "removed-by-platform"),
    ("该内容暂时无法查看", "gone", "unavailable"),
    ("系统出错", "gone", "unavailable"),
    ("此帐号已被屏蔽, 内容无法查看", "gone", "account-closed"),
    ("此账号已自主注销，内容无法查看", "gone", "account-closed"),
    ("此帐号处于被冻结状态，无法查看", "gone", "account-closed"),
    ("This account has been blocked. Unable to view its content.", "gone", "account-closed"),
    ("该公众号已迁移 原帐号已回收。若需访问原文章链接，请点击下方按钮。", "gone", "account-moved"),
    ("This Official Account has been migrated to a new account", "gone", "account-moved"),
    ("链接已过期", "gone", "link-expired"),
    ("The link has expired", "gone", "link-expired"),
    ("参数错误", "gone", "bad-link"),
    ("环境异常 当前环境异常，完成验证后即可继续访问。 去验证", "verification", "verification-page"),
    ("Current environment is abnormal. Verify to continue", "verification", "verification-page"),
    ("访问过于频繁，请用微信扫描二维码进行访问", "verification", "verification-page"),
    ("操作频繁，请稍后再试", "verification", "verification-page"),
    ("请在微信客户端打开链接", "login", "only-in-wechat"),
    ("Please open this page in WeChat", "login", "only-in-wechat"),
]


@pytest.mark.parametrize(("words", "verdict", "reason"), NOTICES)
def test_what_stands_in_an_articles_place_says_what_it_is(words: str, verdict: str, reason: str) -> None:
    page = f"""<html><body><h2 class="weui-msg__title warn">{words}</h2>
        <script>var tips = {{ moved: '该公众号已迁移', captcha: '环境异常' }};</script></body></html>"""

    reading = reading_of(page)

    assert (reading.verdict, reading.reason, reading.article) == (verdict, reason, None)


@pytest.mark.parametrize(("words", "verdict", "reason"), NOTICES)
def test_an_article_may_say_what_placeholders_say(words: str, verdict: str, reason: str) -> None:
    page = (PAGES / "wechat_code.html").read_text().replace("另一种编辑器导出的样子", words)

    assert reading_of(page).verdict is Verdict.FINE


def test_a_notice_that_a_script_shows_is_read_where_the_server_filled_it_in() -> None:
    page = (
        "<html><body><script>cgiDataNew = { title: JsDecode('该内容已被发布者删除') };</script></body></html>"
    )

    assert reading_of(page).reason == Reason.DELETED_BY_AUTHOR


def test_an_accounts_own_page_is_no_article() -> None:
    page = "<html><h1>小满实验室</h1><p>42 篇原创内容</p><script>var t = '链接已过期';</script></html>"

    assert reading_of(page).verdict is Verdict.NOT_ARTICLE


@given(st.text(st.sampled_from("<>/=\"'\\:|()x22n{}; \n") | st.characters(), max_size=200))
@settings(max_examples=60, deadline=None)
def test_nothing_in_a_page_breaks_the_reader(words: str) -> None:
    page = f"""<meta property="og:title" content="{words}"><div id="js_content"><pre>{words}</pre></div>
        <script>var biz = "{words}"; cgiDataNew = {{ title: JsDecode('{words}'), mid: '{words}' }};"""

    assert reading_of(page.encode("utf-8", "replace")).verdict in Verdict


def wechat_pages() -> Iterator[dict[str, str]]:
    with (SHARED / "manifest.jsonl").open() as manifest:
        yield from (row for row in map(json.loads, manifest) if row["set"] == "wx")


@pytest.mark.skipif(not SHARED.exists(), reason="the evaluation pages are not part of the project")
def test_real_pages_have_the_verdict_title_account_and_day_they_should() -> None:
    for row in wechat_pages():
        reading = reading_of(gzip.decompress((SHARED / row["html_file"]).read_bytes()), row["url"])
        assert reading.verdict == row["verdict"], row["id"]
        for field in {"title", "source", "published"} & row.keys():
            assert reading.article is not None
            assert getattr(reading.article, field)[: len(row[field])] == row[field], row["id"]
