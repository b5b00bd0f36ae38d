"""Prose as HTML: every word escaped in one place, and the templates that stand around it."""

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from renderers.issue_view import IssueView
from renderers.markdown import clean
from renderers.outputs.seen import seen_blocks, seen_line, seen_spans
from renderers.outputs.words import words_of
from renderers.prose import Block, Span

_TEMPLATES = Path(__file__).parent / "templates"
_HEADINGS_ABOVE = 3  # a story's own title is <h3>: headings within its summary begin below it
_LOWEST_HEADING = 6


def page(template: str, issue: IssueView, **values: object) -> str:
    """Fill one of the templates; all text in it is escaped unless it is `Markup` made here."""
    words = words_of(issue.masthead.language)
    return _environment().get_template(template).render(issue=issue, words=words, **values)


def inline(said: Iterable[Span], *, links: bool = True) -> Markup:
    """Set spans; `links` is False where they stand within a link already."""
    return Markup("").join(_span(span, links=links) for span in said)


def flow(read: Sequence[Block]) -> Markup:
    """Set blocks as paragraphs, lists, quotes, code and headings, each with a direction of its own."""
    parts: list[Markup] = []
    place = 0
    while place < len(read):
        end = place + 1
        if _listed(read[place]):
            while end < len(read) and _listed(read[end]):
                end += 1
            parts.append(_list(read[place:end], 1))
        else:
            parts.append(_block(read[place]))
        place = end
    return Markup("\n").join(parts)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["flow"] = lambda markdown: flow(seen_blocks(markdown))
    environment.filters["inline"] = lambda markdown: inline(seen_spans(markdown))
    environment.filters["unlinked"] = lambda markdown: inline(seen_spans(markdown), links=False)
    environment.filters["line"] = seen_line
    environment.filters["clean"] = clean
    return environment


def _span(span: Span, *, links: bool) -> Markup:
    text = Markup("<br>\n").join(escape(line) for line in span.text.split("\n"))
    if span.code:
        text = Markup("<code>{}</code>").format(text)
    if span.italic:
        text = Markup("<em>{}</em>").format(text)
    if span.bold:
        text = Markup("<strong>{}</strong>").format(text)
    return Markup('<a href="{}">{}</a>').format(span.url, text) if span.url and links else text


def _block(block: Block) -> Markup:
    text = inline(block.spans)
    match block.kind:
        case "rule":
            return Markup("<hr>")
        case "code":
            return Markup("<pre><code>{}</code></pre>").format(block.text)
        case "quote":
            return Markup('<blockquote><p dir="auto">{}</p></blockquote>').format(text)
        case "heading":
            tag = f"h{min(block.level + _HEADINGS_ABOVE, _LOWEST_HEADING)}"
            return Markup('<{tag} dir="auto">{text}</{tag}>').format(tag=tag, text=text)
        case _:
            return Markup('<p dir="auto">{}</p>').format(text)


def _listed(block: Block) -> bool:
    return block.kind == "item" or (block.kind == "code" and block.level > 0)


def _list(entries: Sequence[Block], level: int) -> Markup:
    """Set the lists of one level: a new one begins where bullets and numbers change or counting does."""
    lists: list[tuple[Markup, list[Markup]]] = []
    place, expected = 0, ""
    while place < len(entries):
        end = place + 1
        while end < len(entries) and (entries[end].level > level or not entries[end].mark):
            end += 1
        mark = entries[place].mark if entries[place].level <= level else ""
        if not lists or mark != expected:
            lists.append((_opening(mark), []))
        lists[-1][1].append(_entry(entries[place:end], level))
        expected = mark if not mark[:-1].isdecimal() else f"{int(mark[:-1]) + 1}."
        place = end
    return Markup("\n").join(
        Markup("<{opening}>\n{entries}\n</{tag}>").format(
            opening=opening,
            entries=Markup("\n").join(entries),
            tag=opening[:2],
        )
        for opening, entries in lists
    )


def _opening(mark: str) -> Markup:
    number = mark[:-1]
    if not number.isdecimal():
        return Markup("ul")
    return Markup("ol") if number == "1" else Markup('ol start="{}"').format(number)


def _entry(blocks: Sequence[Block], level: int) -> Markup:
    """Set an entry: its own text, further paragraphs and code, and the lists within it."""
    parts: list[Markup] = []
    place = 0
    while place < len(blocks):
        end = place + 1
        if blocks[place].level > level:
            while end < len(blocks) and blocks[end].level > level:
                end += 1
            parts.append(_list(blocks[place:end], level + 1))
        elif blocks[place].kind == "code" or place:
            parts.append(_block(blocks[place]))
        else:
            parts.append(inline(blocks[place].spans))
        place = end
    return Markup('<li dir="auto">{}</li>').format(Markup("\n").join(parts))
