"""Zhihu: column articles, answers and questions, by the state that the page carries for its own script.

A server that asks from abroad mostly gets a login page, a test for humans or a bare refusal instead. None of
those is an article.
"""

import re
from urllib.parse import urlsplit

from bot.reading.article import Article, Reading
from bot.reading.language import is_cjk, language_of
from bot.reading.markup.authors import clean_authors
from bot.reading.markup.html_page import HtmlPage, collapsed
from bot.reading.sources.zhihu_post import Post, post_in_blocks, post_in_state
from bot.reading.verdict import Reason, Verdict

_SOURCE = "知乎"
_PATHS = (
    ("articles", re.compile(r"/(?:p|tardis/\w+/art)/(\d+)")),
    ("answers", re.compile(r"/(?:question/\d+/)?answer/(\d+)|/tardis/\w+/ans/(\d+)")),
    ("questions", re.compile(r"/question/(\d+)|/tardis/\w+/qus/(\d+)")),
)
_SHORTEST = 60
"""Characters under which a page may be a teaser."""

_WALLS = (
    (
        re.compile(r"安全验证|系统监测到您的网络环境存在异常|请求存在异常|人机验证|zse-ck|/unhuman"),
        Verdict.VERIFICATION,
        Reason.VERIFICATION_PAGE,
    ),
    (
        re.compile(
            r"没有知识存在的荒原|(?:内容|回答|文章|问题|作者)[^，。\s]{0,8}已[^，。\s]{0,6}删除"
            r"|(?:内容|资源|问题|回答|文章|页面)不存在"
        ),
        Verdict.GONE,
        Reason.DELETED_BY_AUTHOR,
    ),
    (re.compile(r"(?:违反|涉嫌|违规|建议修改).{0,30}"), Verdict.GONE, Reason.REMOVED_BY_PLATFORM),
    (re.compile(r"登录|注册|扫码|signin|sign_in"), Verdict.LOGIN, Reason.LOGIN_PAGE),
)
"""What is said where no text is, the surest first. Every page offers to log in, so that comes last."""


def claims(url: str) -> bool:
    """Tell whether an address is one of Zhihu's articles, answers or questions."""
    split = urlsplit(url)
    host = split.hostname or ""
    return (host == "zhihu.com" or host.endswith(".zhihu.com")) and (
        _kind_of(url) is not None or split.path.startswith(("/signin", "/account/unhuman"))
    )


def read(page: HtmlPage) -> Reading:
    """Read a post out of the page's state, or else off its blocks; name the wall where neither is there."""
    post = _post(page)
    if post is None or not post.title:
        return _wall(page)
    article = Article(
        url=page.url,
        title=post.title,
        source=_SOURCE,
        authors=clean_authors([post.author], source=_SOURCE),
        published=post.published,
        language=language_of(post.text),
        text=post.text,
        aliases=_aliases(page),
    )
    shortest = _SHORTEST if is_cjk(article.language) else _SHORTEST * 3
    if len(article.text) < shortest:
        return Reading(Verdict.THIN, Reason.SHORT_TEXT, article)
    return Reading(Verdict.FINE, "", article)


def _post(page: HtmlPage) -> Post | None:
    kind, number = _kind_of(page.url) or ("", "")
    return (post_in_state(page, kind, number) if kind else None) or post_in_blocks(page)


def _wall(page: HtmlPage) -> Reading:
    words = f"{urlsplit(page.url).path} {collapsed(page.text)[:3000]} {_scripts_named(page.html)}"
    for pattern, verdict, reason in _WALLS:
        if pattern.search(words):
            return Reading(verdict, reason)
    return Reading(Verdict.NOT_ARTICLE, Reason.NO_ARTICLE_ON_PAGE)


def _scripts_named(markup: str) -> str:
    """Return the addresses of a page's scripts: the test for humans is one, on a page without words."""
    return " ".join(re.findall(r"<script\b[^<>]*\bsrc=[\"']([^\"']{1,200})", markup)[:20])


def _kind_of(url: str) -> tuple[str, str] | None:
    """Return which kind of post an address names, and its number."""
    for kind, path in _PATHS:
        if found := path.match(urlsplit(url).path):
            return kind, found[1] or found[2]
    return None


def _aliases(page: HtmlPage) -> tuple[str, ...]:
    """Return the post's plain address: a question's answer has one that does not name the question."""
    kind, number = _kind_of(page.url) or ("", "")
    match kind:
        case "articles":
            plain = f"https://zhuanlan.zhihu.com/p/{number}"
        case "answers":
            plain = f"https://www.zhihu.com/answer/{number}"
        case _:
            plain = f"https://www.zhihu.com/question/{number}"
    return (plain,) if number and plain != page.url else ()
