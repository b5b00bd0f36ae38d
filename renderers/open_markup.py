"""What a person opens and never closes: it would swallow the rest of the issue.

Fences, comments and tags that close stay as typed. One that does not is shown instead: `&lt;div>`.
"""

import re
from collections import Counter
from collections.abc import Iterable

FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_FENCED = r"^ {0,3}(?P<fence>`{3,}+(?=[^`\n]*$)|~{3,}+)[^\n]*\n(?:.*?\n)?? {0,3}(?P=fence)[`~]*[ \t]*$"
# Read from the left, the first that fits: code and what a backslash escapes, then markup.
_PIECES = re.compile(
    rf"{_FENCED}|(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)|\\."
    r"|<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>|<![A-Za-z][^<>]*>"
    r"|<(?P<end>/?)(?P<name>[A-Za-z][\w-]*)(?=[\s/>])(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>"
    r"|(?P<broken><)(?=!--|\?|!\[CDATA\[|![A-Za-z]|/?[A-Za-z][\w-]*(?:[\s/]|$))",
    re.DOTALL | re.MULTILINE,
)
# HTML's void elements: they hold nothing, and so need no end.
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)


def shut(text: str) -> str:
    """Disarm each code fence, comment and HTML tag that never closes, or closes what is not open.

    Looked at again until nothing is left: what held a disarmed tag apart, a quote of it, may fit another.
    """
    while (shown := _shut_tags(_shut_fences(text))) != text:
        text = shown
    return text


def _shut_tags(text: str) -> str:
    odd = _odd_names(found for found in _PIECES.finditer(text) if found["name"])

    def disarmed(found: re.Match[str]) -> str:
        if found["broken"] or (found["name"] or "").lower() in odd:
            return "&lt;" + found[0][1:]
        return found[0]

    return _PIECES.sub(disarmed, text)


def _shut_fences(text: str) -> str:
    """Put a backslash before a fence that never closes, and look again at what it held."""
    lines = text.split("\n")
    while (opened := _open_fence(lines)) is not None:
        line = lines[opened].lstrip(" ")
        lines[opened] = f"{' ' * (len(lines[opened]) - len(line))}\\{line}"
    return "\n".join(lines)


def _open_fence(lines: Iterable[str]) -> int | None:
    """Return the line of the fence that is open at the end; after one of backticks stand no others."""
    opened, mark = None, ""
    for place, line in enumerate(lines):
        found = FENCE.fullmatch(line)
        if not found:
            continue
        if opened is None:
            if found[1][0] == "~" or "`" not in found[2]:
                opened, mark = place, found[1]
        elif found[1].startswith(mark) and not found[2].strip():
            opened = None
    return opened


def _odd_names(tags: Iterable[re.Match[str]]) -> frozenset[str]:
    """Return the names that open and close another number of times, or close before they open."""
    open_now: Counter[str] = Counter()
    odd = set[str]()
    for tag in tags:
        name = tag["name"].lower()
        if name in _VOID and not tag["end"]:
            continue
        open_now[name] += -1 if tag["end"] else 1
        if open_now[name] < 0:
            odd.add(name)
    return frozenset(odd | {name for name, count in open_now.items() if count})
