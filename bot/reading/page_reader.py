"""From a page's bytes to a reading. Pure work for the processor: the workers run it."""

import logging
import re
from collections.abc import Callable
from dataclasses import replace

from bot.reading.article import Article, Reading, article_from_text
from bot.reading.bounds import bounded
from bot.reading.charset import decode
from bot.reading.markup.html_page import MOST_TAGS, HtmlPage
from bot.reading.markup.page_addresses import with_addresses
from bot.reading.media_type import is_pdf
from bot.reading.page import Page
from bot.reading.sources import arxiv, csdn, github, pdf, social, video, web, wechat, zhihu
from bot.reading.summarising.sentences import sentence_spans
from bot.reading.summary import SUMMARY_CHARACTERS, draft_summary
from bot.reading.text_signature import text_signature
from bot.reading.verdict import Reason, Verdict
from bot.reading.walls import sent_to_login

log = logging.getLogger(__name__)

_SOURCES: tuple[tuple[Callable[[str], bool], Callable[[HtmlPage], Reading | None]], ...] = (
    (wechat.claims, wechat.read),
    (arxiv.claims, arxiv.read),
    (github.claims, github.read),
    (zhihu.claims, zhihu.read),
    (csdn.claims, csdn.read),
    (video.claims, video.read),
    (social.claims, social.read),
)
"""Which addresses a source claims, and how it reads them. The open web takes what they leave."""
_PLAIN = frozenset({"text/plain", "text/markdown"})
_LONGEST_HEADING = 120
_MOST_ATTRIBUTES = 2000
"""Parsing is quadratic in attributes: 20,000 on one tag take 2 seconds, 100,000 take minutes."""
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{8000,}")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_SENTENCE_ENDS = (".", "!", "?", "。", "！", "？", "……", ";", "；")
_UNDECODABLE_SHARE = 20
"""A page with more than one undecodable character in so many is not text that we know how to read."""


def read_page(page: Page, summary_characters: int = SUMMARY_CHARACTERS) -> Reading:
    """Read a page. Any bytes give a reading; what breaks the parser is UNREADABLE.

    FINE and THIN come with an article, whose fields are clean and bounded; no other verdict does.
    """
    try:
        reading = _read(page)
        if _is_login_instead(reading, page):
            return Reading(Verdict.LOGIN, Reason.LOGIN_PAGE)
        return _with_summary(bounded(reading), summary_characters)
    except MemoryError:
        raise  # the worker says so, and is replaced
    except Exception:  # a stranger's markup makes the parsers below raise whatever they can
        log.exception("page broke the reader", extra={"bytes": len(page.body)})
        return Reading(Verdict.UNREADABLE, Reason.READER_FAILED)


def _read(page: Page) -> Reading:
    if is_pdf(page.body):
        return pdf.read(page)
    return _read_plain(page) if page.content_type in _PLAIN else _read_html(page)


def _is_login_instead(reading: Reading, page: Page) -> bool:
    """Tell whether we were sent to sign in, and found no whole article there."""
    return reading.verdict in (Verdict.NOT_ARTICLE, Verdict.THIN) and sent_to_login(page.url, page.final_url)


def _with_summary(reading: Reading, characters: int) -> Reading:
    if reading.article is None or not reading.article.text:
        return reading
    summary = draft_summary(reading.article, characters=characters)
    return replace(reading, summary=summary, signature=text_signature(reading.article.text))


def _read_html(page: Page) -> Reading:
    html_page = HtmlPage(page)
    if not html_page.html.strip():
        return Reading(Verdict.NOT_ARTICLE, Reason.EMPTY_PAGE)
    if html_page.html.count("\ufffd") * _UNDECODABLE_SHARE > len(html_page.html):
        return Reading(Verdict.UNREADABLE, Reason.NOT_TEXT)
    if _is_tangled(html_page.html):
        return Reading(Verdict.UNREADABLE, Reason.TOO_MANY_TAGS)
    for claims, read in _SOURCES:
        if claims(html_page.url) and (reading := read(html_page)) is not None:
            return with_addresses(reading, html_page)
    return with_addresses(web.read(html_page), html_page)


def _is_tangled(markup: str) -> bool:
    """Tell whether a page holds more tags, or one tag more attributes, than the parsers get through."""
    return markup.count("<") > MOST_TAGS or any(
        bare.count("=") > _MOST_ATTRIBUTES or len(bare.split()) > _MOST_ATTRIBUTES
        for tag in _LONG_TAG.finditer(markup)
        if (bare := _QUOTED.sub("", tag[0]))
    )


def _read_plain(page: Page) -> Reading:
    """Read a plain text. Its title is its first line where that is a heading, else its first sentence."""
    lines = [line.strip() for line in decode(page.body, page.charset).splitlines() if line.strip("# \t")]
    title = lines[0].strip("# ") if lines else ""
    headed = len(lines) > 1 and len(title) <= _LONGEST_HEADING and not title.endswith(_SENTENCE_ENDS)
    body = "\n".join(lines[1:] if headed else lines)
    title = title if headed else _first_sentence(title)
    article: Article = article_from_text(page.final_url or page.url, title, body)
    if not article.text:
        return Reading(Verdict.NOT_ARTICLE, Reason.EMPTY_PAGE)
    if web.is_thin(article):
        return Reading(Verdict.THIN, Reason.SHORT_TEXT, article)
    return Reading(Verdict.FINE, "", article)


def _first_sentence(line: str) -> str:
    """Return how a text begins, as a title; "…" says that more of its sentence follows."""
    beginning = line[: 2 * _LONGEST_HEADING]
    _, end = next(sentence_spans(beginning), (0, 0))
    cut = end > _LONGEST_HEADING
    return beginning[: _LONGEST_HEADING - 1].rstrip() + "…" if cut else beginning[:end]
