"""Front matter: single values in the YAML between `---` lines at the top of a file; nothing else is touched.

It is read by lines, not by a YAML parser: a key stands at the beginning of its line, as people write it.
Values are written as JSON, which Psych (Jekyll), PyYAML and Hugo read alike; what `yaml.safe_dump` writes is
read wrongly by Psych where YAML 1.1 and 1.2 differ.
"""

import json
import re
from dataclasses import dataclass

_FRONT = re.compile(r"\A(\ufeff?---[ \t]*(\r?\n))((?:.*\n)*?)(?:---|\.\.\.)[ \t]*\r?(?:\n|\Z)")
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
# A quoted value, or a plain one which ends before a comment.
_REST = re.compile(
    r"""[ \t]*("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|(?![ \t#]).*?)??(?P<after>[ \t]*(?:(?<=[ \t:])\#.*)?\r?\n)""",
    re.VERBOSE,
)
# What YAML does not take as it is, or takes for a line's end.
_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_ESCAPED = re.compile(r"\\x([0-9A-Fa-f]{2})|\\U([0-9A-Fa-f]{8})")


@dataclass(frozen=True, slots=True)
class _Line:
    """Where a key and its value stand: `start` to `end` is all of it, lines of a nested value included."""

    start: int
    end: int
    head: str  # the key as it is written, with its colon
    value: str
    after: str  # blanks, a comment and the line's end


def with_value(text: str, key: str, value: str | bool | None) -> str:
    """Return the text with the key's value in its front matter; None takes the key out.

    Where there is no front matter, one is made; its end of line is that of the text. Every byte but the
    value's stays, so a comment behind it does. Of a key that stands there twice the last counts, as it does
    to site builders.
    Raises ValueError for a key that is not a plain word.
    """
    if not _KEY.fullmatch(key):
        raise ValueError(f"{key!a} is no plain key of front matter")
    front = _FRONT.match(text)
    if front is None:
        return text if value is None else _begun(text, key, value)
    lines = _lines_of(front, key)
    if value is None:
        for line in reversed(lines):
            text = text[: line.start] + text[line.end :]
        return text
    if not lines:
        end = front.end(3)
        return f"{text[:end]}{key}: {_written(value)}{front[2]}{text[end:]}"
    line = lines[-1]
    if value_of(text, key) == value:
        return text
    return f"{text[: line.start]}{line.head} {_written(value)}{line.after}{text[line.end :]}"


def value_of(text: str, key: str) -> str | bool | None:
    """Return the key's value; None where there is no such key, or it holds nothing or no single value."""
    front = _FRONT.match(text)
    lines = _lines_of(front, key) if front else []
    return _read(lines[-1].value) if lines else None


def _begun(text: str, key: str, value: str | bool) -> str:
    end = "\r\n" if re.match(r"[^\n]*\r\n", text) else "\n"
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    return f"{mark}---{end}{key}: {_written(value)}{end}---{end}{text.removeprefix(mark)}"


def _lines_of(front: re.Match[str], key: str) -> list[_Line]:
    """Find the key; lines below it that are indented, or entries of a list, belong to its value."""
    found = []
    named = re.compile(rf"""^(["']?){re.escape(key)}\1[ \t]*:(?=[ \t\r\n])""", re.MULTILINE)
    text, stop = front.string, front.end(3)
    for head in named.finditer(text, front.start(3), stop):
        rest = _REST.match(text, head.end(), stop)
        if rest is None:  # a quoted value that goes on in other lines
            continue
        below = re.compile(r"(?:[ \t]+\S.*\n|-[ \t].*\n|[ \t]*\r?\n(?=[ \t]+\S))*").match(
            text, rest.end(), stop
        )
        end = below.end() if below else rest.end()
        value = "" if end > rest.end() else rest[1] or ""
        found.append(_Line(head.start(), end, head[0], value, rest["after"]))
    return found


def _read(value: str) -> str | bool | None:
    if value[:1] == '"':
        return _unquoted(value)
    if value[:1] == "'":
        return value[1:-1].replace("''", "'")
    if value.lower() in {"true", "false"}:
        return value.lower() == "true"
    return None if value in {"", "~", "null", "Null", "NULL"} or value[0] in "|>[{&*!" else value


def _unquoted(value: str) -> str:
    """Read a double-quoted value: JSON, with YAML's two other ways of writing a character by number."""
    as_json = _ESCAPED.sub(lambda found: json.dumps(chr(int(found[1] or found[2], 16)))[1:-1], value)
    try:
        return str(json.loads(as_json))
    except ValueError:  # another escape of YAML's own
        return value[1:-1]


def _written(value: str | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))
