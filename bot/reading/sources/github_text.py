"""The text of what GitHub has set from Markdown, a block a line, without badges, contents and navigation."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from bot.reading.markup.html_page import collapsed

_BLOCKS = frozenset({"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "tr", "dt", "dd", "summary"})
_HOLDERS = _BLOCKS | {"ul", "ol", "dl", "table", "blockquote", "div", "details", "section", "article"}
_SILENT = frozenset({"script", "style", "svg", "button", "template", "clipboard-copy", "tool-tip"})
_CONTENTS = re.compile(r"(?:table of )?contents?|toc|目\s*录|目次|index", re.IGNORECASE)
_OTHER_LANGUAGE = re.compile(r"readme[^/]*$", re.IGNORECASE)
_NAVIGATION = 60
"""Letters: a paragraph that is nothing but links, and shorter, leads elsewhere and says nothing."""
_MOST_CHARACTERS = 60_000


def markdown_text(body: HtmlElement, *, with_code: bool = True) -> str:
    """Return a text's blocks. Commands and listings are left out `with_code=False`."""
    lines, length = list[str](), 0
    for line in _lines(body, with_code):
        length += len(line)
        if length > _MOST_CHARACTERS:
            break
        lines.append(line)
    return "\n".join(lines)


def first_heading(body: HtmlElement) -> str:
    """Return the first heading's words."""
    headings = (_words(heading) for heading in body.iter("h1", "h2"))
    return next(filter(None, headings), "")


def _lines(body: HtmlElement, with_code: bool) -> Iterator[str]:
    if body.tag in _BLOCKS:  # a fragment that is one paragraph
        yield from _block(body, with_code)
    for block in body.iterdescendants():
        if block.tag in _BLOCKS and not _is_part(block, body):
            yield from _block(block, with_code)


def _is_part(block: HtmlElement, body: HtmlElement) -> bool:
    """Tell whether a block stands in a listing or in a table's row, which are read as one."""
    for above in block.iterancestors():
        if above is body:
            return False
        if above.tag in ("pre", "tr"):
            return True
    return False


def _block(block: HtmlElement, with_code: bool) -> Iterator[str]:
    if block.tag == "pre":
        if with_code:
            yield from filter(None, (line.strip() for line in block.text_content().splitlines()))
        return
    words = " | ".join(map(_whole_words, block.iter("td", "th"))) if block.tag == "tr" else _words(block)
    if any(letter.isalnum() for letter in words) and not _is_navigation(block, words):
        yield words


def _words(block: HtmlElement) -> str:
    """Return a block's own words, without those of blocks inside it."""
    parts: list[str] = [block.text or ""]
    for child in block:
        if isinstance(child.tag, str) and child.tag not in _HOLDERS | _SILENT:
            parts.append(" " if child.tag == "br" else _words(child))
        parts.append(child.tail or "")
    return collapsed("".join(parts)) if block.tag in _BLOCKS else "".join(parts)


def _whole_words(cell: HtmlElement) -> str:
    return collapsed(cell.text_content())


def _is_navigation(block: HtmlElement, words: str) -> bool:
    """Tell a table of contents, a row of links, the choice of a language."""
    if block.tag.startswith("h"):
        return _CONTENTS.fullmatch(words.strip(" #:：")) is not None
    links = [link for link in block.iter("a") if _letters(link.text_content())]
    if not links:
        return False
    linked = "".join(_letters(link.text_content()) for link in links)
    is_links_only = len(linked) >= len(_letters(words))
    if is_links_only and all(_is_within(link) for link in links):
        return True
    is_short = len(linked) <= _NAVIGATION
    if is_short and all(_OTHER_LANGUAGE.search(urlsplit(link.get("href", "")).path) for link in links):
        return len(_letters(words)) <= _NAVIGATION
    return is_links_only and is_short and block.tag != "li"


def _is_within(link: HtmlElement) -> bool:
    return bool(link.get("href", "").startswith("#"))


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)
