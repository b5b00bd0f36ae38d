"""What Telegram takes of a message in its HTML, checked before it is sent."""

import re
from html.parser import HTMLParser

from renderers.markdown import link_target
from renderers.outputs.output import Fault
from renderers.shortening import units
from renderers.telegram_text import BREAK, TEXT_LIMIT, inert

__all__ = ["ENTITIES", "TEXT_LIMIT", "message_faults"]

ENTITIES = 100
"""Entities of a message that Telegram heeds."""
_BREAK = re.compile(f"{BREAK}(?=[A-Za-z0-9_/])")
_TAGS = frozenset({"a", "b", "i", "code"})


def message_faults(message: str) -> tuple[Fault, ...]:
    """Check one message: its tags, links, size, and that nothing in it pings or runs."""
    read = _Read()
    read.feed(message)
    read.close()
    found = list(dict.fromkeys(read.found))
    if read.open:
        found.append(Fault("unclosed", f"The tag <{read.open[-1]}> is not closed."))
    if units(read.text) > TEXT_LIMIT:
        found.append(Fault("too-long", f"A message has {units(read.text)} units, not {TEXT_LIMIT}."))
    if read.entities > ENTITIES:
        found.append(Fault("entities", f"A message has {read.entities} entities; Telegram heeds {ENTITIES}."))
    if not read.text.strip():
        found.append(Fault("empty", "A message is empty."))
    if any(_is_active(line) for line in read.text.split("\n")):
        found.append(Fault("active", "A message holds a name or command that Telegram would act on."))
    return tuple(found)


def _is_active(line: str) -> bool:
    """Tell whether a name, command or address in a line is not broken where `inert` would break it."""
    return not _breaks(inert(line)) <= _breaks(" ".join(line.split()))


def _breaks(line: str) -> set[int]:
    """Return where a line is broken before a letter, digit or slash, counted in what is seen."""
    parts = [part.replace(BREAK, "") for part in _BREAK.split(line)]
    return {sum(map(len, parts[:number])) for number in range(1, len(parts))}


class _Read(HTMLParser):
    """Reads a message as Telegram does: four entities, and the four tags that we use."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Fault] = []
        self.open: list[str] = []
        self.text = ""
        self.entities = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.entities += 1
        self.open.append(tag)
        if tag not in _TAGS:
            self.found.append(Fault("tag", f"<{tag}> is no tag for Telegram."))
        target = dict(attrs).get("href") or ""
        if [name for name, _ in attrs] != ["href"] * (tag == "a"):
            self.found.append(Fault("attribute", f"<{tag}> has other attributes than it may."))
        elif tag == "a" and not link_target(target):
            self.found.append(Fault("link", "A link does not lead to a web address."))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.found.append(Fault("order", f"</{tag}> closes another tag."))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.found.append(Fault("tag", "There is a comment."))

    def handle_decl(self, decl: str) -> None:
        self.found.append(Fault("tag", "There is a declaration."))

    def handle_pi(self, data: str) -> None:
        self.found.append(Fault("tag", "There is a processing instruction."))
