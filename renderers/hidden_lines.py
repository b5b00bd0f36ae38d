"""Lines of a page that are no Markdown: blocks of code between fences, and comments."""

import re
from collections.abc import Iterable, Sequence

from renderers.open_markup import FENCE

_COMMENT = re.compile(r" {0,3}<!--")
_END = "-->"


def hidden_blocks(lines: Sequence[str], start: int = 0) -> Iterable[range]:
    """Return the places of blocks of code and of comments, with the lines that open and close them.

    One that never closes hides nothing: kramdown shows it, and lint says so.
    """
    place = start
    while place < len(lines):
        stop = _code_end(lines, place) or _comment_end(lines, place)
        if stop is not None:
            yield range(place, stop)
        place = stop or place + 1


def _code_end(lines: Sequence[str], place: int) -> int | None:
    opened = FENCE.fullmatch(lines[place])
    if not opened or (opened[1][0] == "`" and "`" in opened[2]):
        return None
    for below in range(place + 1, len(lines)):
        closed = FENCE.fullmatch(lines[below])
        if closed and closed[1].startswith(opened[1]) and not closed[2].strip():
            return below + 1
    return None


def _comment_end(lines: Sequence[str], place: int) -> int | None:
    opened = _COMMENT.match(lines[place])
    if not opened:
        return None
    if _END in lines[place][opened.end() :]:
        return place + 1
    return next((below + 1 for below in range(place + 1, len(lines)) if _END in lines[below]), None)
