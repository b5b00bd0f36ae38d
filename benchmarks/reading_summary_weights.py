"""`python -m benchmarks.reading_summary_weights [SHARED]`: learn bot/reading/summarising/summary_weights.py.

A sentence's worth is its ROUGE against the person's summary; ridge regression on its features, each source of
articles counting alike. Prints a check first: learnt on one half of the articles (by a hash of the id), tried
on the other, both ways. Then the weights of all, to be put into the table by hand.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy

from benchmarks.rouge import best_rouge, rouge_tokens
from benchmarks.summary_sets import FURTHER_SETS, MAIN_SETS, Summarised, summarised
from bot.reading.summarising.article_sentences import Sentence, sentences_of
from bot.reading.summarising.sentence_choice import Candidates, choose
from bot.reading.summarising.sentence_features import FEATURES, features_of, penalties_of
from bot.reading.summarising.sentences import sentence_spans
from bot.reading.summarising.summary_weights import CHINESE, OTHERS, Weights
from bot.reading.summarising.word_weights import WordWeights, weigh

RIDGE = 0.1
BUDGETS = {"zh": 250, "en": 75}
Matrix = numpy.ndarray[Any, numpy.dtype[numpy.float64]]


@dataclass(frozen=True, slots=True)
class Lesson:
    """An article's sentences: what they are, and what they would have been worth."""

    of: Summarised
    sentences: Sequence[Sentence]
    words: WordWeights
    features: Matrix
    """One row a sentence, a last column of ones."""
    penalties: Matrix
    tokens: Sequence[Sequence[str]]
    references: Sequence[Sequence[str]]
    worth: Matrix


def lesson(of: Summarised) -> Lesson:
    cues = (CHINESE if of.article.language == "zh" else OTHERS).cues
    sentences = sentences_of(of.article.text)
    words = weigh(sentence.text for sentence in sentences)
    rows = [(*row, 1.0) for row in features_of(sentences, of.article.title, words, cues)]
    split = [rouge_tokens(sentence.text) for sentence in sentences]
    references = [rouge_tokens(reference) for reference in of.references]
    return Lesson(
        of,
        sentences,
        words,
        numpy.array(rows).reshape(len(rows), len(FEATURES) + 1),
        numpy.array(list(penalties_of(sentences, of.article.title, cues))),
        split,
        references,
        numpy.array([best_rouge(references, each) for each in split]),
    )


def learn(lessons: Iterable[Lesson], weights: Weights) -> Weights:
    """Return the same manner of choosing with features weighed anew."""
    lessons = [each for each in lessons if each.sentences]
    of_source = Counter(each.of.source for each in lessons)
    width = len(FEATURES) + 1
    squares, products = numpy.zeros((width, width)), numpy.zeros(width)
    for each in lessons:
        counts = (len(each.worth) * of_source[each.of.source]) ** -0.5
        squares += counts * each.features.T @ each.features
        products += counts * each.features.T @ each.worth
    ridge = RIDGE * numpy.diag(squares) + 1e-9
    ridge[-1] = 0.0
    found = numpy.linalg.solve(squares + numpy.diag(ridge), products)
    return replace(weights, features=tuple(found[:-1].tolist()), constant=float(found[-1]))


def score(given: Lesson, weights: Weights) -> float:
    """Return the ROUGE of the draft that these weights would make."""
    scores = given.features @ numpy.array([*weights.features, weights.constant]) - given.penalties
    candidates = Candidates(given.sentences, scores.tolist(), given.words)
    chosen = choose(candidates, weights, given.words.lengths, BUDGETS[given.of.article.language])
    if not chosen and given.sentences:
        chosen = [candidates.best]
    return best_rouge(given.references, [token for place in chosen for token in given.tokens[place]])


def lead(given: Lesson) -> float:
    text = given.of.article.text
    first = [text[start:end] for start, end in list(sentence_spans(text))[:3]]
    return best_rouge(given.references, rouge_tokens(" ".join(first)))


def checked(lessons: Sequence[Lesson], weights: Weights) -> dict[str, tuple[float, float]]:
    """Return each source's mean ROUGE x 100 of drafts and of leads, learnt on the half that is not tried."""
    found: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for half in (0, 1):
        learnt = learn((each for each in lessons if each.of.half != half), weights)
        for each in lessons:
            if each.of.half == half:
                found[each.of.source].append((score(each, learnt), lead(each)))
    return {
        source: (100 * fmean(ours for ours, _ in pairs), 100 * fmean(theirs for _, theirs in pairs))
        for source, pairs in found.items()
    }


def main() -> None:
    shared = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")
    names = (*MAIN_SETS, *FURTHER_SETS)
    for language, weights in (("zh", CHINESE), ("en", OTHERS)):
        of_language = [name for name in names if name.startswith(language)]
        lessons = [lesson(each) for name in of_language for each in summarised(shared, name)]
        for source, (ours, theirs) in checked(lessons, weights).items():
            print(f"{language} {source:45} {ours:5.1f}  lead-3 {theirs:5.1f}  {ours - theirs:+.1f}")
        learnt = learn(lessons, weights)
        for name, weight in zip(FEATURES, learnt.features, strict=True):
            print(f"        {weight:.3f},  # {name}")
        print(f"    constant={learnt.constant:.3f}")


if __name__ == "__main__":
    main()
