"""How a reading ended, and why."""

import re
from enum import StrEnum


class Verdict(StrEnum):
    """What came of reading a link. Only FINE and THIN carry an article."""

    FINE = "fine"
    THIN = "thin"
    """An article, but so short that somebody should look whether it is all."""
    GONE = "gone"
    LOGIN = "login"
    VERIFICATION = "verification"
    NOT_ARTICLE = "not-article"
    BLOCKED = "blocked"
    TOO_BIG = "too-big"
    TOO_SLOW = "too-slow"
    UNREADABLE = "unreadable"


class Reason(StrEnum):
    """Why a reading ended as it did: a short code, kept in the database and given words on the card.

    To add one: write it here, and its words as `[reason_<code>]` in bot/sentences.toml, one sentence in each
    language that says what was found. What to do about it follows from the verdict; where that advice does
    not fit, bot/page_problem.py gives the reason another. A test fails where words are missing.
    """

    # Thin: an article, but perhaps not all of it.
    SHORT_TEXT = "short-text"
    PICTURES_ONLY = "pictures-only"
    VIDEO = "video"
    METADATA_ONLY = "metadata-only"
    """The page keeps its text from strangers, but says what it is called and about."""
    PDF_WITHOUT_TEXT = "pdf-without-text"
    # Gone.
    DELETED_BY_AUTHOR = "deleted-by-author"
    REMOVED_BY_PLATFORM = "removed-by-platform"
    UNAVAILABLE = "unavailable"
    ACCOUNT_CLOSED = "account-closed"
    ACCOUNT_MOVED = "account-moved"
    LINK_EXPIRED = "link-expired"
    BAD_LINK = "bad-link"
    PAGE_SAYS_GONE = "page-says-gone"
    UNKNOWN_HOST = "unknown-host"
    # A wall.
    LOGIN_PAGE = "login-page"
    ONLY_IN_WECHAT = "only-in-wechat"
    VERIFICATION_PAGE = "verification-page"
    # No article.
    EMPTY_PAGE = "empty-page"
    NO_TEXT = "no-text"
    NO_ARTICLE_ON_PAGE = "no-article-on-page"
    MEDIA_TYPE = "media-type"
    PDF = "pdf"
    PDF_ENCRYPTED = "pdf-encrypted"
    # Refused by the host, by its robots.txt, or by us.
    ROBOTS = "robots"
    PRIVATE_ADDRESS = "private-address"
    NOT_A_WEB_ADDRESS = "not-a-web-address"
    # Too big, too slow.
    BODY_SIZE = "body-size"
    DEADLINE = "deadline"
    READING_TIME = "reading-time"
    # Unreadable.
    PDF_BROKEN = "pdf-broken"
    NOT_TEXT = "not-text"
    TOO_MANY_TAGS = "too-many-tags"
    TOO_MANY_REDIRECTS = "too-many-redirects"
    BAD_REDIRECT = "bad-redirect"
    CONTENT_ENCODING = "content-encoding"
    CERTIFICATE = "certificate"
    CONNECTION = "connection"
    READER_FAILED = "reader-failed"
    READER_CRASHED = "reader-crashed"
    OUT_OF_MEMORY = "out-of-memory"
    # Of the operator's batches of files.
    BAD_LINE = "bad-line"
    NO_FILE = "no-file"
    BROKEN_FILE = "broken-file"
    # What a server's status says: "http-404". Any other status is of the kind HTTP.
    HTTP = "http"
    HTTP_401 = "http-401"
    HTTP_402 = "http-402"
    HTTP_403 = "http-403"
    HTTP_404 = "http-404"
    HTTP_410 = "http-410"
    HTTP_429 = "http-429"
    HTTP_451 = "http-451"
    # A mistake of ours: "bug-1f2e3d4c", whose reference stands in the log.
    BUG = "bug"


_REASONS = {reason.value: reason for reason in Reason}
_NUMBERED = re.compile(r"(http|bug)-(\w+)")


def reason_of(code: str) -> Reason | None:
    """Return the reason that a stored code stands for; None for "" and for one of an older release."""
    numbered = _NUMBERED.fullmatch(code)
    return _REASONS.get(code) or (_REASONS[numbered[1]] if numbered else None)


def reference_in(code: str) -> str:
    """Return what a code says beside its reason: a status, a bug's reference in the log; mostly empty."""
    numbered = _NUMBERED.fullmatch(code)
    return numbered[2] if numbered else ""
