"""When an article was published, in the zone of its place.

What a page states for machines goes before what a generic reader finds, and publishing before changing. A
moment keeps the offset it was written with. One without an offset gets Beijing's on a Chinese site (see
`is_chinese_site`), and is cut to its day elsewhere: half a day's error would be worse than no hour.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from bot.reading.language import language_of
from bot.reading.markup.html_page import HtmlPage

BEIJING = timezone(timedelta(hours=8))
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
"""No article of the web is older; what is has its site's default, such as 1970."""
_AHEAD = timedelta(days=1)
"""A page east of us may be dated tomorrow."""

_STATED = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "uploaddate",
    "article:published",
    "publishdate",
    "publish_date",
    "publishtime",
    "pubdate",
    "pub_date",
    "publication_date",
    "published_time",
    "og:published_time",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.issued",
    "cxenseparse:recs:publishtime",
)
"""Names of metas that say when a page was published, the commonest first."""
_ARTICLE_TYPE = re.compile(r'"@type"\s*:\s*\[?\s*"(?:\w*Article|\w*Posting|Report|VideoObject|Blog)"')
_LINKED_DATA = re.compile(r'"(?:datePublished|uploadDate)"\s*:\s*"([^"]{8,60})"')
_CREATED = re.compile(r'"dateCreated"\s*:\s*"([^"]{8,60})"')
_NUMERIC = re.compile(
    r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})(?:\s*日)?"
    r"(?:[T\s]\s*(?P<hour>\d{1,2})[:：时](?P<minute>\d{2})(?:[:：分](?P<second>\d{2}))?(?:\.\d+)?)?"
    r"\s*(?P<zone>Z\b|UTC|GMT(?![+-])|(?:GMT)?[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
_ENGLISH = re.compile(
    r"(?:\w{3},? )?(?P<month>[A-Z][a-z]{2}) (?P<day>\d{1,2}),? (?P<year>\d{4})"
    r"(?: (?P<time>\d{2}:\d{2}:\d{2}) (?:GMT|UTC)(?P<zone>[+-]\d{4}))?"
)
_NEW_YEARS_DAY = (
    r"(?i)(?<!\d){year}(?:0101|\s?[-/.年_]\s?0?1\s?[-/.月_]\s?0?1)(?!\d)"
    r"|(?<!\d)0?1[-/.]\s?0?1[-/.]\s?{year}"
    r"|(?<!\d)0?1(?:st|er)?\W{{1,3}}(?:de )?\w{{3,9}}\W{{1,6}}(?:de )?{year}"
    r"|[^\W\d]{{3,9}}\W{{1,3}}0?1(?:st)?\W{{1,3}}{year}"
)
"""How the 1st of January of a year is written, figures in any order, month's names of any language."""
_EPOCH = re.compile(r"(\d{10})(?:\d{3})?")
_CHINESE_PLACE = re.compile(r"\.(?:cn|tw|hk|mo|xn--fiqs8s)$")
_REGISTERED = re.compile(r"ICP\s?[备證证]|公网安备")


def published_of(page: HtmlPage, found_day: str | None, *, now: datetime | None = None) -> str | None:
    """Return when the page was published: ISO 8601, a day, or a moment with its offset; None if nobody says.

    `found_day` is what a generic reader found, "2020-04-30". Days before 1995 and after tomorrow are no days.
    """
    chinese = is_chinese_site(page)
    latest = (now or datetime.now(UTC)) + _AHEAD
    found = [found_day] if found_day and not _is_year_alone(found_day, page) else []
    for written in (*_stated(page), *_shown_with_time(page, found_day, chinese=chinese), *found):
        if (moment := as_published(written, chinese=chinese)) and _is_plausible(moment, latest):
            return moment
    return None


def _is_year_alone(day: str, page: HtmlPage) -> bool:
    """Tell whether a found day is nothing but a year: a reader makes the 1st of January of a "© 2020"."""
    year, _, rest = day.partition("-")
    return rest == "01-01" and not re.search(_NEW_YEARS_DAY.format(year=year), f"{page.url}\n{page.html}")


