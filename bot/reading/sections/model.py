"""What was learnt of a desk's sections, as it advises and as it is stored."""

import json
import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.reading.section_advice import NO_ADVICE, Advice, advice_by_site, advice_of
from bot.reading.sections.features import Features, StoryWords, features
from bot.reading.sections.vocabulary import Vocabulary
from bot.reading.sections.work import FORMAT

_FORMAT = f"copydesk sections {FORMAT}\n".encode()
_LONGEST_HEADER = 100_000
_MOST_FEATURES = 4_000_000
_MOST_SECTIONS = 100
_SUREST = 0.99
"""People decide, and one story in sixteen changes its section while an issue is drafted."""
_KEY_BYTES, _NUMBER_BYTES = 4, 2


@dataclass(frozen=True, slots=True, eq=False)
class LearntSections:
    """A linear model: the chance of a section grows with the sum of its weights for a story's features."""

    sections: tuple[str, ...]
    vocabulary: Vocabulary
    weights: NDArray[np.float32]
    """By section and feature."""
    bias: NDArray[np.float32]
    """By section."""
    sharpness: float
    """What a score is multiplied by, so that of stories said to be at 0.7 seven in ten are."""

    def advise(self, story: StoryWords, sections: Sequence[str]) -> Advice:
        """Advise one of these sections, the earlier one on a tie; one that was not learnt is never advised.

        Where no story of this site ran, the site may decide. Of a page without a title nothing is known. A
        story that belongs to a learnt section which the desk has no more is left alone.
        """
        by_site = advice_by_site(story.url, sections)
        if by_site.section is not None and not self.vocabulary.knows_site(story.url):
            return by_site
        if not story.title.strip():
            return NO_ADVICE
        chances = chances_of(self.scores(features(story)), self.sharpness).tolist()
        of_section = {
            section: min(chance, _SUREST) for section, chance in zip(self.sections, chances, strict=True)
        }
        known = [(section, of_section[section]) for section in sections if section in of_section]
        return advice_of(sorted(known, key=lambda pair: -pair[1]), among=len(of_section))

    def scores(self, story: Features) -> NDArray[np.float32]:
        """Return how much speaks for each section, about -1 to 1."""
        columns, values = self.vocabulary.vector(story)
        scores: NDArray[np.float32] = self.weights[:, columns] @ values + self.bias
        return scores

    def to_bytes(self) -> bytes:
        """Return it as it is stored: a format line, a JSON line, then packed numbers. Nothing in it runs."""
        header = {
            "sections": list(self.sections),
            "features": len(self.vocabulary.keys),
            "bias": [float(number) for number in self.bias],
            "sharpness": self.sharpness,
        }
        numbers = (
            self.vocabulary.keys.astype("<u4").tobytes()
            + self.vocabulary.rareness.astype("<f2").tobytes()
            + self.weights.astype("<f2").tobytes()
        )
        return _FORMAT + json.dumps(header).encode() + b"\n" + zlib.compress(numbers, 6)


def chances_of(scores: NDArray[np.float32], sharpness: float) -> NDArray[np.float64]:
    """Turn scores into chances that add up to 1, along the last axis."""
    powers = scores.astype(np.float64) * sharpness
    raised = np.exp(powers - powers.max(axis=-1, keepdims=True))
    chances: NDArray[np.float64] = raised / raised.sum(axis=-1, keepdims=True)
    return chances


@lru_cache(maxsize=2)
def model_from(stored: bytes) -> LearntSections | None:
    """Read a stored model; None for bytes that are none, such as those of another release."""
    try:
        return _model_from(stored)
    except (ValueError, KeyError, TypeError, RecursionError, zlib.error):
        return None


def _model_from(stored: bytes) -> LearntSections:
    if not stored.startswith(_FORMAT):
        raise ValueError("another format")
    end = stored.index(b"\n", len(_FORMAT), len(_FORMAT) + _LONGEST_HEADER)
    header = json.loads(stored[len(_FORMAT) : end])
    sections, count = tuple(map(str, header["sections"])), int(header["features"])
    if not (0 < len(sections) <= _MOST_SECTIONS and 0 <= count <= _MOST_FEATURES):
        raise ValueError("impossible sizes")
    numbers = _unpacked(stored[end + 1 :], count * (_KEY_BYTES + _NUMBER_BYTES * (1 + len(sections))))
    keys = np.frombuffer(numbers, "<u4", count)
    floats = np.frombuffer(numbers, "<f2", count * (1 + len(sections)), offset=count * _KEY_BYTES)
    weights = floats[count:].reshape(len(sections), count).astype(np.float32)
    bias = np.array([float(number) for number in header["bias"]], np.float32)
    sharpness = float(header["sharpness"])
    sound = bias.shape == (len(sections),) and bool(np.isfinite(bias).all()) and math.isfinite(sharpness)
    if not (sound and np.isfinite(floats).all() and (np.diff(keys.astype(np.int64)) > 0).all()):
        raise ValueError("unsound numbers")
    vocabulary = Vocabulary(keys.astype(np.uint32), floats[:count].astype(np.float32))
    return LearntSections(sections, vocabulary, weights, bias, sharpness)


def _unpacked(packed: bytes, size: int) -> bytes:
    """Unpack exactly so many bytes; a bomb is not let grow beyond them."""
    stream = zlib.decompressobj()
    numbers = stream.decompress(packed, size + 1)
    if len(numbers) != size or not stream.eof:
        raise ValueError("other numbers than announced")
    return numbers
