"""What can go wrong on the way: failures, slowness, broken and missing answers, flood control."""

import math
import time
from dataclasses import dataclass

from tests.telegram_server.parameters import Parameters
from tests.telegram_server.refusal import RefusalError, too_many_requests
from tests.telegram_server.world import Chat, World

ANY = "*"
"""In place of a method's name: every method but getUpdates."""
COUNTED = ("sendMessage", "sendDocument", "editMessageText", "editMessageCaption", "editMessageReplyMarkup")
"""What flood control counts here. The platform's own rules are not public; these are the strict reading."""
SENTENCES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


@dataclass
class Trouble:
    """Something that will go wrong the next few times."""

    kind: str
    method: str
    left: int
    chat: int | None = None
    refusal: RefusalError | None = None
    seconds: float = 0.0
    after_effect: bool = True
    status: int = 200


@dataclass
class FloodLimit:
    """How many messages a group bears in a window of seconds."""

    messages: int
    window: float
    counting: tuple[str, ...]


class Mischief:
    """Troubles that tests order; each is used up after `times` calls of its method."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._troubles: list[Trouble] = []
        self._flood: FloodLimit | None = None

    def fail(
        self,
        method: str,
        status: int,
        *,
        description: str | None = None,
        retry_after: int | None = None,
        times: int = 1,
        chat: Chat | None = None,
    ) -> None:
        """Refuse a method, before it has any effect; with `chat`, only there."""
        if retry_after is not None:
            refusal = too_many_requests(retry_after)
            refusal.status = status
        else:
            refusal = RefusalError(
                status, description or SENTENCES.get(status, "Bad Request: something is wrong")
            )
        where = None if chat is None else chat.id
        self._troubles.append(Trouble("fail", method, times, where, refusal))

    def slow(self, method: str, seconds: float, *, times: int = 1, after_effect: bool = True) -> None:
        """Let an answer wait. What was asked has been done by then, unless `after_effect` is false."""
        self._troubles.append(Trouble("slow", method, times, seconds=seconds, after_effect=after_effect))

    def break_answer(self, method: str, *, times: int = 1, status: int = 200) -> None:
        """Do what was asked, and answer with a page that is no JSON."""
        self._troubles.append(Trouble("break", method, times, status=status))

    def deliver_twice(self, *, times: int = 1) -> None:
        """Bring the next updates to the webhook once more after it took them."""
        self._world.webhook.repeats += times

    def drop(self, method: str, *, times: int = 1, after_effect: bool = True) -> None:
        """Close the connection without an answer, after or before doing what was asked."""
        self._troubles.append(Trouble("drop", method, times, after_effect=after_effect))

    def flood_limit(
        self, per_minute: int = 20, *, window: float = 60.0, counting: tuple[str, ...] = COUNTED
    ) -> None:
        """Allow each group so many messages in `window` seconds; beyond, 429 says how long to wait."""
        self._flood = FloodLimit(per_minute, window, counting)

    def be_well(self) -> None:
        """Forget every trouble."""
        self._troubles.clear()
        self._flood = None

    def _trouble(self, kind: str, method: str, parameters: Parameters) -> Trouble | None:
        """Use up the first trouble of this kind that is meant for this call."""
        for trouble in self._troubles:
            meant = trouble.method == method or (trouble.method == ANY and method != "getUpdates")
            if trouble.kind == kind and meant and trouble.chat in (None, parameters.get("chat_id")):
                trouble.left -= 1
                if trouble.left <= 0:
                    self._troubles.remove(trouble)
                return trouble
        return None

    def _refuse_if_ordered(self, method: str, parameters: Parameters) -> None:
        trouble = self._trouble("fail", method, parameters)
        if trouble is not None and trouble.refusal is not None:
            raise trouble.refusal

    def _refuse_flood(self, method: str, parameters: Parameters) -> None:
        chat = self._world.chats.get(parameters.get("chat_id", 0))
        if (
            self._flood is None
            or chat is None
            or chat.kind == "private"
            or method not in self._flood.counting
        ):
            return
        now = time.monotonic()
        recent = [at for at in chat.sent_at if now - at < self._flood.window]
        if len(recent) >= self._flood.messages:
            raise too_many_requests(max(1, math.ceil(recent[0] + self._flood.window - now)))
        chat.sent_at = [*recent, now]
