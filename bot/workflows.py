"""The durable steps of reading and drafting: what each workflow does, in which order."""

from dataclasses import asdict
from typing import Any

from bot.advising import learn_sections
from bot.channel_workflows import register_sending
from bot.durable import or_given_up, step, workflow
from bot.picture_workflows import register_pictures
from bot.press import TakeBack
from bot.pull_request_workflows import PullSteps, register_pull_requests
from bot.release_workflows import register_releases
from bot.works import Works, or_trouble, or_unreadable, show_preview, trouble_in
from bot.works import settle as settle_story

READING, PRESS, SENDING = "reading", "press", "sending"
QUEUE_OF = {
    "read": READING,
    "read_text": READING,
    "learn": READING,
    "publish": PRESS,
    "unpublish": PRESS,
    "preview": PRESS,
    "check_release": PRESS,
    "release": PRESS,
    "unrelease": PRESS,
    "look_at_pull_requests": PRESS,
    "picture": READING,
    "send": SENDING,
}


def register_workflows(works: Works) -> None:
    """Tell the engine its workflows. Arguments and results are JSON."""
    _register_reading(works)
    _register_learning(works)
    pulls = register_pull_requests(works)
    _register_publish(works, pulls)
    _register_undo(works, pulls)
    _register_preview(works)
    register_releases(works, pulls)
    register_pictures(works)
    register_sending(works)


def _register_reading(works: Works) -> None:
    @step
    async def read_page(story_id: int) -> dict[str, Any]:
        return await or_unreadable(works.reader.read_page(story_id), again=True)

    @step
    async def read_pasted(story_id: int) -> dict[str, Any]:
        return await or_unreadable(works.reader.read_text(story_id), again=False)

    @step
    async def settle(story_id: int, read: dict[str, Any], errand: str, tries: int) -> None:
        await settle_story(works.reader, story_id, read, errand=errand, tries=tries)
        works.wake()

    @workflow("read")
    async def read(errand: str, story_id: str, tries: str = "0") -> None:
        await settle(int(story_id), await read_page(int(story_id)), errand, int(tries))

    @workflow("read_text")
    async def read_text(errand: str, story_id: str) -> None:
        await settle(int(story_id), await read_pasted(int(story_id)), errand, 0)


def _register_learning(works: Works) -> None:
    @step
    async def learn_from_past() -> int | None:
        reader = works.reader
        return await learn_sections(reader.database, reader.workers, reader.settings, reader.clock)

    @workflow("learn")
    async def learn(errand: str, desk: str) -> None:
        await learn_from_past()


def _register_publish(works: Works, pulls: PullSteps) -> None:
    @step
    async def commit(publication_id: str) -> dict[str, Any]:
        return await or_trouble(works, works.press.print_publication(publication_id))

    @step
    async def report(publication_id: str, result: dict[str, Any]) -> None:
        if (trouble := trouble_in(result)) is not None:
            await works.report.failed(publication_id, trouble)
        else:
            await works.report.published(publication_id, result)
        works.wake()

    @workflow("publish")
    async def publish(errand: str, publication_id: str) -> None:
        await pulls.look()
        result = await or_given_up(works, commit(publication_id))
        await report(publication_id, await pulls.propose(result))


def _register_undo(works: Works, pulls: PullSteps) -> None:
    @step
    async def revert(asked_for: dict[str, Any]) -> dict[str, Any]:
        return await or_trouble(works, works.press.take_back(TakeBack(**asked_for)))

    @step
    async def report_revert(asked_for: dict[str, Any], result: dict[str, Any], errand: str) -> None:
        if (trouble := trouble_in(result)) is not None:
            await works.report.not_taken_back(TakeBack(**asked_for), trouble, errand)
        else:
            await works.report.taken_back(TakeBack(**asked_for), result, errand)
        works.wake()

    @workflow("unpublish")
    async def unpublish(errand: str, publication_id: str, line_id: str, curator_id: str, *where: str) -> None:
        at, room, message_id = where
        asked = TakeBack(publication_id, int(line_id), int(curator_id), at, room, message_id)
        await pulls.look()
        result = await or_given_up(works, revert(asdict(asked)))
        await report_revert(asdict(asked), await pulls.propose(result), errand)


def _register_preview(works: Works) -> None:
    @step
    async def show(errand: str, room: str, message_id: str) -> dict[str, Any]:
        return await or_trouble(works, show_preview(works, errand, room, message_id))

    @workflow("preview")
    async def preview(errand: str, room: str, message_id: str) -> None:
        result = await or_given_up(works, show(errand, room, message_id))
        if (trouble := trouble_in(result)) is not None:
            say = works.report.settings.wording.say
            text = say("preview_failed", problem=trouble.problem, advice=trouble.advice)
            await works.report.say(room, message_id, errand, text)
        works.wake()
