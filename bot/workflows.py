"""The durable steps: what each workflow does, in which order.

A step that is recorded never runs again; one that was interrupted does, and so each is written to do no harm
twice.
"""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from dbos import DBOS

from bot.advising import learn_sections
from bot.press import TakeBack
from bot.works import Works, or_trouble, or_unreadable, show_preview, trouble_in, trouble_of
from bot.works import settle as settle_story

READING, PRESS = "reading", "press"
QUEUE_OF = {
    "read": READING,
    "read_text": READING,
    "learn": READING,
    "publish": PRESS,
    "unpublish": PRESS,
    "preview": PRESS,
}
_MOST_RECOVERIES = 1000  # a workflow may be interrupted by that many crashes
_TRIES = 8  # of a step that the database failed, over about a minute


def register_workflows(works: Works) -> None:
    """Tell the engine its workflows. Arguments and results are JSON."""
    _register_reading(works)
    _register_learning(works)
    _register_publish(works)
    _register_undo(works)
    _register_preview(works)


def _step(function: Callable[..., Any]) -> Callable[..., Any]:
    return DBOS.step(retries_allowed=True, max_attempts=_TRIES, interval_seconds=0.5)(function)


def _workflow(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return DBOS.workflow(name=name, max_recovery_attempts=_MOST_RECOVERIES)


def _register_reading(works: Works) -> None:
    @_step
    async def read_page(story_id: int) -> dict[str, Any]:
        return await or_unreadable(works.reader.read_page(story_id), again=True)

    @_step
    async def read_pasted(story_id: int) -> dict[str, Any]:
        return await or_unreadable(works.reader.read_text(story_id), again=False)

    @_step
    async def settle(story_id: int, read: dict[str, Any], errand: str, tries: int) -> None:
        await settle_story(works.reader, story_id, read, errand=errand, tries=tries)
        works.wake()

    @_workflow("read")
    async def read(errand: str, story_id: str, tries: str = "0") -> None:
        await settle(int(story_id), await read_page(int(story_id)), errand, int(tries))

    @_workflow("read_text")
    async def read_text(errand: str, story_id: str) -> None:
        await settle(int(story_id), await read_pasted(int(story_id)), errand, 0)


def _register_learning(works: Works) -> None:
    @_step
    async def learn_from_past() -> int | None:
        reader = works.reader
        return await learn_sections(reader.database, reader.workers, reader.settings, reader.clock)

    @_workflow("learn")
    async def learn(errand: str, desk: str) -> None:
        await learn_from_past()


def _register_publish(works: Works) -> None:
    @_step
    async def commit(publication_id: str) -> dict[str, Any]:
        return await or_trouble(works, works.press.print_publication(publication_id))

    @_step
    async def report(publication_id: str, result: dict[str, Any]) -> None:
        if (trouble := trouble_in(result)) is not None:
            await works.report.failed(publication_id, trouble)
        else:
            await works.report.published(publication_id, result)
        works.wake()

    @_workflow("publish")
    async def publish(errand: str, publication_id: str) -> None:
        await report(publication_id, await _or_given_up(works, commit(publication_id)))


def _register_undo(works: Works) -> None:
    @_step
    async def revert(asked_for: dict[str, Any]) -> dict[str, Any]:
        return await or_trouble(works, works.press.take_back(TakeBack(**asked_for)))

    @_step
    async def report_revert(asked_for: dict[str, Any], result: dict[str, Any], errand: str) -> None:
        if (trouble := trouble_in(result)) is not None:
            await works.report.not_taken_back(TakeBack(**asked_for), trouble, errand)
        else:
            await works.report.taken_back(TakeBack(**asked_for), result, errand)
        works.wake()

    @_workflow("unpublish")
    async def unpublish(errand: str, publication_id: str, line_id: str, curator_id: str, *where: str) -> None:
        at, room, message_id = where
        asked = TakeBack(publication_id, int(line_id), int(curator_id), at, room, message_id)
        await report_revert(asdict(asked), await _or_given_up(works, revert(asdict(asked))), errand)


def _register_preview(works: Works) -> None:
    @_step
    async def show(errand: str, room: str, message_id: str) -> dict[str, Any]:
        return await or_trouble(works, show_preview(works, errand, room, message_id))

    @_workflow("preview")
    async def preview(errand: str, room: str, message_id: str) -> None:
        result = await _or_given_up(works, show(errand, room, message_id))
        if (trouble := trouble_in(result)) is not None:
            say = works.report.settings.wording.say
            text = say("preview_failed", problem=trouble.problem, advice=trouble.advice)
            await works.report.say(room, message_id, errand, text)
        works.wake()


async def _or_given_up(works: Works, step: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    """Return a step's result, or the trouble with which its last try ended; an editor is always answered."""
    try:
        return await step
    except Exception as given_up:
        errors = getattr(given_up, "errors", None) or [given_up]
        return trouble_of(works, errors[-1])
