"""The sites that spell one article in many ways, and the one spelling we give each."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from bot.reading.address import Address, key_path, without_tracking


@dataclass(frozen=True, slots=True)
class SiteSpelling:
    """How a known site's article is printed, and what it is known by."""

    url: str
    key: str
    temporary: bool = False


def site_spelling(address: Address) -> SiteSpelling | None:
    """Return the spelling that the address's site asks for; None where the plain rule will do."""
    for hosts, spell in _SITES:
        if hosts.fullmatch(address.site):
            return spell(address)
    return None


def _wechat(address: Address) -> SiteSpelling | None:
    """Spell a WeChat article: /s/ID, or account, message and index in the query.

    The index stays: one message carries several articles. Without `sn` the printed link would not open.
    """
    parts, query = address.parts, address.pairs
    if len(parts) == 2 and parts[0] == "s":
        return SiteSpelling(url=f"{address.origin}/s/{quote(parts[1], safe='')}", key=f"wx:{parts[1]}")
    account, message = query.get("__biz"), query.get("mid") or query.get("appmsgid")
    if account and message:
        index = query.get("idx") or query.get("itemidx") or "1"
        shown = {"__biz": account, "mid": message, "idx": index, "sn": query.get("sn", query.get("sign", ""))}
        kept = urlencode({name: value for name, value in shown.items() if value}, safe="=")
        return SiteSpelling(url=f"{address.origin}/s?{kept}", key=f"wx:{account}:{message}:{index}")
    if signature := query.get("signature"):
        url = f"{address.origin}{address.path}?{address.query}"
        return SiteSpelling(url=url, key=f"wx:signature:{signature}", temporary=True)
    return None


_ARXIV_ID = re.compile(
    r"(?P<id>\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?P<version>v\d+)?(\.pdf)?/?$",
    re.IGNORECASE | re.ASCII,
)


def _arxiv(address: Address) -> SiteSpelling | None:
    """Spell a paper by its number without the version: abs, pdf, html, mirrors and DOI are one."""
    found = _ARXIV_ID.search(address.path)
    if found is None:
        return None
    return SiteSpelling(url=_as_given(address), key=f"arxiv:{found['id'].lower()}")


def _doi(address: Address) -> SiteSpelling | None:
    return _arxiv(address) if address.path.lower().startswith("/10.48550/arxiv.") else None


_MAIN_BRANCHES = ("main", "master", "HEAD")
_NOT_OWNERS = re.compile(
    "about|apps|blog|collections|contact|customer-stories|enterprise|events|explore|features|issues|login"
    "|marketplace|new|notifications|orgs|pricing|pulls|readme|search|security|settings|site|sponsors|stars"
    "|topics|trending|users",
    re.IGNORECASE,
)


def _github(address: Address) -> SiteSpelling | None:
    """Spell a repository; its main branch and its README are the repository itself."""
    parts = address.parts
    if len(parts) < 2 or _NOT_OWNERS.fullmatch(parts[0]):
        return None
    repository = f"{parts[0].lower()}/{parts[1].removesuffix('.git').lower()}"
    url = f"{address.origin}{address.path}"
    if _is_front_page(parts[2:]):
        return SiteSpelling(url=url, key=f"github:{repository}")
    return SiteSpelling(url=url, key=f"github:{'/'.join([repository, *parts[2:]])}")


def _is_front_page(rest: list[str]) -> bool:
    match rest:
        case []:
            return True
        case ["tree", branch]:
            return branch in _MAIN_BRANCHES
        case ["blob", branch, file]:
            return branch in _MAIN_BRANCHES and file.lower().startswith("readme")
        case _:
            return False


def _youtube(address: Address) -> SiteSpelling | None:
    match address.parts:
        case ["watch"]:
            video = address.pairs.get("v")
        case ["shorts" | "embed" | "live" | "v", video, *_]:
            pass
        case _:
            return None
    if not video:
        return None
    url = f"{address.origin}{address.path}"
    return SiteSpelling(
        url=f"{url}?v={quote(video, safe='')}" if address.parts == ["watch"] else url, key=f"yt:{video}"
    )


def _youtu_be(address: Address) -> SiteSpelling | None:
    match address.parts:
        case [video]:
            return SiteSpelling(url=f"{address.origin}/{quote(video, safe='')}", key=f"yt:{video}")
        case _:
            return None


_ZHIHU = (
    ("p", re.compile(r"/(?:p|tardis/[a-z]+/art)/([0-9]+)")),
    ("a", re.compile(r"/answers?/([0-9]+)")),
    ("q", re.compile(r"^/question/([0-9]+)")),
    ("pin", re.compile(r"^/pin/([0-9]+)")),
)


def _zhihu(address: Address) -> SiteSpelling | None:
    for kind, path in _ZHIHU:
        if found := path.search(address.path):
            return SiteSpelling(url=f"{address.origin}{address.path}", key=f"zhihu:{kind}:{found[1]}")
    return None


def _medium(address: Address) -> SiteSpelling | None:
    parts = address.parts
    found = re.search(r"(?:^|-)([0-9a-f]{10,12})$", parts[-1]) if parts else None
    return found and SiteSpelling(url=f"{address.origin}{address.path}", key=f"medium:{found[1]}")


def _bilibili(address: Address) -> SiteSpelling | None:
    """Spell a video; a further part (`p=2`) is a video of its own."""
    match address.parts:
        case ["video", video, *_]:
            part = address.pairs.get("p", "1")
        case _:
            return None
    tail = "" if part == "1" else f"?p={quote(part, safe='')}"
    return SiteSpelling(
        url=f"{address.origin}/video/{quote(video, safe='')}{tail}", key=f"bili:{video}{tail}"
    )


def _x(address: Address) -> SiteSpelling | None:
    found = re.match(r"/[^/]+(?:/web)?/status(?:es)?/([0-9]+)", address.path)
    return found and SiteSpelling(url=f"{address.origin}{found[0]}", key=f"x:{found[1]}")


def _csdn(address: Address) -> SiteSpelling | None:
    """Spell a CSDN article: nothing in its query or fragment ever names the page."""
    if "/article/details/" not in address.path:
        return None
    url = f"{address.origin}{address.path}"
    return SiteSpelling(url=url, key=f"https://{address.site}{key_path(address.path)}")


def _as_given(address: Address) -> str:
    return without_tracking(address).partition("#")[0]


_SITES: tuple[tuple[re.Pattern[str], Callable[[Address], SiteSpelling | None]], ...] = (
    (re.compile(r"mp\.weixin\.qq\.com"), _wechat),
    (re.compile(r"((export|browse)\.)?arxiv\.org|ar5iv(\.labs\.arxiv)?\.org|alphaxiv\.org"), _arxiv),
    (re.compile(r"(dx\.)?doi\.org"), _doi),
    (re.compile(r"github\.com"), _github),
    (re.compile(r"(m\.|music\.)?youtube(-nocookie)?\.com"), _youtube),
    (re.compile(r"youtu\.be"), _youtu_be),
    (re.compile(r"(m\.|zhuanlan\.)?zhihu\.com"), _zhihu),
    (re.compile(r"(.+\.)?medium\.com"), _medium),
    (re.compile(r"(m\.)?bilibili\.com"), _bilibili),
    (re.compile(r"(mobile\.)?twitter\.com|(mobile\.)?x\.com|(fx|vx)twitter\.com|nitter\.net"), _x),
    (re.compile(r"blog\.csdn\.net"), _csdn),
)
