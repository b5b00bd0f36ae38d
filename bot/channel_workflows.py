"""The durable steps of sending a released issue by a channel."""

from typing import Any

from bot.channel_dispatch import Dispatch
from bot.durable import or_given_up, step, workflow
from bot.works import Works, or_trouble, trouble_in


def register_sending(works: Works) -> None:
    """Tell the engine how an issue is sent; arguments and results are JSON."""
    dispatch = Dispatch(works.press, works.reader.workers)

    @step
    async def carry(errand: str, issue_id: int, channel: str) -> dict[str, Any]:
        return await or_trouble(works, dispatch.send(errand, issue_id, channel))

    @step
    async def report(errand: str, issue_id: int, channel: str, result: dict[str, Any]) -> None:
        if (trouble := trouble_in(result)) is not None:
            await dispatch.report.failed(errand, issue_id, channel, trouble)
        else:
            await dispatch.report.sent(errand, issue_id, channel, result)
        works.wake()

    @workflow("send")
    async def send(errand: str, issue_id: str, channel: str) -> None:
        result = await or_given_up(works, carry(errand, int(issue_id), channel))
        await report(errand, int(issue_id), channel, result)
