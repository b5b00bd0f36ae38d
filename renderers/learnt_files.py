"""A learnt layout as the three files of a folder: layout.toml and its templates."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from renderers.layout import INDEX_TEMPLATE, ISSUE_TEMPLATE, LAYOUT_FILE

_MARK = re.compile(r"\{(?=[{%#])")
_DATE = "{{ issue.date | raw_markdown }}"
_TITLE_KEY = re.compile(r"(?i)(title[ \t]*)([:=])")


@dataclass(frozen=True, slots=True)
class LearntTop:
    """What stands above the sections, in order: front matter, then lines and the lead's place among them.

    `lines` may hold {date}; the empty one that says `LEAD` is where the lead goes.
    """

    front: Sequence[str]
    title: str
    lines: Sequence[str]


LEAD = "\0lead"
"""Stands for the lead's line among the lines of a LearntTop."""


def layout_texts(values: Mapping[str, object], top: LearntTop, *, below: Sequence[str]) -> dict[str, str]:
    """Return the texts of a layout's files by name; `below` are the lines below the sections."""
    return {
        LAYOUT_FILE: _toml(values),
        ISSUE_TEMPLATE: _issue_template(values, top, below),
        INDEX_TEMPLATE: _index_template(values),
    }


def _toml(values: Mapping[str, object]) -> str:
    """Set values, tables and lists of tables as TOML, plain values first as TOML wants them."""
    plain = [
        f"{key} = {_value(value)}" for key, value in values.items() if not isinstance(value, dict | list)
    ]
    lines = ["# Learnt from past issues; docs/reference/layouts.md says what each key means.", *plain]
    for key, value in values.items():
        tables = value if isinstance(value, list) else [value] if isinstance(value, dict) else []
        for table in tables:
            lines += ["", f"[[{key}]]" if isinstance(value, list) else f"[{key}]"]
            lines += [f"{name} = {_value(one)}" for name, one in table.items()]
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    """Set a string or number; JSON's strings are TOML's, but for one character."""
    if not isinstance(value, str):
        return json.dumps(value)
    text = value.encode("utf-8", "replace").decode()
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _issue_template(values: Mapping[str, object], top: LearntTop, below: Sequence[str]) -> str:
    headed = top.title.startswith("#")
    lines = [line if headed else _titled(line) for line in map(_literal, top.front)]
    lines += [""] * bool(lines)
    if headed:
        lines += ["{{ issue.title | raw_markdown }}", ""]
    for line in top.lines:
        lines.append("> {{ labels.lead | raw_markdown }}" if line == LEAD else _literal(line))
    lines += ["", *_sections(values)] if top.lines else _sections(values)
    return "".join(f"{line}\n" for line in [*lines, *map(_literal, below)])


def _sections(values: Mapping[str, object]) -> list[str]:
    gaps = values["gaps"]
    note, empty = (gaps["note"], gaps["empty"]) if isinstance(gaps, dict) else (1, 1)
    heading = f"{values['section_mark']} {{{{ section.heading | raw_markdown }}}}"
    noted = ["{% if section.note %}", "> {{ section.note | raw_markdown }}", *[""] * note]
    rest = (
        [*noted, "{% else %}", *[""] * (empty - 1), "{% endif %}"]
        if _has_notes(values)
        else [""] * (empty - 1)
    )
    return ["{% for section in sections %}", heading, "", *rest, "{% endfor %}"]


def _has_notes(values: Mapping[str, object]) -> bool:
    sections = values["sections"]
    return isinstance(sections, list) and any(section.get("note") for section in sections)


def _titled(line: str) -> str:
    """Set the title's line of front matter; Pelican's has no quotes."""
    found = _TITLE_KEY.match(line)
    if not found:
        return line
    return f"{found[1]}{found[2]} {{{{ issue.title | {'json' if line[:1] == 't' else 'raw_markdown'} }}}}"


def _literal(line: str) -> str:
    """Let a line stand in a template as it is, but for the date."""
    return _MARK.sub('{{ "{" | raw_markdown }}', line).replace("{date}", _DATE)


def _index_template(values: Mapping[str, object]) -> str:
    index = values["index"]
    columns = int(index["columns"]) if isinstance(index, dict) else 4
    return f"# Issues\n\n|{'  |' * columns}\n|{':---:|' * columns}\n"
