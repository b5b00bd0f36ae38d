"""What a site builder reads at the top of a file before its Markdown, and where an issue's date stands in it.

Front matter stands between `---` lines (YAML) or `+++` lines (TOML); Pelican's is a block of `Key: value`.
"""

import re
from collections.abc import Sequence

_FENCES = ("---", "+++")
_KEY = re.compile(r"([A-Za-z][\w-]*)[ \t]*[:=](?:[ \t]|$)")
_BLOCK_KEYS = frozenset({"title", "date"})
_DATED_KEYS = ("title", "date")
_VALUE = re.compile(r"[A-Za-z][\w-]*[ \t]*[:=][ \t]*(.*?)[ \t]*")


def head_matter_end(bare: Sequence[str]) -> int:
    """Return how many lines, given without their ends, are front matter; 0 where there is none."""
    fence = bare[0].rstrip() if bare else ""
    if fence in _FENCES:
        return next((place + 1 for place, line in enumerate(bare[1:], 1) if line.rstrip() == fence), 0)
    return _block_end(bare)


def _block_end(bare: Sequence[str]) -> int:
    """Take lines of keys at the top for Pelican's, if they name title and date and a blank line follows."""
    keys: set[str] = set()
    for place, line in enumerate(bare):
        found = _KEY.match(line)
        if found is None:
            return place if keys >= _BLOCK_KEYS and not line.strip() else 0
        keys.add(found[1].lower())
    return 0


def places_of_keys(bare: Sequence[str], end: int) -> dict[str, int]:
    """Return the lines, by key in small letters, of title and date in front matter that ends before `end`."""
    found: dict[str, int] = {}
    for place in range(end):
        key = _KEY.match(bare[place])
        if key and key[1].lower() in _DATED_KEYS:
            found.setdefault(key[1].lower(), place)
    return found


def value_in(line: str) -> str:
    """Return the value on a key's line, without its quotes."""
    found = _VALUE.fullmatch(line.rstrip("\r\n"))
    value = found[1] if found else ""
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        quote = value[0]
        inner = value[1:-1]
        return inner.replace('\\"', '"').replace("\\\\", "\\") if quote == '"' else inner.replace("''", "'")
    return value
