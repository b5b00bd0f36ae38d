"""arXiv: a paper's abstract page, by the citation metadata it carries for search engines."""

import re
from urllib.parse import urlsplit

from bot.reading.article import Article, Reading
from bot.reading.html_page import HtmlPage, collapsed
from bot.reading.language import language_of
from bot.reading.verdict import Verdict

_DAY = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})")


def claims(url: str) -> bool:
    """Tell whether an address is a paper's abstract page."""
    split = urlsplit(url)
    return (split.hostname or "").removesuffix("arxiv.org") in (
        "",
        "www.",
        "export.",
    ) and split.path.startswith("/abs/")


def read(page: HtmlPage) -> Reading | None:
    """Read a paper's title, authors, date and abstract; None where the page does not carry them."""
    title, abstract = page.metas.get("citation_title"), _abstract(page)
    if not title or not abstract:
        return None
    article = Article(
        url=page.url,
        title=title,
        source="arXiv",
        authors=tuple(_in_reading_order(name) for name in page.all_metas("citation_author")),
        published=_day(page.metas.get("citation_date") or page.metas.get("citation_online_date") or ""),
        language=language_of(abstract),
        text=abstract,
    )
    return Reading(Verdict.FINE, "", article)


def _abstract(page: HtmlPage) -> str:
    """Return the abstract; older pages have it in a block only."""
    if abstract := page.metas.get("citation_abstract"):
        return abstract
    blocks = page.tree.xpath("//blockquote[contains(@class, 'abstract')]")
    text = collapsed(blocks[0].text_content()) if blocks else page.metas.get("og:description", "")
    return text.removeprefix("Abstract:").strip()


def _in_reading_order(name: str) -> str:
    """Turn "Family, Given" around."""
    family, comma, given = name.partition(",")
    return f"{given.strip()} {family.strip()}" if comma else family.strip()


def _day(written: str) -> str | None:
    found = _DAY.match(written)
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else None
