"""Pages of films: title, channel, day and description, by what the player was given or the page's metadata.

The description is the text. Nothing here plays or transcribes. A film without words is THIN, and a page that
says the film is deleted or private is GONE.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.reading.article import Article, Reading
from bot.reading.language import language_of
from bot.reading.markup.html_page import HtmlPage
from bot.reading.sources import web
from bot.reading.sources.video_page import Film, film_in_metadata
from bot.reading.sources.video_state import bilibili_film, youtube_film
from bot.reading.verdict import Reason, Verdict

_LONGEST_DESCRIPTION = 5_000
"""Characters: YouTube's own limit."""


@dataclass(frozen=True, slots=True)
class _Site:
    hosts: re.Pattern[str]
    path: re.Pattern[str]
    film: Callable[[HtmlPage], Film | Reading | None] | None = None
    """How the player's state is read; None where the metadata is all there is."""


_SITES = (
    _Site(
        re.compile(r"(?:www\.|m\.)?youtube(?:-nocookie)?\.com|youtu\.be|consent\.youtube\.com"),
        re.compile(r"/(?:watch|shorts/|live/|embed/|m$)|/[\w-]{11}$"),
        youtube_film,
    ),
    _Site(
        re.compile(r"(?:www\.|m\.)?bilibili\.com|b23\.tv"), re.compile(r"/(?:video|s/video)/"), bilibili_film
    ),
    _Site(re.compile(r"(?:www\.|player\.)?vimeo\.com"), re.compile(r"/(?:\w+/)*\d{5,}")),
    _Site(re.compile(r"v\.qq\.com|m\.v\.qq\.com"), re.compile(r"/x/|/play\.html|/cover/")),
    _Site(re.compile(r"v\.youku\.com|m\.youku\.com"), re.compile(r"/v_show/|/video/")),
    _Site(re.compile(r"(?:www\.|m\.)?iqiyi\.com"), re.compile(r"/[vw]_")),
    _Site(re.compile(r"(?:www\.)?ixigua\.com"), re.compile(r"/\d{10,}")),
    _Site(re.compile(r"(?:www\.)?douyin\.com|(?:www\.)?iesdouyin\.com"), re.compile(r"/(?:share/)?video/")),
    _Site(re.compile(r"(?:www\.)?acfun\.cn"), re.compile(r"/v/ac")),
    _Site(re.compile(r"(?:www\.)?ted\.com"), re.compile(r"/talks/")),
    _Site(re.compile(r"(?:www\.)?dailymotion\.com"), re.compile(r"/video/")),
)
_GONE = re.compile(
    r"video (?:is |has been |was )?(?:unavailable|private|removed|deleted|not (?:available|found))"
    r"|private video|(?:could|can)(?:n.t| ?not) find that page"
    r"|视频(?:去哪了|不见了|已下架|已被?删除|不存在|已失效)|(?:内容|视频)已?下架",
    re.IGNORECASE,
)


def claims(url: str) -> bool:
    """Tell whether an address is a film's."""
    return _site_of(url) is not None


def read(page: HtmlPage) -> Reading | None:
    """Read a film; None where a lesser site's page gives no film, which may be an article then."""
    site = _site_of(page.url)
    film = site.film(page) if site and site.film else None
    if isinstance(film, Reading):
        return film
    film = film or film_in_metadata(page)
    if film is not None and not _GONE.search(film.title):
        return _reading(page, film)
    words = f"{page.metas.get('og:title', '')} {page.text[:2000]}"
    if _GONE.search(words) or film is not None:
        return Reading(Verdict.GONE, Reason.PAGE_SAYS_GONE)
    return Reading(Verdict.NOT_ARTICLE, Reason.NO_ARTICLE_ON_PAGE) if site and site.film else None


def _site_of(url: str) -> _Site | None:
    split = urlsplit(url)
    host = split.hostname or ""
    return next((site for site in _SITES if site.hosts.fullmatch(host) and site.path.match(split.path)), None)


def _reading(page: HtmlPage, film: Film) -> Reading:
    text = _cut(film.description)
    article = Article(
        url=page.url,
        title=film.title,
        source=film.channel or page.metas.get("og:site_name", "") or page.host,
        authors=(),
        published=film.published,
        language=language_of(text or film.title, page.declared_language),
        text=text,
        aliases=film.aliases,
    )
    if web.is_thin(article):
        return Reading(Verdict.THIN, Reason.VIDEO, article)
    return Reading(Verdict.FINE, "", article)


def _cut(description: str) -> str:
    """Return the description's filled lines, up to the limit."""
    lines = (" ".join(line.split()) for line in description[:_LONGEST_DESCRIPTION].splitlines())
    return "\n".join(line for line in lines if line)