def as_published(written: str, *, chinese: bool = False) -> str | None:
    """Return a written date as ISO 8601; None where it cannot be told. `chinese`: its clock is Beijing's.

    Day and month in numbers are not guessed at: 10/05/2022 is two days.
    """
    text = written.strip()
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), BEIJING if chinese else UTC).isoformat()
    try:
        return _of_numbers(text, chinese=chinese) or _of_words(text)
    except (ValueError, OverflowError):  # the 31st of June
        return None


def _of_numbers(text: str, *, chinese: bool) -> str | None:
    found = _NUMERIC.match(text)
    if found is None:
        return None
    day = f"{found['year']}-{int(found['month']):02}-{int(found['day']):02}"
    if found["hour"] is None:
        return datetime.fromisoformat(day).date().isoformat()
    moment = datetime.fromisoformat(
        f"{day}T{int(found['hour']):02}:{found['minute']}:{found['second'] or '00'}{_offset(found['zone'])}"
    )
    if moment.tzinfo is not None:
        return moment.isoformat()
    return moment.replace(tzinfo=BEIJING).isoformat() if chinese else day


def _offset(zone: str | None) -> str:
    if zone in ("Z", "UTC", "GMT"):
        return "+00:00"
    return (zone or "").removeprefix("GMT")


def _of_words(text: str) -> str | None:
    """Read English dates: JavaScript's, and those of mail headers."""
    found = _ENGLISH.match(text)
    if found is None:
        return parsedate_to_datetime(text).isoformat() if re.match(r"\w{3}, \d", text) else None
    day = datetime.strptime(f"{found['month']} {found['day']} {found['year']} +0000", "%b %d %Y %z").date()
    return (
        datetime.fromisoformat(f"{day}T{found['time']}{found['zone']}").isoformat()
        if found["time"]
        else f"{day}"
    )


def _is_plausible(moment: str, latest: datetime) -> bool:
    at = datetime.fromisoformat(moment)
    return _EARLIEST <= (at if at.tzinfo else at.replace(tzinfo=UTC)) <= latest


def _stated(page: HtmlPage) -> list[str]:
    """Return what the page states for machines, moments with an offset of their own before those in UTC."""
    metas = [page.metas[name] for name in _STATED if name in page.metas]
    times = page.tree.xpath("//time[@itemprop='datePublished' or @pubdate]/@datetime")[:1]
    written = [*metas, *_in_linked_data(page, _LINKED_DATA), *map(str, times)]
    return sorted(written, key=_is_without_offset) or _in_linked_data(page, _CREATED)


def _is_without_offset(written: str) -> bool:
    return re.search(r"\d[+-]\d{2}:?\d{2}$", written) is None or written.endswith(("00:00+00:00", "+0000"))


def _in_linked_data(page: HtmlPage, pattern: re.Pattern[str]) -> list[str]:
    """Return the first date of JSON-LD about an article, whose JSON is often broken elsewhere."""
    for text in page.linked_data:
        if _ARTICLE_TYPE.search(text) and (found := pattern.search(text)):
            return [found[1]]
    return []


def _shown_with_time(page: HtmlPage, day: str | None, *, chinese: bool) -> Iterator[str]:
    """Yield the moment as a Chinese page shows it to readers, beside the day that was found."""
    if not (chinese and day):
        return
    shown: Iterable[re.Match[str]] = _NUMERIC.finditer(page.text[:_SHOWN])
    for found in shown:
        if (
            found["hour"]
            and as_published(found[0], chinese=True)
            and (as_published(found[0]) or "")[:10] == day
        ):
            yield found[0]
            return


_SHOWN = 100_000


def is_chinese_site(page: HtmlPage) -> bool:
    """Tell whether a page's clock is Beijing's: it is written in Chinese, and nothing says it is elsewhere.

    Where `lang` or og:locale declare another language, as templates made abroad do, its place must say so:
    a host under .cn, .tw, .hk or .mo, or a mainland registration (ICP 备, 公网安备), which stands at the foot
    of every page that is served there. All of them are UTC+8.
    """
    if language_of(page.text) != "zh":
        return False
    declared = page.declared_language or page.metas.get("og:locale") or "zh"
    return (
        declared.lower().startswith("zh")
        or _CHINESE_PLACE.search(page.host) is not None
        or _REGISTERED.search(page.text) is not None
    )
