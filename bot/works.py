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
from storage.database import is_passing
from storage.repo_errors import PASSING_REPO_ERRORS, RepoError

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

    What may pass, such as a lost connection, is raised: the engine tries the step again, and it knows what it
    has done before by the publish id.
    """
    try:
        return await work
    except Exception as error:
        if may_pass(error):
            raise
        return trouble_of(works, error)


def may_pass(error: BaseException) -> bool:
    """Tell whether trying again may help."""
    return is_passing(error) or isinstance(error, PASSING_REPO_ERRORS)


def trouble_of(works: Works, error: BaseException) -> dict[str, Any]:
    """Put an error into words. An editor who asked is always answered: a bug gets a reference to quote."""
    if isinstance(error, RepoError | DeskError):
        return {"trouble": [error.problem, error.advice]}
    reference = secrets.token_hex(4)
    log.error("press failed", exc_info=error, extra={"reference": reference})
    return {"trouble": [works.report.settings.wording.say("press_broken", reference=reference), ""]}


def trouble_in(result: Mapping[str, Any]) -> DeskError | None:
    """Return the trouble that a step's result holds, if any."""
    return DeskError(result["trouble"][0], advice=result["trouble"][1]) if "trouble" in result else None
