"""Waiting for what will come, by looking again and again."""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


async def until(look: Callable[[], Found], *, seconds: float = 30.0, what: str = "") -> Found:
    """Return the first true thing that `look` gives; raise TimeoutError after so many seconds."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds} s in vain {what}")
        await asyncio.sleep(0.005)
    return found
