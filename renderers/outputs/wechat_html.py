"""Blocks as the HTML that WeChat's editor keeps: inline styles, few of them, and links as numbers.

The rules are in `wechat_rules`. Tags and addresses count against the 20,000 characters of an article, so
only the wrapper, the headings, credits and the list of links have a style.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from urllib.parse import urlsplit

from renderers.markdown import link_target
from renderers.outputs.references import References
from renderers.prose import Block, Span
from renderers.shortening import shorten, units

WECHAT_HOST = "mp.weixin.qq.com"
"""The one host that an article may link to."""
GAP = "<p><br></p>"
"""A blank line: WeChat gives paragraphs no margin."""

_WRAPPER = "font-size:16px;line-height:1.75;letter-spacing:0.5px;word-break:break-word"
_HEADING = "font-size:18px;font-weight:bold;margin:32px 0 16px;padding-left:10px;border-left:4px solid #39a"
_LINKS = "font-size:13px;color:#666;word-break:break-all"
_CREDIT = "font-size:13px;color:#666"
_LINKS_HEADING = "引用链接"
_LINK_TITLE = 40  # units of a link's text in the list; the whole text stands above
_DEEPEST_LIST = 3
_LOOKS = (("bold", "strong"), ("italic", "em"), ("code", "code"))
_PICTURE = re.compile(r"https?://mmbiz\.qpic\.cn(/[\w.~!$&'()*+,;=:@/%?#-]{1,400})", re.ASCII | re.IGNORECASE)
_ALT, _CREDIT_LENGTH = 60, 200  # units of what a picture is said to show, and of its credit


@dataclass(frozen=True, slots=True)
class HostedPicture:
    """A picture that WeChat keeps: its address there, what it is shown for, and its credit as text."""

    address: str
    alt: str
    credit: str


class Notes:
    """The links of one article that become numbers, with the first text of each."""

    def __init__(self) -> None:
        self._references = References()
        self._texts: dict[str, str] = {}

    def number(self, url: str, text: str) -> int:
        """Return the number of a link; the same address has the same one."""
        self._texts.setdefault(url, shorten(" ".join(text.split()), _LINK_TITLE))
        return self._references.number(url)

    def html(self) -> str:
        """Set the list of links; nothing where there is none."""
        lines = "".join(
            f"<p>[{number}] {html(self._texts[url])}: <em>{html(url)}</em></p>"
            for number, url in self._references.listed
        )
        return f'{heading(_LINKS_HEADING)}<section style="{_LINKS}">{lines}</section>' if lines else ""


def html(text: str) -> str:
    """Escape text outside of tags; line ends become breaks."""
    return escape(text, quote=False).replace("\n", "<br>")


def heading(text: str) -> str:
    """Set a section's heading."""
    return f'<h2 style="{_HEADING}">{html(text)}</h2>'


def wrapped(content: str) -> str:
    """Put an article's content into its wrapper."""
    return f'<section style="{_WRAPPER}">{content}</section>'


def blocks_html(blocks: Sequence[Block], notes: Notes) -> str:
    """Set blocks one below the other; neighbours of a list or a quotation together."""
    parts = []
    for kind, run in groupby(blocks, key=lambda block: block.kind):
        match kind:
            case "item":
                parts.append(_list(tuple(run), notes))
            case "quote":
                said = "".join(f"<p>{spans_html(block.spans, notes)}</p>" for block in run)
                parts.append(f"<blockquote>{said}</blockquote>")
            case _:
                parts += [_block(block, notes) for block in run]
    return "".join(parts)


def _block(block: Block, notes: Notes) -> str:
    match block.kind:
        case "rule":
            return "<hr>"
        case "code":
            return f"<pre><code>{html(block.text)}</code></pre>"
        case "heading":
            return f"<p><strong>{spans_html(block.spans, notes, set_bold=False)}</strong></p>"
        case _:
            return f"<p>{spans_html(block.spans, notes)}</p>"


def spans_html(spans: Sequence[Span], notes: Notes, *, set_bold: bool = True) -> str:
    """Set a line of spans; a number stands behind each link to another site."""
    parts = []
    for url, run in groupby(spans, key=lambda span: span.url):
        linked = tuple(run)
        said = "".join(_looks(span, set_bold) for span in linked)
        parts.append(_linked(said, url, "".join(span.text for span in linked), notes) if url else said)
    return "".join(parts)


