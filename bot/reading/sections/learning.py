"""Learning from the stories that ran which section a story belongs to. Runs in a worker process.

A ridge regression on each section, its sharpness set on stories that it had not seen: each foretold from
those before it, as in life. Newer stories do not count more: measured on a year of a newsletter, forgetting
made it worse at every half-life.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.reading.sections.features import Features, PastStory, features
from bot.reading.sections.model import LearntSections, chances_of
from bot.reading.sections.vocabulary import Vocabulary, vocabulary_of
from bot.reading.sections.work import FEWEST_STORIES

_FEWEST_SECTIONS = 2
_RIDGE = 0.5
_WITHOUT_TEXT = 0.5
"""What a story counts for a second time, without its text: so that a link alone can be judged too."""
_ROUNDS = 4
"""Parts of the newer half of the stories, each foretold from all stories before it."""
_SHARPNESSES: list[float] = np.geomspace(0.5, 20.0, 38).tolist()
_TINY = 1e-12
_DOUBT = 1.65
"""Standard errors by which it must foretell better than the sections' shares do: one chance in twenty."""


@dataclass(frozen=True, slots=True)
class _Example:
    """A past story as features: as it ran, and as it was before its page was read."""

    whole: Features
    without_text: Features
    place: int
    """Of its section, among all."""


def learnt_from(stories: Sequence[PastStory]) -> LearntSections | None:
    """Learn from stories, oldest first; None where they tell nothing."""
    sections = tuple(sorted({story.section for story in stories}))
    if len(stories) < FEWEST_STORIES or len(sections) < _FEWEST_SECTIONS:
        return None
    examples = [
        _Example(features(story.words), features(story.words.without_text()), sections.index(story.section))
        for story in stories
    ]
    sharpness = _sharpness(examples, sections)
    return None if sharpness is None else _fitted(examples, sections, sharpness)


def _sharpness(examples: Sequence[_Example], sections: tuple[str, ...]) -> float | None:
    """Return the sharpness under which unseen stories were least surprising; None if it helps nothing."""
    half = len(examples) // 2
    edges = np.linspace(half, len(examples), _ROUNDS + 1).astype(int).tolist()
    scores, shares = [], []
    for start, end in pairwise(edges):
        model = _fitted(examples[:start], sections, 1.0)
        scores += [model.scores(example.whole) for example in examples[start:end]]
        shares += [_shares(examples[:start], sections)] * (end - start)
    places = [example.place for example in examples[half:]]
    sharpness = _least_surprising(np.array(scores), places)
    gains = _surprise(np.array(shares), places) - _surprise(chances_of(np.array(scores), sharpness), places)
    return sharpness if gains.mean() > _DOUBT * gains.std() / len(gains) ** 0.5 else None


def _least_surprising(scores: NDArray[np.float32], places: Sequence[int]) -> float:
    """Return the best sharpness had one story more been in any section: past luck must not make certain."""
    doubt = 1 / (len(places) + 1)

    def surprise(sharpness: float) -> float:
        chances = chances_of(scores, sharpness)
        elsewhere = -np.log(np.maximum(chances, _TINY)).mean(axis=1)
        return float(((1 - doubt) * _surprise(chances, places) + doubt * elsewhere).mean())

    return min(_SHARPNESSES, key=surprise)


def _shares(examples: Sequence[_Example], sections: tuple[str, ...]) -> list[float]:
    """Return how often each section was chosen, as if each had been once more."""
    ran = Counter(example.place for example in examples)
    return [(ran[place] + 1) / (len(examples) + len(sections)) for place in range(len(sections))]


def _surprise(chances: NDArray[np.float64], places: Sequence[int]) -> NDArray[np.float64]:
    """Return the negative logarithm of the chance that each story's own section was given."""
    surprise: NDArray[np.float64] = -np.log(np.maximum(chances[np.arange(len(places)), places], _TINY))
    return surprise


def _fitted(examples: Sequence[_Example], sections: tuple[str, ...], sharpness: float) -> LearntSections:
    """Fit the weights, each story once as it ran and once, for less, without its text."""
    from sklearn.linear_model import Ridge  # noqa: PLC0415  # a second and 60 MB that only learning needs

    vocabulary = vocabulary_of([example.whole for example in examples])
    both = [*(example.whole for example in examples), *(example.without_text for example in examples)]
    rows = _matrix(vocabulary, both)
    aims = 2.0 * np.eye(len(sections), dtype=np.float32)[[example.place for example in examples] * 2] - 1.0
    counts = np.repeat(np.array([1.0, _WITHOUT_TEXT], np.float32), len(examples))
    ridge = Ridge(alpha=_RIDGE, solver="sparse_cg", tol=1e-3, max_iter=200)
    ridge.fit(rows, aims, sample_weight=counts)
    return LearntSections(
        sections, vocabulary, ridge.coef_.astype(np.float32), ridge.intercept_.astype(np.float32), sharpness
    )


def _matrix(vocabulary: Vocabulary, stories: Sequence[Features]) -> Any:
    """Return stories as rows of a sparse matrix of scipy's, which has no types."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415  # as above

    vectors = [vocabulary.vector(story) for story in stories]
    ends = np.cumsum([0, *(len(columns) for columns, _ in vectors)])
    columns = np.concatenate([columns for columns, _ in vectors])
    values = np.concatenate([values for _, values in vectors])
    return csr_matrix((values, columns, ends), shape=(len(stories), len(vocabulary.keys)))
