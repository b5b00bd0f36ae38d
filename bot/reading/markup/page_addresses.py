"""The addresses that a page gives as its own: claims, to be judged by those who know the stories."""

from dataclasses import replace
from urllib.parse import urljoin

from bot.reading.article import Reading
from bot.reading.markup.html_page import HtmlPage

_MOST = 4
_LONGEST = 4096


def with_addresses(reading: Reading, page: HtmlPage) -> Reading:
    """Add the page's addresses to those that its source has found."""
    article = reading.article
    if article is None:
        return reading
    aliases = tuple(dict.fromkeys((*article.aliases, *addresses_on(page))))
    return replace(reading, article=replace(article, aliases=aliases))


def addresses_on(page: HtmlPage) -> tuple[str, ...]:
    """Return the canonical address, and the one that chats show in their previews.

    At most four, http(s) only, none twice, without the page's own address.
    """
    given = [*_canonical(page), page.metas.get("og:url", "")]
    found = (_whole(page.url, address) for address in given)
    return tuple(dict.fromkeys(address for address in found if address and address != page.url))[:_MOST]


def _canonical(page: HtmlPage) -> list[str]:
    links = page.tree.iter("link")
    return [one.get("href") or "" for one in links if (one.get("rel") or "").lower().strip() == "canonical"][
        :2
    ]


def _whole(base: str, address: str) -> str:
    """Return an address in full, empty where it is none."""
    try:
        whole = urljoin(base, address.strip()) if address.strip() else ""
    except ValueError:
        return ""
    return whole if whole.startswith(("http://", "https://")) and len(whole) <= _LONGEST else ""
