"""`python -m benchmarks.reading_summaries [SHARED]`: drafts against people's summaries, leads and sumy.

Everybody has at most 250 Chinese characters or 75 English words, and four sentences. Lead-3 is the first
three sentences however long. sumy gets our sentence splitter, as its own needs data files from the net, and
picks by its ranks; it is tried at that length and at that of our draft, and the better of the two counts.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from time import process_time
from typing import Any

from benchmarks.reading_bar import Bar, print_bars
from benchmarks.reading_summary_weights import BUDGETS, checked, lesson
from benchmarks.rouge import best_rouge, rouge_tokens
from benchmarks.summary_sets import FURTHER_SETS, MAIN_SETS, Summarised, summarised
from bot.reading.summarising.sentences import sentence_spans
from bot.reading.summarising.summary_weights import CHINESE, OTHERS
from bot.reading.summarising.word_weights import length_in, tokens
from bot.reading.summary import draft_summary

LONG = 4_000
"""Characters of an article from which on it is a long one."""
SENTENCES = 4
SUMY_TRIES = 60
"""Articles of a source that sumy summarises too: of long Chinese ones it takes a quarter of a second each."""
TIMED = 25
"""Articles of a class whose time is taken."""


class SumyTokenizer:
    """What sumy asks of a tokenizer, without its download."""

    def to_sentences(self, paragraph: str) -> tuple[str, ...]:
        return tuple(paragraph[start:end] for start, end in sentence_spans(paragraph))

    def to_words(self, sentence: str) -> tuple[str, ...]:
        return tuple(tokens(sentence))


def sumy_summarizers(language: str) -> Mapping[str, Any]:
    from sumy.nlp.stemmers import Stemmer
    from sumy.summarizers.lex_rank import LexRankSummarizer
    from sumy.summarizers.luhn import LuhnSummarizer
    from sumy.summarizers.text_rank import TextRankSummarizer
    from sumy.utils import get_stop_words

    kinds = {"LexRank": LexRankSummarizer, "TextRank": TextRankSummarizer, "Luhn": LuhnSummarizer}
    made = {name: kind(Stemmer("english")) if language == "en" else kind() for name, kind in kinds.items()}
    if language == "en":
        for each in made.values():
            each.stop_words = get_stop_words("english")
    return made


def sumy_drafts(summarizer: Any, text: str, budgets: Sequence[int]) -> list[str]:
    """Rank a text's sentences once, and make a draft for each budget."""
    from sumy.parsers.plaintext import PlaintextParser

    ranked: list[Any] = []

    def keep(infos: Sequence[Any]) -> Sequence[Any]:
        ranked.extend(infos)
        return infos

    summarizer(PlaintextParser.from_string(text, SumyTokenizer()).document, keep)
    return [best_within(ranked, budget) for budget in budgets]


def best_within(ranked: Sequence[Any], budget: int) -> str:
    """Take the best sentences that fit, in the article's order; the best one at any rate."""
    chosen: list[Any] = []
    for info in ranked:
        length = length_in(str(info.sentence))
        if len(chosen) < SENTENCES and (length <= budget or not chosen):
            chosen.append(info)
            budget -= length
    return " ".join(str(info.sentence) for info in sorted(chosen, key=lambda info: info.order))


@dataclass(frozen=True, slots=True)
class Tried:
    """What each way reached on one article, as ROUGE x 100."""

    source: str
    ours: float
    lead: float
    sumy: Mapping[str, float]


def tried(of: Summarised, summarizers: Mapping[str, Any]) -> Tried:
    references = [rouge_tokens(reference) for reference in of.references]
    text, budget = of.article.text, BUDGETS[of.article.language]
    ours = draft_summary(of.article).text
    first = " ".join(text[start:end] for start, end in list(sentence_spans(text))[:3])

    def reached(draft: str) -> float:
        return 100 * best_rouge(references, rouge_tokens(draft))

    sumy = {
        f"{name}, {length}": reached(draft)
        for name, summarizer in summarizers.items()
        for length, draft in zip(
            ("at most", "our length"), sumy_drafts(summarizer, text, (budget, length_in(ours))), strict=True
        )
    }
    return Tried(of.source, reached(ours), reached(first), sumy)


