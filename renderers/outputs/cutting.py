"""Spans that are too long for one piece of an output, cut where a reader would cut them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from renderers.prose import Span
from renderers.shortening import shorten, split

LINK_TEXT = 300
"""UTF-16 units of a link's text: a link is never cut in two, so a longer one is shortened."""

Size = Callable[[Span], int]


def cut(spans: Sequence[Span], limit: int, size: Size) -> Iterator[tuple[Span, ...]]:
    """Give the spans in pieces of at most `limit`, measured by `size`; nearly always in one.

    A text is cut at a line, sentence or word end, a link never; one that is larger than the limit by itself
    is a piece of its own.
    """
    piece: list[Span] = []
    used = 0
    for span in _short(spans, limit, size):
        length = size(span)
        if piece and used + length > limit:
            yield tuple(piece)
            piece, used = [], 0
        piece.append(span)
        used += length
    if piece:
        yield tuple(piece)


def _short(spans: Sequence[Span], limit: int, size: Size) -> Iterator[Span]:
    """Give the spans, none longer than the limit but for a link with a long address."""
    for span in spans:
        if span.url:
            yield replace(span, text=shorten(span.text, LINK_TEXT))
        elif size(span) <= limit:
            yield span
        else:
            yield from _parts(span, limit, size)


def _parts(span: Span, limit: int, size: Size) -> Iterator[Span]:
    texts = split(span.text, limit, lambda part: size(replace(span, text=part)))
    return (replace(span, text=text) for text in texts)
