"""The values in a WeChat page's scripts: `name: JsDecode('…')`."""

import re
from collections.abc import Iterator

_ESCAPE = re.compile(r"\\x([0-9a-fA-F]{2})|\\u([0-9a-fA-F]{4})|\\(.)", re.DOTALL)
_CONTROL = {"n": "\n", "r": "\r", "t": "\t"}


def decoded(literal: str) -> str:
    """Undo a JavaScript string's escapes. Lone surrogates, which no text may hold, fall out."""
    text = _ESCAPE.sub(_character, literal)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")


def _character(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2]
    return chr(int(code, 16)) if code else _CONTROL.get(escape[3], escape[3])


def fields(markup: str, name: str) -> Iterator[str]:
    """Yield the values of a field, in order."""
    for found in re.finditer(rf"\b{name}\s*:\s*JsDecode\('((?:[^'\\]|\\.)*)'\)", markup, re.DOTALL):
        yield decoded(found[1])


def first_field(markup: str, name: str) -> str:
    """Return the first filled value of a field."""
    return next(filter(None, fields(markup, name)), "")


def longest_field(markup: str, name: str) -> str:
    """Return the longest value of a field: others belong to quoted and related posts."""
    return max(fields(markup, name), key=len, default="")
