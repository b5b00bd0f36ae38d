"""What a browser asks for: one JSON object a frame, checked here before anything else sees it.

docs/reference/web-room-protocol.md describes them.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LONGEST_TEXT = 40_000  # characters: an article pasted with /text; the longest WeChat ones are about that
MOST_EMOJIS = 20  # of one person on one message, as on Discord
_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LARGEST_ID = 2**31 - 1  # PostgreSQL's integer
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f]")  # all but tab and newline; PostgreSQL takes no NUL


class RefusedError(Exception):
    """An op that takes no effect; `word` names the reason in page_text.toml.

    `retry` is the number of seconds after which the same op may succeed, where time alone would help.
    """

    def __init__(self, word: str, *, key: str | None = None, retry: float | None = None) -> None:
        super().__init__(word)
        self.word, self.key, self.retry = word, key, retry


@dataclass(frozen=True, slots=True)
class Hello:
    """Tell me what changed after this change."""

    since: int


@dataclass(frozen=True, slots=True)
class Ping:
    """Say that you are there."""


@dataclass(frozen=True, slots=True)
class Say:
    """Post a message."""

    key: str
    text: str
    reply_to: int | None


@dataclass(frozen=True, slots=True)
class Edit:
    """Give a message of mine these words."""

    key: str
    message: int
    text: str


@dataclass(frozen=True, slots=True)
class Delete:
    """Take a message of mine back."""

    key: str
    message: int


@dataclass(frozen=True, slots=True)
class React:
    """These are my reactions on a message now."""

    key: str
    message: int
    emojis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Press:
    """I press a button of a card or of an answer."""

    key: str
    message: int
    button: str


Deed = Say | Edit | Delete | React | Press
Op = Hello | Ping | Deed


def read_op(frame: str) -> Op:
    """Read a frame; raise RefusedError, with the op's key where it has one, for anything malformed."""
    fields = _fields(frame)
    match fields.get("op"):
        case "hello":
            return Hello(_number(fields, "since", None))
        case "ping":
            return Ping()
    key = fields.get("key")
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise RefusedError("refused.malformed")
    return _read_deed(fields, key)


def _read_deed(fields: Mapping[str, Any], key: str) -> Deed:
    match fields.get("op"):
        case "say":
            reply = None if fields.get("reply_to") is None else _number(fields, "reply_to", key)
            return Say(key, _text(fields, key), reply)
        case "edit":
            return Edit(key, _number(fields, "message", key), _text(fields, key))
        case "delete":
            return Delete(key, _number(fields, "message", key))
        case "react":
            return React(key, _number(fields, "message", key), _emojis(fields, key))
        case "press":
            return Press(key, _number(fields, "message", key), _word(fields.get("button"), key))
    raise RefusedError("refused.malformed", key=key)


def _fields(frame: str) -> dict[str, Any]:
    try:
        fields = json.loads(frame)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise RefusedError("refused.malformed")
    return fields


def _number(fields: Mapping[str, Any], name: str, key: str | None) -> int:
    number = fields.get(name)
    if type(number) is not int or not 0 <= number <= _LARGEST_ID:  # a bool is no number here
        raise RefusedError("refused.malformed", key=key)
    return number


def _text(fields: Mapping[str, Any], key: str) -> str:
    typed = fields.get("text")
    if not isinstance(typed, str):
        raise RefusedError("refused.malformed", key=key)
    text = _CONTROLS.sub("", typed.replace("\r\n", "\n")).encode(errors="replace").decode().strip()
    if not text:
        raise RefusedError("refused.empty", key=key)
    if len(text) > LONGEST_TEXT:
        raise RefusedError("refused.too_long", key=key)
    return text


def _emojis(fields: Mapping[str, Any], key: str) -> tuple[str, ...]:
    emojis = fields.get("emojis")
    if not isinstance(emojis, list) or len(emojis) > MOST_EMOJIS:
        raise RefusedError("refused.malformed", key=key)
    return tuple(dict.fromkeys(_word(emoji, key) for emoji in emojis))


def _word(value: object, key: str) -> str:
    if not isinstance(value, str) or not value or len(value) > 160:
        raise RefusedError("refused.malformed", key=key)
    return value
