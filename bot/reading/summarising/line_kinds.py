"""What each line of a text is by its shape: prose, a heading, an item, or what nobody reads aloud."""

import re
from collections.abc import Iterator, Sequence
from enum import Enum

from bot.reading.summarising.code_lines import is_code
from bot.reading.summarising.sentences import ENDED


class LineKind(Enum):
    """What a line is."""

    PROSE = "prose"
    ITEM = "item"
    HEADING = "heading"
    TABLE = "table"
    CODE = "code"
    CAPTION = "caption"
    MARK = "mark"
    """Nothing but a picture, a link, a list's number, a rule: no words."""


SAYS_SOMETHING = frozenset({LineKind.PROSE, LineKind.ITEM, LineKind.HEADING})
_FENCE = re.compile(r"\s*(```|~~~)")
_ITEM = re.compile(
    r"\s*(?:[-*+•·●○▪■◆◦‣►▶✅–]\s+|[•●▪■◆◦‣►▶✅]|\d{1,2}(?:[.)）]\s+|[、．)）])"
    r"|[（(]\d{1,2}[)）]\s*|[①-⑳❶-❿]\s*"
    r"|[一二三四五六七八九十]{1,2}、\s*|[a-h][.)]\s+)"
)
_MARK = re.compile(
    r"\s*(?:!\[[^\]]*\]\([^)]*\)\s*|\[[^\]]*\]\([^)\s]*\)\s*(?:[|·,，、]\s*)?|<[^>]{1,300}>\s*"
    r"|https?://\S+(?:\s+|\Z))+\Z"
)
"""Pictures, links and tags in a row. Each ends in one way only, or a stranger could make it take for ever."""
_TABLE = re.compile(r"\s*\|.*\|\s*\Z|[^|]*[^|\s]\s*\|\s*[^|\s][^|]*\|[^|]*[^|。.!！]\Z|[^\t]*\t[^\t]*\t")
_CAPTION = re.compile(
    r"\s*[▲△▼↑*（(]?\s*(?:"
    r"(?:[图表圖]|附图|图片|代码清单|図|그림|Figure|Fig\.|Table|Listing|Exhibit|Рис\.|Abbildung|Abb\.)"
    r"\s*[\d一二三四五六七八九十]+(?:[-.]\d+)*\s*(?P<colon>[.:：|｜—–-]\s)?"
    r"|(?:图片?来源|图源|图注|图说|供图|摄影|(?:Image|Photo|Picture)(?: credit)?|Source|Credit)s?\s*[:：/])",
    re.IGNORECASE,
)
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_LONGEST_HEADING = 60
"""Width: a CJK character counts for two."""
_JUDGED = 400
"""A line's kind shows in its first so many characters."""


def kinds_of(lines: Sequence[str]) -> Iterator[LineKind]:
    """Name the kind of each line; between fences all is code, an unpaired fence opens nothing."""
    fences = [number for number, line in enumerate(lines) if _FENCE.match(line)]
    paired = len(fences) // 2 * 2
    passed = 0
    for number, line in enumerate(lines):
        if passed < paired and number == fences[passed]:
            passed += 1
            yield LineKind.CODE
        elif passed % 2:
            yield LineKind.CODE
        else:
            kind = _kind_of(line[:_JUDGED], complete=len(line) <= _JUDGED)
            yield LineKind.PROSE if kind is LineKind.HEADING and _announces_list(lines, number) else kind


def item_mark(line: str) -> str:
    """Return the bullet or number that a line begins with, with its blanks; empty where there is none."""
    found = _ITEM.match(line)
    return found[0] if found else ""


def _kind_of(line: str, *, complete: bool) -> LineKind:
    mark = item_mark(line)
    if not any(map(str.isalpha, line[len(mark) :])) or _MARK.match(line) or _FENCE.match(line):
        return LineKind.MARK
    if _TABLE.match(line):
        return LineKind.TABLE
    if _is_caption(line):
        return LineKind.CAPTION
    if is_code(line):
        return LineKind.CODE
    if line.lstrip().startswith("#") or (complete and not mark and _is_heading(line)):
        return LineKind.HEADING
    return LineKind.ITEM if mark else LineKind.PROSE


def _announces_list(lines: Sequence[str], number: int) -> bool:
    """Tell "It does three things:" before its items from a heading."""
    announces = lines[number].rstrip().endswith((":", "："))
    return announces and bool(item_mark("".join(lines[number + 1 : number + 2])))


def _is_caption(line: str) -> bool:
    """Tell "Figure 2. A board" from "Figure 2 shows that …"."""
    found = _CAPTION.match(line)
    if found is None:
        return False
    return found["colon"] is not None or not ENDED.search(line) or found[0].rstrip()[-1] in ":：/"


def _is_heading(line: str) -> bool:
    return not ENDED.search(line) and len(line) + len(_WIDE.findall(line)) <= _LONGEST_HEADING
