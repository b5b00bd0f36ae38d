"""The draft summary: whole sentences of the article, in their order, few enough to print.

Works offline, in Chinese and English. What carries a sentence differs by language, as measured against
people's own summaries: place, title and cues in Chinese; place and likeness to the whole in English.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from bot.reading.article import Article, Summary
from bot.reading.language import is_cjk
from bot.reading.sentence_features import Features, Vectors, features_of, tokens, vectors_of
from bot.reading.sentences import sentence_spans

__all__ = ["Summary", "draft_summary"]

SUMMARY_CHARACTERS = 250
"""Characters of a Chinese draft: the median of what editors of this newsletter printed is 253."""
_SENTENCES_READ = 60
"""An article says what it is about in its first sixty sentences; the rest is cost."""
_LONGEST_SENTENCE = 1_000
"""Characters. What runs on longer is no sentence: a listing, a table, or text without punctuation."""
_MOST_SENTENCES = 4
_WORDS_PER_CHARACTER = 0.32
"""A budget of 250 characters of Chinese says what 80 words of English say."""
_OVERRUN = 1.1
"""How far the last sentence may go over the budget."""


@dataclass(frozen=True, slots=True)
class _Weights:
    """What each mark counts for."""

    place: float
    place_decay: float
    """Sentences after which the worth of an early place has fallen to 1/e."""
    centrality: float
    coverage: float
    title: float
    cue: float
    too_short: int
    """Characters or words under which a sentence says too little."""
    repetition: float
    """What likeness to a chosen sentence costs."""
    stop: float
    """The share of the best score that a further sentence must reach."""


_CHINESE = _Weights(1.25, 4.0, 0.25, 0.25, 0.95, 0.25, 14, 0.6, 0.65)
_OTHERS = _Weights(0.7, 9.0, 0.55, 0.4, 0.8, 0.3, 9, 0.4, 0.35)
"""Chosen on half of 180 articles a language with people's own summaries; the other half gained as much."""
_PENALTY = {"furniture": 1.0, "question": 0.6, "unended": 0.7, "leaning": 0.1, "code": 0.6, "short": 0.5}
_FEWEST_SENTENCES = 2


def draft_summary(article: Article, *, characters: int = SUMMARY_CHARACTERS) -> Summary:
    """Draft a summary of about so many Chinese characters, or a third as many words in other languages.

    It has two to four sentences where the article has them and they fit; the best one stands however long.
    """
    readable = (span for span in sentence_spans(article.text) if span[1] - span[0] <= _LONGEST_SENTENCE)
    spans = list(islice(readable, _SENTENCES_READ))
    sentences = [article.text[start:end] for start, end in spans]
    cjk = is_cjk(article.language)
    vectors = vectors_of([tokens(sentence) for sentence in sentences])
    marks = features_of(sentences, article.title, vectors)
    weights = _CHINESE if cjk else _OTHERS
    budget = characters if cjk else round(characters * _WORDS_PER_CHARACTER)
    chosen = _choose(marks, vectors, weights, budget)
    return Summary(
        text=("" if cjk else " ").join(sentences[place] for place in chosen),
        spans=tuple(spans[place] for place in chosen),
    )


def _choose(marks: Sequence[Features], vectors: Vectors, weights: _Weights, budget: int) -> list[int]:
    """Take the best sentence that still fits and says something new, until the next is much worse."""
    scores = [_score(mark, weights) for mark in marks]
    left, chosen, used = set(range(len(marks))), list[int](), 0
    best = max(scores, default=0.0)
    while left and len(chosen) < _MOST_SENTENCES:
        place = max(left, key=lambda each: (_worth(each, scores, chosen, vectors, weights), -each))
        left.remove(place)
        if chosen and used + marks[place].length > budget * _OVERRUN:
            continue
        if (
            len(chosen) >= _FEWEST_SENTENCES
            and _worth(place, scores, chosen, vectors, weights) < weights.stop * best
        ):
            break
        chosen.append(place)
        used += marks[place].length
    return sorted(chosen)


def _worth(
    place: int, scores: Sequence[float], chosen: Sequence[int], vectors: Vectors, weights: _Weights
) -> float:
    likeness = max((vectors.likeness(place, other) for other in chosen), default=0.0)
    return scores[place] - weights.repetition * likeness


def _score(mark: Features, weights: _Weights) -> float:
    worth = (
        weights.place * math.exp(-mark.place / weights.place_decay)
        + weights.centrality * mark.centrality
        + weights.coverage * mark.coverage
        + weights.title * mark.title
        + weights.cue * mark.cue
    )
    against = [
        name for name in ("furniture", "question", "unended", "leaning", "code") if getattr(mark, name)
    ]
    if mark.length < weights.too_short:
        against.append("short")
    return worth - sum(_PENALTY[name] for name in against)
