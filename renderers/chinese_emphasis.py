"""Bold beside Chinese: `**重点：**这` is meant as bold, and kramdown shows it so.

CommonMark asks for a blank or a mark outside where a mark stands inside, which Chinese has not: its readers
would see asterisks. The rule is that of the proposal "CJK-friendly amendments" to CommonMark. Lint names such
bold (`dead-bold`), since github.com shows the asterisks.
"""

import unicodedata

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.emphasis import tokenize
from markdown_it.rules_inline.state_inline import Delimiter


def with_chinese_emphasis(parser: MarkdownIt) -> MarkdownIt:
    """Let a parser read two asterisks beside Chinese characters and marks as bold; return it."""
    parser.inline.ruler.at("emphasis", _tokenize)
    return parser


def _tokenize(state: StateInline, silent: bool) -> bool:
    if silent or state.src[state.pos] != "*":
        return tokenize(state, silent)
    run = state.scanDelims(state.pos, True)
    if run.length == 1:  # more often a sign of its own: 3*3, A*
        return tokenize(state, silent)
    before = state.src[state.pos - 1 : state.pos] or " "
    behind = state.src[state.pos + run.length : state.pos + run.length + 1] or " "
    opens = run.can_open or _flanks(outside=before, inside=behind)
    closes = run.can_close or _flanks(outside=behind, inside=before)
    for _ in range(run.length):
        state.push("text", "", 0).content = "*"
        state.delimiters.append(Delimiter(ord("*"), run.length, len(state.tokens) - 1, -1, opens, closes))
    state.pos += run.length
    return True


def _flanks(*, outside: str, inside: str) -> bool:
    """Tell whether a run may open or close, beside Chinese, towards what is inside."""
    if inside.isspace():
        return False
    return _is_chinese(inside) or _is_chinese(outside)


def _is_chinese(character: str) -> bool:
    """Tell Han characters, kana, and wide marks: what stands in text without blanks."""
    return (
        unicodedata.east_asian_width(character) in ("W", "F") and unicodedata.category(character)[0] in "LPN"
    )
