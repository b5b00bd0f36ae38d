"""The text of a WeChat body: blocks become lines."""

import html
import re

import lxml.html
from lxml.html import HtmlElement

_BLOCKS = frozenset(
    re.findall(
        r"\S+",
        "p div section br h1 h2 h3 h4 h5 h6 li blockquote pre tr ul ol table figure figcaption",
    )
)
_SILENT = frozenset(
    re.findall(
        r"\S+",
        "script style svg mpvoice mpvideo mp-common-profile mp-common-product mp-style-type qqmusic iframe",
    )
)
_INVISIBLE = str.maketrans({"\u200b": None, "\u200c": None, "\u200d": None, "\ufeff": None, "\xa0": " "})
_TAG = re.compile(r"</?[a-zA-Z]")


def text_of_hidden_content(markup: str) -> str | None:
    """Return the text of #js_content, hidden or not; None where the page has no such element.

    Only the slice up to the next script is parsed: the pages are megabytes, nearly all of them script.
    """
    place = markup.find('id="js_content"')
    if place < 0:
        return None
    start = markup.rfind("<", 0, place)
    end = markup.find("<script", place)
    fragment = lxml.html.fromstring(f"<div>{markup[start : end if end > 0 else len(markup)]}</div>")
    body = next((element for element in fragment.iter() if element.get("id") == "js_content"), None)
    return None if body is None else _text(body)


def text_of_fragment(markup: str) -> str:
    """Return the text of a body that stood in a script: HTML, or plain lines with a few links in them."""
    once = html.unescape(markup) if not _TAG.search(markup) and "&lt;" in markup else markup
    if not once.strip():
        return ""
    return _text(lxml.html.fromstring(f"<div>{once}</div>"))


def _text(root: HtmlElement) -> str:
    pieces: list[str] = []
    waiting: list[tuple[HtmlElement, bool]] = [(root, False)]
    while waiting:
        element, closing = waiting.pop()
        is_block = element.tag in _BLOCKS
        if is_block:
            pieces.append("\n")
        if closing:
            pieces.append(element.tail or "")
            continue
        silent = not isinstance(element.tag, str) or element.tag in _SILENT
        if not silent:
            pieces.append(element.text or "")
        if element is not root:
            waiting.append((element, True))
        if not silent:
            waiting.extend((child, False) for child in reversed(element))
    return _lines("".join(pieces))


def _lines(text: str) -> str:
    lines = (re.sub(r"[ \t]+", " ", line).strip() for line in text.translate(_INVISIBLE).splitlines())
    return "\n".join(line for line in lines if line)
