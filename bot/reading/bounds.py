"""How long what was read off a page may be, and what may stand in it. Every reading passes here.

A page may carry a title of a megabyte, five thousand authors, or characters that turn a card's line around.
Markup in a field is not dangerous, since each output escapes; it is only never what the author meant.
"""

import re
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from bot.reading.article import Article, Reading
from bot.reading.verdict import Reason, Verdict

LONGEST_TEXT = 200_000
"""Characters of an article that are kept, a hundred pages; what stands behind is cut at a line's end."""
_TITLE, _SOURCE, _AUTHOR, _LINE, _ADDRESS = 300, 120, 120, 1000, 2000
_AUTHORS, _LINES, _ALIASES = 50, 20, 10
_ROOM_FOR_MARKUP = 20
"""A field is cut to so many times its length before it is cleaned, so that a huge one costs nothing."""

_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # control characters
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # those that turn the direction of writing
    "\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff"  # annotations, no characters, half characters
    "\U000e0000-\U000e007f]"  # tags: letters that nobody sees, and a model reads
)
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"\s+")
_TAG = re.compile(
    r"<!--|-->|</?(?:a|abbr|address|article|aside|audio|b|base|big|blockquote|body|br|button|canvas|center|cite"
    r"|code|dd|del|div|dl|dt|em|embed|fieldset|figure|font|footer|form|frame|frameset|h[1-6]|head|header|hr|html"
    r"|i|iframe|img|input|ins|kbd|label|li|link|main|mark|meta|nav|noscript|object|ol|option|p|picture|pre|q|s"
    r"|script|section|select|small|source|span|strike|strong|style|sub|sup|svg|table|tbody|td|template|textarea"
    r"|th|thead|title|tr|tt|u|ul|video|wbr)(?:[\s/][^<>]*)?(?:>|$)",
    re.IGNORECASE,
)
"""HTML's elements by name, because `vector<int>` in a title is no markup."""
_LANGUAGE = re.compile(r"[a-z]{2,3}")


def bounded(reading: Reading) -> Reading:
    """Return a reading whose article is clean, of bounded size, and there exactly if the verdict says so."""
    if reading.verdict not in (Verdict.FINE, Verdict.THIN):
        return Reading(reading.verdict, reading.reason)
    article = reading.article and _bounded(reading.article)
    if article is None or not (article.text or (reading.verdict is Verdict.THIN and article.title)):
        return Reading(Verdict.NOT_ARTICLE, Reason.NO_TEXT)
    return replace(reading, article=article)


def _bounded(article: Article) -> Article:
    authors = [words for author in article.authors[:_AUTHORS] if (words := _field(author, _AUTHOR))]
    lines = [(kind, words) for kind, said in article.lines[:_LINES] if (words := _line(kind, said))]
    return Article(
        url=article.url,
        title=_field(article.title, _TITLE),
        source=_field(article.source, _SOURCE),
        authors=tuple(dict.fromkeys(authors)),
        published=_moment(article.published),
        language=article.language if _LANGUAGE.fullmatch(article.language) else "en",
        text=_text(article.text),
        lines=tuple(lines),
        aliases=tuple(address for address in article.aliases if _is_web_address(address))[:_ALIASES],
    )


def _field(said: str, longest: int) -> str:
    """Return a field on one line, without markup, cut with an ellipsis."""
    words = _UNSEEN.sub("", said[: longest * _ROOM_FOR_MARKUP])
    while (bare := _TAG.sub("", words)) != words:  # "<scr<b>ipt>" is a tag when the inner one is gone
        words = bare
    words = _SPACES.sub(" ", words).strip()
    return words if len(words) <= longest else words[: longest - 1].rstrip() + "…"


def _line(kind: str, said: str) -> str:
    if kind == "title":
        return _field(said, _LINE)
    return said if _is_web_address(said) else ""


def _text(said: str) -> str:
    """Return a text without what cannot be seen; one that is too long ends with its last whole line."""
    text = _UNSEEN.sub("", _LINE_ENDS.sub("\n", said[: 2 * LONGEST_TEXT]))
    if len(text) > LONGEST_TEXT:
        kept = text[:LONGEST_TEXT]
        text = kept[: kept.rfind("\n")] if kept.rfind("\n") > LONGEST_TEXT // 2 else kept
    return "\n".join(line.rstrip() for line in text.split("\n") if line.strip())


def _moment(said: str | None) -> str | None:
    """Return a day or a moment as ISO 8601 writes it; None for anything else."""
    if said is None or not re.match(r"\d{4}-\d{2}-\d{2}(T|$)", said[:40]):
        return None
    try:
        datetime.fromisoformat(said)
    except ValueError:
        return None
    return said


def _is_web_address(said: str) -> bool:
    if len(said) > _ADDRESS or _SPACES.search(said) or _UNSEEN.search(said):
        return False
    try:
        parts = urlsplit(said)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
