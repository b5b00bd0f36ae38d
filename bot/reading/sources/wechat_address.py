"""The two addresses of a WeChat article: the short one, and account, message and index in a query."""

import html
import re
from itertools import islice
from urllib.parse import parse_qs, urlsplit

from bot.reading.sources.wechat_script import Served, decoded, places

_OWN = ("var biz =", "window.biz =", "bizuin:", " biz:")
"""How the server names the account. The first that has message and index beside it is the page's own."""
_FEW = 50
_NEARBY = 800
"""Characters in which the server writes an article's four names next to each other."""
_ACCOUNT = re.compile(r"""["']([A-Za-z0-9+/]{8,24}={0,2})["']""")
_NUMBERS = {
    "mid": re.compile(r"""\bmid\s*[:=]\s*(?:["']["']\s*\|\|\s*)*["'](\d{4,20})["']"""),
    "idx": re.compile(r"""\bidx\s*[:=]\s*(?:["']["']\s*\|\|\s*)*["'](\d{1,2})["']"""),
    "sn": re.compile(r"""\bsn\s*[:=]\s*(?:JsDecode\()?(?:["']["']\s*\|\|\s*)*["']([0-9a-f]{32})["']"""),
}


def aliases_of(served: Served, url: str) -> tuple[str, ...]:
    """Return the other addresses of the article that the page itself gives."""
    given = (served.meta("og:url"), served.field("link"), served.variable("msg_link"), _shared_from(served))
    found = [_long_address(served.markup), *(_tidy(html.unescape(address)) for address in given)]
    return tuple(dict.fromkeys(address for address in found if address and address != url))


def _long_address(markup: str) -> str:
    """Return the long address made of the names in the scripts, where all stand beside the account's."""
    for own in (place + len(words) for words in _OWN for place in islice(places(markup, words), _FEW)):
        near = markup[own : own + _NEARBY]
        account = _ACCOUNT.search(near[:120])
        names = {name: number.search(near) for name, number in _NUMBERS.items()}
        message, index, signature = names["mid"], names["idx"], names["sn"]
        if account and message and index:
            ending = f"&sn={signature[1]}" if signature else ""
            return f"https://mp.weixin.qq.com/s?__biz={account[1]}&mid={message[1]}&idx={index[1]}{ending}"
    return ""


def _tidy(address: str) -> str:
    """Return an article's address on https; empty for WeChat's other pages and for other sites."""
    split = urlsplit(html.unescape(address).split("#")[0])
    if split.hostname != "mp.weixin.qq.com" or split.scheme not in ("http", "https"):
        return ""
    if re.fullmatch(r"/s/[\w-]{16,40}", split.path):
        return f"https://mp.weixin.qq.com{split.path}"
    query = {name: values[0] for name, values in parse_qs(split.query).items()}
    if (
        split.path.rstrip("/") not in ("/s", "/mp/appmsg/show")
        or not query.get("__biz")
        or not query.get("mid")
    ):
        return ""
    kept = (f"{name}={query[name]}" for name in ("__biz", "mid", "idx", "sn") if query.get(name))
    return f"https://mp.weixin.qq.com/s?{'&'.join(kept)}"


def _shared_from(served: Served) -> str:
    """Return the address of the article that a share shows in full."""
    place = next(places(served.markup, 'id="js_share_source"'), -1)
    if place < 0:
        return ""
    tag = served.markup[served.markup.rfind("<", 0, place) : served.markup.find(">", place) + 1]
    address = re.search(r"""\b(?:data-url|href)=["']([^"']+)""", tag)
    return decoded(address[1]) if address else ""


def shared_account(served: Served) -> str:
    """Return the account whose article a share shows; empty on an account's own."""
    return served.element("js_share_author") if 'id="js_share_source"' in served.markup else ""
