"""CSDN's blogs: the body stands in #content_views, amid more furniture than text.

Generic readers take the offers to log in for the text, the site's slogan for the author, and the day of a
recommendation for the article's.
"""

import re
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from bot.reading.article import Article, Reading
from bot.reading.language import language_of
from bot.reading.markup.authors import clean_authors
from bot.reading.markup.dates import as_published
from bot.reading.markup.html_page import HtmlPage, collapsed
from bot.reading.sources.block_text import block_text
from bot.reading.verdict import Reason, Verdict

_SOURCE = "CSDN"
_BODY = "//*[@id='content_views']"
_TITLE = "//*[@id='articleContentId'] | //h1[contains(@class, 'title-article')]"
_NAME = "//a[contains(@class, 'follow-nickName')] | //*[@id='uid']//*[contains(@class, 'name')]"
_BAR = "//*[contains(@class, 'article-bar-top') or contains(@class, 'article-info-box')]"
_POSTED = re.compile(r"(\d{4}-\d{2}-\d{2} \d{2}:\d{2}(?::\d{2})?)")
_FIRST_POSTED = re.compile(r"于\s*(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2})\s*(?:首次)?发布")
_RECOMMENDED = re.compile(r"最新推荐文章于[\s\d:-]+发布")
_FOR_SUBSCRIBERS = re.compile("解锁全文|登录后.{0,10}(?:阅读|查看)全文")
_TEASER = 600
"""Characters under which a subscriber's article shows strangers its beginning only."""
_SILENT = re.compile("script|style|svg|noscript|button|iframe")
_FURNITURE = re.compile(r"\b(?:pre-numbering|hljs-button|code-copy|toc)\b")


def claims(url: str) -> bool:
    """Tell whether an address is a blog article's."""
    split = urlsplit(url)
    host = split.hostname or ""
    return host.endswith("blog.csdn.net") and "/article/details/" in split.path


def read(page: HtmlPage) -> Reading | None:
    """Read an article; None where the page does not show one, for the judge of placeholders."""
    bodies, titles = page.tree.xpath(_BODY), page.tree.xpath(_TITLE)
    text = block_text(bodies[0], is_silent=_is_silent) if bodies else ""
    if not (text and titles):
        return None
    names = page.tree.xpath(_NAME)
    article = Article(
        url=page.url,
        title=collapsed(titles[0].text_content()),
        source=_SOURCE,
        authors=clean_authors([collapsed(names[0].text_content())], source=_SOURCE) if names else (),
        published=_posted(page),
        language=language_of(text),
        text=text,
    )
    if len(text) < _TEASER and _FOR_SUBSCRIBERS.search(page.text):
        return Reading(Verdict.THIN, Reason.SHORT_TEXT, article)
    return Reading(Verdict.FINE, "", article)


def _posted(page: HtmlPage) -> str | None:
    """Return when it was posted, in Beijing's time. The bar also dates what else is recommended."""
    bars = page.tree.xpath(_BAR)
    said = _RECOMMENDED.sub("", collapsed(bars[0].text_content())) if bars else ""
    found = _FIRST_POSTED.search(said) or _POSTED.search(said)
    return as_published(found[1], chinese=True) if found else None


def _is_silent(element: HtmlElement) -> bool:
    """Tell whether an element holds no words: buttons, line numbers, the table of contents."""
    return bool(_SILENT.fullmatch(element.tag) or _FURNITURE.search(element.get("class") or ""))