def _linked(said: str, url: str, text: str, notes: Notes) -> str:
    if is_wechat(url):
        return f'<a href="{escape(url)}">{said}</a>'
    if link_target(text.strip()) == url:
        return said  # the text is the address, which readers copy; WeChat would not let them tap it
    return f"{said}<sup>[{notes.number(url, text)}]</sup>"


def _looks(span: Span, set_bold: bool) -> str:
    said = html(span.text)
    for look, tag in _LOOKS:
        if getattr(span, look) and (set_bold or look != "bold"):
            said = f"<{tag}>{said}</{tag}>"
    return said


def is_wechat(url: str) -> bool:
    """Tell whether an article may link to the address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.netloc.lower() == WECHAT_HOST


def picture_address(said: object) -> str:
    """Return an address of a picture that WeChat keeps, as https; empty for anything else.

    It keeps an article's pictures on mmbiz.qpic.cn, shows no others, and answers with http still.
    """
    found = _PICTURE.fullmatch(said) if isinstance(said, str) else None
    return f"https://mmbiz.qpic.cn{found[1]}" if found else ""


def picture_html(picture: HostedPicture) -> str:
    """Set a picture with its credit below; WeChat makes it no wider than the article."""
    alt, credit = shorten(picture.alt, _ALT), shorten(picture.credit, _CREDIT_LENGTH)
    said = f'<p><img src="{escape(picture.address)}" alt="{escape(alt)}"></p>'
    return said + (f'<p style="{_CREDIT}">{html(credit)}</p>' if credit else "")


def _list(entries: Sequence[Block], notes: Notes, depth: int = 1) -> str:
    """Set the entries of a list with their own lists below them; never deeper than three."""
    siblings = list(_siblings(entries, flat=depth == _DEEPEST_LIST))
    parts = []
    for is_numbered, run in groupby(siblings, key=lambda entry: entry[0].mark.endswith(".")):
        group = list(run)
        tag = "ol" if is_numbered else "ul"
        if is_numbered and not _counts_from_one(group):  # WeChat's lists begin with 1
            parts += [_paragraphs(entry, notes, depth) for entry in group]
            continue
        said = "".join(f"<li>{_entry(entry, notes, depth)}</li>" for entry in group)
        parts.append(f"<{tag}>{said}</{tag}>")
    return "".join(parts)


def _siblings(entries: Sequence[Block], *, flat: bool) -> Iterator[tuple[Block, ...]]:
    """Give each entry with what stands below it: its further paragraphs and deeper entries."""
    level, entry = entries[0].level, [entries[0]]
    for block in entries[1:]:
        if block.mark and (flat or block.level <= level):
            yield tuple(entry)
            entry = []
        entry.append(block)
    yield tuple(entry)


def _counts_from_one(group: Sequence[tuple[Block, ...]]) -> bool:
    return all(entry[0].mark == f"{number}." for number, entry in enumerate(group, 1))


def _entry(entry: Sequence[Block], notes: Notes, depth: int) -> str:
    """Set an entry: its text in a section, without which the editor breaks the bullet off."""
    own = [block for block in entry[1:] if not block.mark]
    below = [block for block in entry[1:] if block.mark]
    said = "<br>".join(spans_html(block.spans, notes) for block in (entry[0], *own))
    return f"<section>{said}</section>" + (_list(below, notes, depth + 1) if below else "")


def _paragraphs(entry: Sequence[Block], notes: Notes, depth: int) -> str:
    """Set an entry whose number WeChat's list would not show: as text."""
    own = [entry[0], *(block for block in entry[1:] if not block.mark)]
    below = [block for block in entry[1:] if block.mark]
    said = "<br>".join(f"{html(block.mark)} {spans_html(block.spans, notes)}".strip() for block in own)
    return f"<p>{said}</p>" + (_list(below, notes, depth + 1) if below else "")


def html_units(span: Span) -> int:
    """Count what a span takes of an article at most, with its tags and its line in the list of links."""
    link = units(html(span.url)) + units(html(span.text[:_LINK_TITLE])) + 80 if span.url else 0
    return units(html(span.text)) + link + 50
