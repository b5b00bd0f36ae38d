"""How fast pages are read: whole readings beside bare trafilatura, their stages, and the slowest pages."""

import asyncio
import logging
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console
from rich.table import Table
from trafilatura import bare_extraction

from benchmarks.reading_bar import Bar, print_bars
from benchmarks.reading_pages import KnownPage, known_pages
from bot.reading.language import language_of
from bot.reading.markup.authors import authors_of
from bot.reading.markup.body import body_of
from bot.reading.markup.dates import published_of
from bot.reading.markup.html_page import HtmlPage
from bot.reading.markup.titles import best_title
from bot.reading.page import Page
from bot.reading.page_reader import read_page
from bot.reading.sources import wechat
from bot.reading.sources.web import metadata_of, title_candidates
from bot.reading.summary import draft_summary
from bot.reading.text_signature import text_signature
from bot.reading.workers import ReadingWorkers

_BAR = 0.90
_PROCESSES = 2
_SECONDS = 60.0
_ROUNDS = ("ours", "bare", "bare", "ours")
"""Each goes first as often, so that a machine that warms up or tires favours neither."""
_SLOWEST = 10
_WEB_STAGES = ("decode", "parse", "title", "body", "date", "metadata", "authors", "summary", "signature")
_Result = TypeVar("_Result")


def bare(page: Page) -> int:
    """Read a page as trafilatura does alone, text with metadata; return the text's length."""
    _be_quiet()
    document = bare_extraction(page.body, url=page.url, with_metadata=True)
    return len(getattr(document, "text", None) or "")


def whole(page: Page) -> int:
    """Read a page as the desk does: text, title, source, date, language, summary, signature."""
    _be_quiet()
    article = read_page(page).article
    return len(article.text) if article else 0


