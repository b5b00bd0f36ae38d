"""Draft summaries of many texts, one call for each process."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.reading.article import article_from_text
from bot.reading.summary import draft_summary, summary_within


@dataclass(frozen=True, slots=True)
class ToSummarise:
    """A text that somebody wants summarised."""

    language: str
    """ISO 639-1; empty where it is to be found out."""
    title: str
    text: str


def drafts_of(wanted: Sequence[ToSummarise], characters: int | None) -> list[str]:
    """Return the drafts, in order.

    `characters` bounds each literally, in any language; None gives the usual length of a draft.
    """
    return [_draft_of(each, characters) for each in wanted]


def _draft_of(wanted: ToSummarise, characters: int | None) -> str:
    article = article_from_text("", wanted.title, wanted.text)
    if wanted.language:
        article = replace(article, language=wanted.language)
    if characters is None:
        return draft_summary(article).text
    return summary_within(article, characters).text
