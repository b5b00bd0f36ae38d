"""From a page's bytes to a reading. Pure work for the processor: the workers run it."""

import logging
from collections.abc import Callable
from dataclasses import replace

from bot.reading.article import Article, Reading, article_from_text
from bot.reading.charset import decode
from bot.reading.html_page import MOST_TAGS, HtmlPage
from bot.reading.page import Page
from bot.reading.sources import arxiv, github, web, wechat
from bot.reading.summary import SUMMARY_CHARACTERS, draft_summary
from bot.reading.verdict import Verdict

log = logging.getLogger(__name__)

_SOURCES: tuple[tuple[Callable[[str], bool], Callable[[HtmlPage], Reading | None]], ...] = (
    (wechat.claims, wechat.read),
    (arxiv.claims, arxiv.read),
    (github.claims, github.read),
)
"""Which addresses a source claims, and how it reads them. The open web takes what they leave."""
_PLAIN = frozenset({"text/plain", "text/markdown"})
_LONGEST_HEADING = 120
_SENTENCE_ENDS = (".", "!", "?", "。", "！", "？", "……", ";", "；")
_UNDECODABLE_SHARE = 20
"""A page with more than one undecodable character in so many is not text that we know how to read."""


def read_page(page: Page, summary_characters: int = SUMMARY_CHARACTERS) -> Reading:
    """Read a page. Any bytes give a reading; what breaks the parser is UNREADABLE."""
    try:
        reading = _read_plain(page) if page.content_type in _PLAIN else _read_html(page)
    except Exception:  # a stranger's markup makes the parsers below raise whatever they can
        log.exception("page broke the reader", extra={"bytes": len(page.body)})
        return Reading(Verdict.UNREADABLE, "reader-failed")
    return _with_summary(reading, summary_characters)


def _with_summary(reading: Reading, characters: int) -> Reading:
    if reading.article is None or not reading.article.text:
        return reading
    summary = draft_summary(reading.article, characters=characters)
    return replace(reading, summary=summary)


def _read_html(page: Page) -> Reading:
    if page.body.startswith(b"%PDF-"):
        return Reading(Verdict.NOT_ARTICLE, "pdf")
    html_page = HtmlPage(page)
    if not html_page.html.strip():
        return Reading(Verdict.NOT_ARTICLE, "empty-page")
    if html_page.html.count("\ufffd") * _UNDECODABLE_SHARE > len(html_page.html):
        return Reading(Verdict.UNREADABLE, "not-text")
    if html_page.html.count("<") > MOST_TAGS:
        return Reading(Verdict.UNREADABLE, "too-many-tags")
    for claims, read in _SOURCES:
        if claims(html_page.url) and (reading := read(html_page)) is not None:
            return reading
    return web.read(html_page)


def _read_plain(page: Page) -> Reading:
    """Read a plain text. Its first line is its title; one that is no sentence is not part of the text."""
    lines = [line.strip() for line in decode(page.body, page.charset).splitlines() if line.strip("# \t")]
    title = lines[0].strip("# ") if lines else ""
    headed = len(lines) > 1 and len(title) <= _LONGEST_HEADING and not title.endswith(_SENTENCE_ENDS)
    body = "\n".join(lines[1:] if headed else lines)
    article: Article = article_from_text(page.final_url or page.url, title[:200], body)
    if not article.text:
        return Reading(Verdict.NOT_ARTICLE, "empty-page")
    return Reading(Verdict.THIN if web.is_thin(article) else Verdict.FINE, "", article)
