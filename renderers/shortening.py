"""Text that must fit a chat platform's limits, cut where a reader would cut it.

Lengths are UTF-16 code units. Telegram counts them (https://core.telegram.org/api/entities); Discord counts
code points (discord/discord-api-docs#1315), which are never more.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator

Size = Callable[[str], int]

_CUT = "…"
_SENTENCE_END = re.compile(r"[。！？!?…][”’」』）)\"']*|\.(?=\s)")
_WORD_END = re.compile(r"(?=\s)|(?<=[\u3001-\u9fff\uff00-\uff65])|(?=[\u3400-\u9fff])")
_JOINER = "\u200d"


def units(text: str) -> int:
    """Count the UTF-16 code units of a text."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def shorten(text: str, limit: int, size: Size = units) -> str:
    """Return text of at most `limit`, cut at a sentence or else a word end and closed with "…".

    `size` says how long a text is once it is set, escapes included. A limit too small for "…" gives nothing.
    """
    if size(text) <= limit:
        return text

    def closed(start: str) -> str:
        return start.rstrip() + _CUT

    end = _good_end(text, _most(text, limit, lambda start: size(closed(start))))
    short = closed(text[:end])
    return short if size(short) <= limit else ""


def split(text: str, limit: int, size: Size = units) -> tuple[str, ...]:
    """Split text at line ends into as many parts of at most `limit` as it needs; blank edges go.

    A line longer than a part is cut at a sentence or word end. Raises ValueError for a limit that is too
    small for a character.
    """
    parts: list[str] = []
    part, used = "", 0
    for line in text.split("\n"):
        for piece in _pieces(line, limit, size):
            length = size(piece) + 1
            if used + length - 1 > limit:
                parts.append(part)
                part, used = "", 0
            part, used = f"{part}\n{piece}" if used else piece, used + length
    return tuple(stripped for stripped in (one.strip("\n") for one in [*parts, part]) if stripped)


def _pieces(line: str, limit: int, size: Size) -> Iterator[str]:
    while size(line) > limit:
        most = _most(line, limit, size)
        if not most:
            raise ValueError(f"no character fits into {limit}")
        end = _good_end(line, most) or most
        yield line[:end].rstrip()
        line = line[end:].lstrip()
    yield line


def _most(text: str, limit: int, size: Size) -> int:
    """Return how many code points from the start are within the limit once set."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if size(text[:middle]) <= limit else (low, middle - 1)
    while low and size(text[:low]) > limit:  # an escape that depends on what follows
        low -= 1
    return low


def _good_end(text: str, most: int) -> int:
    """Return the last sentence end or else word end beyond the middle, else the last character end."""
    for ending in (_SENTENCE_END, _WORD_END):
        ends = [found.end() for found in ending.finditer(text, most // 2, most + 1)]
        good = [end for end in ends if 0 < end <= most and not _joins(text, end)]
        if good:
            return good[-1]
    while most and _joins(text, most):
        most -= 1
    return most


def _joins(text: str, place: int) -> bool:
    """Whether what stands before and after the place is one character to a reader."""
    if not 0 < place < len(text):
        return False
    before, after = text[place - 1], text[place]
    if unicodedata.category(after).startswith("M") or _JOINER in (before, after):
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\u1160" <= after <= "\u11ff" or after == "\u200c":
        return True
    return _is_flag_letter(after) and len(re.findall("[\U0001f1e6-\U0001f1ff]*$", text[:place])[0]) % 2 == 1


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
