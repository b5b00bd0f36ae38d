"""When an article was published and in which zone, who wrote it, and what its site is called."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.markup.authors import MOST_AUTHORS, authors_of, clean_authors
from bot.reading.markup.dates import as_published, published_of
from bot.reading.markup.html_page import HtmlPage
from bot.reading.markup.site_names import source_name
from bot.reading.page import Page

NOW = datetime(2020, 5, 15, 12, tzinfo=UTC)
CHINESE = "今天我们把唤醒词识别搬上了纽扣电池。"


def html_page(markup: str, url: str = "https://notes.test/sleep") -> HtmlPage:
    return HtmlPage(Page(url, url, 200, "text/html", None, markup.encode()))


def published(markup: str, found_day: str | None = None, url: str = "https://notes.test/sleep") -> str | None:
    return published_of(html_page(markup, url), found_day, now=NOW)


@pytest.mark.parametrize(
    ("written", "chinese", "moment"),
    [
        ("2020-04-30", False, "2020-04-30"),
        ("2020-04-30T10:22:33+02:00", False, "2020-04-30T10:22:33+02:00"),
        ("2020-04-30T10:22:33.123Z", False, "2020-04-30T10:22:33+00:00"),
        ("2020-04-30 10:22", True, "2020-04-30T10:22:00+08:00"),
        ("2020-04-30 10:22", False, "2020-04-30"),
        ("2020年4月3日 9:05", True, "2020-04-03T09:05:00+08:00"),
        ("2020/4/3", True, "2020-04-03"),
        ("Thu Apr 30 2020 10:22:33 GMT+0100 (CET)", False, "2020-04-30T10:22:33+01:00"),
        ("Apr 30, 2020", False, "2020-04-30"),
        ("Thu, 30 Apr 2020 10:22:33 +0100", False, "2020-04-30T10:22:33+01:00"),
        ("1588212000", True, "2020-04-30T10:00:00+08:00"),
        ("1588212000000", False, "2020-04-30T02:00:00+00:00"),
        ("10/05/2020", False, None),
        ("2020-02-31", False, None),
        ("yesterday", False, None),
    ],
)
def test_a_date_is_read_as_it_was_written(written: str, chinese: bool, moment: str | None) -> None:
    assert as_published(written, chinese=chinese) == moment


def test_what_is_stated_goes_before_what_was_found() -> None:
    page = """<script type="application/ld+json">{"@type": "NewsArticle", "dateModified": "2020-05-02",
        "datePublished": "2020-04-28T08:15:00+02:00"}</script>"""

    assert published(page, "2020-05-02") == "2020-04-28T08:15:00+02:00"


@pytest.mark.parametrize(
    ("markup", "url", "day"),
    [
        ("<p>© 2019 Bench Inc.", "https://notes.test/sleep", None),
        ("<p>© 2019 Bench Inc. Chapter 1.", "https://notes.test/2018/01/01", None),
        ("<p>January 1, 2019. © 2019", "https://notes.test/sleep", "2019-01-01"),
        ("<p>Publié le 1er janvier 2019", "https://notes.test/sleep", "2019-01-01"),
        ("<p>1 de enero de 2019", "https://notes.test/sleep", "2019-01-01"),
        ("<p>2019年1月1日", "https://notes.test/sleep", "2019-01-01"),
        ("<p>01.01.2019", "https://notes.test/sleep", "2019-01-01"),
        ("<p>© 2019", "https://notes.test/2019/01/01/sleep", "2019-01-01"),
    ],
)
def test_the_year_of_a_copyright_is_no_day(markup: str, url: str, day: str | None) -> None:
    assert published(markup, "2019-01-01", url) == day


def test_a_moment_in_the_places_own_zone_goes_before_one_in_utc() -> None:
    page = """<meta property="article:published_time" content="2020-04-27T23:15:00Z">
        <meta itemprop="datePublished" content="2020-04-28T01:15:00+02:00">"""

    assert published(page) == "2020-04-28T01:15:00+02:00"


@pytest.mark.parametrize(
    ("head", "url", "moment"),
    [
        ('<html lang="zh-CN">', "https://notes.test/a", "2020-04-30T10:22:00+08:00"),
        ("<html>", "https://notes.test/a", "2020-04-30T10:22:00+08:00"),
        ('<html lang="en">', "https://notes.test/a", "2020-04-30"),
        ('<html lang="en">', "https://notes.cn/a", "2020-04-30T10:22:00+08:00"),
        ('<html lang="en"><p>京ICP备00000000号</p>', "https://notes.test/a", "2020-04-30T10:22:00+08:00"),
    ],
)
def test_a_chinese_sites_clock_is_beijings(head: str, url: str, moment: str) -> None:
    page = f"{head}<p>{CHINESE * 5}</p><span>发布时间：2020-04-30 10:22 来源：小满</span>"

    assert published(page, "2020-04-30", url) == moment


@pytest.mark.parametrize("day", ["1970-01-01", "1994-12-31", "2020-05-18", "9999-01-01"])
def test_no_article_is_older_than_the_web_or_from_the_future(day: str) -> None:
    assert published(f'<meta property="article:published_time" content="{day}">', day) is None


@given(st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_words_are_a_date_or_none(words: str) -> None:
    moment = as_published(words, chinese=True)

    assert moment is None or datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("By Ada Okafor", ("Ada Okafor",)),
        ("Ada Okafor Follow", ("Ada Okafor",)),
        ("Ada Okafor and Ben Li; Cléo D.", ("Ada Okafor", "Ben Li", "Cléo D")),
        ("作者：沈小满、林一", ("沈小满", "林一")),
        ("文｜沈小满", ("沈小满",)),
        ("沈小满 关注 来自上海", ("沈小满",)),
        ("责编：林一", ("林一",)),
        ("ada@notes.test", ()),
        ("Ada Okafor (ada@notes.test)", ("Ada Okafor",)),
        ("https://notes.test/ada", ()),
        ("Notes, Ada Okafor, ada okafor", ("Ada Okafor",)),
        ("admin", ()),
        ("匿名用户", ()),
        ("Bench Notes GmbH", ()),
        ("The editors read every letter that they get from their readers.", ()),
        ("Interview Julia Lauter", ("Julia Lauter",)),
        ("Auteur: Anna Kubová", ("Anna Kubová",)),
    ],
)
def test_authors_are_names(said: str, names: tuple[str, ...]) -> None:
    assert clean_authors([said], source="Notes") == names


def test_there_are_not_more_authors_than_a_card_can_bear() -> None:
    assert len(clean_authors([f"Ada Okafor{chr(97 + n)}" for n in range(26)])) == MOST_AUTHORS


def test_a_host_taken_for_a_name_gives_way_to_the_byline() -> None:
    page = html_page("<article><p>Von Ada Okafor</p><p>Der Zähler lügt.</p></article>")

    assert authors_of(page, "Notes Test", "Notes") == ("Ada Okafor",)


def test_those_who_comment_are_no_authors() -> None:
    page = html_page('<div class="comments"><span class="author vcard">Ben Li</span></div>')

    assert authors_of(page, None, None) == ()


@given(st.lists(st.text(max_size=80), max_size=4))
@settings(max_examples=100, deadline=None)
def test_no_author_is_empty_or_there_twice(said: list[str]) -> None:
    names = clean_authors(said)

    assert all(names) and len(names) == len(set(names))


@pytest.mark.parametrize(
    ("stated", "host", "document_title", "name"),
    [
        ("Bench Notes", "bench.test", "", "Bench Notes"),
        ("BenchNotes.com", "bench.test", "", "BenchNotes"),
        ("bench.test", "bench.test", "", "bench"),
        ("Copyright © 2017 Bench Inc. All Rights Reserved.", "www.sohu.com", "", "搜狐"),
        ("https://www.facebook.test/bench/", "bench.test", "", "bench"),
        ("161385360554578", "bench.test", "", "bench"),
        ("sleep", "bench.test", "", "bench"),
        ("Slee", "bench.test", "", "bench"),
        ("Sl", "bench.test", "", "Sl"),
        (None, "blog.csdn.net", "", "CSDN"),
        (None, "news.bench.test", "Sleep_Physics_小满网_bench.test", "小满网"),
        (None, "news.bench.test", "Sleep - Bench Notes", "Bench Notes"),
        (None, "news.bench.test", "Sleep, Page 4", "bench"),
        (None, "news.bench.test", "Another title - Bench Notes", "bench"),
        (None, "ada.github.io", "", "ada"),
        (None, "finance.bench.com.cn", "", "bench"),
        (None, "news.qq.com", "", "qq.com"),
        (None, "192.0.2.7", "", "192.0.2.7"),
    ],
)
def test_a_site_is_called_what_readers_call_it(
    stated: str | None, host: str, document_title: str, name: str
) -> None:
    assert source_name(stated, host, title="Sleep", document_title=document_title) == name
