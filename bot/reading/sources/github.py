"""GitHub: a repository's front page is its README under "owner/repo: description"."""

import re
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from bot.reading.article import Reading
from bot.reading.html_page import HtmlPage, collapsed
from bot.reading.language import language_of
from bot.reading.sources import web
from bot.reading.verdict import Verdict

_FURNITURE = re.compile(
    r"\s*(?:Contribute to \S+ development by creating an account on GitHub\.?|[-–] GitHub)\s*$"
)


def claims(url: str) -> bool:
    """Tell whether an address is a repository's front page."""
    split = urlsplit(url)
    return split.hostname in ("github.com", "www.github.com") and len(split.path.strip("/").split("/")) == 2


def read(page: HtmlPage) -> Reading | None:
    """Read a repository; None where the page does not show one.

    The date that generic readers find is some commit's, so none is given.
    """
    owner, repository = (unquote(part) for part in urlsplit(page.url).path.strip("/").split("/"))
    reading = web.read(page)
    if reading.article is None:
        return reading
    description = _description(page, f"{owner}/{repository}")
    text = _readme(page) or reading.article.text
    article = replace(
        reading.article,
        title=f"{owner}/{repository}: {description}" if description else f"{owner}/{repository}",
        source="GitHub",
        authors=(owner,),
        published=None,
        language=language_of(text),
        text=text,
    )
    return (
        Reading(Verdict.THIN, "short-text", article)
        if web.is_thin(article)
        else Reading(Verdict.FINE, "", article)
    )


def _description(page: HtmlPage, name: str) -> str:
    """Return the repository's one line about itself, without GitHub's words around it."""
    said = page.metas.get("og:description") or page.metas.get("description") or ""
    said = _FURNITURE.sub("", said)
    ending = re.search(rf"\s+-\s+{re.escape(name)}(?::.*)?$", said, re.IGNORECASE)
    return collapsed(said[: ending.start()] if ending else said)


def _readme(page: HtmlPage) -> str:
    """Return the README's text alone, a block a line."""
    found = page.tree.xpath("//article[contains(@class, 'markdown-body')]")
    if not found:
        return ""
    blocks = found[0].xpath(".//p | .//li | .//h1 | .//h2 | .//h3 | .//h4 | .//pre | .//td | .//th")
    lines = (
        collapsed(block.text_content()) for block in blocks if not block.xpath("ancestor::li | ancestor::td")
    )
    return "\n".join(line for line in lines if line)
