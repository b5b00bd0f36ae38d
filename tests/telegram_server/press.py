"""A button that somebody pressed, until the bot answers."""

import asyncio
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Press:
    """One press of a button. Its sender sees a clock on it until the bot answers."""

    id: str
    at: float
    answer: dict[str, Any] | None = None
    """What the bot answered: {"text": str, "show_alert": bool}."""
    _seen: asyncio.Event = field(default_factory=asyncio.Event)

    def answered(self, answer: dict[str, Any]) -> None:
        self.answer = answer
        self._seen.set()

    async def wait(self, seconds: float = 30.0) -> dict[str, Any]:
        """Return the bot's answer.

        Raises:
            TimeoutError: when none comes within `seconds`.
        """
        await asyncio.wait_for(self._seen.wait(), seconds)
        assert self.answer is not None
        return self.answer
