"""Reposts made of public articles: how many find their article, how many find another one.

Reposted as people do it: a header, a footer and account lines around it, a tenth of the sentences gone,
letters in another width, the first 60 %. Each goes through the same index as at the desk.
"""

import gzip
import json
import random
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path

from benchmarks import reading_index
from benchmarks.reading_bar import Bar, print_bars
from bot.likeness import likeliest
from bot.reading.text_signature import SAME, bands_of, likeness_of, text_signature

_DESK, _SAMPLE = "measured", 300
_RECALL, _EXCERPT_RECALL, _PRECISION = 0.98, 0.95, 0.999
_ACCOUNTS = ("海风通讯", "灯塔实验室", "机器之心情", "The Harbour Post", "夜航船", "Island Letters")
_HEADERS = (
    "来源：{0} 作者：{1} 编辑：{2}\n点击上方蓝字关注我们，设为星标，第一时间送达干货。",
    "本文转载自公众号 {0}，作者 {1}，版权归原作者所有，如有侵权请联系 {2} 删除。",
    "Originally published by {0}. Photo credit: {1}. Translated for {2} with permission.",
)
_FOOTERS = (
    "—END—\n推荐阅读\n{0}：十篇值得收藏的长文\n长按识别二维码关注 {1}，点个在看支持一下。",
    "声明：本文来自网络，仅代表作者观点，不代表 {0} 立场。商务合作请加 {1} 小助手微信。",
    "Share this article. Sign up for the newsletter of {0}. Related: what {1} learnt. All rights reserved.",
)


def rows(shared: Path) -> Iterator[Bar]:
    """Measure recall and precision of reposts, then the index among many stories."""
    texts = _texts(shared / "data")
    begun = time.process_time()
    signatures = [text_signature(text) for text in texts]
    cost = (time.process_time() - begun) / len(texts)
    articles = [(text, signature) for text, signature in zip(texts, signatures, strict=True) if signature]
    yield from _reposts(articles)
    characters = sum(map(len, texts)) / len(texts)
    yield Bar("signature of a text", "", f"{cost * 1000:.1f} ms CPU for {characters:,.0f} characters")
    yield from reading_index.rows()


def _reposts(articles: Sequence[tuple[str, bytes]]) -> Iterator[Bar]:
    index = _index([signature for _, signature in articles])
    twins = _twins([text for text, _ in articles])
    chance = random.Random(4)
    sample = chance.sample(range(len(articles)), min(_SAMPLE, len(articles)))
    right, wrong = 0, 0
    for name, (repost, bar) in _REPOSTS.items():
        found = 0
        for number in sample:
            signature = text_signature(repost(articles[number][0], chance))
            same = set(_same(signature, articles, index))
            found += number in same
            wrong += len(same - twins[number] - {number})
        right += found
        recall = found / len(sample)
        yield Bar(f"reposts, {name}: recall", "none of the peers", f"{recall:.3f}", f"≥ {bar}", recall >= bar)
    precision = right / (right + wrong)
    yield Bar(
        f"reposts among {len(articles):,} articles: precision",
        "none of the peers",
        f"{precision:.4f} ({wrong} wrong of {right + wrong})",
        f"≥ {_PRECISION}",
        precision >= _PRECISION,
    )


def _index(signatures: Sequence[bytes]) -> Mapping[int, list[int]]:
    index: dict[int, list[int]] = defaultdict(list)
    for number, signature in enumerate(signatures):
        for band in bands_of(signature, _DESK):
            index[band].append(number)
    return index


def _same(
    signature: bytes, articles: Sequence[tuple[str, bytes]], index: Mapping[int, list[int]]
) -> Iterator[int]:
    """Return the articles that the desk would call the same text."""
    if not signature:
        return
    found = [index.get(band, [])[-100:] for band in bands_of(signature, _DESK)]
    for number in likeliest(found, most=50):
        if likeness_of(signature, articles[number][1]) >= SAME:
            yield number


def _texts(data: Path) -> list[str]:
    """Return the public articles, each once."""
    found: dict[str, None] = {}
    for file in sorted((data / "summaries").glob("*.jsonl*")):
        body = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        found |= {json.loads(line)["text"]: None for line in body.splitlines()}
    with (data / "pages" / "manifest.jsonl").open() as lines:
        found |= {text: None for line in lines if (text := json.loads(line).get("text"))}
    return list(found)


def _twins(texts: Sequence[str]) -> dict[int, set[int]]:
    """Return which articles stand there twice: three in ten of the shorter one's lines are the other's."""
    lines = [{line.strip() for line in text.splitlines() if len(line.strip()) > 20} for text in texts]
    holders: dict[str, list[int]] = defaultdict(list)
    for number, own in enumerate(lines):
        for line in own:
            holders[line].append(number)
    shared: dict[tuple[int, int], int] = defaultdict(int)
    for held in holders.values():
        for pair in combinations(held, 2) if len(held) <= 20 else ():
            shared[pair] += 1
    twins: dict[int, set[int]] = defaultdict(set)
    for (one, other), count in shared.items():
        if count >= 0.3 * min(len(lines[one]), len(lines[other])):
            twins[one].add(other)
            twins[other].add(one)
    return twins


def _framed(text: str, chance: random.Random) -> str:
    names = chance.sample(_ACCOUNTS, 3)
    return "\n".join((chance.choice(_HEADERS).format(*names), text, chance.choice(_FOOTERS).format(*names)))


def _shortened(text: str, chance: random.Random) -> str:
    sentences = re.split(r"(?<=[。！？.!?\n])", text)
    return "".join(sentence for sentence in sentences if chance.random() >= 0.1)


def _widened(text: str, chance: random.Random) -> str:
    return "".join(
        chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" and chance.random() < 0.5 else letter
        for letter in text
    )


def _all_of_it(text: str, chance: random.Random) -> str:
    return _framed(_widened(_shortened(text, chance), chance), chance)


def _excerpt(text: str, _chance: random.Random) -> str:
    return text[: len(text) * 6 // 10]


def _framed_excerpt(text: str, chance: random.Random) -> str:
    return _framed(_excerpt(text, chance), chance)


_REPOSTS: Mapping[str, tuple[Callable[[str, random.Random], str], float]] = {
    "header, footer, account lines": (_framed, _RECALL),
    "a tenth of the sentences dropped": (_shortened, _RECALL),
    "letters in another width": (_widened, _RECALL),
    "all of these": (_all_of_it, _RECALL),
    "the first 60 %": (_excerpt, _EXCERPT_RECALL),
    "the first 60 %, with header and footer": (_framed_excerpt, _EXCERPT_RECALL),
}


if __name__ == "__main__":
    print_bars(rows(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")))
