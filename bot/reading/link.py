"""Links: the addresses in a message, clean enough to print, and the key that makes two of them one story."""

import hashlib
import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from bot.errors import DeskError
from bot.reading.spelling.address import Address, NoAddressError, address_in, plain_key, without_tracking
from bot.reading.spelling.one_spelling import spelled_out
from bot.reading.spelling.passing_on import passed_on_to
from bot.reading.spelling.site_keys import site_spelling
from bot.reading.spelling.site_spelling import SiteSpelling

LONGEST_LINK = 4096
"""Characters. Old browsers stopped at 2,083; redirects of search engines are longer, little else is."""

LONGEST_KEY = 1000
"""Bytes. PostgreSQL's index takes rows of 2,700 at most; a longer key is stored as its SHA-256."""

_MOST_PASSED = 5
"""Addresses that pass on to one another; a longer chain leads somewhere in its middle."""
_START = re.compile(r"(?<![A-Za-z0-9+.-])https?://", re.IGNORECASE)
_NEVER_IN_A_LINK = re.compile(
    r"[\s<>\"`{}|\\^\x00-\x1f\x7f\u2014\u2018\u2019\u201c\u201d\u2026\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]"
)
_TRAILING = ".,;:!?'*_~"
_PAIRS = {")": "(", "]": "["}
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_CJK_MAY_FOLLOW = "/=-_%."
_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);")
_NEVER_SHOWN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_FILLERS = "\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0"
_JOINERS = "\u200c\u200d"
_LOOSE_JOINER = re.compile(rf"(?<![\w{_JOINERS}])[{_JOINERS}]+|[{_JOINERS}]++(?!\w)")


class NotALinkError(DeskError):
    """Somebody gave something that is no http or https address."""

    def __init__(self, given: str) -> None:
        super().__init__(
            f"{given[:80]!r} is not a web address.",
            advice="Give a whole one that starts with http:// or https://",
        )


@dataclass(frozen=True, slots=True)
class Link:
    """An address somebody dropped."""

    url: str
    """The address to print and to fetch: as given, without what only says how the sharer came by it."""
    key: str
    """Its one spelling. Links with the same key are the same story."""
    temporary: bool
    """True of a WeChat search link, which stops working within a day."""
    whole: str
    """The one spelling as an address, the same for all links with this key; it need not open."""


def link(url: str) -> Link:
    """Read one address.

    Raises NotALinkError where it is not http(s), has no host, or is longer than `LONGEST_LINK`.
    """
    given = _as_typed(url) if len(url) <= 2 * LONGEST_LINK else url  # HTML makes it longer, at most so much
    if len(given) > LONGEST_LINK:
        raise NotALinkError(given)
    try:
        address = _arrived(address_in(given))
    except NoAddressError as error:
        raise NotALinkError(given) from error
    site = site_spelling(address) or SiteSpelling(url=without_tracking(address), key=plain_key(address))
    whole = spelled_out(site.key)
    return Link(url=site.url, key=_storable(site.key), temporary=site.temporary, whole=whole)


def _arrived(address: Address) -> Address:
    """Follow addresses that only pass the reader on, as far as one can without asking them."""
    for _ in range(_MOST_PASSED):
        target = passed_on_to(address)
        if target is None:
            break
        try:
            address = address_in(_as_typed(target))
        except NoAddressError:
            break
    return address


def _as_typed(url: str) -> str:
    """Undo what HTML and word processors do to an address: entities, characters nobody sees, bare blanks.

    Only entities with their semicolon are meant: `&copy=2` is a name in a query. Joiners stay between
    letters, where Persian words need them.
    """
    while (plain := _plainer(url)) != url:  # what is taken away may have stood in an entity, and the reverse
        url = plain
    return re.sub(r"\s", lambda blank: quote(blank[0]), url)


def _plainer(url: str) -> str:
    seen = url.translate({ord(character): None for character in set(url) if _is_unseen(character)})
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), _LOOSE_JOINER.sub("", seen).strip())


def _is_unseen(character: str) -> bool:
    if character in _FILLERS:
        return True
    return unicodedata.category(character) in _NEVER_SHOWN and character not in _JOINERS


def _storable(key: str) -> str:
    """Return a key that both databases take and index."""
    encoded = key.encode(errors="surrogatepass")
    if len(encoded) <= LONGEST_KEY and key.isprintable():
        return key
    return f"sha256:{hashlib.sha256(encoded).hexdigest()}"


def find_links(text: str) -> tuple[Link, ...]:
    """Find the links in a chat message, in order, each story once.

    Markdown's `[words](link)` and `<link>` are understood. Chinese prose and punctuation right behind a
    link are not part of it; Chinese words inside a path (`/wiki/词`) are.
    """
    found: dict[str, Link] = {}
    for address in _addresses(text):
        try:
            one = link(address)
        except NotALinkError:
            continue
        found.setdefault(one.key, one)
    return tuple(found.values())


def words_around(text: str) -> str:
    """Return a message's own words, without its links and the brackets Markdown puts around them."""
    for address in _addresses(text):
        text = text.replace(address, " ", 1)
    return " ".join(re.sub(r"\(\s*\)|<\s*>", " ", text).split())


def _addresses(text: str) -> Iterator[str]:
    end = 0
    for start in _START.finditer(text):
        if start.start() < end:  # an address inside another's query: part of that one
            continue
        found = _trimmed(_run(text, start.start(), start.end()))
        end = start.start() + len(found)
        yield found


def _run(text: str, start: int, host: int) -> str:
    """Return the characters from `start` that a link could hold, twice as many as it may have at most.

    The limit keeps a message of brackets from taking minutes, and what is cut there too long for a link.
    """
    limit = min(len(text), start + 2 * LONGEST_LINK)
    end = _NEVER_IN_A_LINK.search(text, host, limit)
    run = text[start : end.start() if end else limit]
    for cjk in _CJK.finditer(run, host - start):
        before = run[cjk.start() - 1]
        if before not in _CJK_MAY_FOLLOW and not _CJK.match(before):
            return run[: cjk.start()]
    return run


def _trimmed(run: str) -> str:
    """Drop the punctuation that belongs to the sentence, and a bracket that was opened before the link."""
    while run:
        last = run[-1]
        unopened = last in _PAIRS and run.count(last) > run.count(_PAIRS[last])
        if last not in _TRAILING and not unopened:
            break
        run = run[:-1]
    closing = _unopened_bracket(run)
    return run if closing is None else _trimmed(run[:closing])


def _unopened_bracket(run: str) -> int | None:
    """Find where `](` Markdown around the link ends: a `)` with no `(` before it in the link."""
    depth = 0
    for place, character in enumerate(run):
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return place
    return None
