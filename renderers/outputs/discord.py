"""An issue announced on Discord: messages with an embed for each section, as its API takes them.

Limits (https://discord.com/developers/docs/resources/message#embed-object-embed-limits): content 2000
characters, an embed's title 256 and description 4096, ten embeds and 6000 characters of them in a message.
Nothing pings: `allowed_mentions` is empty, and names are broken besides.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from renderers.discord_text import inert
from renderers.issue_view import IssueView
from renderers.markdown import link_target
from renderers.outputs.announcement import Announcement, announcement_of
from renderers.outputs.cutting import cut
from renderers.outputs.discord_rules import (
    DESCRIPTION_LIMIT,
    EMBEDS,
    EMBEDS_LIMIT,
    TITLE_LIMIT,
    embed_units,
    payload_faults,
)
from renderers.outputs.output import Fault, Output, file_name
from renderers.prose import Span
from renderers.shortening import shorten, units

MEDIA_TYPE = "application/json"
_COLOUR = 0x4C8C5E  # the green of a published story's card
_PING = re.compile(r"@(?=everyone|here)", re.IGNORECASE)
_BRACKETS = str.maketrans("[]", "［］")
"""A link's text on Discord holds no bracket, escaped or not; these look the same."""

Payload = dict[str, Any]
Embed = dict[str, Any]


def payloads(issue: IssueView) -> tuple[Payload, ...]:
    """Return the messages that announce an issue: bodies of "create message"."""
    said = announcement_of(issue)
    found = [_payload(_content(said))]
    for embed in _embeds(said):
        held = found[-1]["embeds"]
        if len(held) == EMBEDS or sum(map(embed_units, [*held, embed])) > EMBEDS_LIMIT:
            found.append(_payload(""))
            held = found[-1]["embeds"]
        held.append(embed)
    return tuple({name: value for name, value in payload.items() if value != ""} for payload in found)


def render(issue: IssueView) -> tuple[Output, ...]:
    """Return the messages as one JSON file."""
    content = json.dumps({"messages": payloads(issue)}, ensure_ascii=False, indent=2) + "\n"
    return (Output(file_name(issue, ".discord.json"), MEDIA_TYPE, content.encode("utf-8")),)


def faults(output: Output) -> tuple[Fault, ...]:
    """Check every message of a file."""
    try:
        spelled = json.loads(output.text)["messages"]
        found = [payload_faults(payload) for payload in spelled]
    except (ValueError, KeyError, TypeError, AttributeError):
        return (Fault("not-messages", "The file holds no messages for Discord."),)
    if not found:
        return (Fault("not-messages", "The file holds no messages for Discord."),)
    return tuple(fault for message in found for fault in message)


def _payload(content: str) -> Payload:
    return {"content": content, "embeds": [], "allowed_mentions": {"parse": []}}


def _content(said: Announcement) -> str:
    """Return the line above the embeds, which notifications show: title, date, address."""
    title = f"**{_fit(said.title, TITLE_LIMIT)}**"
    return "\n".join(
        filter(None, (title, inert(said.date), f"<{_PING.sub('%40', said.address)}>" if said.address else ""))
    )


def _embeds(said: Announcement) -> Iterator[Embed]:
    for description in _descriptions(said.opening):
        yield {"description": description, "color": _COLOUR}
    for section in said.sections:
        title = _fit(section.heading, TITLE_LIMIT)
        for description in _descriptions(section.lines):
            yield (
                {"title": title, "description": description, "color": _COLOUR}
                if title
                else {
                    "description": description,
                    "color": _COLOUR,
                }
            )
            title = ""  # a section that goes on says its name once


def _fit(text: str, limit: int) -> str:
    return inert(shorten(text, limit, lambda part: units(inert(part))))


def _descriptions(lines: Sequence[tuple[Span, ...]]) -> Iterator[str]:
    """Put lines together as long as they fit."""
    description = ""
    for spans in lines:
        for piece in cut(spans, DESCRIPTION_LIMIT // 2, _span_units):
            line = _line(piece)
            if description and units(description) + units(line) + len("\n") > DESCRIPTION_LIMIT:
                yield description
                description = ""
            description = f"{description}\n{line}" if description else line
    if description:
        yield description


def _line(spans: Sequence[Span]) -> str:
    """Set a line; a mark that would begin a list or heading is escaped at its start only."""
    said = "".join(_span(span, starts_line=number == 0) for number, span in enumerate(spans))
    return said if said.strip() else "\u200b"


def _span(span: Span, *, starts_line: bool = False) -> str:
    """Set a span; a blank at its edge stays outside of its marks, or Discord would show them."""
    text = span.text.translate(_BRACKETS) if span.url else span.text
    said = inert(text, starts_line=starts_line)
    if not said:
        return " " if text else ""
    for is_so, mark in ((span.bold, "**"), (span.italic, "_")):
        said = f"{mark}{said}{mark}" if is_so else said
    if span.url:
        url = _PING.sub("%40", span.url)
        said = f"<{url}>" if link_target(text.strip()) == span.url else f"[{said}]({url})"
    before = " " if text[:1].isspace() and not starts_line else ""
    return f"{before}{said}{' ' if text[-1:].isspace() else ''}"


def _span_units(span: Span) -> int:
    return units(_span(span, starts_line=True)) + 1
