"""Sites that give each article a number, and show it under several addresses.

Each is a line of a table: where the number stands, and the address that has nothing else.
"""

import re
from dataclasses import dataclass

from bot.reading.spelling.address import Address, key_path
from bot.reading.spelling.site_spelling import SiteSpelling, bare


@dataclass(frozen=True, slots=True)
class NumberedSite:
    """Where one kind of a site's articles is numbered."""

    kind: str
    """What keys begin with; one for several addresses of the same articles."""
    hosts: re.Pattern[str]
    """Without `www.`"""
    path: re.Pattern[str]
    """Of the whole path; its first filled group is the number."""
    whole: str
    """The address that a number has, `{}` standing for it."""


def _site(kind: str, hosts: str, path: str, whole: str) -> NumberedSite:
    return NumberedSite(kind, re.compile(hosts), re.compile(path, re.ASCII), whole)


_MEDIUM = (
    r"(.+\.)?medium\.com|towardsdatascience\.com|towardsai\.net|pub\.towardsai\.net|(.+\.)?plainenglish\.io"
    r"|levelup\.gitconnected\.com|betterprogramming\.pub|betterhumans\.pub|itnext\.io|uxdesign\.cc|uxplanet\.org"
    r"|codeburst\.io|proandroiddev\.com|netflixtechblog\.com|becominghuman\.ai|chatbotslife\.com"
    r"|heartbeat\.(fritz\.ai|comet\.ml)|blog\.(devgenius\.io|bitsrc\.io|prototypr\.io)|scribe\.rip"
)

