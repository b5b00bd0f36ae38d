"""Where the sentences of a text begin and end, in Chinese, English and mixtures of them."""

import re
from collections.abc import Iterator

_END = re.compile(
    r"(?:[。！？]+|…{2,}|[!?]+(?=[\s\"'”’)\]]|$|[\u3400-\u9fff])|(?<=[A-Za-z0-9)\]\"”%’])\.(?=[\"'”’)\]]*(?:\s|$)|[\u3400-\u9fff]))"
    r"[\"'”’」』）)\]》]*"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Sr|Jr|St|vs|etc|e\.g|i\.e|al|Fig|Figs|Eq|No|Inc|Ltd|Co|Corp|U\.S|U\.K|cf|approx"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|Gen|Sen|Rep|Gov|Vol|Sec)|\b[A-Z])$"
)
_NUMBERING = re.compile(r"^\s*(?:\d{1,3}|[A-Za-z])$")
_QUOTES = (("《", "》"), ("“", "”"), ("「", "」"), ("『", "』"), ("（", "）"))


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each sentence, without the blanks around it.

    Every line end is a sentence's end. A quotation or a book title stays whole; "1." belongs to what follows.
    """
    start = 0
    for line in text.splitlines(keepends=True):
        yield from _in_line(text, start, start + len(line))
        start += len(line)


def _in_line(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    line = text[start:end]
    held_open = [pair for pair in _QUOTES if line.count(pair[0]) == line.count(pair[1]) > 0]
    begin = 0
    for mark in _END.finditer(line):
        if _is_end(line, begin, mark) and not _inside(line[begin : mark.end()], held_open):
            yield from _span(text, start + begin, start + mark.end())
            begin = mark.end()
    yield from _span(text, start + begin, end)


def _is_end(line: str, begin: int, mark: re.Match[str]) -> bool:
    if not mark[0].startswith("."):
        return True
    before, after = line[begin : mark.start()], line[mark.end() :].lstrip()
    if _ABBREVIATION.search(before) or _NUMBERING.match(before):
        return False
    begins_large = before.lstrip()[:1].isupper()  # text in small letters throughout ends its sentences too
    return not (begins_large and after[:1].islower())


def _inside(sentence: str, pairs: list[tuple[str, str]]) -> bool:
    return any(sentence.count(opening) > sentence.count(closing) for opening, closing in pairs)


def _span(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        begin = start + piece.index(stripped)
        yield begin, begin + len(stripped)
