"""Titles, exact, on candidates read off pages of the open web whose true title is known."""

import hashlib
import html
import json
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.reading_bar import Bar, print_bars
from bot.reading.markup.titles import TitleCandidates, best_title

_BAR = 0.79
Known = Mapping[str, Any]


def rows(shared: Path) -> Iterator[Bar]:
    """Yield the share of titles that are the true one, but for case, width and punctuation."""
    known = json.loads((shared / "data" / "titles" / "titles.json").read_text(encoding="utf-8"))
    reached = _exact(known, _ours)
    halves = [_exact([each for each in known if _half(each) == half], _ours) for half in (0, 1)]
    anchors = {"trafilatura": _trafilatura, "og:title": _open_graph, "readability": _readability}
    yield Bar(
        f"title exact ({len(known)})",
        ", ".join(f"{name} {_exact(known, choose):.3f}" for name, choose in anchors.items()),
        f"{reached:.3f} (halves {halves[0]:.3f}, {halves[1]:.3f})",
        f"≥ {_BAR}",
        reached >= _BAR,
    )


def _exact(known: Sequence[Known], choose: Callable[[Known], str]) -> float:
    right = sum(_normalised(choose(each)) == _normalised(each["gold"]) for each in known)
    return right / len(known) if known else 0.0


def _normalised(title: str) -> str:
    return re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", title).lower()).strip()


def _half(known: Known) -> int:
    return hashlib.md5(known["url"].encode()).digest()[-1] % 2


def _ours(known: Known) -> str:
    return best_title(
        TitleCandidates(
            open_graph=known["og_title"] or "",
            twitter=known["twitter_title"] or "",
            document=known["title"] or "",
            headings=tuple(known["h1"] or ()),
            site_name=known["site_name"] or "",
            host=urlsplit(known["url"]).hostname or "",
        )
    )


def _trafilatura(known: Known) -> str:
    """Return what trafilatura chose on the whole page."""
    return known["trafilatura"] or ""


def _open_graph(known: Known) -> str:
    return known["og_title"] or known["title"] or ""


def _readability(known: Known) -> str:
    """Return readability's short title of a page that has nothing but these candidates."""
    import readability

    headings = "".join(f"<h1>{html.escape(heading)}</h1>" for heading in known["h1"] or ())
    head = f"<title>{html.escape(known['title'] or '')}</title>"
    return str(readability.Document(f"<html><head>{head}</head><body>{headings}</body></html>").short_title())


if __name__ == "__main__":
    print_bars(rows(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")))
