"""What a PDF says: its abstract where it is a paper, else the paragraphs of its first pages."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from bot.reading.sources.pdf_characters import joined, weight
from bot.reading.sources.pdf_lines import PdfLine
from bot.reading.sources.pdf_title import body_size

_ABSTRACT = re.compile(
    r"\W*(?:(?:abstract|a\s?b\s?s\s?t\s?r\s?a\s?c\s?t)(?:\s*[:：.．—–―-]+\s*(?P<en>.*)|\s*)"
    r"|摘\s*要[】\]]?\s*[:：.—-]*\s*(?P<zh>.*))",
    re.IGNORECASE,
)
"""The word alone on its line, or before the text it heads: "Abstract—We …", "摘要：本文……"."""
_AFTER = re.compile(
    r"\W*(?:(?:\d{1,2}|[IVX]{1,4})?[\s.、]*(?:introduction|background|overview|引\s*言|绪\s*论|前\s*言|概\s*述)(?:\W|$)"
    r"|(?:key\s?-?words|index\s+terms|ccs\s+concepts|categories\s+and|general\s+terms|acm\s+reference|impact\s+statement"
    r"|author\s+keywords|关\s*键\s*[词字]|中图分类号|abstract\b|英文摘要|目\s*录|(?:table\s+of\s+)?contents\s*$)"
    r"|(?:1|I)[\s.、]+[A-Z\u3400-\u9fff].{0,60}$)",
    re.IGNORECASE,
)
"""Where an abstract ends at the latest."""
_MOST_ABSTRACT_LINES = 70
_LEAST_ABSTRACT = 120
"""In letters, a Chinese character as three: less is a heading that no abstract follows."""
_MOST_ABSTRACT = 4_000
_NUMBER_ONLY = re.compile(
    r"[\W\d_]*|[ivxl]+|(?:page\s*)?\d+(?:\s*(?:of|/)\s*\d+)?|第\s*\d+\s*页.*", re.IGNORECASE
)
_SMALL_PRINT = 0.93
_NEW_PARAGRAPH = 1.5
"""How many of the usual line distances part two paragraphs."""
_ENDED = re.compile(r"[.!?。！？：:;；][\"'”’）)\]]*$")
_MOST_PAGES = 2
"""Pages at whose edge a line may stand before it is a running head."""
_EDGE = 2
"""Lines, at the top and at the foot."""


def abstract_of(pages: Sequence[Sequence[PdfLine]]) -> str:
    """Return the abstract; empty where the first two pages have none."""
    lines = [line for page in pages[:2] for line in page]
    for place, line in enumerate(lines):
        heading = _ABSTRACT.fullmatch(line.words)
        if heading is None:
            continue
        first = heading["en"] or heading["zh"] or ""
        rest = list(_until_the_next(lines[place + 1 : place + _MOST_ABSTRACT_LINES]))
        small = body_size(rest) * _SMALL_PRINT
        words = [first, *(each.words for each in rest if each.size >= small)]
        found = joined(words)[:_MOST_ABSTRACT]
        if weight(found) >= _LEAST_ABSTRACT:
            return found
    return ""


def _until_the_next(lines: Sequence[PdfLine]) -> Iterator[PdfLine]:
    for line in lines:
        if _AFTER.match(line.words):
            return
        if not _NUMBER_ONLY.fullmatch(line.words):
            yield line


def paragraphs_of(pages: Sequence[Sequence[PdfLine]]) -> str:
    """Return the text of the pages, a paragraph a line, without page numbers and running heads."""
    worded = [[line for line in page if not _NUMBER_ONLY.fullmatch(line.words)] for page in pages]
    heads = _running_heads(worded)
    kept = [[line for line in page if _shape(line) not in heads] for page in worded]
    return "\n".join(paragraph for page in kept for paragraph in _paragraphs(page))


def _running_heads(pages: Sequence[Sequence[PdfLine]]) -> set[str]:
    edges = ((*page[:_EDGE], *page[-_EDGE:]) for page in pages)
    seen = Counter(shape for lines in edges for shape in {_shape(line) for line in lines})
    return {shape for shape, count in seen.items() if count > _MOST_PAGES}


def _shape(line: PdfLine) -> str:
    return re.sub(r"\d+", "0", line.words)


def _paragraphs(lines: Sequence[PdfLine]) -> Iterator[str]:
    """Yield paragraphs: lines of one size and distance. A short line that ends a sentence ends one too."""
    step, full = _usual_step(lines), max((weight(line.words) for line in lines), default=0)
    gathered: list[str] = []
    for place, line in enumerate(lines):
        before = lines[place - 1] if place else None
        if before is not None and gathered and _parts(before, line, step, full):
            yield joined(gathered)
            gathered = []
        gathered.append(line.words)
    if gathered:
        yield joined(gathered)


def _usual_step(lines: Sequence[PdfLine]) -> float:
    steps = Counter(round(above.y - below.y, 1) for above, below in pairwise(lines) if above.y > below.y)
    return max(steps, key=lambda step: (steps[step], -step), default=0.0)


def _parts(above: PdfLine, below: PdfLine, step: float, full: int) -> bool:
    if abs(above.size - below.size) > 0.15 * max(above.size, below.size):
        return True
    fall = above.y - below.y
    if step and fall > _NEW_PARAGRAPH * step:
        return True
    is_short = weight(above.words) < 0.5 * full
    return is_short and bool(_ENDED.search(above.words))
