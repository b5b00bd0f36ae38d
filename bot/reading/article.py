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
    lines: tuple[tuple[str, str], ...] = ()
    """Lines that an issue prints under the headline: of a paper, its "title", "link" and "code"."""
    aliases: tuple[str, ...] = ()
    """Other addresses the page gives as its own: its canonical one, WeChat's long form of a short link."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A draft of what the issue will print."""

    text: str
    spans: tuple[tuple[int, int], ...]
    """Where each sentence stands in the article's text: start and end. Empty where a model wrote it."""
    drafted_by: str = "extract"
    """"extract", "model", or "fallback": sentences of the article because the model failed."""
    no_draft: str = ""
    """Why a model's draft was not taken, as `NoDraft` calls it; empty where none was asked or it was."""
    doubts: tuple[str, ...] = ()
    """Figures and names of a model's draft that do not stand in the article."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How reading a page ended."""

    verdict: Verdict
    reason: str
    """A short code, such as "deleted-by-author"; empty when the verdict is FINE. Wording gives it words."""
    article: Article | None = None
    summary: Summary | None = None
    signature: bytes = b""
    """What the text is compared by with others'; empty where it is too short to tell."""


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
