"""What a test needs of an engine."""

from collections.abc import Sequence
from typing import Protocol


class BuildError(Exception):
    """The engine refused to build; the message is its own."""


class Engine(Protocol):
    """One Markdown engine, with the extensions its users have."""

    @property
    def name(self) -> str:
        """What it is called in a test's name."""
        ...

    def missing(self) -> str:
        """Say why it cannot run here; nothing when it can."""
        ...

    def pages(self, documents: Sequence[str]) -> list[str]:
        """Return the HTML of each document, all built in one run. Raises BuildError."""
        ...
