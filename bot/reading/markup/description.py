"""An article by its page's own description, where the page shows strangers no text."""

from bot.reading.language import is_cjk, language_of
from bot.reading.markup.html_page import HtmlPage, collapsed
from bot.reading.markup.linked_data import things_of, words_of
from bot.reading.markup.placeholder import placeholder_in

_SHORTEST = 60
_SHORTEST_CJK = 25
"""Characters under which a description is a slogan."""
_ARTICLES = ("Article", "NewsArticle", "BlogPosting", "TechArticle", "Report", "ScholarlyArticle")


def description_of(page: HtmlPage, title: str) -> str:
    """Return what the page says it is about; empty where it says nothing of its own.

    A front page describes a site, a wall describes itself, and a description that only repeats the title adds
    nothing: those are no articles.
    """
    stated = next(things_of(page, *_ARTICLES), {})
    said = words_of(stated, "description", "abstract") or page.metas.get("og:description", "")
    described = collapsed(said or page.metas.get("twitter:description", ""))
    shortest = _SHORTEST_CJK if is_cjk(language_of(described)) else _SHORTEST
    if len(described) < shortest or not title or _is_front_page(page, title):
        return ""
    if described.startswith(title) and len(described) - len(title) < shortest:
        return ""
    return "" if placeholder_in(page, described) else described


def _is_front_page(page: HtmlPage, title: str) -> bool:
    site = page.metas.get("og:site_name", "")
    is_root = page.url.split("?")[0].split("#")[0].rstrip("/").count("/") < _SLASHES_OF_A_PAGE
    return is_root or page.metas.get("og:type") == "profile" or title.casefold() == site.casefold()


_SLASHES_OF_A_PAGE = 3
