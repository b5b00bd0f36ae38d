"""The name by which readers know a site."""

import re

_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)+)/?", re.IGNORECASE)
_NO_NAME = re.compile(r"https?://\S*|@?\d{6,}", re.IGNORECASE)
"""The address or the number of an account elsewhere, which pages give where a name should stand."""
_SMALL_PRINT = re.compile(r"©|copyright|all rights reserved|版权所有|備案|备案", re.IGNORECASE)
_LONGEST = 60
"""Characters above which a name is a slogan."""
_SLOGAN = re.compile(r"\s*(?:[|｜_—–·:：]|\s-\s).*$")
_SECOND_LEVEL = frozenset({"com", "co", "net", "org", "gov", "edu", "ac", "or", "ne"})
"""What stands before a country's letters, as in .com.cn."""
_TENANTS = re.compile(
    r"\.(?:github|gitlab|gitee|gitbook|readthedocs|netlify|vercel|substack|wordpress|blogspot|medium|tistory)"
    r"\.(?:io|com|app)$"
)
"""Hosts whose subdomains are sites of their own."""
_KNOWN = {
    "csdn.net": "CSDN",
    "jianshu.com": "简书",
    "juejin.cn": "掘金",
    "juejin.im": "掘金",
    "cnblogs.com": "博客园",
    "oschina.net": "开源中国",
    "segmentfault.com": "SegmentFault",
    "sohu.com": "搜狐",
    "toutiao.com": "今日头条",
    "36kr.com": "36氪",
    "huxiu.com": "虎嗅",
    "infoq.cn": "InfoQ",
    "infoq.com": "InfoQ",
    "jiqizhixin.com": "机器之心",
    "leiphone.com": "雷峰网",
    "ithome.com": "IT之家",
    "medium.com": "Medium",
}
"""Sites which state no name, or state a slogan: the names in print."""


_SEPARATOR = re.compile(r"\s*[|｜_—–·»]+\s*|\s+-\s+|-(?=[^\x00-\x7f])|(?<=[^\x00-\x7f])-")
_LONGEST_ENDING = 24
_SHORTEST_LABEL = 5
"""Letters under which a host's label alone, "qq" or "news", tells nobody which site it is."""


def source_name(stated: str | None, host: str, *, title: str = "", document_title: str = "") -> str:
    """Return the name a page states for its site, or the known one, or else its host's.

    Where nothing is stated, the name that the document's title ends with, behind the article's own, is it. An
    address loses its ending, a slogan what follows the name; small print is no name.
    """
    known = next((name for site, name in _KNOWN.items() if host == site or host.endswith(f".{site}")), "")
    name = _stated_name(stated or "")
    if title.casefold().startswith(name.casefold()) and 2 * len(name) > len(title):
        name = ""  # the article's title, or most of it, where the site's name should stand
    return name or known or _ending(document_title, title) or _host_name(host)


def _ending(document_title: str, title: str) -> str:
    """Return the last words behind the article's title that may be a name: of "It_Cinema_it.com", Cinema."""
    if not title or not document_title.startswith(title):
        return ""
    parts = [part for part in _SEPARATOR.split(document_title[len(title) :]) if part.strip()]
    names = (
        name
        for part in reversed(parts)
        if (name := _stated_name(part)) and len(name) <= _LONGEST_ENDING and name[0].isalnum()
    )
    return next(names, "")


def _stated_name(stated: str) -> str:
    name = " ".join(stated.split()).strip("【】[]")
    if _SMALL_PRINT.search(name):
        return ""
    if address := _ADDRESS.fullmatch(name):
        host = address["host"]
        return "" if host.islower() or host.isupper() else _host_name(host)
    if _NO_NAME.fullmatch(name):
        return ""
    return name if len(name) <= _LONGEST else _SLOGAN.sub("", name)[:_LONGEST].strip()


def _host_name(host: str) -> str:
    """Return the label before the ending: of cn.parts.com, parts; a short one with its ending."""
    labels = host.split(".")
    if len(labels) < 2 or labels[-1].isdigit():
        return host
    if _TENANTS.search(host):
        return labels[0]
    place = -3 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL else -2
    return labels[place] if len(labels[place]) >= _SHORTEST_LABEL else ".".join(labels[place:])
