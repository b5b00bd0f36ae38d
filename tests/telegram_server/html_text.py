"""Telegram's HTML, as strict as the platform: what it does not know it refuses.

After TDLib's parse_html (td/telegram/MessageEntity.cpp), error texts included.
"""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.telegram_server.entities import units
from tests.telegram_server.refusal import RefusalError, bad_request

Json = dict[str, Any]

KINDS = {
    "a": "text_link",
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "u": "underline",
    "ins": "underline",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "span": "spoiler",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
CHARACTER = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot)(?![A-Za-z]));?")
NAME = re.compile(r"</?([^\s>]*)")
ATTRIBUTE = re.compile(r"\s+([^\s=>]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9.-]+)(?=[\s>])))?")
END = re.compile(r"\s*>")
SCHEMES = ("http", "https", "tg", "ton", "mailto", "tel")


@dataclass(frozen=True)
class OpenTag:
    """A tag that waits for its end."""

    name: str
    offset: int
    attributes: dict[str, str]


@dataclass
class Reading:
    """What has been read so far."""

    source: str
    text: list[str] = field(default_factory=list)
    offset: int = 0
    open: list[OpenTag] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def write(self, text: str) -> None:
        self.text.append(text)
        self.offset += units(text)

    def bytes_before(self, place: int) -> int:
        return len(self.source[:place].encode())


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Return the text without its tags, and its entities.

    Raises:
        RefusalError: 400 "can't parse entities: …".
    """
    reading = Reading(source)
    place = 0
    while place < len(source):
        place = _step(reading, place)
    if reading.open:
        raise _unparsed(f'Can\'t find end tag corresponding to start tag "{reading.open[-1].name}"')
    return "".join(reading.text), sorted(reading.entities, key=lambda each: (each["offset"], -each["length"]))


def _step(reading: Reading, place: int) -> int:
    """Read one piece and return where the next begins."""
    source = reading.source
    if source[place] == "<":
        return _read_tag(reading, place)
    if source[place] == "&":
        match = CHARACTER.match(source, place)
        reading.write(_decoded(match) if match else "&")
        return match.end() if match else place + 1
    end = min(
        (at for at in (source.find("<", place), source.find("&", place)) if at >= 0), default=len(source)
    )
    reading.write(source[place:end])
    return end


def _read_tag(reading: Reading, place: int) -> int:
    """Read a tag and return where it ends."""
    closing = reading.source.startswith("</", place)
    match = NAME.match(reading.source, place)
    assert match is not None
    name, after = match[1].lower(), match.end()
    if after == len(reading.source):
        raise _unparsed(_unclosed(reading, place, closing=closing))
    if closing:
        attributes: dict[str, str] = {}
    else:
        _refuse_unknown(reading, name, place)
        attributes, after = _attributes(reading, after)
    end = END.match(reading.source, after)
    if end is None:
        raise _unparsed(_unclosed(reading, place, closing=closing))
    if closing:
        _close(reading, name, place)
    else:
        _open(reading, OpenTag(name, reading.offset, attributes), place)
    return end.end()


def _attributes(reading: Reading, place: int) -> tuple[dict[str, str], int]:
    attributes: dict[str, str] = {}
    while match := ATTRIBUTE.match(reading.source, place):
        attributes[match[1].lower()] = _decode(match[2] or match[3] or match[4] or "")
        place = match.end()
    return attributes, place


def _unclosed(reading: Reading, place: int, *, closing: bool) -> str:
    return f"Unclosed {'end' if closing else 'start'} tag at byte offset {reading.bytes_before(place)}"


def _refuse_unknown(reading: Reading, name: str, place: int) -> None:
    if name not in KINDS:
        at = reading.bytes_before(place)
        raise _unparsed(f'Unsupported start tag "{name}" at byte offset {at}')


def _open(reading: Reading, tag: OpenTag, place: int) -> None:
    if tag.name == "span" and tag.attributes.get("class") != "tg-spoiler":
        at = reading.bytes_before(place)
        raise _unparsed(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
    reading.open.append(tag)


def _close(reading: Reading, name: str, place: int) -> None:
    at = reading.bytes_before(place)
    if not reading.open:
        raise _unparsed(f"Unexpected end tag at byte offset {at}")
    tag = reading.open.pop()
    if name and name != tag.name:
        raise _unparsed(f'Unmatched end tag at byte offset {at}, expected "</{tag.name}>", found "</{name}>"')
    length = reading.offset - tag.offset
    if length:
        reading.entities += _entity(reading, tag, length)


def _entity(reading: Reading, tag: OpenTag, length: int) -> list[Json]:
    made: Json = {"type": KINDS[tag.name], "offset": tag.offset, "length": length}
    if tag.name == "a":
        url = checked_url(tag.attributes.get("href") or "".join(reading.text)[_index(reading, tag.offset) :])
        return [made | {"url": url}] if url else []
    if tag.name == "tg-emoji":
        return [made | {"custom_emoji_id": tag.attributes.get("emoji-id", "")}]
    if tag.name == "blockquote" and "expandable" in tag.attributes:
        return [made | {"type": "expandable_blockquote"}]
    language = tag.attributes.get("class", "")
    outer = reading.open[-1] if reading.open else tag
    within_pre = outer.name == "pre" and outer.offset == tag.offset
    if tag.name == "code" and language.startswith("language-") and within_pre:
        outer.attributes["language"] = language.removeprefix("language-")
        return []
    if tag.name == "pre" and "language" in tag.attributes:
        return [made | {"language": tag.attributes["language"]}]
    return [made]


def checked_url(url: str) -> str:
    """Return an address as the platform keeps it; empty for one that it turns into plain text."""
    url = url.strip()
    try:
        parts = urlsplit(url if ":" in url.partition("/")[0] else f"http://{url}")
    except ValueError:
        return ""
    if parts.scheme.lower() not in SCHEMES or re.search(r"\s", url):
        return ""
    if parts.scheme in ("http", "https"):
        if not parts.hostname:
            return ""
        parts = parts._replace(path=parts.path or "/")
    return parts.geturl()


def trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Take away white space around a text, as the platform does with every message."""
    lead = units(text[: len(text) - len(text.lstrip())])
    text = text.strip()
    end = units(text)
    kept = []
    for each in entities:
        start = max(each["offset"] - lead, 0)
        stop = min(each["offset"] + each["length"] - lead, end)
        if stop > start:
            kept.append(each | {"offset": start, "length": stop - start})
    return text, kept


def _index(reading: Reading, offset: int) -> int:
    """Turn an offset in UTF-16 units into one in characters."""
    text = "".join(reading.text)
    return len(text.encode("utf-16-le")[: offset * 2].decode("utf-16-le"))


def _decode(text: str) -> str:
    return CHARACTER.sub(_decoded, text)


def _decoded(match: re.Match[str]) -> str:
    if match[3]:
        return NAMED[match[3]]
    number = int(match[1]) if match[1] else int(match[2], 16)
    valid = 0 < number < 0x110000 and not 0xD800 <= number < 0xE000
    return chr(number) if valid else match[0]


def _unparsed(reason: str) -> RefusalError:
    return bad_request(f"can't parse entities: {reason}")
