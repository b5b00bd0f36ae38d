"""Posts on X, Mastodon, Bluesky, Weibo and the like, by what they tell those who show previews.

Their pages are programs that draw the post for people who have logged in. For the rest there is metadata: who
wrote, what, and with luck when. Where that is missing too, it is a login wall.
"""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

from bot.reading.article import Article, Reading
from bot.reading.language import language_of
from bot.reading.markup.authors import clean_authors
from bot.reading.markup.html_page import HtmlPage
from bot.reading.sources import web
from bot.reading.sources.social_page import SocialPost, post_on
from bot.reading.verdict import Reason, Verdict

_POSTS = (
    (
        r"(?:www\.|mobile\.)?(?:x|twitter|fxtwitter|vxtwitter|fixupx)\.com|nitter\.\w+",
        r"/\w+(?:/web)?/status(?:es)?/\d+",
    ),
    (r"bsky\.app", r"/profile/[^/]+/post/\w+"),
    (r"t\.me|telegram\.me", r"/(?:s/)?\w{4,}/\d+"),
    (r"(?:www\.)?threads\.(?:net|com)", r"/@[^/]+/post/"),
    (r"(?:www\.|m\.)?weibo\.(?:com|cn)", r"/(?:\d{5,}|status|detail|statuses)/\w+"),
    (r"(?:[a-z]{2}\.|www\.)?linkedin\.com", r"/(?:posts|feed/update|pulse)/"),
    (r"(?:www\.|m\.)?facebook\.com", r"/[^/]+/posts/|/permalink\.php|/story\.php"),
    (r"(?:www\.)?instagram\.com", r"/(?:[^/]+/)?(?:p|reel)/"),
)
_WALLED = tuple((re.compile(host), re.compile(path)) for host, path in _POSTS)
_FEDERATED = re.compile(r"/@[\w.-]+(?:@[\w.-]+)?/\d{6,}/?$|/notes/\w{8,}$|/users/[\w.-]+/statuses/\d{6,}/?$")
"""How Mastodon and its kin address a post, on any host. Theirs show posts to everybody."""
_GONE = re.compile(
    r"(?:post|tweet|page|account|message|content|status) (?:was |has been |is |you.{0,20} )?"
    r"(?:deleted|removed|not found|unavailable|suspended|doesn.t exist|isn.t available)"
    r"|微博不存在|(?:微博|内容)(?:已被?|不存在|已)(?:删除|作者删除)?|暂无查看权限|账号已被?(?:封禁|注销)",
    re.IGNORECASE,
)
_ROBOT = re.compile(
    r"verify (?:that )?you(?:'re| are) (?:a )?human|unusual activity|安全验证|验证码", re.IGNORECASE
)
_SNOWFLAKE = re.compile(r"/status(?:es)?/(\d{11,20})")
_SNOWFLAKE_EPOCH = 1_288_834_974_657
"""Milliseconds: X's numbers since November 2010 hold the moment in their upper bits, counted from here.
Source: Twitter's "snowflake", github.com/twitter-archive/snowflake."""


def claims(url: str) -> bool:
    """Tell whether an address is one post's."""
    split = urlsplit(url)
    return _is_walled(url) or _FEDERATED.fullmatch(split.path) is not None


def _is_walled(url: str) -> bool:
    split = urlsplit(url)
    host = split.hostname or ""
    return any(hosts.fullmatch(host) and path.match(split.path) for hosts, path in _WALLED)


def read(page: HtmlPage) -> Reading | None:
    """Read a post; None where an unknown host's page is no post, for the open web's reader."""
    post = post_on(page)
    if post is None or not post.text:
        return _wall(page) if _is_walled(page.url) else None
    article = Article(
        url=page.url,
        title=post.title,
        source=post.name,
        authors=clean_authors([post.name]),
        published=post.published or _numbered_moment(page.url),
        language=language_of(post.text, page.declared_language),
        text=post.text,
    )
    return _judged(article, post)


def _judged(article: Article, post: SocialPost) -> Reading:
    if post.is_cut:
        return Reading(Verdict.THIN, Reason.METADATA_ONLY, article)
    if web.is_thin(article):
        return Reading(Verdict.THIN, Reason.SHORT_TEXT, article)
    return Reading(Verdict.FINE, "", article)


def _wall(page: HtmlPage) -> Reading:
    words = f"{page.metas.get('og:title', '')} {page.text[:3000]}"
    if _ROBOT.search(words):
        return Reading(Verdict.VERIFICATION, Reason.VERIFICATION_PAGE)
    if _GONE.search(words):
        return Reading(Verdict.GONE, Reason.PAGE_SAYS_GONE)
    return Reading(Verdict.LOGIN, Reason.LOGIN_PAGE)


def _numbered_moment(url: str) -> str | None:
    """Return when a post on X was written, out of its number."""
    host, found = urlsplit(url).hostname or "", _SNOWFLAKE.search(urlsplit(url).path)
    if found is None or not re.search(r"(?:^|\.)(?:x|\w*twitter|fixupx)\.com$|^nitter\.", host):
        return None
    moment = datetime.fromtimestamp(((int(found[1]) >> 22) + _SNOWFLAKE_EPOCH) // 1000, UTC)
    return moment.isoformat() if moment < datetime.now(UTC) else None
