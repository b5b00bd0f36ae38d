"""The words of the pages, in the reader's language. They stand in page_text.toml."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

_FILE = Path(__file__).with_name("page_text.toml")
ROOM_WORDS = "room"


class PageText:
    """Every string of the pages in one language, by dotted name, such as ``sign_in.title``."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._groups = {
            group: {name: spoken[language] for name, spoken in words.items()}
            for group, words in all_words().items()
        }

    def __call__(self, name: str, /, **values: object) -> str:
        """Return a string with its placeholders filled; raise KeyError for a name that nobody wrote."""
        group, _, word = name.partition(".")
        return self._groups[group][word].format(**values)

    def room_words(self) -> Mapping[str, str]:
        """Return the strings that the browser's scripts use, placeholders unfilled."""
        return self._groups[ROOM_WORDS]


def all_words() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Read every string: group, name, language."""
    return tomllib.loads(_FILE.read_text("utf-8"))
