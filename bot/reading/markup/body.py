"""A page's main text: trafilatura's, without the furniture that it keeps and with the paragraphs it drops."""

import re
from collections import Counter
from collections.abc import Iterable

from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document, use_config

from bot.reading.language import is_cjk, language_of
from bot.reading.markup.furniture import linked_lines, without_furniture
from bot.reading.markup.html_page import HtmlPage, collapsed
from bot.reading.markup.small_print import article_lines, letters_of

_SHORTEST_EXTRACTION = "150"
"""Characters below which trafilatura tries other ways; its 250 is a long text in Chinese."""
_GOOD_DEAL = 1_500
"""Characters. On 316 pages believing from 800 lost to asking always, from 1,500 was as good as from 3,000."""
_COMPARED = 60
"""Letters by which a paragraph is known again in the extracted text."""
_SHORTEST_PARAGRAPH = 40
_MOST_PARAGRAPHS = 2_000
"""Finding them again is quadratic; a page with more is a book, and whole."""
_SHORTEST_MISSING = 80
_FEWEST_SIBLINGS = 3
_MOST_LINKS = 0.3
_NOT_ARTICLE = re.compile(r"comment|disqus|repl(?:y|ies)|footer|sidebar|cookie|consent|promo", re.IGNORECASE)
_MARKUP = re.compile(r"</?[a-z]|&lt;")


def body_of(page: HtmlPage, titles: Iterable[str] = ()) -> str:
    """Return the page's main text, a paragraph a line; empty where there is none.

    `titles` are what the page is called: the text does not begin with one.
    """
    tree = without_furniture(page.tree, page.host)
    text = _extracted(tree, page.url)
    if not text:
        return ""
    return article_lines(
        _completed(text, tree), titles=titles, linked={*map(letters_of, linked_lines(tree, page.host))}
    )


def _extracted(tree: HtmlElement, url: str) -> str:
    """Ask trafilatura: quickly, and with all its ways where little came of that.

    Precision is favoured in Chinese and Japanese only: +0.06 of F1 there, -0.004 to -0.017 elsewhere. There
    its quick way lost 0.03; elsewhere, where it found a good deal, it was the better one by 0.001.
    """
    if is_cjk(language_of(tree.text_content())):
        return _asked(tree, url, precise=True)
    quickly = _asked(tree, url, fast=True)
    return quickly if len(quickly) >= _GOOD_DEAL else _asked(tree, url) or quickly


def _asked(tree: HtmlElement, url: str, *, precise: bool = False, fast: bool = False) -> str:
    config = use_config()
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", _SHORTEST_EXTRACTION)
    document = bare_extraction(
        tree, url=url, include_comments=False, favor_precision=precise, fast=fast, config=config
    )
    return document.text.strip() if isinstance(document, Document) and document.text else ""


def _completed(text: str, tree: HtmlElement) -> str:
    """Put back paragraphs that stand in the same kind of block as most of the others, but were dropped.

    A page that gives its article in pieces, with pictures or advertisements between, lost all but the first.
    """
    lines = text.split("\n")
    places = {letters_of(line)[:_COMPARED]: place for place, line in enumerate(lines)}
    paragraphs = [
        (element, words, letters_of(words)[:_COMPARED])
        for element in tree.iter("p")
        if len(words := collapsed(element.text_content())) >= _SHORTEST_PARAGRAPH
    ]
    block = _usual_block(element for element, _, opening in paragraphs if opening in places)
    if block is None or len(paragraphs) > _MOST_PARAGRAPHS:
        return text
    known = letters_of(text)
    last: int | None = None
    for element, words, opening in paragraphs:
        if opening in places:
            last = places[opening]
        elif last is not None and _is_missing(element, words, block) and opening not in known:
            lines[last] += f"\n{words}"
    return "\n".join(lines)


def _usual_block(paragraphs: Iterable[HtmlElement]) -> tuple[str, str] | None:
    """Return the tag and class of the block that most paragraphs stand in, where it has a class."""
    blocks = Counter(_block_of(paragraph) for paragraph in paragraphs)
    [(block, count)] = blocks.most_common(1) or [(("", ""), 0)]
    return block if block[1] and count >= _FEWEST_SIBLINGS else None


def _block_of(paragraph: HtmlElement) -> tuple[str, str]:
    parent = paragraph.getparent()
    return ("", "") if parent is None else (str(parent.tag), parent.get("class") or "")


def _is_missing(paragraph: HtmlElement, words: str, block: tuple[str, str]) -> bool:
    if len(words) < _SHORTEST_MISSING or _block_of(paragraph) != block or _MARKUP.search(words):
        return False
    linked = sum(len(link.text_content()) for link in paragraph.iter("a"))
    return linked <= _MOST_LINKS * len(words) and not any(
        _NOT_ARTICLE.search(f"{holder.get('class', '')} {holder.get('id', '')}")
        for holder in paragraph.iterancestors("div", "section", "ul", "ol", "li", "aside", "footer", "form")
    )
