"""Text, and WeChat's fields, on saved pages whose articles are known; other extractors beside ours."""

import gzip
import hashlib
import json
import logging
import re
import statistics
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lxml.html
from trafilatura import bare_extraction
from trafilatura.settings import Document

from benchmarks.reading_bar import Bar, print_bars
from bot.reading.page import Page
from bot.reading.page_reader import read_page

Shares = tuple[float, float, float]
"""Of all shingles of an article and its extraction together: in both, only extracted, only in the article."""

_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")
_SHINGLE = 4
_DAY = len("2026-05-01")
_BARS = {("sh", "en"): 0.965, ("mh", "zh"): 0.945, ("mh", "other"): 0.865}
_NAMES = {
    ("sh", "en"): "text F1, sh",
    ("mh", "zh"): "text F1, mh Chinese",
    ("mh", "other"): "text F1, mh other",
}


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A saved page and what is known of its article: of the manifest's keys those that its set has."""

    set_name: str
    file: str
    page: Page
    known: Mapping[str, Any]

    @property
    def half(self) -> int:
        """0 or 1, by the file's name: a rule should gain on both halves."""
        return hashlib.sha1(self.file.encode()).digest()[-1] % 2


def known_pages(shared: Path) -> list[KnownPage]:
    """Return the pages of `data/pages`, in the manifest's order."""
    folder = shared / "data" / "pages"
    lines = (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    return [_known_page(folder, json.loads(line)) for line in lines if line]


def _known_page(folder: Path, known: dict[str, Any]) -> KnownPage:
    body = gzip.decompress((folder / known["html_file"]).read_bytes())
    return KnownPage(known["set"], known["html_file"], saved_page(known["url"], body), known)


def saved_page(url: str, body: bytes) -> Page:
    """Return what a fetch would have brought home."""
    return Page(url=url, final_url=url, status=200, content_type="text/html", charset=None, body=body)


def shares(article: str, extracted: str) -> Shares:
    """Compare two texts by shingles of four tokens, each with its count.

    As scrapinghub's article-extraction-benchmark does. A token is a word, or one character of Chinese or
    Japanese.
    """
    gold, found = _shingles(article), _shingles(extracted)
    both, extra, missed = ((gold & found).total(), (found - gold).total(), (gold - found).total())
    total = both + extra + missed
    return (both / total, extra / total, missed / total) if total else (0.0, 0.0, 0.0)


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    tokens = _TOKEN.findall(text)
    if not tokens:
        return Counter()
    return Counter(
        tuple(tokens[place : place + _SHINGLE]) for place in range(max(1, len(tokens) - _SHINGLE + 1))
    )


def f1(found: Sequence[Shares]) -> float:
    """Return F1 of the mean precision and the mean recall, as that benchmark does; 0 for no pages."""
    precisions = [both / (both + extra) for both, extra, _ in found if both + extra]
    recalls = [both / (both + missed) for both, _, missed in found if both + missed]
    if not precisions or not recalls:
        return 0.0
    precision, recall = statistics.mean(precisions), statistics.mean(recalls)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _ours(page: Page) -> str:
    article = read_page(page).article
    return article.text if article else ""


def _trafilatura(page: Page, *, precise: bool = False, fast: bool = False) -> str:
    document = bare_extraction(
        page.body, url=page.url, include_comments=False, favor_precision=precise, fast=fast
    )
    return document.text or "" if isinstance(document, Document) else ""


def _precise_trafilatura(page: Page) -> str:
    return _trafilatura(page, precise=True)


def _fast_trafilatura(page: Page) -> str:
    return _trafilatura(page, fast=True)


def _readability(page: Page) -> str:
    import readability

    try:
        summary = readability.Document(page.body.decode("utf-8", "replace")).summary(html_partial=True)
        return "\n".join(map(str, lxml.html.fromstring(summary).itertext()))
    except Exception:  # an anchor that cannot read a page has read nothing
        return ""


_ANCHORS: Mapping[str, Callable[[Page], str]] = {
    "trafilatura": _trafilatura,
    "its precision": _precise_trafilatura,
    "its fast": _fast_trafilatura,
    "readability": _readability,
}


def _texts(known: KnownPage) -> dict[str, Shares]:
    _be_quiet()
    gold = known.known["text"]
    ways = {**_ANCHORS, "ours": _ours}
    return {name: shares(gold, extract(known.page)) for name, extract in ways.items()}


def _be_quiet() -> None:
    for name in ("trafilatura", "readability", "htmldate", "bot"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def rows(shared: Path) -> Iterator[Bar]:
    """Yield text F1 of each set, then WeChat's, then trafilatura's own segments."""
    pages = known_pages(shared)
    with_text = [page for page in pages if page.known.get("text") and page.set_name != "wx"]
    with ProcessPoolExecutor(2) as pool:
        found = list(zip(with_text, pool.map(_texts, with_text, chunksize=4), strict=True))
        for key, bar in _BARS.items():
            of_set = [each for each in found if (each[0].set_name, each[0].known["lang"]) == key]
            if of_set:
                yield _text_row(_NAMES[key], of_set, bar)
        yield from _wechat_rows([page for page in pages if page.set_name == "wx"])
        if (shared / "data" / "pages_meta").is_dir():
            yield from _segment_rows(shared / "data" / "pages_meta", pool)


def _text_row(name: str, found: Sequence[tuple[KnownPage, dict[str, Shares]]], bar: float) -> Bar:
    reached = f1([ways["ours"] for _, ways in found])
    halves = [f1([ways["ours"] for page, ways in found if page.half == half]) for half in (0, 1)]
    anchors = (f"{way} {f1([ways[way] for _, ways in found]):.3f}" for way in _ANCHORS)
    return Bar(
        f"{name} ({len(found)})",
        ", ".join(anchors),
        f"{reached:.3f} (halves {halves[0]:.3f}, {halves[1]:.3f})",
        f"≥ {bar}",
        reached >= bar,
    )


def _wechat_rows(pages: Sequence[KnownPage]) -> Iterator[Bar]:
    readings = [(page, read_page(page.page)) for page in pages]
    texts = [(page, reading) for page, reading in readings if page.known.get("text")]
    if texts:
        ours, theirs = (
            f1([shares(page.known["text"], text) for page, text in of])
            for of in (
                [(page, reading.article.text if reading.article else "") for page, reading in texts],
                [(page, _trafilatura(page.page)) for page, _ in texts],
            )
        )
        name = f"WeChat: text F1 ({len(texts)})"
        yield Bar(name, f"trafilatura {theirs:.3f}", f"{ours:.3f}", "≥ 0.995", ours >= 0.995)
    for field in ("title", "source", "published"):
        compared = _DAY if field == "published" else None
        pairs = [
            (page.known[field][:compared], (getattr(reading.article, field, "") or "")[:compared])
            for page, reading in readings
            if page.known.get(field)
        ]
        yield _exact_row(f"WeChat: {field} exact", pairs)
    verdicts = [(page.known["verdict"], str(reading.verdict)) for page, reading in readings]
    yield _exact_row("WeChat: verdict exact", verdicts)


def _exact_row(name: str, pairs: Sequence[tuple[str, str]]) -> Bar:
    right = sum(known == found for known, found in pairs)
    return Bar(name, "", f"{right} of {len(pairs)}", "all", right == len(pairs))


def _segment_rows(folder: Path, pool: ProcessPoolExecutor) -> Iterator[Bar]:
    """Yield trafilatura's own measure: segments that must and must not be in the text; and the day."""
    gold: dict[str, dict[str, Any]] = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    files = {file.name.split(".")[0]: file for file in (folder / "html").iterdir()}
    pages = [saved_page(gold[name]["url"], _unpacked(files[name])) for name in gold]
    readings = list(pool.map(_segments, pages, chunksize=4))
    anchor, ours = (
        _segment_f1(zip(gold.values(), texts, strict=True))
        for texts in zip(*(r[:2] for r in readings), strict=True)
    )
    yield Bar(f"segments F1, pages_meta ({len(gold)})", f"trafilatura {anchor:.3f}", f"{ours:.3f}")
    dated = [
        (known["date"], *days[2:])
        for known, days in zip(gold.values(), readings, strict=True)
        if known["date"]
    ]
    theirs, right = (sum(day[way] == day[0] for day in dated) for way in (1, 2))
    yield Bar("day exact, pages_meta", f"trafilatura {theirs} of {len(dated)}", f"{right} of {len(dated)}")


def _unpacked(file: Path) -> bytes:
    body = file.read_bytes()
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body


def _segments(page: Page) -> tuple[str, str, str, str]:
    """Return trafilatura's text and ours, with the headline before it, then its day and ours."""
    _be_quiet()
    document = bare_extraction(page.body, url=page.url, include_comments=False, with_metadata=True)
    theirs, day = (document.text or "", document.date or "") if isinstance(document, Document) else ("", "")
    article = read_page(page).article
    if article is None:
        return theirs, "", day, ""
    return theirs, f"{article.title}\n{article.text}", day, (article.published or "")[:10]


def _segment_f1(found: Iterable[tuple[dict[str, Any], str]]) -> float:
    counts: Counter[tuple[bool, bool]] = Counter()
    for known, text in found:
        counts.update((True, segment in text) for segment in known["with"])
        counts.update((False, segment in text) for segment in known["without"])
    right = counts[True, True]
    return 2 * right / (2 * right + counts[False, True] + counts[True, False])


if __name__ == "__main__":
    print_bars(rows(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")))
