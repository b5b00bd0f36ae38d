"""The features that a desk's past stories have, and a story as a vector over them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.reading.sections.features import Block, Features, site_key

_SHARES = {Block.WORDS: 1.5, Block.TITLE: 1.0, Block.SOURCE: 0.2, Block.SITE: 0.4, Block.CUES: 0.05}
"""How much of a story's likeness to another each block is worth, in squares. Half or twice as much of any
changes the accuracy on the public archive by less than its error."""
_MOST_FEATURES = 60_000
"""Half a megabyte of model. A few hundred stories have half as many features; of thousands the rarest go."""


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Known features, by ascending CRC-32, and how rare each is."""

    keys: NDArray[np.uint32]
    rareness: NDArray[np.float32]
    """The inverse document frequency: 1 for a feature of all stories."""

    def vector(self, story: Features) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Return a story as columns and values."""
        columns, values = [], []
        for block, counts in story.items():
            found, weights = self._known(block, counts)
            columns.append(found)
            values.append(weights * _SHARES[block] ** 0.5)
        return np.concatenate(columns), np.concatenate(values).astype(np.float32)

    def knows_site(self, url: str) -> bool:
        """Tell whether a past story was on this site."""
        return bool(np.isin(site_key(url), self.keys))

    def _known(
        self, block: Block, counts: Mapping[int, float]
    ) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Weigh a block's known features to a length of 1; a cue has its own weight."""
        keys = np.fromiter(counts.keys(), np.uint32, len(counts))
        amounts = np.fromiter(counts.values(), np.float32, len(counts))
        columns = np.searchsorted(self.keys, keys)
        columns[columns == len(self.keys)] = 0
        is_known = self.keys[columns] == keys if len(self.keys) else np.zeros(len(keys), bool)
        columns, amounts = columns[is_known], amounts[is_known]
        if block is Block.CUES:
            return columns, amounts
        weights = (1 + np.log(amounts)) * self.rareness[columns]
        return columns, weights / max(float(np.linalg.norm(weights)), 1e-9)


def vocabulary_of(stories: Sequence[Features]) -> Vocabulary:
    """Collect the features of stories."""
    seen: Counter[int] = Counter()
    for story in stories:
        for counts in story.values():
            seen.update(counts.keys())
    keys = sorted(key for key, _ in seen.most_common(_MOST_FEATURES))
    among = np.array([seen[key] for key in keys], np.float32)
    rareness = np.log((1 + len(stories)) / (1 + among)) + 1
    return Vocabulary(np.array(keys, np.uint32), rareness.astype(np.float32))
