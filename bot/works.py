"""What workflows are made of, and how trouble in them becomes words for the room."""

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import DeskError
from bot.press import Press
from bot.press_report import PressReport
from bot.reader import StoryReader
from storage.repo_errors import RepoError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Works:
    """Those who do the work of a step."""

    reader: StoryReader
    press: Press
    report: PressReport
    wake: Callable[[], None] = lambda: None  # called when a workflow has stored what others act on


async def show_preview(works: Works, errand: str, room: str, message_id: str) -> dict[str, Any]:
    """Answer with the issue as it would be committed now."""
    await works.report.previewed(room, message_id, errand, await works.press.preview())
    return {}


async def or_trouble(works: Works, work: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    """Return a work's result; what went wrong becomes words that can be said in the room.

    An editor who asked is always answered: a bug is logged with a reference, as `Desk.hear` does.
    """
    try:
        return await work
    except (RepoError, DeskError) as trouble:
        return {"trouble": [trouble.problem, trouble.advice]}
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("press failed", extra={"reference": reference})
        return {"trouble": [works.report.settings.wording.say("broken", reference=reference), ""]}


def trouble_in(result: Mapping[str, Any]) -> DeskError | None:
    """Return the trouble that a step's result holds, if any."""
    return DeskError(result["trouble"][0], advice=result["trouble"][1]) if "trouble" in result else None
