"""What a PDF is called and who wrote it, by how its first page is set."""

import re
from collections import Counter
from collections.abc import Sequence

from bot.reading.sources.pdf_characters import joined, weight
from bot.reading.sources.pdf_lines import PdfLine

_SAME_SIZE = 0.04
_LARGER = 1.1
"""How much larger than the text a title is set at least."""
_LEAST_WEIGHT = 8
_LONGEST_TITLE = 300
_FARTHEST = 3.0
"""Line heights between two lines of one title."""
_NO_TITLE = re.compile(
    r"(?:abstract|contents|table of contents|摘\s*要|目\s*录|arxiv\b.*|published as .*|preprint\b.*"
    r"|proceedings\b.*)",
    re.IGNORECASE,
)
_JUNK = re.compile(
    r"microsoft (?:word|powerpoint)\b.*|untitled\b.*|.*\.(?:docx?|pptx?|tex|dvi|pdf|indd|odt|rtf|wps|fm|qxd)"
    r"|(?:the )?title|\S+|arxiv:.*|.*\bLaTeX (?:template|class)\b.*"
    r"|(?:slide|page|document|文档|演示文稿|幻灯片)\s*\d*",
    re.IGNORECASE,
)
"""Descriptions that say what the file was made with. One word is a file's name, unless it is Chinese."""
_HAN = re.compile("[\u3400-\u9fff]{4}")
_MARKS = re.compile(r"[\d*∗†‡§¶⋆♯♭✉∥‖#\\]+|\((?:[a-z]|\d)\)")
_BETWEEN = re.compile(r"\s*(?:,|;|，|；|、|·|•|&|\band\b)\s*")
_NAME = re.compile(
    r"[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’.-]*(?:\s+(?:(?:de|da|del|della|der|den|di|du|la|le|van|von|bin|al|el|ter)\s+)*[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’.-]*){1,3}"
)
_HAN_NAME = re.compile("[\u3400-\u9fff]{2,4}")
_NO_PERSON = re.compile(
    r"univers|institut|departm|school|college|laborator|\blabs?\b|research|academy|center|centre|faculty|\binc\b"
    r"|corp|google|microsoft|facebook|nvidia|amazon|intel\b|huawei|alibaba|tencent|baidu|ieee|acm\b|member|fellow"
    r"|student|proceedings|conference|journal|abstract|introduction|大学|学院|研究|公司|实验室|中心|摘要",
    re.IGNORECASE,
)
_MOST_AUTHORS = 60


def body_size(lines: Sequence[PdfLine]) -> float:
    """Return the height in which most of the text is set."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += weight(line.words)
    return max(sizes, key=lambda size: (sizes[size], size), default=0.0)


def is_no_title(words: str) -> bool:
    """Tell a heading that every document has, or a note about where it appeared."""
    return _NO_TITLE.fullmatch(words) is not None


def title_lines(lines: Sequence[PdfLine]) -> tuple[int, int]:
    """Return where the title begins and ends among the first page's lines; equal where nothing stands out.

    It is the first run of lines in the largest letters that hold words, not just a number or an ornament.
    """
    least = body_size(lines) * _LARGER
    for size in sorted({line.size for line in lines if line.size > least}, reverse=True):
        for start, line in enumerate(lines):
            if not _is_of_size(line, size):
                continue
            end = _run_end(lines, start, size)
            words = joined([each.words for each in lines[start:end]])
            if weight(words) >= _LEAST_WEIGHT and not is_no_title(words):
                return start, end
    return 0, 0


def _is_of_size(line: PdfLine, size: float) -> bool:
    return abs(line.size - size) <= size * _SAME_SIZE


def _run_end(lines: Sequence[PdfLine], start: int, size: float) -> int:
    end = start + 1
    while (
        end < len(lines)
        and _is_of_size(lines[end], size)
        and abs(lines[end].y - lines[end - 1].y) <= _FARTHEST * size
    ):
        end += 1
    return end


def title_of(lines: Sequence[PdfLine], described: str) -> str:
    """Return what the document is called; empty where neither the page nor the description tells.

    The description wins where the page says the same: it has its blanks and signs right.
    """
    start, end = title_lines(lines)
    printed = joined([line.words for line in lines[start:end]])[:_LONGEST_TITLE]
    if not is_plausible(described):
        return printed
    said, shown = _letters(described), _letters(printed)
    if not shown or said == shown or (said in shown and 2 * len(said) > len(shown)):
        return described[:_LONGEST_TITLE]
    return printed


def is_plausible(described: str) -> bool:
    """Tell whether a file's description of itself may be a title."""
    if _JUNK.fullmatch(described):
        return bool(_HAN.search(described)) and "." not in described
    return weight(described) >= _LEAST_WEIGHT


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def authors_of(lines: Sequence[PdfLine]) -> tuple[str, ...]:
    """Return the authors that stand under the title, line by line until one holds anything but names."""
    found: list[str] = []
    for line in lines:
        names = _names_in(line.words)
        if not names:
            break
        found += names
    return tuple(dict.fromkeys(found)) if len(found) <= _MOST_AUTHORS else ()


def _names_in(words: str) -> list[str]:
    if _NO_PERSON.search(words) or "@" in words:
        return []
    bare = _MARKS.sub(",", words)
    parts = [part.strip(" .") for part in _BETWEEN.split(bare)]
    if all(_HAN_NAME.fullmatch(part) for part in bare.replace(",", " ").split()):
        parts = bare.replace(",", " ").split()
    names = [part for part in parts if part]
    fitting = all(_NAME.fullmatch(name) or _HAN_NAME.fullmatch(name) for name in names)
    return names if fitting else []
