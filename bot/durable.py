"""How a durable step and a workflow are declared. The engine itself is started in `bot/engine.py`.

A step that is recorded never runs again; one that was interrupted does, and so each is written to do no harm
twice.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from dbos import DBOS

from bot.works import Works, trouble_of

_MOST_RECOVERIES = 1000  # a workflow may be interrupted by that many crashes
_TRIES = 8  # of a step that the database failed, over about a minute


def step(function: Callable[..., Any]) -> Callable[..., Any]:
    """Declare a step: it is tried again where it fails, for about a minute."""
    return DBOS.step(retries_allowed=True, max_attempts=_TRIES, interval_seconds=0.5)(function)


def workflow(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a workflow by the name under which errands ask for it."""
    return DBOS.workflow(name=name, max_recovery_attempts=_MOST_RECOVERIES)


async def or_given_up(works: Works, work: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    """Return a step's result, or the trouble with which its last try ended; an editor is always answered."""
    try:
        return await work
    except Exception as given_up:
        errors = getattr(given_up, "errors", None) or [given_up]
        return trouble_of(works, errors[-1])
