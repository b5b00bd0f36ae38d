"""Work that must come to its end though whoever asked for it is cancelled."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

_Result = TypeVar("_Result")
_GRACE = 2.0  # seconds


async def finished(work: Coroutine[Any, Any, _Result]) -> _Result:
    """Do a work to its end, and only then let a cancellation pass.

    A transaction that is cut short may keep its lock, and what comes after it would wait for nobody.
    """
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=_GRACE)
        raise
