"""What a request asks for: form fields, files, or JSON."""

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.telegram_server.refusal import bad_request

STRUCTURED = frozenset(
    (
        "reply_markup",
        "reply_parameters",
        "entities",
        "caption_entities",
        "allowed_updates",
        "commands",
        "scope",
        "reaction",
        "link_preview_options",
    )
)
NUMBERS = frozenset(
    (
        "chat_id",
        "message_id",
        "message_thread_id",
        "user_id",
        "offset",
        "limit",
        "timeout",
        "max_connections",
        "cache_time",
    )
)
FLAGS = frozenset(
    (
        "drop_pending_updates",
        "show_alert",
        "is_big",
        "disable_notification",
        "protect_content",
        "return_bots",
        "disable_content_type_detection",
    )
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file within a request."""

    name: str
    data: bytes


class Parameters(dict[str, Any]):
    """Named values in their real types; `text` is always a string, `chat_id` a number or "@name"."""

    def text(self, name: str) -> str:
        return str(self.get(name) or "")

    def number(self, name: str, default: int = 0) -> int:
        value = self.get(name, default)
        return value if isinstance(value, int) else default


async def read_parameters(request: web.Request) -> Parameters:
    """Read a request as the Bot API does: a query, a form, a multipart form or JSON.

    Raises:
        RefusalError: 400, when a structured field is not JSON.
    """
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json" and request.can_read_body:
        given |= await request.json()
    elif request.method == "POST":
        given |= await request.post()
    return Parameters({name: _value(name, value) for name, value in given.items()})


def _value(name: str, value: Any) -> Any:
    if isinstance(value, web.FileField):
        return Upload(value.filename, value.file.read())
    if not isinstance(value, str):
        return value
    if name in STRUCTURED:
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None
    if name in NUMBERS and value.removeprefix("-").isdecimal():
        return int(value)
    return value.lower() == "true" if name in FLAGS else value
