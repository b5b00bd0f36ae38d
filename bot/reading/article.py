"""What a reading gives: an article, its draft summary, and the verdict."""

from dataclasses import dataclass

from bot.reading.language import language_of
from bot.reading.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Article:
    """What a page says, without its furniture."""

    url: str
    title: str
    source: str
    """The name readers know: a WeChat account, a site, or its host where it has no name."""
    authors: tuple[str, ...]
    published: str | None
    """ISO 8601: a date, or a moment with its offset."""
    language: str
    """ISO 639-1."""
    text: str
    """Paragraphs, one a line."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A draft of what the issue will print: sentences of the article."""

    text: str
    spans: tuple[tuple[int, int], ...]
    """Where each sentence stands in the article's text: start and end."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How reading a page ended."""

    verdict: Verdict
    reason: str
    """A short code, such as "deleted-by-author"; empty when the verdict is FINE. Wording gives it words."""
    article: Article | None = None
    summary: Summary | None = None


def article_from_text(url: str, title: str, text: str) -> Article:
    """Make an article of what somebody pasted."""
    lines = (line.strip() for line in text.splitlines())
    body = "\n".join(line for line in lines if line)
    return Article(
        url=url,
        title=title.strip(),
        source="",
        authors=(),
        published=None,
        language=language_of(body),
        text=body,
    )
