"""What speaks for a sentence, and against it, when few may stand for an article."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from bot.reading.summarising.article_sentences import Sentence
from bot.reading.summarising.cue_words import CueWords
from bot.reading.summarising.line_kinds import LineKind
from bot.reading.summarising.word_weights import WordWeights, tokens

FEATURES = (
    # its place
    "first",
    "early",
    "before",
    "paragraph",
    "item",
    # its likeness to the whole, to the opening, to the title
    "central",
    "covering",
    "like opening",
    "title",
    "title share",
    # its words
    "about",
    "announces",
    # its length
    "length",
    "short",
    "long",
    # two together
    "first, title",
    "early, about",
)
"""The order of a sentence's features, each about between 0 and 1."""

_UNENDED = re.compile(r"[^。！？!?.…｡؟۔।॥།။][”’\"』」)）\]*`]*\Z")
_QUESTION = re.compile(r"[?？][”’\"』」)）]*\Z")
_CODE = re.compile(r"[{};=<>:\-][{};=<>:]|\(\)|/\w+/\w+/", re.ASCII)
_SAYS_THE_TITLE = 0.5
_FURNITURE = 0.3
_DANGLING = 0.15
_QUESTION_ASKED = 0.12
_GREETS = 0.2
_HAS_CODE = 0.1
_UNFINISHED = 0.08
_LEANS_BACK = _POINTS_AWAY = 0.03
"""Set by hand, against scores of 0.1 to 0.6: the articles learnt from were clean of most of these."""
_OPEN_ENDS = (":", "：", "，", ",", "、", "；", ";")
_TAIL = 8
_SHORT, _LONG = 14, 60
"""Characters or words."""
_OPENING = 3
"""Sentences."""


def features_of(
    sentences: Sequence[Sentence], title: str, words: WordWeights, cues: CueWords
) -> Iterator[tuple[float, ...]]:
    """Yield each sentence's FEATURES. Linear in the text: no pair of sentences is compared."""
    central, covering = _shares_of_the_whole(words)
    opening = words.added(_OPENING)
    title_words = frozenset(tokens(title))
    before = 0
    for number, sentence in enumerate(sentences):
        own, text = words.weights[number], f" {sentence.text.lower()}"
        in_title = len(title_words & own.keys())
        first, early = math.exp(-number / 1.5), math.exp(-number / 5)
        title_share = in_title / (len(title_words) or 1)
        about = float(cues.about.search(text) is not None)
        yield (
            *(first, early, math.exp(-before / 200), math.exp(-sentence.paragraph / 2)),
            float(sentence.kind is LineKind.ITEM),
            central[number],
            covering[number],
            _likeness(own, opening) if number >= _OPENING else 0.0,
            title_share,
            in_title / math.sqrt(len(own) or 1),
            about,
            float(cues.announces.search(text) is not None),
            *_length_features(words.lengths[number]),
            first * title_share,
            early * about,
        )
        before += words.lengths[number]


def _length_features(length: int) -> tuple[float, float, float]:
    return math.log1p(length) / 4, float(length < _SHORT), max(0, length - _LONG) / _LONG


def penalties_of(sentences: Sequence[Sentence], title: str, cues: CueWords) -> Iterator[float]:
    """Yield what each sentence's shape costs it: a call to follow, a question, code, an end left open."""
    headline = f" {title.lower().strip()}"
    for sentence, following in zip_longest(sentences, sentences[1:]):
        text, tail = f" {sentence.text.lower()}", sentence.text[-_TAIL:]
        announces_list = following is not None and following.kind is LineKind.ITEM
        yield (
            _SAYS_THE_TITLE * (text == headline)
            + _FURNITURE * (cues.furniture.search(text) is not None)
            + _QUESTION_ASKED * (_QUESTION.search(tail) is not None)
            + _HAS_CODE * (_CODE.search(text) is not None)
            + _DANGLING * (tail.endswith(_OPEN_ENDS) and not announces_list)
            + _UNFINISHED * (_UNENDED.search(tail) is not None)
            + _GREETS * (cues.greets.match(text) is not None)
            + _LEANS_BACK * (cues.leans_back.match(text) is not None)
            + _POINTS_AWAY * (cues.points_away.search(text) is not None)
        )


def _shares_of_the_whole(words: WordWeights) -> tuple[list[float], list[float]]:
    """Return how like the article each sentence is, and how much of its weight it carries; the most is 1."""
    whole = words.added(len(words.weights))
    likeness = [_likeness(weights, whole) for weights in words.weights]
    weight = [sum(map(whole.__getitem__, weights)) for weights in words.weights]
    return _over_the_most(likeness), _over_the_most(weight)


def _likeness(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return sum(weight * other[word] for word, weight in one.items() if word in other)


def _over_the_most(values: Sequence[float]) -> list[float]:
    most = max(values, default=0.0) or 1.0
    return [value / most for value in values]
