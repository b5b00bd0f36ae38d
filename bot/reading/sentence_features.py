"""What speaks for a sentence, and against it, when few may stand for an article."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]+|[^\W\d_][^\W_]*(?:[+\-'’][^\W_]+)*\+*|\d+(?:[.,]\d+)*")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
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
_CUE = re.compile(
    r"本文|本篇|这篇文章|文章(将|主要|介绍)"
    r"|(我们|作者|团队|研究(者|人员)?)(提出|发布|推出|开源|介绍|设计|实现)|将(会)?(介绍|分享|讨论|为大家)"
    r"|(宣布|正式)(发布|推出|开源|上线)|旨在|主要(介绍|包括|内容)|总(的来说|而言之|结)|为大家(介绍|带来|分享)"
    r"|\b(in this (post|article|paper|blog|tutorial)|this (post|article|paper|blog|tutorial|guide)"
    r"|we (present|propose|introduce|show|release|announce|describe)|(is|are) announc(ing|ed)|announce[sd]?"
    r"|introduc(es|ing)|our (results|approach|method)|in summary|in conclusion)\b",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"https?://|www\.|公众号|扫码|二维码|关注我们|点击(下方|上方|阅读|蓝字|关注|查看)|阅读原文|长按|转载|投稿|点赞"
    r"|在看|订阅|^(作者|编辑|来源|译者|责编|排版|文|图|译|校对)\s*[|｜/／:：]|版权|原文链接|参考(文献|资料)"
    r"|欢迎(加入|关注|留言)"
    r"|\b(click here|read more|see also|subscribe|follow us|sign up|share this|all rights reserved"
    r"|photo(graph)? by|image (via|credit|source)|related( articles?| posts?)?:|advertisement|getty images"
    r"|copyright)\b",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"[?？][”’\"』」)）]*$")
_ENDED = re.compile(r"[。！？!?.…][”’\"』」)）\]]*$")
_LEANS_BACK = re.compile(
    r"^(但是?|不过|然而|因此|所以|此外|另外|同时|而且|并且|这(样|时|种|些|个|就|也|是)?|那么|其中|例如|比如|如[图下上]"
    r"|它们?|他们?|她们?|首先|其次|最后"
    r"|(but|however|so|therefore|thus|moreover|also|and|this|these|that|those|it|they|he|she|for example"
    r"|for instance|such|then)\b)",
    re.IGNORECASE,
)
_CODE = re.compile(r"[{};=<>]{2,}|\w\(\w*\)|^\s*[$#>]\s|::|->|/\w+/\w+/")


def tokens(text: str) -> list[str]:
    """Split into lower-case words, and Chinese or Japanese into pairs of characters; stop words left out."""
    found: list[str] = []
    for run in _TOKEN.findall(text):
        if _CJK.match(run):
            found += [run[place : place + 2] for place in range(len(run) - 1)] or [run]
        else:
            found.append(run.lower())
    return [token for token in found if token not in _STOP_WORDS]


def length_in(text: str) -> int:
    """Count what a reader counts: each CJK character, each word of another script."""
    return len(_CJK.findall(text)) + sum(1 for run in _TOKEN.findall(text) if not _CJK.match(run))


@dataclass(frozen=True, slots=True)
class Features:
    """One sentence's marks, most between 0 and 1."""

    place: int
    """The sentence's number in the article, from 0."""
    length: int
    """As `length_in` counts."""
    centrality: float
    """Its likeness to the whole, over the most central sentence's."""
    coverage: float
    """The share of the article's weight that its words carry, over the best sentence's."""
    title: float
    """The share of the title's words in it."""
    cue: bool
    """Says what the article is about ("本文将介绍", "we present")."""
    furniture: bool
    question: bool
    unended: bool
    """No mark at its end: a heading, a caption, a list's item."""
    leaning: bool
    """Leans on the sentence before it ("However, …")."""
    code: bool


@dataclass(frozen=True, slots=True)
class Vectors:
    """Sentences as weighted words, unit length; and the words each holds."""

    weights: tuple[dict[str, float], ...]

    def likeness(self, one: int, other: int) -> float:
        """Return the cosine of two sentences."""
        few, many = sorted((self.weights[one], self.weights[other]), key=len)
        return sum(weight * many.get(word, 0.0) for word, weight in few.items())


def vectors_of(words: Sequence[Sequence[str]]) -> Vectors:
    """Weigh each sentence's words by how often they stand in it and how rare they are in the article."""
    found_in = Counter(word for sentence in words for word in set(sentence))
    count = len(words)
    rarity = {word: math.log((count + 1) / (times + 0.5)) for word, times in found_in.items()}
    return Vectors(tuple(_unit(Counter(sentence), rarity) for sentence in words))


def _unit(counts: Counter[str], rarity: dict[str, float]) -> dict[str, float]:
    weights = {word: (1 + math.log(times)) * rarity[word] for word, times in counts.items()}
    norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {word: weight / norm for word, weight in weights.items()}


def features_of(sentences: Sequence[str], title: str, vectors: Vectors) -> list[Features]:
    """Mark each sentence. Linear in the text: likeness to the whole needs no pair of sentences compared."""
    whole: defaultdict[str, float] = defaultdict(float)
    for weights in vectors.weights:
        for word, weight in weights.items():
            whole[word] += weight
    centrality = [sum(w * whole[word] for word, w in weights.items()) for weights in vectors.weights]
    coverage = [sum(whole[word] for word in weights) for weights in vectors.weights]
    title_words = set(tokens(title))
    most_central, most_covering = max(centrality, default=0) or 1.0, max(coverage, default=0) or 1.0
    return [
        Features(
            place=place,
            length=length_in(sentence),
            centrality=centrality[place] / most_central,
            coverage=coverage[place] / most_covering,
            title=len(title_words & vectors.weights[place].keys()) / (len(title_words) or 1),
            cue=_CUE.search(sentence) is not None,
            furniture=_FURNITURE.search(sentence) is not None,
            question=_QUESTION.search(sentence) is not None,
            unended=_ENDED.search(sentence) is None,
            leaning=_LEANS_BACK.match(sentence) is not None,
            code=_CODE.search(sentence) is not None,
        )
        for place, sentence in enumerate(sentences)
    ]
