"""The sentences of an article among which a summary chooses, each with its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.reading.summarising.line_kinds import SAYS_SOMETHING, LineKind, item_mark, kinds_of
from bot.reading.summarising.sentences import ENDED, spans_in_line

_READ = 1_000_000
_READ_OF_A_LINE = 10_000
_MOST_LINES = 3_000
"""Characters and lines. An article says what it is about before that; the rest is cost."""
_MOST_SENTENCES = 40
"""Sixty did not make better drafts than forty, and take half as long again."""
_LONGEST_SENTENCE = 1_000
"""Characters. What runs on longer is no sentence: a listing, or text without full stops."""
_CLAUSE = re.compile(r"\S.{40,}?(?:[，,；;、](?!\d)|(?=\s)|\Z)|\S.*\S|\S")
_PICTURE = re.compile(r"!\[|<(?:img|video|iframe|table|script|style|pre|code)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, and where it stands."""

    text: str
    start: int
    end: int
    paragraph: int
    """The number of its line among those that hold sentences, from 0."""
    kind: LineKind


def sentences_of(text: str) -> list[Sentence]:
    """Return the first forty sentences of prose and lists; of headings where there is nothing else.

    Code, tables, captions, pictures and bare numbers are left out, and what is too long to be a sentence.
    """
    found: list[Sentence] = []
    headings: list[Sentence] = []
    for sentence in _each(text[:_READ]):
        (headings if sentence.kind is LineKind.HEADING else found).append(sentence)
        if len(found) >= _MOST_SENTENCES:
            break
    return found or headings[:_MOST_SENTENCES]


def _each(text: str) -> Iterator[Sentence]:
    lines = text.splitlines(keepends=True)[:_MOST_LINES]
    start, paragraph = 0, 0
    for line, kind in zip(lines, kinds_of(lines), strict=True):
        spans = _readable_spans(line, kind) if kind in SAYS_SOMETHING else []
        for begin, end in spans:
            yield Sentence(line[begin:end], start + begin, start + end, paragraph, kind)
        if spans and kind is not LineKind.HEADING:
            paragraph += 1
        start += len(line)


def _readable_spans(line: str, kind: LineKind) -> list[tuple[int, int]]:
    """Return the sentences of a line. A bullet is no part of the first, unless nothing else would part it."""
    mark = item_mark(line)
    keeps_mark = kind is LineKind.ITEM and not ENDED.search(line)
    skipped = 0 if keeps_mark or any(map(str.isalnum, mark)) else len(mark)
    whole = len(line) <= _READ_OF_A_LINE
    return [
        (begin, end)
        for span in spans_in_line(line[skipped:_READ_OF_A_LINE], skipped)
        for begin, end in _short_enough(line, *span)
        if (whole or end < _READ_OF_A_LINE)  # the last one read may be cut
        and any(map(str.isalpha, line[begin:end]))
        and not _PICTURE.search(line, begin, end)
    ]


def _short_enough(line: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Part what runs on without a full stop into its clauses; what has none of these is left out."""
    if end - begin <= _LONGEST_SENTENCE:
        yield begin, end
        return
    for clause in _CLAUSE.finditer(line, begin, end):
        if len(clause[0]) <= _LONGEST_SENTENCE:
            yield clause.span()
