"""What the platform finds in a text: links, commands, hashtags, mentions. Offsets count UTF-16 code units.

The rules follow TDLib's MessageEntity.cpp, also where they surprise: an address runs on over Chinese letters
and full-width punctuation, up to the next space.
"""

import re
from typing import Any

Json = dict[str, Any]

COMMAND = re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])")
URL = re.compile(
    r"(?:https?://[^\s<>\"«»/?#]+|(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:com|org|net|io|cn|dev|ai|edu|info|me)(?!\w))"
    r"(?::\d{1,5})?(?:[/?#][^\s<>\"«»\u2000-\u200b\u200e\u200f\u2016-\u206f]*)?",
    re.IGNORECASE,
)
HASHTAG = re.compile(r"(?<!\w)#(?=\w*[^\W\d])\w{1,256}")
MENTION = re.compile(r"(?<![\w@])@[A-Za-z][A-Za-z0-9_]{3,31}(?!\w)")
NO_LAST_LETTER = ".:;,('?!`"
CLOSING = {")": "(", "]": "[", "}": "{"}


def units(text: str) -> int:
    """Count the UTF-16 code units of a text: what Telegram's offsets and limits count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def find_entities(text: str, links: dict[str, str] | None = None) -> list[Json]:
    """Return the entities of a text in order. `links` hides addresses behind words: {"here": "https://…"}."""
    found = [_text_link(text, words, url) for words, url in (links or {}).items()]
    for kind, pattern in (("url", URL), ("bot_command", COMMAND), ("mention", MENTION), ("hashtag", HASHTAG)):
        for match in pattern.finditer(text):
            end = match.end() if kind != "url" else match.start() + _url_length(match.group())
            found = _with(found, entity(kind, text, match.start(), end))
    return sorted(found, key=lambda each: (each["offset"], -each["length"]))


def entity(kind: str, text: str, start: int, end: int, **more: str) -> Json:
    """Return an entity from `start` to `end`, which count Python's characters."""
    return {"type": kind, "offset": units(text[:start]), "length": units(text[start:end]), **more}


def add_found(entities: list[Json], text: str) -> list[Json]:
    """Add to somebody's own entities what the platform finds beside them."""
    for found in find_entities(text):
        entities = _with(entities, found)
    return sorted(entities, key=lambda each: (each["offset"], -each["length"]))


def _text_link(text: str, words: str, url: str) -> Json:
    start = text.index(words)
    return entity("text_link", text, start, start + len(words), url=url)


def _with(entities: list[Json], one: Json) -> list[Json]:
    """Add an entity unless it meets a link, a command or code that is there already."""
    closed = ("url", "text_link", "bot_command", "code", "pre", "mention", "hashtag")
    begin, end = one["offset"], one["offset"] + one["length"]
    meets = any(
        each["type"] in closed and each["offset"] < end and begin < each["offset"] + each["length"]
        for each in entities
    )
    return entities if meets else [*entities, one]


def _url_length(url: str) -> int:
    """Leave out a last full stop, and everything from a bracket that was never opened."""
    opened: list[str] = []
    for place, letter in enumerate(url):
        if letter in CLOSING.values():
            opened.append(letter)
        elif letter in CLOSING and (not opened or opened.pop() != CLOSING[letter]):
            url = url[:place]
            break
    return len(url.rstrip(NO_LAST_LETTER))
