"""An issue as the data from which `templates/issue.typ` sets it."""

import datetime as dt
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from renderers.issue_view import IssueView, PictureImage, StoryView
from renderers.markdown import clean, link_target
from renderers.outputs.references import References
from renderers.outputs.seen import seen_blocks, seen_line, seen_spans
from renderers.outputs.words import words_of
from renderers.prose import Block, Span
from renderers.shortening import shorten

SIZE_LIMIT = 600_000
"""Of `size_of`: typst sets that in about a second and 500 MB. No issue of the archive has a tenth of it."""
_VALUE = 50  # what a block or span takes besides its text, in characters
# Typst ends a line behind the marks within an address, so only its words can be too long.
_WORD = re.compile(r"(?<!\S)https?://\S+|[^\s\u2e80-\uffff]+")
_WORD_IN_ADDRESS = re.compile(r"[^\W_]+")
_TEXT, _HEADING, _TITLE = 36, 28, 22
"""Characters of a word, as wide as they come, that fit into a line of this size."""
_FOOT = 60  # characters of the title at the foot of each page
BREAK = "\u200b"
"""Lets a line break within a word that is longer than a line; nobody sees it."""
_WIDEST, _HIGHEST = 120.0, 95.0  # millimetres of a picture; a page has 166 mm by 251 mm for its text
_MM = 25.4 / 96  # of a pixel, as browsers count them


def data_of(issue: IssueView, fonts: Sequence[str]) -> Mapping[str, Any]:
    """Return the data: plain values only."""
    words, links = words_of(issue.masthead.language), References()
    language, _, region = issue.masthead.language.partition("-")
    opening = [_block(block, links) for block in _opening(issue)]
    sections = [
        {
            "heading": _broken(seen_line(section.heading) or "—", _HEADING),
            "stories": [_story(story, links, words.colon) for story in section.stories],
        }
        for section in issue.sections
    ]
    address = link_target(issue.masthead.address)
    title = clean(issue.title) or seen_line(issue.masthead.name) or issue.date or "—"
    return {
        "title": title,
        "headline": _broken(title, _TITLE),
        "foot": _broken(shorten(title, _FOOT), _TEXT),
        "author": seen_line(issue.masthead.name),
        "date": _date(issue.date),
        "lang": language.lower() if 2 <= len(language) <= 3 and language.isascii() else "en",
        "region": region if len(region) == 2 and region.isalpha() and region.isascii() else None,
        "fonts": list(fonts),
        "tagline": _broken(seen_line(issue.masthead.tagline), _TEXT),
        "address": address,
        "opening": opening,
        "sections": sections,
        "links_heading": words.links,
        "links": [list(link) for link in links.listed],
    }


def size_of(data: Any) -> int:
    """Weigh the data by its text and the number of its blocks and spans; pictures have no weight."""
    if isinstance(data, str):
        return len(data)
    if isinstance(data, Mapping):
        return _VALUE + sum(size_of(value) for name, value in data.items() if name != "data")
    return sum(map(size_of, data)) if isinstance(data, list) else 0


def _date(date: str) -> list[int] | None:
    try:
        day = dt.date.fromisoformat(date)
    except ValueError:
        return None
    return [day.year, day.month, day.day]


def _opening(issue: IssueView) -> Iterator[Block]:
    yield from seen_blocks(issue.lead)
    for short in issue.shorts:
        if spans := seen_spans(short):
            yield Block("item", spans, 1, "•")


def _story(story: StoryView, links: References, colon: str) -> Mapping[str, Any]:
    tags = "".join(f"[{tag}] " for tag in map(seen_line, story.tags) if tag)
    source = seen_line(story.source)
    text = seen_line(story.title) or source or story.url or "—"
    end = f" | {source}" if source and source != text else ""
    title = (Span(tags), Span(text, bold=True, url=story.url), Span(end))
    meta = (
        Block("paragraph", (Span(f"{seen_line(label)}{colon}"), *seen_spans(value)))
        for label, value in story.meta
    )
    return {
        "title": _spans([span for span in title if span.text], links),
        "pictures": [
            _picture(picture.image, clean(picture.credit), text)
            for picture in story.pictures
            if picture.image is not None
        ],
        "blocks": [_block(block, links) for block in (*meta, *seen_blocks(story.summary))],
    }


def _picture(image: PictureImage, credit: str, alt: str) -> Mapping[str, Any]:
    """Return a picture with its size in millimetres, as an SVG around it.

    Typst takes bytes only as a list of numbers, which is ten times slower and takes five times the memory.
    """
    shrunk = min(1.0, _WIDEST / (image.width * _MM), _HIGHEST / (image.height * _MM))
    size = f'width="{image.width}" height="{image.height}"'
    said = b64encode(image.data).decode("ascii")
    link = f"data:{image.media_type};base64,{said}"
    return {
        "data": f'<svg xmlns="http://www.w3.org/2000/svg" {size}><image {size} href="{link}"/></svg>',
        "width": round(image.width * _MM * shrunk, 2),
        "height": round(image.height * _MM * shrunk, 2),
        "credit": _broken(credit, _TEXT),
        "alt": alt,
    }


def _block(block: Block, links: References) -> Mapping[str, Any]:
    return {
        "kind": block.kind,
        "level": max(block.level, 1),
        "mark": block.mark,
        "spans": _spans(block.spans, links),
    }


def _spans(spans: Sequence[Span], links: References) -> list[Mapping[str, Any]]:
    return [
        {
            "text": _broken(span.text, _TEXT),
            "bold": span.bold,
            "italic": span.italic,
            "code": span.code,
            "url": span.url,
            "number": links.number(span.url) if span.url and link_target(span.text) != span.url else 0,
        }
        for span in spans
    ]


def _broken(text: str, length: int) -> str:
    """Let a line end within words that are longer than `length` characters."""

    def breaks(word: re.Match[str]) -> str:
        return BREAK.join(word[0][at : at + length] for at in range(0, len(word[0]), length))

    def word(found: re.Match[str]) -> str:
        is_address = found[0].startswith(("http://", "https://"))
        return _WORD_IN_ADDRESS.sub(breaks, found[0]) if is_address else breaks(found)

    return _WORD.sub(word, text)
