"""The durable steps of a release: look at what would be committed; commit it; take it back."""

from typing import Any

from bot.durable import or_given_up, step, workflow
from bot.link_check import LINK_LIMITS, LinkCheck
from bot.pull_request_workflows import PullSteps
from bot.reading.link_visit import LinkVisitor
from bot.release_press import ReleasePress
from bot.release_report import ReleaseReport
from bot.works import Works, or_trouble, trouble_in


def release_press_of(works: Works) -> ReleasePress:
    """Return the press of releases, which visits links as pages are read: guarded, and judged in a worker."""
    reading = works.press.settings.config.reading
    visitor = LinkVisitor(allowed_hosts=reading.allowed_hosts, limits=LINK_LIMITS, robots=reading.robots)
    return ReleasePress(works.press, LinkCheck(visitor, works.reader.workers.read))


def register_releases(works: Works, pulls: PullSteps) -> None:
    """Tell the engine the workflows of releases. Arguments and results are JSON."""
    report = ReleaseReport(works.press.database, works.press.settings, works.press.clock)
    press = release_press_of(works)
    _register_check(works, press, report)
    _register_release(works, pulls, press, report)
    _register_unrelease(works, pulls, press, report)


def _register_check(works: Works, press: ReleasePress, report: ReleaseReport) -> None:
    @step
    async def look(release_id: str) -> dict[str, Any]:
        return await or_trouble(works, press.preview(release_id))

    @step
    async def show_look(release_id: str, result: dict[str, Any]) -> None:
        if (trouble := trouble_in(result)) is not None:
            await report.not_previewed(release_id, trouble)
        else:
            await report.previewed(release_id, result)
        works.wake()

    @workflow("check_release")
    async def check_release(errand: str, release_id: str) -> None:
        await show_look(release_id, await or_given_up(works, look(release_id)))


def _register_release(works: Works, pulls: PullSteps, press: ReleasePress, report: ReleaseReport) -> None:
    @step
    async def look_again(release_id: str) -> dict[str, Any]:
        return await or_trouble(works, press.look_again(release_id))

    @step
    async def commit_release(release_id: str, died: list[list[Any]]) -> dict[str, Any]:
        return await or_trouble(works, press.commit(release_id, died))

    @step
    async def report_release(release_id: str, result: dict[str, Any]) -> None:
        if (trouble := trouble_in(result)) is not None:
            await report.not_released(release_id, trouble)
        else:
            await report.released(release_id, result)
        works.wake()

    @workflow("release")
    async def release(errand: str, release_id: str) -> None:
        await pulls.look()
        result = await or_given_up(works, look_again(release_id))
        if "trouble" not in result:
            result = await or_given_up(works, commit_release(release_id, result["died"]))
        await report_release(release_id, await pulls.propose(result))


def _register_unrelease(works: Works, pulls: PullSteps, press: ReleasePress, report: ReleaseReport) -> None:
    @step
    async def revert_release(release_id: str, curator_id: str, at: str, errand: str) -> dict[str, Any]:
        return await or_trouble(works, press.take_back(release_id, int(curator_id), at, errand))

    @step
    async def report_reverted(
        release_id: str, curator_id: str, where: list[str], result: dict[str, Any], errand: str
    ) -> None:
        room, message_id = where
        if (trouble := trouble_in(result)) is not None:
            await report.not_taken_back(release_id, (room, message_id), trouble, errand)
        else:
            await report.taken_back(release_id, int(curator_id), (room, message_id), result, errand)
        works.wake()

    @workflow("unrelease")
    async def unrelease(errand: str, release_id: str, curator_id: str, at: str, *where: str) -> None:
        await pulls.look()
        result = await or_given_up(works, revert_release(release_id, curator_id, at, errand))
        await report_reverted(release_id, curator_id, list(where), await pulls.propose(result), errand)
