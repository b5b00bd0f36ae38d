"""Where the sentences of a text begin and end, by the marks of its script, else by its lines."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

_CLOSING = "\"'”’」』）)\\]》〉»"
_END = re.compile(
    rf"(?:[。！？｡؟۔।॥།။]+|…{{2,}}|[!?]+(?=[\s{_CLOSING}]|$|[\u3040-\u30ff\u3400-\u9fff])"
    rf"|\.(?<=[^\W_]\.|[)\]\"”’»%`*+#]\.)(?=[{_CLOSING}*`]*(?:\s|$)|[\u3040-\u30ff\u3400-\u9fff]))"
    rf"[{_CLOSING}]*"
)
"""A mark with the quotes and brackets closed behind it. A full stop only before a blank or a CJK character:
decimals, versions, addresses and file names have none."""
ENDED = re.compile(rf"[。！？｡!?؟۔।॥።។.…；;][{_CLOSING}*`]*\s*\Z")
"""Ends as a sentence does."""
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Sr|Jr|St|vs|etc|e\.g|i\.e|al|Fig|Figs|Eq|Eqs|No|Nos|Inc|Ltd|Co|Corp|U\.S|U\.K|cf"
    r"|approx|resp|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|Gen|Sen|Rep|Gov|Vol|Sec|Ch|Art|pp|Ref|Refs"
    r"|z\.B|d\.h|bzw|ca|Nr|Abb|usw|т\.е|т\.д|т\.п|рис|г)|\b[A-ZА-Я])$"
)
_LONGEST_ABBREVIATION = 8
_PARTED_ABBREVIATION = re.compile(r"(?<![^\W_])[^\W\d_]\.[ \u00a0\u202f][^\W\d_]\.")
"""Letters with a full stop and a blank behind each: "z. B.", "d. h.", "т. е."."""
_DAY_OF_MONTH = re.compile(
    r"(?<!\d)\d{1,2}\.\s(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November"
    r"|Dezember)\b"
)
"""German writes the 3rd of May "3. Mai"."""
_NUMBERING = re.compile(r"\s*(?:\d{1,3}(?:\.\d{1,2})*|[A-Za-z])\Z")
_LONGEST_NUMBERING = 16
_SMALL_LETTER = re.compile(r"[ \t]*[\"'“‘(\[]*([a-zà-öø-ÿа-яё])")
_PAIRS = {"”": "“", "」": "「", "』": "『", "）": "（", "》": "《", "〉": "〈", ")": "(", "»": "«"}
_BRACKETS = re.compile('["' + "".join(_PAIRS) + "".join(_PAIRS.values()) + "]")
_LONGEST_QUOTE = 300
"""Characters. A pair farther apart is two stray marks, or a speech of many sentences."""
_UNMARKED = re.compile(r"[\u0e00-\u0eff]")
"""Thai and Lao: no mark ends a sentence, a blank ends a clause."""
_CLAUSES = re.compile(r"\S.{40,}?(?=\s|$)|\S.*")


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each sentence, without the blanks around it. Linear in the text.

    Every line end is a sentence's end. A quotation or a book title stays whole; "1." belongs to what follows.
    """
    start = 0
    for line in text.splitlines(keepends=True):
        yield from spans_in_line(line, start)
        start += len(line)


def spans_in_line(line: str, start: int = 0) -> Iterator[tuple[int, int]]:
    """Yield start and end of each sentence of a line that begins at `start` of its text."""
    if _UNMARKED.search(line):
        yield from (
            (start + piece.start(), start + len(piece[0].rstrip()) + piece.start())
            for piece in _CLAUSES.finditer(line)
        )
        return
    pairs = _kept_whole(line)
    begin = 0
    for mark in _END.finditer(line):
        if not _within(pairs, mark.end()) and _is_end(line, begin, mark):
            yield from _span(line, begin, mark.end(), start)
            begin = mark.end()
    yield from _span(line, begin, len(line), start)


def _is_end(line: str, begin: int, mark: re.Match[str]) -> bool:
    """Doubt the marks that Latin script uses for other things too."""
    if mark[0][0] not in ".!?":
        return True
    end = mark.start()
    if mark[0][0] == ".":
        if _is_abbreviated(line, begin, end):
            return False
        if end - begin <= _LONGEST_NUMBERING and _NUMBERING.match(line[begin:end]):
            return False
    # text in small letters throughout ends its sentences too
    return not (_begins_large(line, begin) and _SMALL_LETTER.match(line, mark.end()))


def _is_abbreviated(line: str, begin: int, end: int) -> bool:
    """Tell whether the full stop at `end` belongs to the word before it."""
    if _ABBREVIATION.search(line, max(begin, end - _LONGEST_ABBREVIATION), end):
        return True
    first, last = max(begin, end - 1), max(begin, end - 4)  # the stop is the letters' first, or their second
    return bool(
        _PARTED_ABBREVIATION.match(line, first)
        or _PARTED_ABBREVIATION.match(line, last, end + 1)
        or _DAY_OF_MONTH.match(line, first)
        or _DAY_OF_MONTH.match(line, max(begin, end - 2))
    )


def _begins_large(line: str, begin: int) -> bool:
    return line[begin : begin + 40].lstrip(" \t\"'“‘([")[:1].isupper()


def _kept_whole(line: str) -> list[tuple[int, int]]:
    """Return the outermost pairs of quotes and brackets, opening and closing, in order."""
    open_marks: list[tuple[str, int]] = []
    pairs: list[tuple[int, int]] = []
    for found in _BRACKETS.finditer(line):
        mark, place = found[0], found.start()
        begun = _closed_by(mark, open_marks)
        if begun is None:
            if mark not in _PAIRS:
                open_marks.append((mark, place))
        elif place - begun <= _LONGEST_QUOTE:
            while pairs and pairs[-1][0] > begun:
                pairs.pop()
            pairs.append((begun, place))
    return pairs


def _closed_by(mark: str, open_marks: list[tuple[str, int]]) -> int | None:
    """Return where the pair began that this mark closes; up to two stray marks in between are forgotten."""
    opening = _PAIRS.get(mark, mark)
    for back in range(1, min(3, len(open_marks)) + 1):
        if open_marks[-back][0] == opening and (mark in _PAIRS or mark == '"'):
            begun = open_marks[-back][1]
            del open_marks[-back:]
            return begun
    return None


def _within(pairs: Sequence[tuple[int, int]], end: int) -> bool:
    """Tell whether a sentence that ended here would tear a pair apart."""
    following = bisect_left(pairs, (end, -1)) - 1
    return following >= 0 and end <= pairs[following][1]


def _span(line: str, begin: int, end: int, start: int) -> Iterator[tuple[int, int]]:
    piece = line[begin:end]
    stripped = piece.strip()
    if stripped:
        begin += piece.index(stripped)
        yield start + begin, start + begin + len(stripped)
