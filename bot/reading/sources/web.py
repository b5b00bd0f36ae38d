"""Any page of the open web: trafilatura for the body, our choice of title, metadata for the rest."""

import json
import re
from contextlib import suppress
from typing import Any

from lxml.html import HtmlElement
from trafilatura.metadata import (
    examine_meta,
    extract_author,
    extract_meta_json,
    extract_metadata,
    extract_sitename,
)
from trafilatura.settings import Document

from bot.reading.article import Article, Reading
from bot.reading.language import is_cjk, language_of
from bot.reading.markup.authors import authors_of
from bot.reading.markup.body import body_of
from bot.reading.markup.dates import published_of
from bot.reading.markup.description import description_of
from bot.reading.markup.html_page import HtmlPage, collapsed
from bot.reading.markup.placeholder import placeholder_in
from bot.reading.markup.site_names import source_name
from bot.reading.markup.titles import TitleCandidates, best_title
from bot.reading.verdict import Reason, Verdict

_THIN_CHARACTERS = 60
_THIN_WORDS = 12


def read(page: HtmlPage) -> Reading:
    """Read a page that no source of ours claims."""
    candidates = title_candidates(page)
    title = best_title(candidates)
    text = body_of(page, (title, *candidates.headings))
    placeholder = placeholder_in(page, text)
    if placeholder is not None:
        return placeholder
    if not text:
        return _by_description(page, title)
    article = _article(page, title, text)
    if is_thin(article):
        return Reading(Verdict.THIN, Reason.SHORT_TEXT, article)
    return Reading(Verdict.FINE, "", article)


def _by_description(page: HtmlPage, title: str) -> Reading:
    """Read a page that keeps its text from strangers by what it says it is about."""
    described = description_of(page, title)
    if not described:
        return Reading(Verdict.NOT_ARTICLE, Reason.NO_TEXT)
    return Reading(Verdict.THIN, Reason.METADATA_ONLY, _article(page, title, described))


def is_thin(article: Article) -> bool:
    """Tell whether an article is so short that it may be a teaser or a caption."""
    if is_cjk(article.language):
        return len(article.text) < _THIN_CHARACTERS
    return len(article.text.split()) < _THIN_WORDS


def _article(page: HtmlPage, title: str, text: str) -> Article:
    stated = published_of(page, None)
    metadata = metadata_of(page, dated=bool(stated and title))
    source = page.metas.get("og:site_name") or page.metas.get("application-name") or metadata.sitename
    return Article(
        url=page.url,
        title=title or collapsed(metadata.title),
        source=source_name(source, page.host, title=title, document_title=page.document_title),
        authors=authors_of(page, metadata.author, source),
        published=stated or published_of(page, metadata.date),
        language=language_of(text, page.declared_language),
        text=text,
    )


def metadata_of(page: HtmlPage, *, dated: bool) -> Document:
    """Ask trafilatura for author, site and day; `dated` says that the page itself gives its date.

    Then only author and site are asked for: all that it knows takes three times as long. Else it is asked
    again with a long search where it saw no date. That takes up to a second where it learns a language, and
    finds a date on one page in twenty more, the right one three times of five.
    """
    if dated:
        return _author_and_site(page)
    metadata: Document = extract_metadata(page.tree, page.url, extensive=False)
    return metadata if metadata.date else extract_metadata(page.tree, page.url)


def _author_and_site(page: HtmlPage) -> Document:
    """Take trafilatura's own steps, without those for title, day, categories, tags and licence."""
    metadata = examine_meta(page.tree)
    if metadata.author and " " not in metadata.author:
        metadata.author = None  # a login, not a name
    with suppress(Exception):  # what stands in a stranger's JSON-LD makes it raise whatever it can
        metadata = extract_meta_json(page.tree, metadata)
    metadata.author = metadata.author or extract_author(page.tree)
    metadata.sitename = (metadata.sitename or extract_sitename(page.tree) or "").lstrip("@")
    metadata.clean_and_trim()
    return metadata


def title_candidates(page: HtmlPage) -> TitleCandidates:
    """Collect every place where the page says what it is called."""
    return TitleCandidates(
        open_graph=page.metas.get("og:title", ""),
        headline=_headline(page),
        twitter=page.metas.get("twitter:title", ""),
        document=page.document_title,
        headings=_headings(page.tree),
        site_name=page.metas.get("og:site_name", ""),
        host=page.host,
    )


def _headings(tree: HtmlElement) -> tuple[str, ...]:
    """Return what the `<h1>` say, those of the article before all of them."""
    headings = list(tree.iter("h1"))
    of_article = [
        heading
        for heading in headings
        if re.search("title|headline", heading.get("class") or "")
        or next(heading.iterancestors("article", "main"), None) is not None
    ]
    return tuple(filter(None, map(_words, of_article + headings)))


def _words(element: HtmlElement) -> str:
    return collapsed(element.text_content())


def _headline(page: HtmlPage) -> str:
    """Return schema.org's headline, out of JSON-LD that may be broken elsewhere."""
    for script in page.linked_data:
        found = re.search(r'"headline"\s*:\s*("(?:[^"\\]|\\.)+")', script)
        if found:
            return _unquoted(found[1])
    return ""


def _unquoted(literal: str) -> str:
    try:
        value: Any = json.loads(literal, strict=False)
    except ValueError:
        return ""
    return collapsed(str(value))
