"""The durable steps of pull requests: opening one after a push, and looking what became of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.durable import or_given_up, step, workflow
from bot.press import Press
from bot.pull_requests import PullRequests, pull_requests_of
from bot.works import Works, or_trouble


def pulls_of(press: Press) -> PullRequests | None:
    """Return who looks after the pull requests of this press; None where drafts go straight to the branch."""
    return pull_requests_of(press.database, press.settings, press.repo, press.clock)


@dataclass(frozen=True, slots=True)
class PullSteps:
    """Steps for the workflows that push: `look` goes before, `propose` after.

    `propose` gives the result of a push its `pull_request`, and passes trouble on; the push stands whatever
    comes of it. Neither does anything where drafts go straight to the branch.
    """

    look: Callable[[], Awaitable[None]]
    propose: Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


def register_pull_requests(works: Works) -> PullSteps:
    """Tell the engine how to look at pull requests, and return the steps for others' workflows."""
    pulls = pulls_of(works.press)

    @step
    async def look_now() -> int:
        return 0 if pulls is None else await pulls.look()

    @step
    async def propose_now(result: dict[str, Any]) -> dict[str, Any]:
        return {} if pulls is None else await or_trouble(works, pulls.propose(result["issue"], result))

    async def look() -> None:
        if pulls is not None and await look_now():
            works.wake()

    async def propose(result: dict[str, Any]) -> dict[str, Any]:
        if pulls is None or "trouble" in result:
            return result
        return {**result, "pull_request": await or_given_up(works, propose_now(result))}

    @workflow("look_at_pull_requests")
    async def look_at_pull_requests(errand: str) -> None:
        await look()

    return PullSteps(look, propose)
