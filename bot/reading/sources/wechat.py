"""WeChat public account articles (mp.weixin.qq.com).

Seven in ten of this newsletter's links. The body is hidden until a script shows it, the account and the
moment of publishing stand in scripts only, and a deleted article answers 200. Measured on 42 pages.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from bot.reading.article import Article, Reading
from bot.reading.language import language_of
from bot.reading.markup.authors import clean_authors
from bot.reading.markup.dates import BEIJING
from bot.reading.markup.html_page import HtmlPage, collapsed
from bot.reading.sources.wechat_address import aliases_of, shared_account
from bot.reading.sources.wechat_body import text_of_fragment, text_of_hidden_content
from bot.reading.sources.wechat_placeholder import placeholder_in
from bot.reading.sources.wechat_script import Served, places
from bot.reading.verdict import Reason, Verdict

_LONGEST_TITLE = 64
"""What WeChat's editor takes: characters, of which two Latin ones count as one."""
_EARLIEST = datetime(2012, 8, 1, tzinfo=UTC)
"""Public accounts opened in August 2012."""
_FILM, _SOUND, _PICTURES, _TEXT = "5", "7", "8", "10"
"""WeChat's `item_show_type` of posts that are no ordinary article."""
_ENOUGH_SHOWN = 40


@dataclass(frozen=True, slots=True)
class _Body:
    text: str
    has_place: bool
    """Whether the page has somewhere to hold a body: an article, though perhaps one of pictures only."""


def claims(url: str) -> bool:
    """Tell whether an address is WeChat's."""
    return urlsplit(url).hostname == "mp.weixin.qq.com"


def read(page: HtmlPage) -> Reading:
    """Read an article or a post of pictures, sound, film or text; else name what stands in its place."""
    if "wappoc_appmsgcaptcha" in page.url:
        return Reading(Verdict.VERIFICATION, Reason.VERIFICATION_PAGE)
    served = Served(page.html)
    kind = served.variable("item_show_type") or str(next(served.numbers("item_show_type"), ""))
    body = _body(served, kind)
    article = _article(page.url, served, body.text) if body.has_place else None
    if article is None or not (article.text or (article.title and article.source)):
        return placeholder_in(page, served) or Reading(Verdict.NOT_ARTICLE, Reason.NO_ARTICLE_ON_PAGE)
    return Reading(Verdict.FINE, "", article) if article.text else _without_text(article, served, kind)


def _without_text(article: Article, served: Served, kind: str) -> Reading:
    """Judge an article's frame without words: a film, or pictures. The account's digest of it may help."""
    digest = _described(served, article.title)
    described = replace(article, language=language_of(digest or article.title), text=digest)
    reason = {_FILM: Reason.VIDEO, _SOUND: Reason.SHORT_TEXT}.get(kind, Reason.PICTURES_ONLY)
    return Reading(Verdict.THIN, reason, described)


def _body(served: Served, kind: str) -> _Body:
    """Take the longest of the places that a body may stand in.

    Ordinary articles fill #js_content. Other posts leave it empty or have none: their words are in a script,
    or stand as the page's description only.
    """
    shown = text_of_hidden_content(served.markup)
    if shown is not None and len(shown) >= _ENOUGH_SHOWN:
        return _Body(shown, has_place=True)
    candidates = [shown or "", text_of_fragment(_own_content(served))]
    other_post = kind in (_FILM, _SOUND, _PICTURES, _TEXT)
    if other_post and not any(candidates):
        candidates.append(_described(served, _said_title(served)))
    place = (
        shown is not None or "cgiDataNew" in served.markup or (other_post and bool(served.meta("og:title")))
    )
    return _Body(max(candidates, key=len), has_place=place)


def _own_content(served: Served) -> str:
    """Return the post's own body out of the scripts: the first that is filled. Quoted posts come after it."""
    own = next(places(served.markup, "cgiDataNew"), 0)
    information = next(places(served.markup, "text_page_info"), len(served.markup))
    return (
        served.field("content_noencode", after=own)
        or served.field("content", after=information)
        or served.variable("content_noencode")
    )


def _described(served: Served, title: str) -> str:
    """Return the description of a post, where it says more than the title."""
    said = served.meta("og:description") or served.field("desc") or served.variable("msg_desc")
    text = text_of_fragment(html.unescape(said))
    return "" if collapsed(text) == collapsed(title) else text


def _article(url: str, served: Served, text: str) -> Article:
    account = _account(served)
    return Article(
        url=url,
        title=_title(served, text),
        source=account,
        authors=_authors(served, account),
        published=_published(served),
        language=language_of(text),
        text=text,
        aliases=aliases_of(served, url),
    )


def _said_title(served: Served) -> str:
    scripted = served.variable("msg_title") or served.field("title") or served.variable("title")
    shown = served.element("activity-name") or served.element("js_video_page_title")
    return served.meta("og:title") or html.unescape(scripted) or shown


def _title(served: Served, text: str) -> str:
    """Return the title; for a post without one, whose text stands as its title, the opening sentence."""
    lines = _said_title(served).strip().splitlines() or text.splitlines() or [""]
    opening = collapsed(lines[0])
    width = sum(1 if character.isascii() else 2 for character in opening)
    if len(lines) == 1 and width <= 2 * _LONGEST_TITLE:
        return opening
    sentence = re.match(r".{4,}?[。！？!?]", opening)
    return (sentence[0] if sentence else opening)[:_LONGEST_TITLE]


def _account(served: Served) -> str:
    """Return the account's name: the source that readers know. Of a share, the account that shares."""
    scripted = served.field("nick_name") or served.variable("nickname") or served.variable("nick_name")
    return served.element("js_name") or collapsed(html.unescape(scripted)) or served.element("post-user")


def _authors(served: Served, account: str) -> tuple[str, ...]:
    """Return who wrote it: the named author, or the account whose article a share shows."""
    named = served.meta("author") or html.unescape(served.field("author")) or shared_account(served)
    return clean_authors([named], source=account)


def _moments(served: Served) -> Iterator[str | int]:
    """Yield what may be the second of publishing, the surest first. A corrected article keeps its first."""
    yield served.variable("ct")
    for name in ("ori_create_time", "oriCreateTime", "create_timestamp", "create_time"):
        yield from served.numbers(name)


def _published(served: Served) -> str | None:
    """Return the moment of publishing, in Beijing's time."""
    for second in _moments(served):
        if not re.fullmatch(r"\d{10}", str(second)):
            continue
        moment = datetime.fromtimestamp(int(second), BEIJING)
        if _EARLIEST < moment < datetime.now(UTC) + timedelta(days=1):
            return moment.isoformat()
    day = served.field("create_time") or served.element("post-date") or served.element("publish_time")
    written = re.match(r"(\d{4}-\d{2}-\d{2})(?: (\d{2}:\d{2}))?", day)
    if written is None:
        return None
    return f"{written[1]}T{written[2]}:00+08:00" if written[2] else written[1]
