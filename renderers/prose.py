"""Markdown of an issue as plain data: blocks of spans, which every output sets in its own way.

It is read as github.com reads it, but for bold beside Chinese, and without HTML: tags vanish, what stands
between them stays. Only http and https links are kept. An address that somebody typed is a link; one that a
page brought along was escaped and is none.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from renderers.chinese_emphasis import with_chinese_emphasis
from renderers.markdown import link_target

# An address in text ends at the first character that is not ASCII: "https://e.com/a。后" is one up to "。".
_ADDRESS = re.compile(r"(?<![\w/:@.])https?://[!#-;=?-Z_a-z~]+", re.ASCII | re.IGNORECASE)
_NOT_AT_END = ".,:;!?'*_~"

Kind = Literal["paragraph", "item", "quote", "code", "heading", "rule"]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text of one look; `url` is where it leads, empty for no link. A line break is LF."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list item, quote, block of code, heading or rule.

    `level` counts the lists (or quotes, or the heading's marks) around it, from 1; 0 for a paragraph. `mark`
    is what stands before a list item: "•" or its number, "3.".
    """

    kind: Kind
    spans: tuple[Span, ...] = ()
    level: int = 0
    mark: str = ""

    @property
    def text(self) -> str:
        """What it says, without its looks."""
        return "".join(span.text for span in self.spans)


def blocks(markdown: str) -> tuple[Block, ...]:
    """Read Markdown of any length into blocks, in order; never fails."""
    return tuple(_blocks(_parser().parse(markdown)))


def spans(markdown: str) -> tuple[Span, ...]:
    """Read one line of Markdown, such as a title."""
    tokens = _parser().parseInline(markdown)
    return tuple(_merged(_spans(tokens[0].children or [])) if tokens else ())


def plain(markdown: str) -> str:
    """Return what Markdown says as text; blocks are lines."""
    return "\n".join(f"{block.mark} {block.text}".strip() for block in blocks(markdown) if block.text)


def plain_line(markdown: str) -> str:
    """Return what one line of Markdown, such as a title, says as text."""
    return "".join(span.text for span in spans(markdown)).replace("\n", " ").strip()


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["strikethrough"]).disable("text_join")
    return with_chinese_emphasis(parser)


def _blocks(tokens: Sequence[Token]) -> Iterable[Block]:
    """Walk the tokens, keeping the open lists and quotes; the first paragraph of an entry has its mark."""
    lists: list[int | None] = []  # of each open list the next number, None where it has bullets
    quotes, mark, heading = 0, "", 0
    for token in tokens:
        match token.type:
            case "bullet_list_open":
                lists.append(None)
            case "ordered_list_open":
                lists.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
            case "list_item_open":
                mark = _mark(lists)
            case "blockquote_open" | "blockquote_close":
                quotes += 1 if token.nesting > 0 else -1
            case "heading_open" | "heading_close":
                heading = int(token.tag[1:]) if token.nesting > 0 else 0
            case "fence" | "code_block":
                yield Block("code", (Span(token.content.rstrip("\n"), code=True),), len(lists))
            case "hr":
                yield Block("rule")
            case "inline":
                said = tuple(_merged(_spans(token.children or [])))
                kind, level = _place(lists, quotes, heading)
                if said:
                    yield Block(kind, said, level, mark)
                mark = ""


def _mark(lists: list[int | None]) -> str:
    """Return the mark of the next entry of the innermost list, and count it."""
    number = lists[-1]
    if number is None:
        return "•"
    lists[-1] = number + 1
    return f"{number}."


def _place(lists: Sequence[int | None], quotes: int, heading: int) -> tuple[Kind, int]:
    if heading:
        return "heading", heading
    if lists:
        return "item", len(lists)
    return ("quote", quotes) if quotes else ("paragraph", 0)


def _spans(tokens: Sequence[Token]) -> Iterable[Span]:
    look = Span("")
    for token in tokens:
        match token.type:
            case "text" if not look.url:
                yield from _addresses(token.content, look)
            case "text" | "text_special":
                yield replace(look, text=token.content)
            case "code_inline":
                yield replace(look, text=token.content, code=True)
            case "hardbreak":
                yield replace(look, text="\n")
            case "softbreak":
                yield replace(look, text=" ")
            case "strong_open" | "strong_close":
                look = replace(look, bold=token.nesting > 0)
            case "em_open" | "em_close":
                look = replace(look, italic=token.nesting > 0)
            case "link_open":
                look = replace(look, url=link_target(str(token.attrGet("href") or "")))
            case "link_close":
                look = replace(look, url="")
            case "image":
                yield replace(look, text=token.content)
            case _:
                pass  # an HTML tag, a strike: what stands between stays


def _addresses(text: str, look: Span) -> Iterable[Span]:
    """Make links of the addresses in text that holds no escape."""
    place = 0
    for found in _ADDRESS.finditer(text):
        address = found.group().rstrip(_NOT_AT_END)
        if address.endswith(")") and address.count("(") < address.count(")"):
            address = address.rstrip(")").rstrip(_NOT_AT_END)
        url = link_target(address)
        if not url:
            continue
        yield replace(look, text=text[place : found.start()])
        yield replace(look, text=address, url=url)
        place = found.start() + len(address)
    yield replace(look, text=text[place:])


def _merged(found: Iterable[Span]) -> Iterable[Span]:
    """Join neighbours of one look."""
    last: Span | None = None
    for span in found:
        if last is not None and replace(span, text="") == replace(last, text=""):
            last = replace(last, text=last.text + span.text)
            continue
        if last is not None and last.text:
            yield last
        last = span
    if last is not None and last.text:
        yield last
