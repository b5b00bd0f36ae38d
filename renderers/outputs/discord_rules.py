"""What Discord takes of a message, checked before it is sent."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from renderers.outputs.output import Fault
from renderers.shortening import units

CONTENT_LIMIT, TITLE_LIMIT, DESCRIPTION_LIMIT, EMBEDS_LIMIT, EMBEDS = 2000, 256, 4096, 6000, 10
"""Characters of content, title, description, of all embeds of a message; embeds. We count UTF-16 units."""
_KEYS = frozenset({"content", "embeds", "allowed_mentions"})
_EMBED_KEYS = frozenset({"title", "description", "color"})
_PING = re.compile(r"@(?:everyone|here)|(?<!\\)<(?:@|#|/|t:|a?:|id:)", re.IGNORECASE)
_LINK = re.compile(r"(?<!\\)\]\((?!https?://)")


def embed_units(embed: Mapping[str, Any]) -> int:
    """Count what Discord counts of an embed."""
    return units(embed.get("title", "")) + units(embed.get("description", ""))


def payload_faults(payload: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Check the body of one message; raises AttributeError or TypeError for what is none."""
    return tuple(dict.fromkeys(_faults(payload)))


def _faults(payload: Mapping[str, Any]) -> Iterator[Fault]:
    content, embeds = payload.get("content", ""), payload.get("embeds", [])
    if set(payload) - _KEYS or any(set(embed) - _EMBED_KEYS for embed in embeds):
        yield Fault("key", "A message holds more than text and embeds.")
    if not content and not embeds:
        yield Fault("empty", "A message is empty.")
    if payload.get("allowed_mentions") != {"parse": []}:
        yield Fault("mentions", "A message may ping.")
    if len(embeds) > EMBEDS or sum(map(embed_units, embeds)) > EMBEDS_LIMIT:
        yield Fault("too-long", f"A message's embeds are more than {EMBEDS}, or longer than {EMBEDS_LIMIT}.")
    yield from _text_faults(content, CONTENT_LIMIT, "content")
    for embed in embeds:
        if not embed.get("description", "").strip():
            yield Fault("empty", "An embed is empty.")
        yield from _text_faults(embed.get("title", ""), TITLE_LIMIT, "title")
        yield from _text_faults(embed.get("description", ""), DESCRIPTION_LIMIT, "description")


def _text_faults(text: str, limit: int, name: str) -> Iterator[Fault]:
    if units(text) > limit:
        yield Fault("too-long", f"The {name} has {units(text)} characters; Discord takes {limit}.")
    if _PING.search(text):
        yield Fault("ping", f"The {name} holds a mention.")
    if _LINK.search(text):
        yield Fault("link", f"The {name} holds a link that does not lead to the web.")
