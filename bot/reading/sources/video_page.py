"""A film by its page's metadata: JSON-LD, microdata, Open Graph."""

import re
from dataclasses import dataclass

from bot.reading.markup.dates import published_of
from bot.reading.markup.html_page import HtmlPage, collapsed
from bot.reading.markup.linked_data import name_in, things_of, words_of

_SITE = re.compile(
    r"(?:\s*[-_|—–]\s*(?:YouTube|哔哩哔哩(?:_bilibili)?|bilibili|腾讯视频|优酷(?:视频)?|爱奇艺|西瓜视频|抖音"
    r"|AcFun[^-_|]*|Dailymotion|TED(?: Talk)?|高清.{0,6}在线观看|在线播放)|\s+on Vimeo)+\s*$",
    re.IGNORECASE,
)
_BOILERPLATE = re.compile(
    r"^(?:Enjoy the videos and music you love|Auf YouTube findest du|-$)"
    r"|[,，]?\s*视频播放量\s*\d.*$|[,，]\s*相关视频[：:].*$",
    re.DOTALL,
)
"""What sites say of every film, or add behind the description."""


@dataclass(frozen=True, slots=True)
class Film:
    """What a page says of a film; empty where it does not say."""

    title: str
    channel: str
    published: str | None
    description: str
    aliases: tuple[str, ...] = ()


def film_in_metadata(page: HtmlPage) -> Film | None:
    """Return the film; None where the page names none."""
    stated = next(things_of(page, "VideoObject"), {})
    title = (
        words_of(stated, "name", "headline")
        or page.metas.get("og:title")
        or page.metas.get("name")
        or _heading(page)
    )
    title = without_site(title)
    if not title or title.casefold() in _NO_TITLES:
        return None
    said = stated.get("description")
    described = (
        said
        if isinstance(said, str)
        else page.metas.get("og:description") or page.metas.get("description", "")
    )
    return Film(
        title=title,
        channel=name_in(stated, "author", "creator") or _channel(page),
        published=published_of(page, None),
        description=without_boilerplate(described, title),
    )


_NO_TITLES = frozenset({"youtube", "bilibili", "哔哩哔哩", "vimeo", "腾讯视频", "优酷", "- youtube"})


def without_site(title: str) -> str:
    """Return a film's title without the name of the site that shows it."""
    return _SITE.sub("", collapsed(title)).strip()


def without_boilerplate(description: str, title: str) -> str:
    """Return a description without what the site adds; empty where it only repeats the title."""
    text = _BOILERPLATE.sub("", description.strip()).strip()
    return "" if collapsed(text) == title or text == "-" else text


def _channel(page: HtmlPage) -> str:
    """Return the channel out of microdata, where YouTube and Bilibili put it in a link or a meta."""
    found = page.tree.xpath("//*[@itemprop='author']//*[@itemprop='name']/@content")
    found = found or page.tree.xpath("//*[@itemprop='author' or @name='author']/@content")
    return collapsed(str(found[0])) if found else ""


def _heading(page: HtmlPage) -> str:
    titles = page.tree.xpath("//h1") or page.tree.xpath("//title")
    return collapsed(titles[0].text_content()) if titles else ""
