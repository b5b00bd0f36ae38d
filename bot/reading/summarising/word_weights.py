"""Sentences as weighted words: how alike two are, and how much of the article each carries."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

_WIDE = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff"
"""Scripts without blanks between words: Thai and Lao, kana, Han."""
_TOKEN = re.compile(
    rf"[{_WIDE}]+|[^\W\d_{_WIDE}][^\W_{_WIDE}]*(?:[+\-'’.][^\W_{_WIDE}]+)*\+*|\d+(?:[.,]\d+)*"
)
_WIDE_RUN = re.compile(rf"[{_WIDE}]+")
_FIRST_WIDE = "\u0e00"
_STOP_WORDS = frozenset(
    re.findall(
        r"\S+",
        """
        the a an of to in and or for on with is are was were be been by as at from that this these those
        it its we you they he she his her their our your i not but have has had will can may which who
        what when how than then so such into about also more most other some any all no do does did if
        there here one two just over out up
        的 了 是 在 和 我们 他们 一个 这个 可以 以及 进行 通过 没有 就是 也是 如果 因为 所以 但是 这些 那么
        什么 自己 使用
        """,
    )
)


def tokens(text: str) -> list[str]:
    """Split into lower-case words, scripts without blanks into pairs of characters; no stop words."""
    return counted_tokens(text)[0]


def length_in(text: str) -> int:
    """Count what a reader counts: each character of a script without blanks, each word of another."""
    return counted_tokens(text)[1]


def counted_tokens(text: str) -> tuple[list[str], int]:
    """Return `tokens` and `length_in` at the price of one."""
    found: list[str] = []
    length = 0
    for run in _TOKEN.findall(text.lower()):
        if run[0] >= _FIRST_WIDE and _WIDE_RUN.match(run):
            found += map("".join, pairwise(run)) if len(run) > 1 else [run]
            length += len(run)
        else:
            found.append(run)
            length += 1
    return [token for token in found if token not in _STOP_WORDS], length


@dataclass(frozen=True, slots=True)
class WordWeights:
    """Each sentence's words with their weights, of unit length."""

    weights: tuple[dict[str, float], ...]
    lengths: tuple[int, ...]
    """Of each sentence, as `length_in` counts."""

    def likeness(self, one: int, other: int) -> float:
        """Return the cosine of two sentences."""
        few, many = sorted((self.weights[one], self.weights[other]), key=len)
        return sum(weight * many.get(word, 0.0) for word, weight in few.items())

    def added(self, sentences: int) -> dict[str, float]:
        """Return the sum of the first so many sentences."""
        whole: defaultdict[str, float] = defaultdict(float)
        for weights in self.weights[:sentences]:
            for word, weight in weights.items():
                whole[word] += weight
        return whole


def weigh(sentences: Iterable[str]) -> WordWeights:
    """Weigh each sentence's words by how often they stand in it and how rare they are in the article."""
    counted = [counted_tokens(sentence) for sentence in sentences]
    found_in = Counter(chain.from_iterable(set(words) for words, _ in counted))
    rarity = {times: math.log((len(counted) + 1) / (times + 0.5)) for times in set(found_in.values())}
    rarities = {word: rarity[times] for word, times in found_in.items()}
    return WordWeights(
        tuple(_unit(words, rarities) for words, _ in counted), tuple(length for _, length in counted)
    )


def _unit(words: Sequence[str], rarities: Mapping[str, float]) -> dict[str, float]:
    weights = {word: rarities[word] for word in words}
    if len(weights) < len(words):
        for word, times in Counter(words).items():
            if times > 1:
                weights[word] *= 1 + math.log(times)
    norm = math.hypot(*weights.values()) or 1.0
    return {word: weight / norm for word, weight in weights.items()}
