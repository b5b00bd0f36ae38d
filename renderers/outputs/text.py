"""An issue as plain text: its links are numbered references at the end, and no line is wrapped."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from renderers.issue_view import IssueView, SectionView, StoryView
from renderers.markdown import clean
from renderers.outputs.output import Fault, Output, file_name
from renderers.outputs.references import References
from renderers.outputs.seen import seen_blocks, seen_line, seen_spans
from renderers.outputs.site import title_of
from renderers.outputs.words import Words, words_of
from renderers.prose import Block, Span

MEDIA_TYPE = "text/plain; charset=utf-8"
_INDENT = "  "
_WIDEST_RULE = 72  # columns, as an underline fits an e-mail of the classical width


def render(issue: IssueView) -> tuple[Output, ...]:
    """Set an issue as one text: NFC, lines end with LF and are as long as their paragraphs.

    Chinese has no blanks to wrap at, and every reader's window wraps by itself.
    """
    text = unicodedata.normalize("NFC", "\n".join(_lines(issue)).strip("\n") + "\n")
    return (Output(file_name(issue, ".txt"), MEDIA_TYPE, text.encode("utf-8")),)


def faults(output: Output) -> tuple[Fault, ...]:
    """Check that it is text: UTF-8 in NFC, without control characters and bare carriage returns."""
    try:
        text = output.text
    except UnicodeDecodeError:
        return (Fault("not-utf-8", "The text is no UTF-8."),)
    found = []
    if not text.strip():
        found.append(Fault("empty", "The text is empty."))
    if not unicodedata.is_normalized("NFC", text):
        found.append(Fault("not-nfc", "The text is not normalized to NFC."))
    if any(unicodedata.category(mark) == "Cc" and mark != "\n" for mark in text):
        found.append(Fault("control", "The text holds control characters."))
    return tuple(found)


def _lines(issue: IssueView) -> Iterator[str]:
    words, links = words_of(issue.masthead.language), References()
    yield from _titled(title_of(issue), "=")
    if issue.masthead.tagline:
        yield from (clean(issue.masthead.tagline), "")
    lead = list(_prose(seen_blocks(issue.lead), links))
    yield from [*lead, ""] * bool(lead)
    shorts = [f"• {_said(seen_spans(short), links)}" for short in issue.shorts]
    yield from [*shorts, ""] * bool(shorts)
    for section in issue.sections:
        yield from _section(section, links, words)
    yield from _references(links, words)
    yield from (f"{words.in_browser}{words.colon}{issue.masthead.address}",) * bool(issue.masthead.address)


def _titled(title: str, rule: str) -> Iterable[str]:
    """Underline a title as wide as it shows; East Asian characters are two columns."""
    width = sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in title)
    return (title, rule * min(width, _WIDEST_RULE), "") if title else ()


def _section(section: SectionView, links: References, words: Words) -> Iterator[str]:
    yield ""
    yield from _titled(seen_line(section.heading), "-")
    for story in section.stories:
        yield from _story(story, links, words)
        yield ""


def _story(story: StoryView, links: References, words: Words) -> Iterator[str]:
    tags = [f"[{tag}]" for tag in map(seen_line, story.tags) if tag]
    source = seen_line(story.source)
    title = _said(seen_spans(story.title), links) or words.untitled
    number = f"[{links.number(story.url)}]" if story.url else ""
    yield " ".join(filter(None, ["*", *tags, title, f"| {source}" if source else "", number]))
    for label, value in story.meta:
        yield f"{_INDENT}{seen_line(label)}{words.colon}{_said(seen_spans(value), links)}"
    yield from (f"{_INDENT}{line}".rstrip() for line in _prose(seen_blocks(story.summary), links))
    for picture in story.pictures:
        if picture.url:
            yield f"{_INDENT}{clean(picture.credit)} [{links.number(picture.url)}]".rstrip()


def _prose(read: Sequence[Block], links: References) -> Iterator[str]:
    """Set blocks; paragraphs have a blank line between them, entries of a list none."""
    for place, block in enumerate(read):
        if place and (block.kind, read[place - 1].kind) != ("item", "item"):
            yield ""
        lines = _said(block.spans, links).split("\n")
        match block.kind:
            case "rule":
                yield "* * *"
            case "item":
                indent = _INDENT * (block.level - 1)
                yield f"{indent}{block.mark or ' '} {lines[0]}"
                yield from (f"{indent}{_INDENT}{line}" for line in lines[1:])
            case "quote":
                yield from ("> " * block.level + line for line in lines)
            case "code":
                yield from (_INDENT * 2 + line for line in lines)
            case _:
                yield from lines


def _said(said: Iterable[Span], links: References) -> str:
    """Return spans as text, a number behind each link whose address is not what it says."""
    parts = []
    for span in said:
        parts.append(span.text)
        if span.url and span.url != span.text:
            parts.append(f" [{links.number(span.url)}]")
    return "".join(parts).strip("\n")


def _references(links: References, words: Words) -> Iterator[str]:
    if not links.listed:
        return
    yield ""
    yield from _titled(words.links, "-")
    yield from (f"[{number}] {url}" for number, url in links.listed)
    yield ""
