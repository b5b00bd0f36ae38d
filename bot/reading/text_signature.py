"""A text's signature: what it is compared by with others', however many there are.

MinHash (Broder 1997). Two texts share as many of a signature's 128 numbers as their sets of grams overlap
(Jaccard), give or take 0.04. A repost with a header, a footer, another width of letters and a tenth of the
sentences gone keeps 0.5 and more; of half a million pairs of unlike articles none came to 0.3.
"""

import hashlib
import unicodedata
from array import array

LEAST_CHARACTERS = 100
"""Letters and digits; a shorter text is a caption or a teaser, which many pages share."""
SAME, SIMILAR = 0.3, 0.2
"""Likenesses from which two texts are the same, and similar (a series, a template, one event retold)."""
BANDS = 64
"""Of two numbers each, so that of pairs at a likeness of 0.3 all but 0.2 % share one: 1 − (1 − 0.3²)⁶⁴."""
_MOST_CHARACTERS = 100_000  # of a book, its beginning


def text_signature(text: str) -> bytes:
    """Return 128 32-bit numbers, little-endian; nothing for a text too short to tell.

    Blanks, punctuation, case and the width of characters make no difference.
    """
    plain = _plain(text)
    if len(plain) < LEAST_CHARACTERS:
        return b""
    from bot.reading.least_hashes import least_hashes  # noqa: PLC0415 - numpy, which only workers need

    return least_hashes(plain)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text[: 4 * _MOST_CHARACTERS]).lower()
    return "".join(filter(str.isalnum, folded))[:_MOST_CHARACTERS]


def likeness_of(one: bytes, other: bytes) -> float:
    """Return how much two texts overlap, from 0 to 1, by their signatures."""
    pairs = list(zip(array("I", one), array("I", other), strict=True))
    return sum(a == b for a, b in pairs) / len(pairs)


def bands_of(signature: bytes, desk: str) -> list[int]:
    """Return 64 numbers under which a desk's text is kept; texts that are alike have one in common.

    Each is a 64-bit hash of desk, band and two of the signature's numbers, so that desks never meet.
    """
    width = len(signature) // BANDS
    parts = (signature[band * width : (band + 1) * width] for band in range(BANDS))
    salt = desk.encode()
    hashes = (
        hashlib.blake2b(salt + bytes([0, band]) + part, digest_size=8) for band, part in enumerate(parts)
    )
    return [int.from_bytes(found.digest(), "little", signed=True) for found in hashes]
