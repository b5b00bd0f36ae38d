"""Every sentence the bot says, in English and Chinese; the sentences themselves stand in sentences.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["en", "zh"]


@cache
def sentences() -> Mapping[str, Mapping[str, str]]:
    """Return key → language → sentence with {fields}."""
    with Path(__file__).with_name("sentences.toml").open("rb") as file:
        return tomllib.load(file)


@dataclass(frozen=True, slots=True)
class Wording:
    """The bot's voice in one language."""

    language: Language

    def say(self, key: str, **fields: object) -> str:
        """Return a sentence with its fields filled in; raises KeyError for one that is not written."""
        return sentences()[key][self.language].format(**fields)

    def listed(self, words: list[str]) -> str:
        """Join words as the language does."""
        return ("、" if self.language == "zh" else ", ").join(words)

    def clauses(self, parts: list[str]) -> str:
        """Join clauses of one sentence."""
        return ("；" if self.language == "zh" else "; ").join(parts)

    def paragraph(self, parts: list[str]) -> str:
        """Let one sentence follow another."""
        return ("" if self.language == "zh" else " ").join(parts)
