"""When kramdown takes lines for a table that nobody meant.

The rule is that of `parse_table` in kramdown 2.4, as GitHub Pages runs it. github.com asks for a row of
dashes, and shows no table where this finds one.
"""

import re
from collections.abc import Iterator, Sequence

from renderers.open_markup import FENCE

_BAR = re.compile(r"\||.*?[^\\\n]\|")  # TABLE_PIPE_CHECK: a bar with no backslash before it
_RULE = re.compile(r"[+|: \t-]*-[+|: \t-]*")  # TABLE_SEP_LINE: it ends the heading, or a body
_DOUBLE_RULE = re.compile(r"[+|: \t=]*=[+|: \t=]*")  # TABLE_FSEP_LINE: the footer comes next
_CODE = re.compile(r"(?<!\S)`(?=\s)|(`++)(?:(.*?)\1)?", re.DOTALL)  # the first tick, alone, is a tick
_BARE_BAR = re.compile(r"(?<!\\)\|")


def makes_table(lines: Sequence[str]) -> bool:
    """Tell whether kramdown makes a table of a paragraph, or of a list entry without its mark.

    It does where every line up to the next blank one holds a bar that has no backslash before it, outside of
    code, and where there is a row besides the heading's. One line is enough: `[title | source](url)`.
    """
    lines = [line.strip() for line in lines]
    barred = bool(lines) and all(_BAR.match(line) for line in lines)
    return barred and _has_body(lines) and _ends_barred("\n".join(lines))


def without_table(lines: Sequence[str], mark: str) -> list[str]:
    """Escape the bars in the head of a list entry (`mark` and all) that kramdown would make a table of."""
    head, *rest = lines
    entry = head.removeprefix(mark)
    if not makes_table([entry, *rest]):
        return [*lines]
    return [head[: len(head) - len(entry)] + _BARE_BAR.sub(r"\\|", entry), *rest]


def paragraphs_without_tables(lines: Sequence[str]) -> list[str]:
    """Escape the bars in the first line of each paragraph that kramdown would make a table of.

    One that begins with a bar or holds a row of dashes is meant as a table. Code stays as it is.
    """
    written = list(lines)
    for paragraph in _paragraphs(lines):
        block = [lines[place] for place in paragraph]
        meant = block[0].lstrip().startswith("|") or any(_RULE.fullmatch(line.strip()) for line in block)
        if not meant and makes_table(block):
            written[paragraph[0]] = _BARE_BAR.sub(r"\|", block[0])
    return written


def _paragraphs(lines: Sequence[str]) -> Iterator[list[int]]:
    """Return the places of the lines of each paragraph, without code between fences."""
    paragraph, fenced = list[int](), False
    for place, line in enumerate([*lines, ""]):
        fence = FENCE.match(line)
        if line.strip() and not fence and not fenced:
            paragraph.append(place)
            continue
        if paragraph:
            yield paragraph
        paragraph = []
        fenced ^= bool(fence)


def _has_body(lines: Sequence[str]) -> bool:
    rows, heading, footer = 0, False, False
    for line in lines:
        if _RULE.fullmatch(line):
            if rows and heading and not footer:
                return True
            if rows and not footer:
                heading, rows = True, 0
        elif _DOUBLE_RULE.fullmatch(line):
            if rows:
                return True
            footer = True
        else:
            rows += 1
    return bool(rows) and not footer


def _ends_barred(text: str) -> bool:
    """Look for bars outside of code as kramdown does: line by line, but for what stands after code."""
    barred = False
    for said, coded in _parts(text):
        lines = said.rstrip("\n").split("\n") if said.strip("\n") else []
        if coded:
            if len(lines) > 2 or (len(lines) == 2 and not barred):
                break
            barred = barred and len(lines) < 2
            continue
        if len(lines) > 1 and not barred and not _BAR.match(lines[0]):
            break
        barred = (barred and len(lines) < 2) or bool(lines and _BAR.match(lines[-1]))
    return barred


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Part text from code; ticks that open none are text."""
    start = 0
    for found in _CODE.finditer(text):
        if found[2] is None:
            continue
        yield text[start : found.start()], False
        yield found[2], True
        start = found.end()
    yield text[start:], False
