"""The lines of a summary, made fit to stand in a story without starting anything of their own."""

import re
from collections.abc import Callable

from renderers.markdown import defuse, escape
from renderers.story_style import HARD_BREAK

_BLANK = " \t\v\f"
_RULE = re.compile(r"[ \t]*([-*_=])(?:[ \t]*\1)+[ \t]*")
_INDENT = "    "
RULE = re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*")  # CommonMark 4.1: a thematic break


def blank(line: str) -> bool:
    """Tell whether a line is empty but for blanks, as Markdown counts them."""
    return not line.strip(" \t\r\n\v\f")


def summary_lines(summary: str, *, markdown: bool, guard: Callable[[str], str], among: str = "") -> list[str]:
    """Return the lines of a summary without line ends; the last ends in a hard break, others as typed.

    A page's words get a hard break on each line. `guard` is the style's own escape of a line; `among` is
    what the whole story says.
    """
    if not markdown:
        lines = [escape(line, among=among or summary) for line in summary.splitlines()]
        return [line + HARD_BREAK for line in lines if line]
    lines = defuse(summary).split("\n")
    while lines and blank(lines[0]):
        lines.pop(0)
    while lines and blank(lines[-1]):
        lines.pop()
    lines = [guard(guard_rule(line)) for line in lines]
    if lines and lines[-1] == lines[-1].rstrip(_BLANK):
        lines[-1] += HARD_BREAK
    return lines


def indented_bullets(lines: list[str], starts: Callable[[str], bool]) -> list[str]:
    """Move a list of `- `, or of what `starts` a story, under the paragraph above it, with its lines."""
    moved, shifted = [], False
    for line in lines:
        shifted = line.startswith("- ") or starts(line) or (shifted and line.startswith((" ", "\t")))
        moved.append(_INDENT + line if shifted else line)
    return moved


def guard_rule(line: str) -> str:
    """Keep a line of dashes from being a rule, or from making a heading of the line above."""
    found = _RULE.fullmatch(line)
    if not found:
        return line
    mark = line.index(found[1])
    return f"{line[:mark]}{'&#61;' if found[1] == '=' else chr(92) + found[1]}{line[mark + 1 :]}"
