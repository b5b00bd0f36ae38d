"""The sites that spell one article in many ways, and the one spelling we give each."""

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from bot.reading.spelling.address import Address, plain_key, without_tracking
from bot.reading.spelling.numbered_sites import numbered_spelling
from bot.reading.spelling.paper_keys import ARXIV_SITES, DOI_SITES, arxiv, doi, openreview
from bot.reading.spelling.site_spelling import SiteSpelling, bare
from bot.reading.spelling.video_ids import video_of_number, weibo_name


def site_spelling(address: Address) -> SiteSpelling | None:
    """Return the spelling that the address's site asks for; None where the plain rule will do."""
    for hosts, spell in _SITES:
        if hosts.fullmatch(address.site) and (found := spell(address)) is not None:
            return found
    return numbered_spelling(address)


_NAME = re.compile(r"[\w.-]+", re.ASCII)


def _wechat(address: Address) -> SiteSpelling | None:
    """Spell a WeChat article: /s/ID, or account, message and index in the query.

    The index stays: one message carries several articles. Without `sn` the printed link would not open.
    """
    parts, query = address.parts, address.pairs
    if len(parts) == 2 and parts[0] == "s" and _NAME.fullmatch(parts[1]):
        return SiteSpelling(url=f"{address.origin}/s/{quote(parts[1], safe='')}", key=f"wx:{parts[1]}")
    account, message = query.get("__biz", "").rstrip("="), query.get("mid") or query.get("appmsgid")
    if account and message and ":" not in account + message:
        index = (query.get("idx") or query.get("itemidx") or "1").replace(":", "")
        sign = query.get("sn", query.get("sign", ""))
        shown = {"__biz": query["__biz"], "mid": message, "idx": index, "sn": sign}
        kept = urlencode({name: value for name, value in shown.items() if value}, safe="=")
        return SiteSpelling(url=f"{address.origin}/s?{kept}", key=f"wx:{account}:{message}:{index}")
    for name in ("signature", "tempkey"):  # a search result, and a preview before publishing
        if value := query.get(name):
            url = f"{address.origin}{address.path}?{address.query}"
            return SiteSpelling(url=url, key=f"wx:{name}:{value}", temporary=True)
    if account and (album := query.get("album_id")):
        kept = urlencode({"__biz": query["__biz"], "action": "getalbum", "album_id": album}, safe="=")
        url = f"{address.origin}/mp/appmsgalbum?{kept}"
        return SiteSpelling(url=url, key=f"wx:album:{account}:{album}")
    return None


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
    if not all(map(_NAME.fullmatch, parts[:2])) or len(parts) < 2 or _NOT_OWNERS.fullmatch(parts[0]):
        return None
    if any("/" in part for part in parts):
        return None
    repository = f"{parts[0].lower()}/{parts[1].removesuffix('.git').lower()}"
    if _is_front_page(parts[2:]):
        return SiteSpelling(url=bare(address), key=f"github:{repository}")
    return SiteSpelling(url=bare(address), key=f"github:{'/'.join([repository, *_named_part(parts[2:])])}")


def _is_front_page(rest: list[str]) -> bool:
    match rest:
        case []:
            return True
        case ["tree", branch]:
            return branch in _MAIN_BRANCHES
        case ["blob" | "raw", branch, file]:
            return branch in _MAIN_BRANCHES and file.lower().startswith("readme")
        case _:
            return False


def _named_part(rest: list[str]) -> list[str]:
    """Return what names a part of a repository: a change request's tabs, a file's raw form are itself."""
    match rest:
        case ["pull", number, "files" | "commits" | "checks"]:
            return ["pull", number]
        case ["raw" | "blame", *file]:
            return ["blob", *file]
        case _:
            return rest


def _github_raw(address: Address) -> SiteSpelling | None:
    """Spell a bare file as the repository's page of it."""
    match address.parts:
        case [owner, name, "refs", "heads", *file]:
            pass
        case [owner, name, *file]:
            pass
        case _:
            return None
    page = replace(address, path="/" + "/".join(quote(part) for part in (owner, name, "blob", *file)))
    found = _github(page) if file else None
    return found and replace(found, url=bare(address))


