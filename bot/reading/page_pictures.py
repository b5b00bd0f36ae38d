"""Which pictures a page offers for itself: the one its makers chose, else the first large one in its text."""

from urllib.parse import urljoin, urlsplit

from bot.reading.markup.html_page import MOST_TAGS, HtmlPage
from bot.reading.page import Page

MOST = 4
"""Addresses that are worth a try: behind them come logos and other articles' pictures."""
_METAS = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src", "image")
_ADDRESS = ("data-src", "data-original", "src")  # WeChat and others load pictures late
_NARROWEST = 300  # pixels, where the page says how wide a picture is shown
_LONGEST = 2000  # characters of an address


def pictures_on(page: Page) -> tuple[str, ...]:
    """Return the addresses of a page's own pictures, likeliest first, at most MOST; any bytes may come."""
    html_page = HtmlPage(page)
    if html_page.html.count("<") > MOST_TAGS:
        return ()
    named = [html_page.metas[name] for name in _METAS if name in html_page.metas]
    shown = [
        address
        for image in html_page.tree.iter("img")
        if _is_large(image.get("data-w") or image.get("width") or "")
        and (address := next((image.get(name) for name in _ADDRESS if image.get(name)), None))
    ]
    whole = [_whole(html_page.url, address) for address in (*named, *shown)]
    return tuple(dict.fromkeys(address for address in whole if address))[:MOST]


def _is_large(width: str) -> bool:
    """Tell whether a picture may be a large one: a page that does not say is believed."""
    digits = width.strip().removesuffix("px")
    return not digits.isdecimal() or int(digits[:9]) >= _NARROWEST


def _whole(base: str, address: str) -> str:
    try:
        whole = urljoin(base, address.strip())
        parts = urlsplit(whole)
    except ValueError:
        return ""
    fit = parts.scheme in ("http", "https") and parts.hostname and len(whole) <= _LONGEST
    return whole if fit else ""
