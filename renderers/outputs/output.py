"""What an output is: a file of bytes with a name and a media type, and the faults that forbid showing it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from renderers.issue_view import IssueView

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Note:
    """What an editor should know of an output, such as that a mail client will cut it.

    A sentence in English, and for pages in other languages its code with the values in it.
    """

    code: str
    message: str
    values: tuple[tuple[str, str | int], ...] = ()


@dataclass(frozen=True, slots=True)
class Output:
    """A rendered file, or one part of several; `name` is a file name without folder."""

    name: str
    media_type: str
    content: bytes
    notes: tuple[Note, ...] = ()

    @property
    def text(self) -> str:
        """The content read as UTF-8; raises UnicodeDecodeError for formats that are no text."""
        return self.content.decode("utf-8")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an output may not be shown or sent: a code for machines, a sentence in English for logs."""

    code: str
    message: str


class InvalidOutputError(Exception):
    """An output has faults and may not be shown or sent."""

    def __init__(self, kind: str, faults: Sequence[Fault]) -> None:
        super().__init__(f"{kind}: " + " ".join(fault.message for fault in faults))
        self.kind = kind
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class OutputKind:
    """A format of `render --to`: how an issue is set in it, and how one output of it is checked.

    `render` is pure: the same view gives the same bytes. It raises CannotRenderError where the view lacks
    what the format cannot be without.
    """

    name: str
    render: Callable[[IssueView], tuple[Output, ...]]
    faults: Callable[[Output], tuple[Fault, ...]]


class CannotRenderError(ValueError):
    """An issue lacks what a format needs; the sentence says what, and where it is set.

    `code` names the reason for pages in other languages.
    """

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code


def file_name(issue: IssueView, ending: str, *, part: int = 1) -> str:
    """Return an output's file name: `2026-03-10.html`, `2026-03-10-2.html`; `issue.html` without a date."""
    stem = issue.date if _ISO_DATE.fullmatch(issue.date) else "issue"
    return f"{stem}-{part}{ending}" if part > 1 else f"{stem}{ending}"