def quality_rows(shared: Path) -> Iterator[Bar]:
    for language in MAIN_SETS:
        summarizers = sumy_summarizers(language)
        of_source: Counter[str] = Counter()
        found = []
        for each in summarised(shared, language):
            of_source[each.source] += 1
            found.append(tried(each, summarizers if of_source[each.source] <= SUMY_TRIES else {}))
        ours, lead = fmean(each.ours for each in found), fmean(each.lead for each in found)
        name, sumy = max(
            ((way, fmean(each.sumy[way] for each in found if each.sumy)) for way in found[0].sumy),
            key=lambda way: way[1],
        )
        least = lead + 6 if language == "zh" else max(lead, sumy) + 4
        yield Bar(
            f"summary {language}, {len(found)} articles",
            f"lead-3 {lead:.1f}; sumy {name} {sumy:.1f}",
            f"{ours:.1f}",
            f"≥ {least:.1f}",
            ours >= least,
        )
        if language == "en":
            yield from source_rows(found)


def source_rows(found: Sequence[Tried]) -> Iterator[Bar]:
    by_source: defaultdict[str, list[Tried]] = defaultdict(list)
    for each in found:
        by_source[each.source].append(each)
    for source, of_source in by_source.items():
        ours, lead = fmean(each.ours for each in of_source), fmean(each.lead for each in of_source)
        yield Bar(f"  {source}", f"lead-3 {lead:.1f}", f"{ours:.1f}", f"≥ {lead:.1f}", ours >= lead)


def checked_rows(shared: Path) -> Iterator[Bar]:
    """Yield what weights reach on the half of the articles that they were not learnt on."""
    names = (*MAIN_SETS, *FURTHER_SETS)
    for language, weights in (("zh", CHINESE), ("en", OTHERS)):
        of_language = [name for name in names if name.startswith(language)]
        lessons = [lesson(each) for name in of_language for each in summarised(shared, name)]
        for source, (ours, lead) in checked(lessons, weights).items():
            yield Bar(f"  learnt on the other half: {source}", f"lead-3 {lead:.1f}", f"{ours:.1f}")


def speed_rows(shared: Path) -> Iterator[Bar]:
    for language in MAIN_SETS:
        articles = list(summarised(shared, language))
        long = [each for each in articles if len(each.article.text) > LONG][:TIMED]
        short = [each for each in articles if len(each.article.text) <= LONG][:TIMED]
        if language == "en":
            yield speed_row("summary time en, abstracts", list(summarised(shared, "en_scitldr"))[:TIMED], 3)
        yield speed_row(f"summary time {language}, up to {LONG} characters", short, 3)
        yield speed_row(f"summary time {language}, over {LONG} characters", long, 10)


def speed_row(measure: str, articles: Sequence[Summarised], times: int) -> Bar:
    language = articles[0].article.language
    lex_rank = sumy_summarizers(language)["LexRank"]
    ours = milliseconds(articles, lambda each: draft_summary(each.article))
    budgets = (BUDGETS[language],)
    theirs = milliseconds(articles, lambda each: sumy_drafts(lex_rank, each.article.text, budgets))
    return Bar(
        f"{measure}, {len(articles)} articles",
        f"sumy LexRank {theirs:.1f} ms",
        f"{ours:.2f} ms, {theirs / ours:.0f} ×",
        f"≥ {times} ×",
        theirs / ours >= times,
    )


def milliseconds(articles: Sequence[Summarised], draft: Callable[[Summarised], object]) -> float:
    """Return the processor's time an article; once before, so that nothing is loaded in it."""
    draft(articles[0])
    started = process_time()
    for each in articles:
        draft(each)
    return 1_000 * (process_time() - started) / len(articles)


def rows(shared: Path) -> Iterator[Bar]:
    """Yield the rows of the table of bars that are about draft summaries."""
    yield from quality_rows(shared)
    yield from checked_rows(shared)
    yield from speed_rows(shared)


if __name__ == "__main__":
    print_bars(rows(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")))
