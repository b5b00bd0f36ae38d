"""The text of a WeChat body. Cards for other things are silent."""

import html
import re

import lxml.html
from lxml.html import HtmlElement

from bot.reading.markup.html_page import without_heavy
from bot.reading.sources.block_text import block_text

_SILENT = re.compile(
    "script|style|svg|noscript|template|iframe|video|audio|button|qqmusic|mpvoice|mpvideo|mpvideosnap"
    "|mpprofile|mpcps|mpgongyi|mpshop|mpproduct|mpmusic|mpminiprogram|mppoi|mp-.*"
)
"""Elements that WeChat's own script draws: voices, films, songs, shops, accounts; no words of the article.
Its newer ones are called `mp-common-…`."""
_CARDS = re.compile(
    r"(?:^|\s)(?:js_)?(?:weapp_display_element|editor_card|editor_qqmusic|editor_audio|blockquote_wrap"
    r"|product_container|profile_card|appmsg_card_context|audio_card|music_card)(?:_\w+)?(?:\s|$)"
)
"""Classes of cards for other things: mini-programs, goods, songs, and quotations of other posts."""
_LINE_NUMBERS = re.compile(r"line-?_?(?:index|numbers?|nums?)\b|\bgutter\b", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z]")
_PLACE = re.compile(
    r"""<(?:div|section|article)\b[^<>]*\bid\s*=\s*["']?js_content(?=["'\s>])""", re.IGNORECASE
)


def text_of_hidden_content(markup: str) -> str | None:
    """Return the text of #js_content, hidden or not; None where the page has no such element.

    Scripts are cut out before: the pages are megabytes, nearly all of them script.
    """
    place = _PLACE.search(markup)
    if place is None:
        return None
    fragment = lxml.html.fromstring(f"<div>{without_heavy(markup[place.start() :])}</div>")
    body = next((element for element in fragment.iter() if element.get("id") == "js_content"), None)
    return None if body is None else block_text(body, is_silent=_is_silent)


def text_of_fragment(markup: str) -> str:
    """Return the text of a body that stood in a script: HTML, or plain lines with a few links in them."""
    once = html.unescape(markup) if not _TAG.search(markup) and "&lt;" in markup else markup
    if not once.strip():
        return ""
    return block_text(lxml.html.fromstring(f"<div>{once}</div>"), is_silent=_is_silent, breaks_are_lines=True)


def _is_silent(element: HtmlElement) -> bool:
    """Tell whether an element holds no words of the article."""
    if _SILENT.fullmatch(element.tag) or _HIDDEN.search(element.get("style") or ""):
        return True
    classes = element.get("class") or ""
    return bool(_CARDS.search(classes) or (element.tag in ("ul", "ol") and _LINE_NUMBERS.search(classes)))
