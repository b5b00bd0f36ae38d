"""ROUGE-1, -2 and -L against people's summaries, as F1. A CJK character is a token; words are stemmed.

Equal to the `rouge_score` package to four digits on English, which can't count Chinese.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[a-z0-9]+")


@cache
def _stem(word: str) -> str:
    # comes with sumy, without types; needs no data files
    from nltk.stem.porter import PorterStemmer  # type: ignore[import-untyped]

    stemmed: str = PorterStemmer().stem(word)
    return stemmed


def rouge_tokens(text: str) -> list[str]:
    """Split as ROUGE counts; words of up to three letters stay unstemmed, as in rouge_score."""
    return [word if len(word) <= 3 else _stem(word) for word in _TOKEN.findall(text.lower())]


def rouge(reference: Sequence[str], given: Sequence[str]) -> float:
    """Return the mean of ROUGE-1, -2 and -L of tokens, between 0 and 1."""
    ones = _overlap(Counter(reference), Counter(given))
    twos = _overlap(Counter(pairwise(reference)), Counter(pairwise(given)))
    longest = _f1(_longest_common(reference, given), len(reference), len(given))
    return (ones + twos + longest) / 3


def best_rouge(references: Sequence[Sequence[str]], given: Sequence[str]) -> float:
    """Return the ROUGE against the reference that is nearest."""
    return max((rouge(reference, given) for reference in references), default=0.0)


def _overlap(reference: "Counter[object]", given: "Counter[object]") -> float:
    return _f1((reference & given).total(), reference.total(), given.total())


def _f1(common: int, reference: int, given: int) -> float:
    return 2 * common / (reference + given) if reference + given else 0.0


def _longest_common(one: Sequence[str], other: Sequence[str]) -> int:
    """Return the length of the longest common subsequence, a machine word of bits at a time."""
    places: dict[str, int] = {}
    for number, token in enumerate(one):
        places[token] = places.get(token, 0) | (1 << number)
    row = full = (1 << len(one)) - 1
    for token in other:
        hits = row & places.get(token, 0)
        row = ((row + hits) | (row - hits)) & full
    return len(one) - row.bit_count()
