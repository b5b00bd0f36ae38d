"""What the operator decides about the pages."""

from dataclasses import dataclass
from typing import Literal

from yarl import URL


@dataclass(frozen=True, slots=True)
class PaletteEmoji:
    """An emoji that people react with, and what it means, for those who do not see it."""

    emoji: str
    label: str


@dataclass(frozen=True, slots=True)
class PageSettings:
    """How the pages look and speak.

    `commands` are pairs of usage and help, such as ``("/spike N reason", "drop a story")``; what a person
    types is completed up to the usage's first blank. `public_url` is the address that people type, where a
    proxy stands before the desk and does not pass the Host header on; empty, the Host header is believed.
    """

    title: str
    language: Literal["en", "zh"] = "en"
    bot_name: str = "Copydesk"
    palette: tuple[PaletteEmoji, ...] = (PaletteEmoji("👍", "+1"), PaletteEmoji("👎", "−1"))
    commands: tuple[tuple[str, str], ...] = ()
    public_url: str = ""

    @property
    def is_secure(self) -> bool:
        """Tell whether people come by https, so that cookies go no other way."""
        return URL(self.public_url).scheme == "https"
