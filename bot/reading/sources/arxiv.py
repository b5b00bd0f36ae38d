"""arXiv: a paper by its abstract page, or by its text as a web page.

The date is the day of the first submission, whichever version is shown: it is when the paper came out, and
the same for every link to it.
"""

import re

from lxml.html import HtmlElement

from bot.reading.article import Article, Reading
from bot.reading.language import language_of
from bot.reading.markup.dates import MONTHS
from bot.reading.markup.html_page import HtmlPage, collapsed
from bot.reading.sources.arxiv_address import ArxivPaper, paper_at
from bot.reading.sources.arxiv_code import repository_in
from bot.reading.sources.arxiv_tex import without_tex
from bot.reading.verdict import Verdict

_DAY = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})")
_WRITTEN_DAY = re.compile(r"(\d{1,2})\s+(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\s+(\d{4})")
_LONGEST_NAME = 40


def claims(url: str) -> bool:
    """Tell whether an address names a paper."""
    return paper_at(url) is not None


def read(page: HtmlPage) -> Reading | None:
    """Read a paper's title, authors, date and abstract; None where the page does not carry them."""
    paper = paper_at(page.url)
    if paper is None:
        return None
    title = without_tex(page.metas.get("citation_title") or _heading(page))
    abstract = without_tex(_abstract(page))
    if not title or not abstract:
        return None
    article = Article(
        url=page.url,
        title=title,
        source="arXiv",
        authors=_authors(page),
        published=_published(page),
        language=language_of(abstract),
        text=abstract,
        lines=paper_lines(paper, title, repository_in(_linked(page), _comments(page))),
        aliases=paper_aliases(paper),
    )
    return Reading(Verdict.FINE, "", article)


def paper_lines(paper: ArxivPaper, title: str, code: str | None) -> tuple[tuple[str, str], ...]:
    """Return what an issue may print under a headline about the paper."""
    lines = (("title", title), ("link", paper.pdf_url))
    return (*lines, ("code", code)) if code else lines


def paper_aliases(paper: ArxivPaper) -> tuple[str, ...]:
    """Return the paper's other addresses. The DOI is one that arXiv gives every paper since 2022."""
    return (
        f"https://arxiv.org/abs/{paper.number}",
        paper.pdf_url,
        f"https://doi.org/10.48550/arXiv.{paper.number}",
    )


def _heading(page: HtmlPage) -> str:
    """Return the title of a page that has no citation: LaTeXML's, or the abstract page's heading."""
    return _words(
        page, "//h1[contains(@class, 'ltx_title_document')] | //h1[contains(@class, 'title mathjax')]"
    )


def _abstract(page: HtmlPage) -> str:
    """Return the abstract. Pages of before 2020 have it in a block only, those of HTML papers in another."""
    if abstract := page.metas.get("citation_abstract"):
        return abstract
    if block := _linked(page):
        return block
    return _words(page, "//div[contains(@class, 'ltx_abstract')]//p")


def _linked(page: HtmlPage) -> str:
    """Return the abstract's block with its addresses, which the page shows as "this https URL"."""
    for block in page.tree.xpath("//blockquote[contains(@class, 'abstract')]"):
        return _with_addresses(block).removeprefix("Abstract:").strip()
    return page.metas.get("citation_abstract", "")


def _comments(page: HtmlPage) -> str:
    return " ".join(map(_with_addresses, page.tree.xpath("//td[contains(@class, 'comments')]")))


def _with_addresses(element: HtmlElement) -> str:
    words = []
    for part in element.iter():
        is_shortened = part.tag == "a" and (part.text or "").strip() in ("this https URL", "this http URL")
        words.append(part.get("href", "") if is_shortened else part.text if isinstance(part.tag, str) else "")
        words.append(part.tail if part is not element else "")
    return collapsed("".join(word or "" for word in words))


_BESIDES = (
    ".//*[contains(@class, 'descriptor') or contains(@class, 'ltx_note')] | .//annotation | .//annotation-xml"
)


def _words(page: HtmlPage, path: str) -> str:
    """Return the words at a place, without labels, footnotes, and formulas a second time as TeX."""
    found: list[str] = []
    for element in page.tree.xpath(path):
        for part in element.xpath(_BESIDES):
            part.drop_tree()
        found.append(collapsed(element.text_content()))
    return " ".join(found)


def _authors(page: HtmlPage) -> tuple[str, ...]:
    """Return the authors as one reads them.

    Many HTML papers set all names and addresses as one name; what cannot be one gives no author at all.
    """
    cited = page.all_metas("citation_author")
    if cited:
        return tuple(without_tex(_in_reading_order(name)) for name in cited)
    named = page.tree.xpath("//div[@class='authors']/a | //span[contains(@class, 'ltx_personname')]")
    names = tuple(filter(None, (collapsed(name.text_content()) for name in named)))
    return names if all(map(_may_be_a_name, names)) else ()


def _may_be_a_name(words: str) -> bool:
    return len(words) <= _LONGEST_NAME and not re.search(r"[\d@,;&∗†‡]", words)


def _in_reading_order(name: str) -> str:
    """Turn "Family, Given" around; "Family, Given, Jr." keeps its end."""
    family, *given = [part.strip() for part in name.split(",")]
    if not given:
        return family
    return " ".join(filter(None, (given[0], family, *given[1:])))


def _published(page: HtmlPage) -> str | None:
    cited = page.metas.get("citation_date") or page.metas.get("citation_online_date") or ""
    if found := _DAY.match(cited):
        return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"
    for line in page.tree.xpath("//div[contains(@class, 'dateline')]"):
        if found := _WRITTEN_DAY.search(line.text_content()):
            return f"{found[3]}-{MONTHS.index(found[2]) + 1:02}-{int(found[1]):02}"
    return None
