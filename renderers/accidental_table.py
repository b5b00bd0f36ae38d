"""Tables that kramdown makes and nobody meant, kept out of what Copydesk writes.

github.com asks for a row of dashes, and shows no table where kramdown finds one.
"""

import re
from collections.abc import Iterator, Sequence

from renderers.kramdown_table import is_rule, table_end
from renderers.open_markup import FENCE

_BARE_BAR = re.compile(r"(?<!\\)\|")


def makes_table(lines: Sequence[str]) -> bool:
    """Tell whether kramdown makes a table of a paragraph, or of a list entry without its mark."""
    return table_end("".join(f"{line.strip()}\n" for line in lines)) is not None


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
        meant = block[0].lstrip().startswith("|") or any(is_rule(line.strip()) for line in block)
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
