"""The text of a piece of markup that is all article: blocks become lines, and code keeps its own."""

import re
from collections.abc import Callable, Iterator

from lxml.html import HtmlElement

_BLOCKS = re.compile(
    "p|div|section|article|br|hr|h[1-6]|li|dt|dd|blockquote|pre|tr|[uod]l|table|figure|figcaption"
)
_INVISIBLE = str.maketrans({"\u200b": None, "\u200c": None, "\u200d": None, "\ufeff": None, "\xa0": " "})
_CODE_OPENS, _CODE_ENDS = "\x02", "\x03"
"""Marks around code while lines are made. A page's own control characters were taken out before."""


def block_text(
    root: HtmlElement, *, is_silent: Callable[[HtmlElement], bool], breaks_are_lines: bool = False
) -> str:
    """Return an element's text, a block a line; code with its indentation.

    `is_silent` names elements that are no words of the article. `breaks_are_lines`: the markup is a text with
    a few links in it, whose line ends mean what they say.
    """
    pieces: list[str] = []
    depth = 0
    for element, closing, silent in _walk(root, is_silent):
        if element.tag == "pre" and not silent:
            depth += -1 if closing else 1
            if depth == (0 if closing else 1):
                pieces.append(_CODE_ENDS if closing else _CODE_OPENS)
        pieces.append(_break_at(element))
        said = (element.tail if closing else "" if silent else element.text) or ""
        pieces.append(said if depth or breaks_are_lines else said.replace("\n", " "))
    return _lines("".join(pieces))


def _walk(
    root: HtmlElement, is_silent: Callable[[HtmlElement], bool]
) -> Iterator[tuple[HtmlElement, bool, bool]]:
    """Yield each element as it opens and closes, and whether it is silent.

    The stack is our own: a hostile page is deeper than Python's.
    """
    waiting: list[tuple[HtmlElement, bool]] = [(root, False)]
    while waiting:
        element, closing = waiting.pop()
        silent = element is not root and (not isinstance(element.tag, str) or is_silent(element))
        yield element, closing, silent
        if closing:
            continue
        if element is not root:
            waiting.append((element, True))
        if not silent:
            waiting.extend((child, False) for child in reversed(element))


def _break_at(element: HtmlElement) -> str:
    """Return what stands between an element and its neighbours.

    WeChat's editor writes each line of code as a `code` of its own.
    """
    if _BLOCKS.fullmatch(str(element.tag)) or (element.tag == "code" and _is_pre(element.getparent())):
        return "\n"
    return " " if element.tag in ("td", "th") else ""


def _is_pre(element: HtmlElement | None) -> bool:
    return element is not None and element.tag == "pre"


def _lines(text: str) -> str:
    """Tidy each line; a line of code keeps its indentation."""
    lines: list[str] = []
    for number, stretch in enumerate(re.split(f"[{_CODE_OPENS}{_CODE_ENDS}]", text.translate(_INVISIBLE))):
        if number % 2:
            lines += [line.rstrip() for line in stretch.splitlines()]
        else:
            lines += [re.sub(r"[ \t]+", " ", line).strip() for line in stretch.splitlines()]
    return "\n".join(line for line in lines if line).strip()
