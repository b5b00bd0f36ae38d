"""When kramdown takes lines for a table that nobody meant."""

import re
from collections.abc import Sequence

_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_BAR = re.compile(r"\||.*?[^\\]\|")  # TABLE_PIPE_CHECK of kramdown 2.4: a bar with no backslash before it
_BARE_BAR = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"[+|: \t]*[-=][-=+|: \t]*")  # a row of dashes or equals signs parts rows and is none


def makes_table(lines: Sequence[str]) -> bool:
    """Tell whether kramdown makes a table of a paragraph, or of a list entry without its mark.

    It does where every line up to the next blank one holds a bar that stands outside of code and has no
    backslash before it, and where one of them is more than a rule. One line is enough: `[title | source](url)`.
    github.com asks for a row of dashes, and shows no table.
    """
    words = [_CODE.sub("", line.strip()) for line in lines]
    return all(_BAR.match(line) for line in words) and not all(_RULE.fullmatch(line) for line in words)


def without_table(lines: Sequence[str], mark: str) -> list[str]:
    """Escape the bars in the head of a list entry (`mark` and all) that kramdown would make a table of."""
    head, *rest = lines
    entry = head.removeprefix(mark)
    if not makes_table([entry, *rest]):
        return [*lines]
    return [head[: len(head) - len(entry)] + _BARE_BAR.sub(r"\|", entry), *rest]