def _be_quiet() -> None:
    for name in ("trafilatura", "htmldate", "bot"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def rows(shared: Path) -> Iterator[Bar]:
    """Yield pages a second in a pool of two processes, on all pages and on those of the open web."""
    pages = known_pages(shared)
    web = [each.page for each in pages if each.set_name != "wx"]
    wechat_pages = [each.page for each in pages if each.set_name == "wx"]
    of_web, of_wechat = asyncio.run(_timed(web, wechat_pages))
    both = {way: of_web[way] + of_wechat[way] for way in of_web}
    yield _speed_row("all", len(pages), both)
    yield _speed_row("the open web", len(web), of_web)


def _speed_row(name: str, pages: int, seconds: Mapping[str, float]) -> Bar:
    ours, theirs = (_ROUNDS.count(way) * pages / seconds[way] for way in ("ours", "bare"))
    ratio = ours / theirs
    return Bar(
        f"pages per second, two processes, {name} ({pages})",
        f"bare trafilatura {theirs:.1f}",
        f"{ours:.1f}, ratio {ratio:.2f}",
        f"ratio ≥ {_BAR:.2f}",
        ratio >= _BAR,
    )


async def _timed(*sets: Sequence[Page]) -> list[dict[str, float]]:
    """Return for each set of pages the wall seconds that each way took, for all its rounds together."""
    ways: Mapping[str, Callable[[Page], int]] = {"ours": whole, "bare": bare}
    workers = ReadingWorkers(processes=_PROCESSES, seconds=_SECONDS)
    seconds = [dict.fromkeys(ways, 0.0) for _ in sets]
    try:
        for way in ways.values():  # imports, and the languages that dates are told in
            await asyncio.gather(*(workers.do(way, page) for pages in sets for page in pages[::3]))
        for name in _ROUNDS:
            for pages, spent in zip(sets, seconds, strict=True):
                start = time.perf_counter()
                await asyncio.gather(*(workers.do(ways[name], page) for page in pages))
                spent[name] += time.perf_counter() - start
    finally:
        await workers.close()
    return seconds


@dataclass(frozen=True, slots=True)
class PageTimes:
    """Where the processor's time for one page went."""

    page: KnownPage
    stages: Mapping[str, float]
    """Seconds of each stage, in their order."""
    whole: float
    """Seconds of the whole reading, timed apart."""
    bare: float
    tags: int


@dataclass(slots=True)
class _Clock:
    """Processor seconds by name."""

    seconds: dict[str, float] = field(default_factory=dict)

    def during(self, name: str, function: Callable[..., _Result], *arguments: Any) -> _Result:
        """Call a function and note how long it took."""
        start = time.process_time()
        result = function(*arguments)
        self.seconds[name] = self.seconds.get(name, 0.0) + time.process_time() - start
        return result


def times_of(pages: Iterable[KnownPage]) -> list[PageTimes]:
    """Time each page in this process: its stages one by one, the whole reading, and bare trafilatura."""
    return [_times_of(page) for page in pages]


def _times_of(known: KnownPage) -> PageTimes:
    stages, clock = _Clock(), _Clock()
    clock.during("whole", whole, known.page)
    clock.during("bare", bare, known.page)
    _time_stages(known, stages)
    return PageTimes(
        known, stages.seconds, clock.seconds["whole"], clock.seconds["bare"], known.page.body.count(b"<")
    )


def _time_stages(known: KnownPage, clock: _Clock) -> None:
    page = clock.during("decode", HtmlPage, known.page)
    if known.set_name == "wx":
        article = clock.during("wechat", wechat.read, page).article
    else:
        _time_web_stages(page, clock)
        article = read_page(known.page).article
    if article is not None and article.text:
        clock.during("summary", draft_summary, article)
        clock.during("signature", text_signature, article.text)


def _time_web_stages(page: HtmlPage, clock: _Clock) -> None:
    clock.during("parse", lambda: page.tree)
    candidates = clock.during("title", title_candidates, page)
    title = clock.during("title", best_title, candidates)
    text = clock.during("body", body_of, page, (title, *candidates.headings))
    stated = clock.during("date", published_of, page, None)
    metadata = clock.during("metadata", partial(metadata_of, dated=bool(stated and title)), page)
    clock.during("authors", authors_of, page, metadata.author, metadata.sitename)
    clock.during("body", language_of, text)


def print_stages(times: Sequence[PageTimes]) -> None:
    """Print processor milliseconds a page for each stage, on the pages of the open web."""
    web = [each for each in times if each.page.set_name != "wx"]
    table = Table("stage", title=f"Processor time a page, {len(web)} pages of the open web", box=None)
    for heading in ("mean ms", "median ms", "95 % under", "share"):
        table.add_column(heading, justify="right")
    total = sum(each.whole for each in web)
    for stage in _WEB_STAGES:
        _add_times(table, stage, [each.stages.get(stage, 0.0) for each in web], total)
    _add_times(table, "whole reading", [each.whole for each in web], total)
    _add_times(table, "bare trafilatura", [each.bare for each in web], total)
    Console(width=110).print(table)


def _add_times(table: Table, name: str, seconds: Sequence[float], total: float) -> None:
    if not seconds:
        return
    ordered = sorted(1000 * each for each in seconds)
    mean, median, slow = (
        sum(ordered) / len(ordered),
        ordered[len(ordered) // 2],
        ordered[len(ordered) * 95 // 100],
    )
    share = sum(seconds) / total if total else 0.0
    table.add_row(name, f"{mean:.2f}", f"{median:.2f}", f"{slow:.2f}", f"{share:.0%}")


def print_slowest(times: Sequence[PageTimes]) -> None:
    """Print the pages that took longest, and what took the time."""
    table = Table("page", title=f"The slowest {_SLOWEST} pages", box=None)
    for heading in ("ms", "bare ms", "KB", "tags", "most of it"):
        table.add_column(heading, justify="right" if heading != "most of it" else "left")
    for each in sorted(times, key=lambda one: one.whole, reverse=True)[:_SLOWEST]:
        longest = sorted(each.stages.items(), key=lambda stage: stage[1], reverse=True)[:2]
        table.add_row(
            re.sub(r"\.html\.gz$", "", each.page.file),
            f"{1000 * each.whole:.0f}",
            f"{1000 * each.bare:.0f}",
            f"{len(each.page.page.body) / 1024:.0f}",
            str(each.tags),
            ", ".join(f"{name} {1000 * seconds:.0f}" for name, seconds in longest),
        )
    Console(width=110).print(table)


if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")
    print_bars(rows(folder))
    measured = times_of(known_pages(folder))
    print_stages(measured)
    print_slowest(measured)
