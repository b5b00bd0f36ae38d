"""Words inside Discord's Markdown: shown as they are, whoever wrote them.

A backslash before a mark shows the mark. Within an address Discord heeds no escape, so an address either
stands in `<` and `>`, where it is a link without a preview, or is broken. "@everyone" is broken by a word
joiner, which nobody sees, since the server looks for it without reading the Markdown. Messages must be sent
with no allowed mentions besides: Discord may one day overlook the joiner.
"""

import re

from renderers.markdown import clean, link_target
from renderers.shortening import split, units

TEXT_LIMIT = 2000  # of a message's content; Discord counts code points, we count UTF-16 units, never fewer

BREAK = "\u2060"

_PING = re.compile(r"@(?=everyone|here|[!&]?\d)", re.IGNORECASE)
_MARK = re.compile(r"[\\*_~`|<>\[\]]|:(?=//)|:(?=[\w+-]+:)")
_LINE_START = re.compile(r"(?:\d+(?=[.)])|(?=[-#+]))(?=[-#+.)]{1,3}(?:\s|$))")
# As in the web room: an address ends before blanks, quotes and full-width marks. One that was cut is none.
_ADDRESS = re.compile(
    r"https?://[^\s<>\"'`\\\u2026\u3000-\u303f\uff00-\uff0f\uff1a-\uff20\u2018-\u201d]++(?!…)", re.IGNORECASE
)
_CLOSING = re.compile(r"[.,;:!?)\]}*_~|]+$")


def plain(text: str) -> str:
    """Return words for a place where Discord reads no Markdown, such as a footer or a button."""
    return _PING.sub(f"@{BREAK}", clean(text))


def inert(text: str, *, starts_line: bool = True) -> str:
    """Return words as one line of Markdown that shows as the cleaned text and links nothing."""
    marked = _MARK.sub(r"\\\g<0>", plain(text))
    return _escape_line_start(marked) if starts_line else marked


def linked(text: str, *, starts_line: bool = True) -> str:
    """Return words as `inert` does, but with their http and https addresses as links without preview."""
    text = clean(text)
    parts, end = [], 0
    for found in _ADDRESS.finditer(text):
        address = _trimmed(found.group())
        if not link_target(address) or _PING.search(address):
            continue
        parts += [_between(text[end : found.start()]), f"<{address}>"]
        end = found.start() + len(address)
    marked = "".join([*parts, _between(text[end:])])
    return _escape_line_start(marked) if starts_line else marked


def _between(text: str) -> str:
    """Escape part of a line that is clean already; its blanks at the edges stay."""
    return _MARK.sub(r"\\\g<0>", _PING.sub(f"@{BREAK}", text))


def _trimmed(address: str) -> str:
    """Leave out closing marks; a bracket belongs to the address where one opened in it, as in Wikipedia's."""
    trimmed = _CLOSING.sub("", address)
    opened = address[len(trimmed) :].startswith(")") and "(" in trimmed
    return f"{trimmed})" if opened else trimmed


def _escape_line_start(text: str) -> str:
    """Escape the mark that would begin a list or a heading; a quotation's is escaped already."""
    return _LINE_START.sub(r"\g<0>\\", text, count=1) if _LINE_START.match(text) else text


def discord_text(text: str, *, limit: int = TEXT_LIMIT) -> tuple[str, ...]:
    """Set an answer of the bot's, in as many messages of at most `limit` units as it needs.

    Line ends stay, and messages are cut there. Web addresses are links, all else shows as it is. Text without
    anything to see gives no message.
    """
    lines = "\n".join(clean(line) for line in text.splitlines())
    parts = split(lines, limit, lambda part: units(linked(part)))
    return tuple("\n".join(linked(line) for line in part.split("\n")) for part in parts)
