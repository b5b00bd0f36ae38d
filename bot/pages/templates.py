"""The pages' templates, in the reader's language."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.pages.front import WebFront
from bot.pages.ops import LONGEST_TEXT
from bot.pages.static_files import StaticFiles
from storage.people_records import Curator

_FOLDER = Path(__file__).with_name("templates")
_LANGUAGES = {"en": "en", "zh": "zh-Hans"}


class Templates:
    """Fills templates; every value is escaped for HTML."""

    def __init__(self, front: WebFront, static: StaticFiles) -> None:
        self._front = front
        self._jinja = Environment(
            loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._jinja.globals.update(
            text=front.text,
            static=static.address,
            title=front.settings.title,
            bot=front.settings.bot_name,
            language=_LANGUAGES[front.settings.language],
        )

    def page(self, name: str, *, status: int = 200, **values: Any) -> web.Response:
        """Fill a template into an answer."""
        html = self._jinja.get_template(name).render(values)
        return web.Response(text=html, status=status, content_type="text/html")

    def room_settings(self, curator: Curator) -> str:
        """Spell out as JSON what the room's scripts need to know."""
        settings = self._front.settings
        spelled: Mapping[str, Any] = {
            "me": {"id": curator.id, "name": curator.name, "editor": curator.is_editor},
            "bot": settings.bot_name,
            "language": _LANGUAGES[settings.language],
            "longest": LONGEST_TEXT,
            "palette": [{"emoji": choice.emoji, "label": choice.label} for choice in settings.palette],
            "commands": [{"usage": usage, "help": explained} for usage, explained in settings.commands],
            "words": self._front.text.room_words(),
        }
        return json.dumps(spelled, ensure_ascii=False)
