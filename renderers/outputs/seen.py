"""Markdown as readers see it in an output: blocks and spans without characters that nobody can see."""

from collections.abc import Iterable
from dataclasses import replace

from renderers.markdown import clean, visible
from renderers.prose import Block, Span, blocks, plain_line, spans


def seen_blocks(markdown: str) -> tuple[Block, ...]:
    """Read Markdown of any length; blocks that show nothing are left out, rules are kept."""
    read = (replace(block, spans=_seen(block.spans)) for block in blocks(markdown))
    return tuple(block for block in read if block.spans or block.kind == "rule")


def seen_spans(markdown: str) -> tuple[Span, ...]:
    """Read one line of Markdown, such as a title."""
    return _seen(spans(markdown))


def seen_line(markdown: str) -> str:
    """Return what one line of Markdown says, as text without looks."""
    return clean(plain_line(markdown))


def _seen(said: Iterable[Span]) -> tuple[Span, ...]:
    read = (replace(span, text=visible(span.text)) for span in said)
    kept = [span for span in read if span.text]
    return tuple(kept) if any(span.text.strip() for span in kept) else ()