NUMBERED_SITES = (
    _site("zhihu:p", r"(.+\.)?zhihu\.com", r"/(?:(?:appview/)?p|tardis/[a-z]+/art|articles)/(\d+)(?:/.*)?",
          "https://zhuanlan.zhihu.com/p/{}"),
    _site("zhihu:a", r"(.+\.)?zhihu\.com", r"(?:/.*)?/(?:answers?|tardis/[a-z]+/ans)/(\d+)(?:/.*)?",
          "https://www.zhihu.com/answer/{}"),
    _site("zhihu:q", r"(.+\.)?zhihu\.com", r"/(?:questions?|tardis/[a-z]+/qus)/(\d+)(?:/.*)?",
          "https://www.zhihu.com/question/{}"),
    _site("zhihu:pin", r"(.+\.)?zhihu\.com",
          r"/(?:appview/)?pin/(\d+)(?:/.*)?", "https://www.zhihu.com/pin/{}"),
    _site("medium", _MEDIUM, r"/(?:.*[/-])?([0-9a-f]{10,12})/?", "https://medium.com/p/{}"),
    _site("csdn", r"(.+\.)?blog\.csdn\.net|blog\.csdn\.net", r"(?:/[^/]+)?/article/details/(\d+)/?",
          "https://blog.csdn.net/article/details/{}"),
    _site("x", r"(mobile\.|m\.)?(twitter|x)\.com|(fx|vx|fixup|fixv)(twitter|x)\.com|fixupx\.com|xcancel\.com"
          r"|nitter\..+", r"/.*/?status(?:es)?/(\d+)(?:/.*)?", "https://x.com/i/status/{}"),
    _site("toutiao", r"(m\.)?toutiao(cdn)?\.com", r"/(?:article/|group/|i|a)(\d{10,})/?",
          "https://www.toutiao.com/article/{}/"),
    _site("36kr", r"(m\.)?36kr\.com", r"/p/(\d+)(?:\.html)?/?", "https://36kr.com/p/{}"),
    _site("juejin", r"(m\.)?juejin\.(?:cn|im)", r"/post/(\w+)/?", "https://juejin.cn/post/{}"),
    _site("jianshu", r"(m\.)?jianshu\.com", r"/p/(\w+)/?", "https://www.jianshu.com/p/{}"),
    _site("infoq", r"(m\.)?infoq\.cn", r"/article/([\w-]+)/?", "https://www.infoq.cn/article/{}"),
    _site("sohu", r"(m\.|3g\.)?sohu\.com", r"/a/(\d+)(?:_\d+)?/?", "https://www.sohu.com/a/{}"),
    _site("qqnews", r"(new|news|xw|(view\.)?inews)\.qq\.com",
          r"/(?:.*/)?(\d{8}[A-Z]\w{7})(?:\.html)?/?",
          "https://new.qq.com/rain/a/{}"),
    _site("163", r"(.+\.)?163\.com",
          r"/(?:.*/)?([A-Z0-9]{16})(?:\.html)?", "https://www.163.com/dy/article/{}.html"),
    _site("thepaper", r"(m\.|wap\.)?thepaper\.cn", r"/newsDetail_forward_(\d+)/?",
          "https://www.thepaper.cn/newsDetail_forward_{}"),
    _site("huxiu", r"(m\.)?huxiu\.com",
          r"/article/(\d+)(?:/.*|\.html)?", "https://www.huxiu.com/article/{}.html"),
    _site("stackoverflow", r"stackoverflow\.com", r"/(?:q/(\d+)(?:/\d+)?|questions/(\d+)(?:/[^/]*)?)/?",
          "https://stackoverflow.com/questions/{}"),
    _site("stackoverflow:a", r"stackoverflow\.com", r"/(?:a/(\d+)(?:/\d+)?|questions/\d+/[^/]+/(\d+))/?",
          "https://stackoverflow.com/a/{}"),
    _site("reddit", r"((old|new|np|m|i|amp|sh)\.)?reddit\.com",
          r"/(?:(?:r|user)/[^/]+/)?comments/(\w+)(?:/[^/]*)?/?",
          "https://www.reddit.com/comments/{}"),
    _site("reddit", r"redd\.it", r"/(\w+)/?", "https://www.reddit.com/comments/{}"),
    _site("gist", r"gist\.github\.com",
          r"/(?:[^/]+/)?([0-9a-f]{20,32})(?:\.git|/raw)?/?", "https://gist.github.com/{}"),
    _site("linkedin", r"(.+\.)?linkedin\.com",
          r"/(?:posts/.*-|feed/update/urn:li:)activity[-:](\d+)(?:-\w+)?/?",
          "https://www.linkedin.com/feed/update/urn:li:activity:{}"),
    _site("acl", r"aclanthology\.(org|info)|aclweb\.org",
          r"/(?:anthology/|papers/)?((?:\d{4}\.[\w-]+|[A-Z]\d\d-\d{4})"
          r"(?:\.\d+)?)(?:v\d+)?(?:\.pdf)?/?", "https://aclanthology.org/{}"),
    _site("cvf", r"openaccess\.thecvf\.com", r"/.*/(?:html|papers)/([\w-]+)_paper\.(?:html|pdf)",
          "https://openaccess.thecvf.com/content/html/{}_paper.html"),
    _site("nips", r"(papers\.nips|proceedings\.neurips)\.cc",
          r"/paper(?:_files/paper)?/\d+/(?:hash|file)/([0-9a-f]{32})-.*",
          "https://proceedings.neurips.cc/paper/0/hash/{}-Abstract.html"),
    _site("mlr", r"proceedings\.mlr\.press", r"/(v\d+/\w+)(?:/\w+)?\.(?:html|pdf)",
          "https://proceedings.mlr.press/{}.html"),
    _site("ieee", r"ieeexplore\.ieee\.org", r"/(?:abstract/)?document/(\d+)(?:/.*)?",
          "https://ieeexplore.ieee.org/document/{}"),
    _site("bili:cv", r"(m\.)?bilibili\.com",
          r"/read/(?:mobile/|cv)(\d+)/?", "https://www.bilibili.com/read/cv{}"),
    _site("bili:opus", r"((m|t)\.)?bilibili\.com", r"/(?:(?:opus|dynamic)/)?(\d{15,})/?",
          "https://www.bilibili.com/opus/{}"),
)  # fmt: skip
"""The number alone names the article: names of authors, titles and versions beside it may change."""
_FOLDED = ("acl",)


def numbered_spelling(address: Address) -> SiteSpelling | None:
    """Return the spelling of an article that its site numbers; None where no line of the table fits."""
    path = key_path(address.path)
    for site in NUMBERED_SITES:
        if site.hosts.fullmatch(address.site) and (found := site.path.fullmatch(path)):
            number = next(filter(None, found.groups()))
            number = number.lower() if site.kind in _FOLDED else number
            return SiteSpelling(url=bare(address), key=f"{site.kind}:{number}")
    return None
