"""What workflows are made of, and how trouble in them becomes words for the room."""

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import DeskError
from bot.forges.forge_error import PASSING_FORGE_ERRORS, ForgeError
from bot.press import Press
from bot.press_report import PressReport
from bot.reader import StoryReader
from bot.reading.verdict import Verdict
from bot.repo_trouble import told
from bot.wechat_trouble import UploadStoppedError
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


async def or_unreadable(work: Awaitable[dict[str, Any]], *, again: bool) -> dict[str, Any]:
    """Return what a page says; a bug on the way becomes the verdict that it cannot be read.

    So the story gets its card, which says what people can do. `again` asks for another try later: what we did
    not foresee may pass as well. A database that is away is raised, and the engine tries the step again.
    """
    try:
        return await work
    except Exception as error:
        if is_passing(error):
            raise
        return _unreadable(error, again=again)


async def settle(
    reader: StoryReader, story_id: int, read: Mapping[str, Any], *, errand: str, tries: int
) -> None:
    """Write what was read into the story; where a bug prevents that, write that it could not be read.

    Where even that fails, the log has the reference, and `/status` goes on counting the story as being read.
    """
    try:
        await reader.settle(story_id, read, errand=errand, tries=tries)
    except Exception as error:
        if is_passing(error):
            raise
        await _settle_unreadable(reader, story_id, _unreadable(error, again=False), errand)


async def _settle_unreadable(
    reader: StoryReader, story_id: int, read: Mapping[str, Any], errand: str
) -> None:
    try:
        await reader.settle(story_id, read, errand=errand, tries=0)
    except Exception as error:
        if is_passing(error):
            raise
        log.exception("story left unsettled", extra={"story": story_id, "reference": read["reason"]})


def _unreadable(error: Exception, *, again: bool) -> dict[str, Any]:
    """Log a bug; return a reading that says nothing, whose reason is the reference in the log."""
    reference = secrets.token_hex(4)
    log.error("reading failed", exc_info=error, extra={"reference": reference})
    reason = f"bug-{reference}"
    verdict = str(Verdict.UNREADABLE)
    return {"verdict": verdict, "reason": reason, "passing": again, "final_url": "", "fields": {}}


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
    passing = (*PASSING_REPO_ERRORS, *PASSING_FORGE_ERRORS, UploadStoppedError)
    return is_passing(error) or isinstance(error, passing)


def trouble_of(works: Works, error: BaseException) -> dict[str, Any]:
    """Put an error into words. An editor who asked is always answered: a bug gets a reference to quote."""
    wording = works.report.settings.wording
    if isinstance(error, RepoError | ForgeError):
        return {"trouble": list(told(error, wording))}
    if isinstance(error, DeskError):
        return {"trouble": [error.problem, error.advice]}
    reference = secrets.token_hex(4)
    log.error("press failed", exc_info=error, extra={"reference": reference})
    return {"trouble": [wording.say("press_broken", reference=reference), ""]}


def trouble_in(result: Mapping[str, Any]) -> DeskError | None:
    """Return the trouble that a step's result holds, if any."""
    return DeskError(result["trouble"][0], advice=result["trouble"][1]) if "trouble" in result else None
