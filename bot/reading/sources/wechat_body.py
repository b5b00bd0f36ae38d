"""The text of a WeChat body: blocks become lines, code keeps its own, cards are silent."""

import html
import re
from collections.abc import Iterator

import lxml.html
from lxml.html import HtmlElement

_BLOCKS = re.compile(
    "p|div|section|article|br|hr|h[1-6]|li|dt|dd|blockquote|pre|tr|[uod]l|table|figure|figcaption"
)
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
_INVISIBLE = str.maketrans({"\u200b": None, "\u200c": None, "\u200d": None, "\ufeff": None, "\xa0": " "})
_TAG = re.compile(r"</?[a-zA-Z]")
_PLACE = re.compile(r"""<(?:div|section|article)\b[^<>]*\bid=["']js_content["']""", re.IGNORECASE)
_CODE_OPENS, _CODE_ENDS = "\x02", "\x03"
"""Marks around code while lines are made. A page's own control characters were taken out before."""


def text_of_hidden_content(markup: str) -> str | None:
    """Return the text of #js_content, hidden or not; None where the page has no such element.

    Only the slice up to the next script is parsed: the pages are megabytes, nearly all of them script.
    """
    place = _PLACE.search(markup)
    if place is None:
        return None
    end = markup.find("<script", place.end())
    fragment = lxml.html.fromstring(f"<div>{markup[place.start() : end if end > 0 else len(markup)]}</div>")
    body = next((element for element in fragment.iter() if element.get("id") == "js_content"), None)
    return None if body is None else _text(body, breaks_are_lines=False)


def text_of_fragment(markup: str) -> str:
    """Return the text of a body that stood in a script: HTML, or plain lines with a few links in them."""
    once = html.unescape(markup) if not _TAG.search(markup) and "&lt;" in markup else markup
    if not once.strip():
        return ""
    return _text(lxml.html.fromstring(f"<div>{once}</div>"), breaks_are_lines=True)


def _text(root: HtmlElement, *, breaks_are_lines: bool) -> str:
    pieces: list[str] = []
    depth = 0
    for element, closing, silent in _walk(root):
        if element.tag == "pre" and not silent:
            depth += -1 if closing else 1
            if depth == (0 if closing else 1):
                pieces.append(_CODE_ENDS if closing else _CODE_OPENS)
        pieces.append(_break_at(element))
        said = (element.tail if closing else "" if silent else element.text) or ""
        pieces.append(said if depth or breaks_are_lines else said.replace("\n", " "))
    return _lines("".join(pieces))


def _walk(root: HtmlElement) -> Iterator[tuple[HtmlElement, bool, bool]]:
    """Yield each element as it opens and closes, and whether it is silent.

    The stack is our own: a hostile page is deeper than Python's.
    """
    waiting: list[tuple[HtmlElement, bool]] = [(root, False)]
    while waiting:
        element, closing = waiting.pop()
        silent = element is not root and _is_silent(element)
        yield element, closing, silent
        if closing:
            continue
        if element is not root:
            waiting.append((element, True))
        if not silent:
            waiting.extend((child, False) for child in reversed(element))


def _break_at(element: HtmlElement) -> str:
    """Return what stands between an element and its neighbours.

    WeChat's editor writes each line of code as a `code` of its own.
    """
    if _BLOCKS.fullmatch(str(element.tag)) or (element.tag == "code" and _is_pre(element.getparent())):
        return "\n"
    return " " if element.tag in ("td", "th") else ""


def _is_pre(element: HtmlElement | None) -> bool:
    return element is not None and element.tag == "pre"


def _is_silent(element: HtmlElement) -> bool:
    """Tell whether an element holds no words of the article."""
    if not isinstance(element.tag, str) or _SILENT.fullmatch(element.tag):
        return True
    if _HIDDEN.search(element.get("style") or "") or _CARDS.search(element.get("class") or ""):
        return True
    return element.tag in ("ul", "ol") and bool(_LINE_NUMBERS.search(element.get("class") or ""))


def _lines(text: str) -> str:
    """Tidy each line; a line of code keeps its indentation."""
    lines: list[str] = []
    for number, stretch in enumerate(re.split(f"[{_CODE_OPENS}{_CODE_ENDS}]", text.translate(_INVISIBLE))):
        if number % 2:
            lines += [line.rstrip() for line in stretch.splitlines()]
        else:
            lines += [re.sub(r"[ \t]+", " ", line).strip() for line in stretch.splitlines()]
    return "\n".join(line for line in lines if line).strip()
