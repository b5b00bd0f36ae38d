"""What Telegram's refusals and failures mean for a room.

Telegram names its refusals by sentences only; those known here are of Bot API 10 and before.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.logs import blot
from bot.rooms.room import RoomTroubleError, Trouble

_GONE = ("chat not found", "group chat was deactivated", "peer_id_invalid", "channel_private")
_NO_RIGHT = (
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "chat_write_forbidden",
    "chat_send_",
    "guest_send_forbidden",
    "chat_admin_required",
)
_MESSAGE_GONE = (
    "message to edit not found",
    "message to react not found",
    "message can't be edited",
    "message_id_invalid",
    "message identifier is not specified",
    "there is no text in the message to edit",
    "there is no caption in the message to edit",
)
_NO_TOPIC = ("message thread not found", "topic_deleted")
_TOPIC_CLOSED = ("topic_closed",)
_NOT_MODIFIED = ("message is not modified", "message_not_modified")
_NO_SUCH_REACTION = ("reaction_invalid", "reactions_too_many", "reaction_empty")
_NEVER_SENT = ("httpx.ConnectError", "Pool timeout")

A_MOMENT = 0.01
"""Seconds after which to try again what only stood in its own way."""


class ChatMovedError(RoomTroubleError):
    """The chat has another id now; what was to be said is said there a moment later."""

    def __init__(self, chat: int) -> None:
        super().__init__("the chat has moved", retry_after=A_MOMENT)
        self.chat = chat


class NothingChangesError(Exception):
    """A message shows already what it was to show."""


class NoSuchReactionError(Exception):
    """The emoji is not among those that may be used in this chat."""


class NoTopicError(LookupError):
    """A topic can't be written to; `trouble` says what that means where it is the room."""

    def __init__(self, detail: str, trouble: Trouble = Trouble.GONE) -> None:
        super().__init__(detail)
        self.trouble = trouble


class TelegramTroubleError(RoomTroubleError):
    """A trouble on Telegram; `is_surely_unsent` says that what was asked had no effect for certain."""

    def __init__(
        self,
        detail: str,
        trouble: Trouble,
        *,
        retry_after: float | None = None,
        is_surely_unsent: bool = True,
    ) -> None:
        super().__init__(detail, trouble=trouble, retry_after=retry_after)
        self.is_surely_unsent = is_surely_unsent


@contextmanager
def room_troubles() -> Iterator[None]:
    """Raise the library's errors as the room's own, without what may hold the token."""
    try:
        yield
    except TelegramError as error:
        raise trouble_of(error) from None


def trouble_of(error: TelegramError) -> Exception:
    """Return what an error means: a RoomTroubleError, a LookupError, or one of this module's."""
    match error:
        case RetryAfter():
            return TelegramTroubleError(
                "flood control", Trouble.BUSY, retry_after=_seconds(error.retry_after)
            )
        case ChatMigrated():
            return ChatMovedError(error.new_chat_id)
        case InvalidToken():  # its text may hold the token
            return TelegramTroubleError("Unauthorized", Trouble.LOGIN)
        case Forbidden():
            return TelegramTroubleError(blot(error.message), _of_forbidden(error.message.lower()))
        case BadRequest():
            return _of_bad_request(error.message)
    is_unsent = error.message.startswith(_NEVER_SENT) or type(error.__cause__).__name__ == "ConnectTimeout"
    return TelegramTroubleError(_short(error), Trouble.UNREACHABLE, is_surely_unsent=is_unsent)


def _short(error: TelegramError) -> str:
    return blot(error.message).partition("\n")[0].partition(". Parsing the server response")[0][:200]


def _seconds(pause: int | timedelta) -> float:
    return pause.total_seconds() if isinstance(pause, timedelta) else float(pause)


def _of_forbidden(said: str) -> Trouble:
    is_out = any(word in said for word in ("not a member", "kicked", "blocked", "deactivated", "initiate"))
    return Trouble.GONE if is_out else Trouble.RIGHT


def _of_bad_request(message: str) -> Exception:
    said, detail = message.lower(), blot(message)[:200]
    for words, meaning in _MEANINGS:
        if any(each in said for each in words):
            return meaning(detail)
    return TelegramTroubleError(detail, Trouble.REFUSED)


_MEANINGS: tuple[tuple[tuple[str, ...], Callable[[str], Exception]], ...] = (
    (_NOT_MODIFIED, NothingChangesError),
    (_NO_SUCH_REACTION, NoSuchReactionError),
    (_MESSAGE_GONE, LookupError),
    (_NO_TOPIC, NoTopicError),
    (_TOPIC_CLOSED, lambda detail: NoTopicError(detail, Trouble.RIGHT)),
    (_GONE, lambda detail: TelegramTroubleError(detail, Trouble.GONE)),
    (_NO_RIGHT, lambda detail: TelegramTroubleError(detail, Trouble.RIGHT)),
)
