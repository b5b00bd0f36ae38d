"""MinHash: of a text's grams, hashed in 128 ways, the least of each. For worker processes: it needs numpy."""

import numpy as np
from numpy.typing import NDArray

HASHES = 128
_WIDE_GRAM, _LETTER_GRAM = 5, 8
"""Characters. Five letters are less than a word: unlike English texts share a fortieth of them, of eight a
six-hundredth, and what is looked up under a band grows with the square of that."""
_FIRST_WIDE = 0x2E80  # from here on, scripts without blanks between words
_AT_ONCE = 2048  # grams: with all the hashes of so many the processor stays in its cache
_SEED = 20_200_426  # changing it, or a gram's length, makes all stored signatures worthless


def least_hashes(plain: str) -> bytes:
    """Return 128 32-bit numbers, little-endian, of a text of at least eight characters.

    Each is the least that one hash (multiply, add, take the upper half) gives for any gram.
    """
    grams = _grams(plain)
    drawn = _drawn(_SEED, (2, HASHES, 1))
    factors, summands = drawn * np.uint64(2) + np.uint64(1)
    least = np.full(HASHES, 2**32 - 1, dtype=np.uint64)
    for start in range(0, len(grams), _AT_ONCE):
        hashes = (factors * grams[start : start + _AT_ONCE] + summands) >> np.uint64(32)
        least = np.minimum(least, hashes.min(axis=1))
    return least.astype("<u4").tobytes()


def _grams(plain: str) -> NDArray[np.uint64]:
    """Return a hash of every gram that occurs: five characters where one is wide, else eight."""
    encoded = plain.encode("utf-32-le", "surrogatepass")
    characters = np.frombuffer(encoded, dtype="<u4").astype(np.uint64)
    wide = np.concatenate([[0], np.cumsum(characters >= _FIRST_WIDE)])
    found = [
        _hashed(characters, size)[(wide[size:] - wide[:-size] > 0) == is_wide]
        for size, is_wide in ((_WIDE_GRAM, True), (_LETTER_GRAM, False))
    ]
    return np.unique(np.concatenate(found))


def _hashed(characters: NDArray[np.uint64], size: int) -> NDArray[np.uint64]:
    """Hash each run of `size` characters: a sum of products, then SplitMix64's finish."""
    factors = _drawn(_SEED + size, (size,))
    count = len(characters) - size + 1
    mixed = np.full(count, size, dtype=np.uint64)
    for place, factor in enumerate(factors * np.uint64(2) + np.uint64(1)):
        mixed += characters[place : place + count] * factor
    for shift, product in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB), (31, 1)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(product)
    return mixed


def _drawn(seed: int, shape: tuple[int, ...]) -> NDArray[np.uint64]:
    """Draw the hashes' numbers: from numpy's old generator, whose streams are promised never to change."""
    return np.random.RandomState(seed).randint(0, 2**63, size=shape, dtype=np.uint64)
