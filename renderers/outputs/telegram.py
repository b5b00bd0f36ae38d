"""An issue announced on Telegram: the messages as the room sends them, in Telegram's HTML.

A message has 4096 UTF-16 units, counted after the HTML is read, and 100 entities, of which Telegram drops
the rest (https://core.telegram.org/bots/api#formatting-options). Messages are cut between lines; a heading
stays with the story below it.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from renderers.issue_view import IssueView
from renderers.outputs.announcement import Announcement, announcement_of
from renderers.outputs.cutting import cut
from renderers.outputs.output import Fault, Output, file_name
from renderers.outputs.telegram_rules import ENTITIES, TEXT_LIMIT, message_faults
from renderers.prose import Span
from renderers.shortening import units
from renderers.telegram_text import BREAK, html, inert

MEDIA_TYPE = "application/json"
_LOOKS = (("code", "code"), ("italic", "i"), ("bold", "b"))
_OPENS = ("@", "/", ":", "tg", "ton")
"""Ends of a text that make a name or an address of what stands behind it."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line as HTML with its size; `keeps` says that the next line must stand in the same message."""

    html: str
    units: int
    entities: int
    keeps: bool = False


def messages(issue: IssueView) -> tuple[str, ...]:
    """Return the messages that announce an issue, to be sent as HTML with link previews switched off."""
    lines = list(_lines(announcement_of(issue)))
    found: list[list[_Line]] = [[]]
    for place, line in enumerate(lines):
        block = [line, lines[place + 1]] if line.keeps and place + 1 < len(lines) else [line]
        if found[-1] and not _fits([*found[-1], *block]):
            found.append([])
        if line.html or found[-1]:  # no blank line at a message's beginning
            found[-1].append(line)
    return tuple("\n".join(line.html for line in message).rstrip("\n") for message in found if message)


def render(issue: IssueView) -> tuple[Output, ...]:
    """Return the messages as one JSON file: the bodies of `sendMessage` without `chat_id`."""
    spelled = {"messages": [_spelled(message) for message in messages(issue)]}
    content = json.dumps(spelled, ensure_ascii=False, indent=2) + "\n"
    return (Output(file_name(issue, ".telegram.json"), MEDIA_TYPE, content.encode("utf-8")),)


def faults(output: Output) -> tuple[Fault, ...]:
    """Check every message of a file."""
    try:
        spelled = json.loads(output.text)["messages"]
        texts = [str(message["text"]) for message in spelled if _is_whole(message)]
    except (ValueError, KeyError, TypeError):
        return (Fault("not-messages", "The file holds no messages for Telegram."),)
    if not texts or len(texts) != len(spelled):
        return (Fault("not-messages", "A message for Telegram is incomplete."),)
    return tuple(fault for text in texts for fault in message_faults(text))


def _spelled(message: str) -> dict[str, Any]:
    return {"text": message, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}


def _is_whole(message: dict[str, Any]) -> bool:
    return message["parse_mode"] == "HTML" and bool(message["link_preview_options"]["is_disabled"])


def _fits(lines: Sequence[_Line]) -> bool:
    size = sum(line.units + len("\n") for line in lines)
    return size <= TEXT_LIMIT and sum(line.entities for line in lines) <= ENTITIES


def _lines(said: Announcement) -> Iterator[_Line]:
    yield from _set((Span(said.title, bold=True, url=said.address),))
    yield from _set((Span(said.date),)) if said.date else ()
    yield from _gap() if said.opening else ()
    for spans in said.opening:
        yield from _set(spans)
    for section in said.sections:
        yield from _gap()
        yield from (replace(line, keeps=True) for line in _set((Span(section.heading, bold=True),)))
        for spans in section.lines:
            yield from _set(spans)


def _gap() -> Iterator[_Line]:
    yield _Line("", 0, 0)


def _set(spans: Sequence[Span]) -> Iterator[_Line]:
    """Set a line of spans, in several lines where it is too long for a message."""
    for piece in cut(spans, TEXT_LIMIT // 2, _shown_units):
        yield _line(piece)


def _line(spans: Sequence[Span]) -> _Line:
    text, size, entities = "", 0, 0
    shown = ""
    for span in spans:
        words = _inert(span.text)
        if shown.lower().endswith(_OPENS):
            words = BREAK + words
        looks = [tag for look, tag in _LOOKS if getattr(span, look) and words.strip()]
        said = html(words)
        for tag in looks:
            said = f"<{tag}>{said}</{tag}>"
        if span.url and words.strip():
            said = f'<a href="{escape(span.url)}">{said}</a>'
            entities += 1
        text, shown = text + said, shown + words
        size, entities = size + units(words), entities + len(looks)
    return _Line(text, size, entities)


def _inert(text: str) -> str:
    """Make text inert, but keep a blank at its edges: other text stands beside it."""
    words = inert(text)
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and words else ""
    return f"{before}{words}{after}"


def _shown_units(span: Span) -> int:
    return units(_inert(span.text)) + 1
