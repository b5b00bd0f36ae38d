"""Why a model gave no draft that can be used."""

from enum import StrEnum


class NoDraft(StrEnum):
    """A reason; wording gives it words. Stored with the story, so at most 20 characters."""

    TOO_SLOW = "too_slow"
    UNREACHABLE = "unreachable"
    DENIED = "denied"
    """The key is missing, or not accepted."""
    UNKNOWN = "unknown"
    """There is no such model, or no such address."""
    BUSY = "busy"
    BROKEN = "broken"
    """An error of the endpoint, a redirect, or an answer in no form that we know."""
    RESTING = "resting"
    """The endpoint failed several times in a row, and is left alone for a while."""
    SPENT = "spent"
    """The requests of this day are used up."""
    ORDERED = "ordered"
    """The page holds orders to a model, and so none is asked."""
    UNCHECKED = "unchecked"
    """The check of its answer took too long, or broke."""
    REFUSED = "refused"
    EMPTY = "empty"
    LANGUAGE = "language"
    LENGTH = "length"
    LOOPED = "looped"
    OFF_TEXT = "off_text"
    """It speaks of something else than the article."""


OF_ENDPOINT = frozenset(
    {
        NoDraft.TOO_SLOW,
        NoDraft.UNREACHABLE,
        NoDraft.DENIED,
        NoDraft.UNKNOWN,
        NoDraft.BUSY,
        NoDraft.BROKEN,
    }
)
"""What an endpoint rests after; the other reasons say nothing about the next article."""


class NoDraftError(Exception):
    """No draft came; `pause` is after how many seconds asking again may help, None where it won't.

    `otherwise` says that the endpoint will be asked in another way from now on.
    """

    def __init__(self, reason: NoDraft, *, pause: float | None = None, otherwise: bool = False) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.pause = pause
        self.otherwise = otherwise
