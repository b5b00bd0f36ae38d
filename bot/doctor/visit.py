"""One visit of the doctor: each check has a time limit, and none stops another."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.config import Config
from bot.doctor.finding import Check, Finding, State
from bot.doctor.server_times import ServerTimes

PATIENCE = 10.0
"""Seconds that a check may take."""

Look = Callable[[], Awaitable[Sequence[Finding]]]
"""Finds something out."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What every check is told; `chats` are the rooms which their platform has moved, with where to."""

    config: Config
    clock: Callable[[], datetime]
    seconds: float = PATIENCE
    times: ServerTimes = field(default_factory=ServerTimes)
    chats: dict[str, str] = field(default_factory=dict)

    async def look(self, check: Check, look: Look) -> list[Finding]:
        """Look at one thing; one that hangs or crashes is found to be wrong.

        No error's own words are repeated: libraries put tokens and addresses into theirs.
        """
        task = asyncio.ensure_future(look())
        try:
            await asyncio.wait({task}, timeout=self.seconds)
        finally:
            if not task.done():
                task.cancel()
                await asyncio.wait({task}, timeout=self.seconds)  # what it has to clear away
        if not task.done() or task.cancelled():
            return [check.wrong(f"no answer within {self.seconds:g} s", _WHEN_SLOW)]
        error = task.exception()
        if error is not None:
            return [check.wrong(f"this check failed itself ({type(error).__name__})", _WHEN_CRASHED)]
        return list(task.result())

    async def look_at_all(self, looks: Mapping[Check, Look]) -> list[Finding]:
        """Look at several things at the same time; their findings keep the order given."""
        found = await asyncio.gather(*(self.look(check, look) for check, look in looks.items()))
        return [finding for findings in found for finding in findings]


def failed(findings: Sequence[Finding]) -> bool:
    """Tell whether something is wrong."""
    return any(finding.state is State.WRONG for finding in findings)


_WHEN_SLOW = "Look whether this machine's network, name server and firewall let it out, then try again."
_WHEN_CRASHED = "Report it with this line; the other checks are not touched by it."
