"""The bot's updates: which are wanted, which wait, which were taken."""

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable
from itertools import islice
from typing import Any, NamedTuple

from tests.telegram_server.refusal import RefusalError

ONLY_IF_ASKED = frozenset({"message_reaction", "message_reaction_count", "chat_member"})
"""The kinds that a bot gets only by naming them in allowed_updates (Bot API, getUpdates)."""
KEPT = 24 * 3600
"""Seconds for which the platform keeps an update that nobody fetches (Bot API, "Getting updates")."""


class Waiting(NamedTuple):
    """An update nobody has acknowledged, written down when it happened."""

    id: int
    at: float
    text: str


class UpdateFeed:
    """A queue of updates. Adding and acknowledging one take the same time however many wait."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.waiting: deque[Waiting] = deque()
        self.acknowledged: list[int] = []
        self.told: dict[int, str] = {}
        """Every update there ever was, as JSON text."""
        self.allowed: tuple[str, ...] = ()
        self.webhook_url = ""
        self._now = now
        self._next_id = 1000
        self._polls = 0
        self._changed = asyncio.Event()

    def wants(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in ONLY_IF_ASKED

    def allow(self, kinds: list[str] | None) -> None:
        """Remember which kinds are wanted: None leaves it, an empty list means the default."""
        if kinds is not None:
            self.allowed = tuple(kinds)

    def push(self, kind: str, content: Any) -> int | None:
        """Add an update and return its id; None when the bot does not want its kind."""
        return self.push_raw({kind: content}) if self.wants(kind) else None

    def push_raw(self, update: dict[str, Any]) -> int:
        """Add an update of any shape; one without an id gets the next."""
        update_id = int(update.get("update_id", self._next_id))
        self._next_id = max(self._next_id, update_id) + 1
        text = json.dumps({**update, "update_id": update_id}, ensure_ascii=False)
        self.told[update_id] = text
        self.waiting.append(Waiting(update_id, self._now(), text))
        self.wake()
        return update_id

    def wake(self) -> None:
        """Let everybody who waits look again."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def change(self) -> None:
        """Wait until something happens."""
        await self._changed.wait()

    def take_first(self) -> None:
        self.acknowledged.append(self.waiting.popleft().id)

    def acknowledge(self, offset: int) -> None:
        """Forget the updates below an offset; a negative one keeps that many from the end."""
        if offset < 0:
            while len(self.waiting) > -offset:
                self.take_first()
        while self.waiting and self.waiting[0].id < offset:
            self.take_first()

    def forget_old(self) -> None:
        """Drop what has waited for too long: the bot never hears of it."""
        while self.waiting and self._now() - self.waiting[0].at > KEPT:
            self.waiting.popleft()

    async def poll(self, *, offset: int, limit: int, timeout: float, allowed: list[str] | None) -> str:
        """Answer getUpdates with the JSON text of a list, waiting up to `timeout` seconds for the first.

        Raises:
            RefusalError: 409, when another poll begins meanwhile or a webhook is set.
        """
        self._refuse_beside_webhook()
        self.allow(allowed)
        self._polls += 1
        mine = self._polls
        self.wake()
        self.acknowledge(offset)
        self.forget_old()
        deadline = time.monotonic() + timeout
        while not self.waiting and (left := deadline - time.monotonic()) > 0:
            changed = self._changed  # taken now: what happens before the wait begins must end it too
            try:
                await asyncio.wait_for(changed.wait(), left)
            except TimeoutError:
                break
            self._refuse_if_another_polls(mine)
            self.acknowledge(offset)  # "the first update to be returned" is not below it
        return "[" + ",".join(update.text for update in islice(self.waiting, limit)) + "]"

    def _refuse_beside_webhook(self) -> None:
        if self.webhook_url:
            raise RefusalError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )

    def _refuse_if_another_polls(self, mine: int) -> None:
        if self.webhook_url:
            raise RefusalError(409, "Conflict: terminated by setWebhook request")
        if mine != self._polls:
            raise RefusalError(
                409,
                "Conflict: terminated by other getUpdates request; "
                "make sure that only one bot instance is running",
            )