def _youtube(address: Address) -> SiteSpelling | None:
    match address.parts:
        case ["watch"]:
            video = address.pairs.get("v")
        case ["attribution_link"]:
            shown = parse_qs(urlsplit(address.pairs.get("u", "")).query)
            video = shown.get("v", [""])[0]
        case ["shorts" | "embed" | "live" | "v" | "e", video, *_]:
            pass
        case _:
            return None
    if not video:
        return None
    if address.parts in (["watch"], ["attribution_link"]):
        url = f"{address.origin}/watch?v={quote(video, safe='')}"
    else:
        url = bare(address)
    return SiteSpelling(url=url, key=f"yt:{video}")


def _youtu_be(address: Address) -> SiteSpelling | None:
    match address.parts:
        case [video]:
            return SiteSpelling(url=f"{address.origin}/{quote(video, safe='')}", key=f"yt:{video}")
        case _:
            return None


def _bilibili(address: Address) -> SiteSpelling | None:
    """Spell a video; a further part (`p=2`) is one of its own, an old number the name's other form."""
    match address.parts:
        case ["video", video, *_] | ["s", "video", video, *_]:
            pass
        case [video] if address.site == "b23.tv" and re.fullmatch(r"BV\w{10}|av\d+", video):
            pass
        case _:
            video = address.pairs.get("bvid", "")
    if not _NAME.fullmatch(video):
        return None
    part = address.pairs.get("p", address.pairs.get("page", "1"))
    tail = "" if part in ("1", "") else f"?p={quote(part, safe='')}"
    return SiteSpelling(
        url=f"https://www.bilibili.com/video/{quote(video, safe='')}{tail}",
        key=f"bili:{video_of_number(video)}{tail}",
    )


def _hashbang_status(address: Address) -> SiteSpelling | None:
    """Spell a post in the form of 2010: twitter.com/#!/name/status/ID."""
    found = re.fullmatch(r"!/\w+/status(?:es)?/(\d+).*", address.fragment, re.ASCII)
    return found and SiteSpelling(url=f"{bare(address)}#{address.fragment}", key=f"x:{found[1]}")


def _weibo(address: Address) -> SiteSpelling | None:
    """Spell a post by its name of nine letters; a number of sixteen digits is the same in figures."""
    match address.parts:
        case ["status" | "detail" | "statuses", post] | [_, post]:
            pass
        case _:
            return None
    if re.fullmatch(r"\d{16}", post):
        post = weibo_name(int(post))
    elif not re.fullmatch(r"[0-9A-Za-z]{9}", post):
        return None
    return SiteSpelling(url=bare(address), key=f"weibo:{post}")


def _baijiahao(address: Address) -> SiteSpelling | None:
    number = address.pairs.get("id", "")
    if not number.isdecimal():
        return None
    return SiteSpelling(url=f"{address.origin}/s?id={number}", key=f"baijiahao:{number}")


def _on_another_host(pattern: str, host: str) -> Callable[[Address], SiteSpelling | None]:
    """Spell an address as its twin on another host with the same paths, and print it as it is."""

    def spell(address: Address) -> SiteSpelling:
        moved = replace(address, host=re.sub(pattern, host, address.host))
        return SiteSpelling(url=without_tracking(address), key=plain_key(moved))

    return spell


_SITES: tuple[tuple[re.Pattern[str], Callable[[Address], SiteSpelling | None]], ...] = tuple(
    (re.compile(hosts), spell)
    for hosts, spell in (
        (r"mp\.weixin\.qq\.com", _wechat),
        (ARXIV_SITES.pattern, arxiv),
        (DOI_SITES.pattern, doi),
        (r"openreview\.net", openreview),
        (r"github\.com", _github),
        (r"raw\.githubusercontent\.com", _github_raw),
        (r"(m\.|music\.)?youtube(-nocookie)?\.com", _youtube),
        (r"youtu\.be", _youtu_be),
        (r"((m|player)\.)?bilibili\.com|b23\.tv", _bilibili),
        (r"twitter\.com", _hashbang_status),
        (r"(m\.)?weibo\.(com|cn)", _weibo),
        (r"baijiahao\.baidu\.com", _baijiahao),
        (r"[a-z-]+\.m\.wikipedia\.org", _on_another_host(r"\.m\.", ".")),
        (r"hf\.co|hf-mirror\.com", _on_another_host(r".+", "huggingface.co")),
    )
)
