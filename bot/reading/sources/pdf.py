"""PDFs: title, authors and abstract of a paper; of any other document its title and first pages.

The text of a paper is its abstract, as it is where its web page is read. A date is given for arXiv's first
versions only, which carry it on the margin: the file's own date is the day it was typeset.
"""

import logging
import re
from urllib.parse import unquote, urlsplit

from bot.reading.article import Article, Reading
from bot.reading.language import language_of
from bot.reading.markup.dates import MONTHS
from bot.reading.page import Page
from bot.reading.sources import web
from bot.reading.sources.arxiv import paper_aliases, paper_lines
from bot.reading.sources.arxiv_address import ArxivPaper, paper_at
from bot.reading.sources.arxiv_code import repository_in
from bot.reading.sources.pdf_body import abstract_of, paragraphs_of
from bot.reading.sources.pdf_characters import weight
from bot.reading.sources.pdf_columns import in_reading_order
from bot.reading.sources.pdf_lines import EncryptedPdfError, PdfText, pdf_text
from bot.reading.sources.pdf_title import authors_of, is_no_title, title_lines, title_of
from bot.reading.verdict import Reason, Verdict

log = logging.getLogger(__name__)

_LEAST_WEIGHT = 20
"""Letters on the first pages under which they are pictures of text."""
_LONGEST_OPENING = 120
_STAMP = re.compile(
    r"arXiv:(?P<number>\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?P<version>v\d{1,3})?\s*"
    r"(?:\[[\w.-]+\])?\s*(?:(?P<day>\d{1,2})\s+(?P<month>[A-Z][a-z]{2})\s+(?P<year>\d{4}))?"
)


def read(page: Page) -> Reading:
    """Read a PDF. Any bytes give a reading."""
    try:
        text = pdf_text(page.body)
    except EncryptedPdfError:
        return Reading(Verdict.NOT_ARTICLE, Reason.PDF_ENCRYPTED)
    except MemoryError:
        raise  # the worker says so, and is replaced
    except Exception:  # pypdf raises whatever a broken file makes it raise
        log.info("pdf broke the reader", extra={"bytes": len(page.body)})
        return Reading(Verdict.UNREADABLE, Reason.PDF_BROKEN)
    return _judged(_article(page.final_url or page.url, text))


def _judged(article: Article) -> Reading:
    if not article.text:
        verdict = Verdict.THIN if article.title else Verdict.NOT_ARTICLE
        return Reading(verdict, Reason.PDF_WITHOUT_TEXT, article if article.title else None)
    if web.is_thin(article):
        return Reading(Verdict.THIN, Reason.SHORT_TEXT, article)
    return Reading(Verdict.FINE, "", article)


def _article(url: str, text: PdfText) -> Article:
    pages = [in_reading_order(page) for page in text.pages]
    first, abstract = pages[0] if pages else (), abstract_of(pages)
    begin, end = title_lines(first)
    whole = abstract or paragraphs_of([(*first[:begin], *first[end:]), *pages[1:]])
    body = whole if weight(whole) >= _LEAST_WEIGHT else ""
    title = title_of(first, text.title) or (_opening(body) or _name_of_file(url))
    stamp = _STAMP.search(text.aside)
    paper = paper_at(url) or (ArxivPaper(stamp["number"], "") if stamp else None)
    code = repository_in(body, *text.links) if abstract else None
    return Article(
        url=url,
        title=title,
        source="arXiv" if paper_at(url) else (urlsplit(url).hostname or "").removeprefix("www."),
        authors=authors_of(first[end:]) if abstract else (),
        published=_first_version_day(stamp),
        language=language_of(body or title),
        text=body,
        lines=_lines(paper, title, code) if abstract else (),
        aliases=paper_aliases(paper) if paper else (),
    )


def _lines(paper: ArxivPaper | None, title: str, code: str | None) -> tuple[tuple[str, str], ...]:
    if paper:
        return paper_lines(paper, title, code)
    return (("title", title), *((("code", code),) if code else ()))


def _first_version_day(stamp: re.Match[str] | None) -> str | None:
    if stamp is None or stamp["version"] != "v1" or stamp["month"] not in MONTHS:
        return None
    return f"{stamp['year']}-{MONTHS.index(stamp['month']) + 1:02}-{int(stamp['day']):02}"


def _opening(text: str) -> str:
    """Return a text's first line where it may stand for a title."""
    line = text.partition("\n")[0]
    return "" if len(line) > _LONGEST_OPENING or line.endswith((".", "。")) or is_no_title(line) else line


def _name_of_file(url: str) -> str:
    """Return the words of a file's name, where it has some."""
    name = re.sub(r"\.pdf$", "", unquote(urlsplit(url).path.rpartition("/")[2]), flags=re.IGNORECASE)
    words = re.sub(r"[-_+.]+", " ", name).strip()
    return words if re.search(r"[A-Za-z]{3,}\s.*[A-Za-z]{3,}|[\u3400-\u9fff]{4,}", words) else ""
