"""CSDN's blogs, amid their furniture."""

from pathlib import Path

from bot.reading.markup.html_page import HtmlPage
from bot.reading.page import Page
from bot.reading.page_reader import read_page
from bot.reading.sources import csdn
from bot.reading.verdict import Verdict

PAGE = (Path(__file__).parent / "pages" / "csdn_article.html").read_text()
URL = "https://blog.csdn.net/shen/article/details/105000001"


def page_of(markup: str) -> Page:
    return Page(URL, URL, 200, "text/html", None, markup.encode())


def test_an_article_is_read_without_the_sites_offers() -> None:
    reading = read_page(page_of(PAGE))

    assert reading.verdict is Verdict.FINE
    assert reading.article is not None
    assert reading.article.title == "三行配置让单片机睡得更深"
    assert (reading.article.source, reading.article.authors) == ("CSDN", ("沈小满",))
    assert reading.article.published == "2020-04-30T10:22:33+08:00"
    assert reading.article.text.splitlines() == [
        "板子睡着以后还在耗电，多半是有一个引脚悬空，或者调试口还醒着。",
        "gpio_analog(ALL);",
        "  debug_off();",
        "改完以后，电流从九十微安降到了两微安，同一颗电池可以多用两年。",
    ]


def test_a_beginning_for_those_who_do_not_subscribe_is_thin() -> None:
    reading = csdn.read(HtmlPage(page_of(PAGE.replace("相关推荐", "订阅专栏 解锁全文"))))

    assert reading is not None
    assert (reading.verdict, reading.reason) == (Verdict.THIN, "short-text")


def test_a_page_without_an_article_is_left_to_the_judge_of_placeholders() -> None:
    gone = page_of("<html><title>404</title><body><p>抱歉，你访问的页面不存在</p></body></html>")

    assert csdn.claims(URL) and not csdn.claims("https://blog.csdn.net/shen")
    assert csdn.read(HtmlPage(gone)) is None
    assert read_page(gone).verdict is Verdict.GONE
