"""Posts by their metadata, the walls before them, and pages that tell strangers only what they are about."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.article import Article, Reading
from bot.reading.markup.description import description_of
from bot.reading.markup.html_page import HtmlPage
from bot.reading.page import Page
from bot.reading.sources import social, web
from bot.reading.verdict import Verdict

PAGES = Path(__file__).parent / "pages"
X = "https://x.com/ada/status/1255062837912240128"
MASTODON = "https://bench.social/@ada/104078000000000001"
WEIBO = "https://m.weibo.cn/status/4500000000000001"


def html_page(markup: str, url: str) -> HtmlPage:
    return HtmlPage(Page(url, url, 200, "text/html", None, markup.encode()))


def reading_of(markup: str, url: str) -> Reading:
    reading = social.read(html_page(markup, url))
    assert reading is not None
    return reading


def article_in(file: str, url: str) -> Article:
    reading = reading_of((PAGES / file).read_text(), url)
    assert reading.verdict is Verdict.FINE, reading.reason
    assert reading.article is not None
    return reading.article


def test_a_post_on_x_is_titled_by_its_first_sentence_and_dated_by_its_number() -> None:
    article = article_in("x_post.html", X)

    assert article.title == "We put the keyword spotter on a coin cell."
    assert (article.source, article.authors) == ("Ada Okafor", ("Ada Okafor",))
    assert article.published == "2020-04-28T09:14:33+00:00"
    assert article.text.endswith("Board files are open:")


def test_a_post_quoted_in_its_title_is_read_there() -> None:
    page = """<meta property="og:title" content='Ada Okafor on X: "The meter lies to you." / X'>"""

    reading = reading_of(page, X)

    assert (reading.verdict, reading.reason) == (Verdict.THIN, "short-text")
    assert reading.article is not None and reading.article.text == "The meter lies to you."


def test_a_post_that_is_cut_off_says_so() -> None:
    page = """<meta property="og:title" content="Ada (@ada) on X">
        <meta property="og:description" content="The meter lies to you, because it samples only when…">"""

    reading = reading_of(page, X)

    assert (reading.verdict, reading.reason) == (Verdict.THIN, "metadata-only")


def test_a_post_on_any_mastodon_is_known_by_how_it_is_addressed() -> None:
    article = article_in("x_mastodon.html", MASTODON)

    assert article.title == "Soldering at 320 degrees is a habit, not a rule."
    assert article.source == "Ada Okafor"
    assert article.published == "2020-04-28T06:15:00+00:00"


def test_a_weibo_is_read_out_of_its_data() -> None:
    article = article_in("x_weibo.html", WEIBO)

    assert article.title == "今天把唤醒词识别搬上了纽扣电池，整机平均电流 0.9 毫安。"
    assert article.source == "小满实验室"
    assert article.published == "2020-04-30T10:22:33+08:00"
    assert article.text.splitlines()[1].startswith("工程周末开源")


def test_a_post_stated_as_linked_data_is_read_wherever_it_is() -> None:
    page = """<script type="application/ld+json">{"@type": "SocialMediaPosting", "articleBody":
        "A firmware update is a promise to strangers, so we test each one on the oldest board we have.",
        "author": {"name": "Ada Okafor"}, "datePublished": "2020-04-28T08:15:00+02:00"}</script>"""

    reading = reading_of(page, "https://www.linkedin.com/posts/ada_firmware-1")

    assert reading.verdict is Verdict.FINE
    assert reading.article is not None and reading.article.published == "2020-04-28T08:15:00+02:00"


@pytest.mark.parametrize(
    ("words", "url", "verdict"),
    [
        ("JavaScript is not available. Log in", X, "login"),
        ("Hmm...this page doesn’t exist. Try searching for something else.", X, "gone"),
        ("This Post was deleted by the Post author.", X, "gone"),
        ("Sina Visitor System", "https://weibo.com/1000000001/AbCdEfGhI", "login"),
        ("微博不存在或暂无查看权限!", WEIBO, "gone"),
        ("Sign up to see posts", "https://www.linkedin.com/posts/ada_firmware-1", "login"),
        ("Verify you are human", "https://www.facebook.com/ada/posts/1", "verification"),
    ],
)
def test_a_wall_is_no_post(words: str, url: str, verdict: str) -> None:
    reading = reading_of(f"<html><title>{words}</title><body><p>{words}</p></body></html>", url)

    assert (reading.verdict, reading.article) == (verdict, None)


def test_a_page_that_only_looks_like_a_mastodons_is_left_to_others() -> None:
    page = "<title>Notes</title><article><p>An ordinary page.</p></article>"

    assert social.claims(MASTODON)
    assert social.read(html_page(page, MASTODON)) is None
    assert not social.claims("https://x.com/ada")
    assert not social.claims("https://medium.com/@ada/notes-0a1b2c3d4e5f")


def described(description: str, url: str = "https://notes.test/sleep", title: str = "Sleep current") -> str:
    page = f"""<meta property="og:site_name" content="Notes"><meta property="og:title" content="{title}">
        <meta property="og:description" content="{description}"><div id="app"></div>"""
    return description_of(html_page(page, url), title)


SAYING = (
    "What a board draws while it does nothing, measured over eleven months with a meter that tells the truth."
)


def test_a_page_without_text_is_what_it_says_it_is_about() -> None:
    assert described(SAYING) == SAYING


@pytest.mark.parametrize(
    ("description", "url", "title"),
    [
        (SAYING, "https://notes.test/", "Sleep current"),
        (SAYING, "https://notes.test/sleep", "Notes"),
        ("Too short to say anything.", "https://notes.test/sleep", "Sleep current"),
        (SAYING, "https://notes.test/sleep", SAYING),
        (
            "Please sign in to continue reading this and every other story of ours.",
            "https://notes.test/s",
            "Story",
        ),
        (
            "The page you are looking for was not found, or it moved to some other place.",
            "https://n.test/s",
            "Oh",
        ),
    ],
)
def test_a_front_page_a_slogan_and_a_wall_are_about_nothing(description: str, url: str, title: str) -> None:
    assert described(description, url, title) == ""


def test_a_page_that_is_drawn_by_a_program_is_a_thin_article_by_its_metadata() -> None:
    page = f"""<html><head><title>Sleep</title><meta property="og:title" content="Sleep current">
        <meta property="og:description" content="{SAYING}"></head><body><div id="app"></div></body></html>"""

    reading = web.read(html_page(page, "https://notes.test/sleep"))

    assert (reading.verdict, reading.reason) == (Verdict.THIN, "metadata-only")
    assert reading.article is not None
    assert (reading.article.title, reading.article.text) == ("Sleep current", SAYING)


@given(st.text(max_size=120), st.text(max_size=120))
@settings(max_examples=40, deadline=None)
def test_metadata_of_any_kind_breaks_nothing(title: str, description: str) -> None:
    page = f"""<meta property="og:title" content="{title}">
        <meta property="og:description" content="{description}">
        <script type="application/ld+json">{{"@type": "SocialMediaPosting", "text": "{title}"}}</script>
        <script>var $render_data = [{description}][0]</script>"""

    for url in (X, WEIBO, "https://t.me/bench/12"):
        assert reading_of(page.encode("utf-8", "replace").decode(), url).verdict in Verdict
