"""The lines of a PDF's first pages, with their place and the size of their letters. pypdf reads the file."""

import io
import logging
import math
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pypdf import Configuration, PdfReader, apply_configuration
from pypdf.errors import DependencyError

from bot.reading.sources.pdf_characters import readable, weight

MOST_PAGES = 6
MOST_CHARACTERS = 60_000
"""Of all pages together. What a paper or a report is about stands in far less."""
MOST_SECONDS = 8.0
"""After which no further page is begun, and the one begun is left; a worker's own limit is 20."""
MOST_LINKS = 200
_LIMITS = Configuration(
    zlib_maximum_output_length=20_000_000,
    lzw_maximum_output_length=20_000_000,
    run_length_maximum_output_length=20_000_000,
    array_based_stream_maximum_output_length=20_000_000,
    stream_decoding_work_maximum_length=60_000_000,
    stream_parsing_work_maximum_count=800_000,
    page_tree_maximum_entries=20_000,
)
"""For pypdf, bytes and counts: a tenth to a third of its own limits, which are meant for whole books."""
_GAP = 2.5
"""How far, in letter heights, words of one height may stand apart and still be one line."""


class EncryptedPdfError(Exception):
    """The file opens only with a password."""


@dataclass(frozen=True, slots=True)
class PdfLine:
    """A line, or a column's part of one."""

    words: str
    size: float
    """Height of most of its letters, in points."""
    x: float
    y: float
    """Where it begins, from the page's lower left corner as one reads it."""


@dataclass(frozen=True, slots=True)
class PdfText:
    """What the first pages say."""

    pages: tuple[tuple[PdfLine, ...], ...]
    aside: str
    """Words that stand across the first page, as arXiv's stamp on the margin does."""
    title: str
    """What the file's description calls it, which is junk more often than not."""
    links: tuple[str, ...]
    """Addresses behind words of the first page."""


def pdf_text(body: bytes) -> PdfText:
    """Read the first pages.

    Raises EncryptedPdfError, or whatever pypdf does with a broken file.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it would log a stranger's words
    with apply_configuration(_LIMITS):
        try:
            return _text_of(PdfReader(io.BytesIO(body)))
        except DependencyError as error:  # an AES cipher, which pypdf leaves to another package
            raise EncryptedPdfError from error


def _text_of(reader: PdfReader) -> PdfText:
    if reader.is_encrypted and not reader.decrypt(
        ""
    ):  # many that only forbid printing open without a password
        raise EncryptedPdfError
    shown = _first_pages(reader)
    return PdfText(
        pages=tuple(tuple(page.lines()) for page in shown),
        aside=shown[0].aside() if shown else "",
        title=_described_title(reader),
        links=tuple(_links(reader)),
    )


def _first_pages(reader: PdfReader) -> list["_ShownPage"]:
    """Show the first pages; raises what broke them where none of them showed a word."""
    until, characters = time.monotonic() + MOST_SECONDS, 0
    shown: list[_ShownPage] = []
    broken: Exception | None = None
    for number in range(min(len(reader.pages), MOST_PAGES)):
        page = _ShownPage(MOST_CHARACTERS - characters, until)
        shown.append(page)
        try:
            reader.pages[number].extract_text(visitor_text=page.show)
        except _EnoughError:
            break
        except (MemoryError, DependencyError):
            raise
        except Exception as error:  # a broken page; what was shown before it broke may do
            broken = error
        characters += page.characters
    if broken and not any(page.characters for page in shown):
        raise broken
    return shown


class _EnoughError(Exception):
    """More text, or time, than is of use."""


@dataclass(frozen=True, slots=True)
class _Run:
    """Words set in one go; `turned` counts quarter turns."""

    words: str
    size: float
    x: float
    y: float
    turned: int


class _ShownPage:
    """Takes what pypdf shows, run by run."""

    def __init__(self, characters: int, until: float) -> None:
        self._most, self._until = characters, until
        self._runs: list[_Run] = []
        self.characters = 0

    def show(self, words: str, around: list[float], own: list[float], _font: Any, size: float) -> None:
        """Take a run: its words, the matrices it is set with, and its font size."""
        if self.characters > self._most or time.monotonic() > self._until:
            raise _EnoughError
        self.characters += len(words)
        if not words:
            return
        a, b, c, d, x, y = _product(own, around)
        height = abs(float(size)) * math.hypot(c, d)
        if all(map(math.isfinite, (a, b, x, y, height))):
            turned = round(math.atan2(b, a) / (math.pi / 2)) % 4
            self._runs.append(_Run(words, height, *_upright(x, y, turned), turned))

    def aside(self) -> str:
        """Return the words that do not stand as most do."""
        most = self._direction()
        return readable(" ".join(run.words for run in self._runs if run.turned != most))

    def lines(self) -> Iterator[PdfLine]:
        """Yield the lines of the direction that most words have, in the file's order."""
        most, line = self._direction(), list[_Run]()
        for run in self._runs:
            if run.turned != most:
                continue
            for place, words in enumerate(run.words.split("\n")):
                if line and (place or not _continues(line, run)):
                    yield from _line_of(line)
                    line = []
                if words.strip():
                    line.append(_Run(words, run.size, run.x, run.y, most))
        yield from _line_of(line)

    def _direction(self) -> int:
        seen: Counter[int] = Counter()
        for run in self._runs:
            seen[run.turned] += weight(run.words)
        return max(seen, key=lambda turned: (seen[turned], -turned), default=0)


def _product(own: list[float], around: list[float]) -> tuple[float, ...]:
    a, b, c, d, x, y = map(float, own[:6])
    e, f, g, h, left, up = map(float, around[:6])
    return (
        a * e + b * g,
        a * f + b * h,
        c * e + d * g,
        c * f + d * h,
        x * e + y * g + left,
        x * f + y * h + up,
    )


def _upright(x: float, y: float, turned: int) -> tuple[float, float]:
    """Turn a place back by so many quarter turns."""
    return ((x, y), (y, -x), (-x, -y), (-y, x))[turned]


def _continues(line: list[_Run], run: _Run) -> bool:
    """Tell whether a run goes on where the line's last one ended; raised and lowered letters do."""
    last = line[-1]
    height = max(last.size, run.size, line[0].size, 1.0)
    if abs(run.y - line[0].y) > 0.6 * height:
        return False
    return -height * 3 < run.x - (last.x + _width(last)) < _GAP * height or run.x == last.x


def _width(run: _Run) -> float:
    """Guess how wide a run is: a Chinese character is as wide as high, a letter half of that."""
    return run.size * sum(1.0 if each > "\u2e80" else 0.5 for each in run.words.strip())


def _line_of(runs: list[_Run]) -> Iterator[PdfLine]:
    words = readable("".join(run.words for run in runs))
    if not words:
        return
    sizes: Counter[float] = Counter()
    for run in runs:
        sizes[round(run.size, 1)] += weight(run.words) or 1
    yield PdfLine(words, max(sizes, key=lambda size: (sizes[size], size)), runs[0].x, runs[0].y)


def _described_title(reader: PdfReader) -> str:
    with suppress(Exception):  # a stranger's description may be anything
        described = reader.metadata
        return readable(str(described.title or ""))[:500] if described else ""
    return ""


def _links(reader: PdfReader) -> Iterator[str]:
    with suppress(Exception):  # as may be the annotations
        for note in list(reader.pages[0].get("/Annots", None) or ())[:MOST_LINKS]:
            action = note.get_object().get("/A", {}).get_object()
            if address := action.get("/URI"):
                yield str(address)
