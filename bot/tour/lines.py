"""What the narrator and the people of the tour say, in English and Chinese; it stands in lines.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.wording import Language


@cache
def written() -> Mapping[str, Mapping[str, str]]:
    """Return key → language → line with {fields}."""
    with Path(__file__).with_name("lines.toml").open("rb") as file:
        return tomllib.load(file)


@dataclass(frozen=True, slots=True)
class Lines:
    """The tour's lines in one language."""

    language: Language

    def line(self, key: str, **fields: object) -> str:
        """Return a line with its fields filled in; raises KeyError for one that is not written."""
        return written()[key][self.language].format(**fields)
