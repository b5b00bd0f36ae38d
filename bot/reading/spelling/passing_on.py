"""Addresses that only pass the reader on: what stands behind them is the link.

Chats and sites send outgoing links through an address of their own, with the true one in its query; caches
of pages for phones have it in their path. A short link (t.cn, b23.tv, bit.ly) says nothing of where it leads.
"""

import re
from urllib.parse import unquote

from bot.reading.spelling.address import Address

_MOST_TIMES = 3  # that an address in a query was encoded
_WHOLE = re.compile(r"https?://[^/]", re.IGNORECASE)

_IN_QUERY: tuple[tuple[re.Pattern[str], re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(host), re.compile(path), names)
    for host, path, names in (
        (r"link\.(zhihu\.com|juejin\.(cn|im)|csdn\.net)", r"/?", ("target",)),
        (r"(gitee|sspai|afdian|segmentfault)\.com", r"/link/?", ("target", "url", "to")),
        (r"links?\.jianshu\.com|jianshu\.com", r"/go(-wild)?/?", ("to", "url")),
        (r"oschina\.net", r"/action/GoToLink", ("url",)),
        (r"(link\.)?(ld246|hacpai)\.com", r"/forward", ("goto",)),
        (r"cloud\.tencent\.com", r"/developer/tools/blog-entry", ("target",)),
        (r"mp\.weixin\.qq\.com", r"/mp/wappoc_appmsgcaptcha", ("target_url",)),
        (r"mp\.weixinbridge\.com", r"/mp/wapredirect", ("url",)),
        (r"weixin110\.qq\.com", r"/cgi-bin/.*", ("url",)),
        (r"c\.pc\.qq\.com", r"/(middlem|ios|pc|android)\.html", ("pfurl", "url")),
        (r"(passport\.)?weibo\.c(n|om)|t\.cn", r"/sinaurl(/.*)?", ("u", "toasturl", "url")),
        (r"douban\.com", r"/link2/?", ("url",)),
        (r"(l|lm)\.(facebook|messenger|instagram|threads)\.(com|net)", r"/(l\.php)?", ("u",)),
        (r"((news|scholar|ipv4|m)\.)?google\.[a-z.]{2,6}", r"/(url|scholar_url|imgres)", ("url", "q")),
        (r"out\.reddit\.com", r"/.*", ("url",)),
        (r"slack-redir\.net", r"/link", ("url",)),
        (r"(t|href)\.umblr\.com|href\.li", r"/redirect", ("z",)),
        (r"(m\.)?youtube\.com", r"/redirect", ("q",)),
        (r"linkedin\.com", r"/(redir/redirect|safety/go|authwall)", ("url", "sessionRedirect")),
        (r"(away\.)?vk\.com", r"/away(\.php)?", ("to",)),
        (r"steamcommunity\.com", r"/linkfilter/?", ("url", "u")),
        (r".+\.safelinks\.protection\.outlook\.com", r"/.*", ("url",)),
        (r"medium\.com", r"/m/global-identity(-2)?", ("redirectUrl",)),
        (r"duckduckgo\.com", r"/l/?", ("uddg",)),
        (r"getpocket\.com", r"/redirect", ("url",)),
    )
)
"""Host, path, and the names in the query under which the true address stands."""


def passed_on_to(address: Address) -> str | None:
    """Return the whole address behind one that only passes on; None where there is none."""
    for host, path, names in _IN_QUERY:
        if host.fullmatch(address.site) and path.fullmatch(address.path):
            pairs = address.pairs
            given = (_whole(pairs.get(name, "")) for name in names)
            return next((target for target in given if target), None)
    return _behind_cache(address)


def _whole(given: str) -> str | None:
    """Return an address that may have been encoded once more than it should; None where it is none."""
    for _ in range(_MOST_TIMES):
        if _WHOLE.match(given):
            return given
        if (plainer := unquote(given)) == given:
            return None
        given = plainer
    return None


_GOOGLES_AMP = re.compile(r"/amp/(?P<safe>s/)?(?P<rest>[^/]+\.[^/]+/.*)")
_AMPS_CACHE = re.compile(r"/(?:[a-z]/)(?P<safe>s/)?(?P<rest>[^/]+\.[^/]+/.*)")


def _behind_cache(address: Address) -> str | None:
    """Return the address whose copy for phones this is: Google's, or that of the AMP project."""
    found = None
    if re.fullmatch(r"google\.[a-z.]{2,6}", address.site):
        found = _GOOGLES_AMP.fullmatch(address.path)
    elif address.site.endswith(".cdn.ampproject.org"):
        found = _AMPS_CACHE.fullmatch(address.path)
    if found is None:
        return None
    query = f"?{address.query}" if address.query else ""
    return f"http{'s' if found['safe'] else ''}://{found['rest']}{query}"
