"""The words in an endpoint's answer."""

import json
from dataclasses import dataclass
from typing import Any

from bot.model.no_draft import NoDraft, NoDraftError

_DEEPEST_ERROR = 20_000
"""Bytes of an error that are looked into."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said; `cut` where it was stopped for length."""

    text: str
    cut: bool


def answer_in(body: bytes) -> Answer:
    """Take a model's words out of the JSON of /chat/completions; raises NoDraftError where there are none."""
    choice = _first_choice(_json(body))
    message = choice.get("message")
    if not isinstance(message, dict):
        raise NoDraftError(NoDraft.BROKEN)
    if message.get("refusal") or choice.get("finish_reason") == "content_filter":
        raise NoDraftError(NoDraft.REFUSED)
    text = _text(message.get("content"))
    if not text.strip():
        raise NoDraftError(NoDraft.EMPTY)
    return Answer(_unwrapped(text), choice.get("finish_reason") == "length")


def refused_parameter(body: bytes) -> str:
    """Return the name of the parameter that an endpoint does not take, or nothing."""
    try:
        found = _json(body[:_DEEPEST_ERROR])
    except NoDraftError:
        return ""
    error = found.get("error") if isinstance(found, dict) else None
    parameter = error.get("param") if isinstance(error, dict) else None
    return parameter if isinstance(parameter, str) else ""


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):  # RecursionError: a stranger's brackets, by the hundred thousand
        raise NoDraftError(NoDraft.BROKEN) from None


def _first_choice(found: Any) -> dict[str, Any]:
    choices = found.get("choices") if isinstance(found, dict) else None
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise NoDraftError(NoDraft.BROKEN)
    choice: dict[str, Any] = choices[0]
    return choice


def _text(content: Any) -> str:
    """Return the words of a message: a text, or a list of parts some of which are texts."""
    if isinstance(content, list):
        parts = [
            part.get("text") for part in content if isinstance(part, dict) and part.get("type") == "text"
        ]
        return "\n".join(part for part in parts if isinstance(part, str))
    return content if isinstance(content, str) else ""


def _unwrapped(text: str) -> str:
    """Return the words of a draft that came as a JSON object of one text, as some models answer."""
    if not text.lstrip().startswith("{"):
        return text
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return text
    texts = [value for value in values.values() if isinstance(value, str)] if isinstance(values, dict) else []
    return texts[0] if len(texts) == 1 else text
