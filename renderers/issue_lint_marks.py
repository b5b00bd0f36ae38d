"""Width and punctuation slips, and text that was cut off. Chinese rules touch Chinese characters only.

Each rule was measured on 24 past issues: what fires on what editors meant is not here.
"""

import re
from collections.abc import Iterable

from renderers.issue_document import IssueDocument
from renderers.issue_lint_codes import LintFinding, found
from renderers.issue_parser import split_lines
from renderers.story_style import DocumentStory

_HAN = "[\u3400-\u4dbf\u4e00-\u9fff]"
_NO_WORDS = re.compile(
    r"`[^`]*`|\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)|<?https?://[^\s<>\u3000-\u303f\uff00-\uffef]+|<[^<>]*>"
)
_HALF_WIDTH = re.compile(rf"(?<={_HAN})[,;:?!.](?={_HAN})|(?<={_HAN})[,;](?=\s*$)")
_DOUBLED = re.compile(
    r"(?<!。)。。(?!。)|，{2,}|、{2,}|；{2,}|：{2,}|[，、；：][。，；：、]|。[，、；：]|[。，]\.(?!\.)|[。，],"
)
_WIDE_BLANK = re.compile(r"\S\u3000+(?=\S)")
_HIDDEN = re.compile("[\u200b\u2060\u00ad\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|(?<!^)\ufeff")
_ADDRESS = re.compile(r"\s*(?:\d{1,3}\.){3}\d{1,3}\s*")
_PAIRS = {"（": "）", "(": ")", "【": "】", "《": "》", "「": "」", "『": "』"}
_WIDTHS = {"（": ")", "(": "）"}
_NUMBERED = re.compile(
    r"(?:^|[^0-9A-Za-z一二三四五六七八九十])(?:\d{1,2}|[A-Za-z]|[ivx]{1,4}|[一二三四五六七八九十]{1,3})$"
)
_CUT = re.compile(r"(?:…+|\.{3,}|[，、,（(《「『“：:])[\s*]*$")
_GOOD_END = re.compile(r"[。！？!?；;.…”’\"』」》）)】\]`>*～~]\s*$")
_LINKED_END = re.compile(r"(?:https?://\S+|\]\([^()]*\))\s*$")
_LISTED = re.compile(r"\s*(?:[-*+•·]|\d{1,2}[.)、）])")
_JOINING = re.compile(r" (?:the|an?|of|to|and|or|in|on|for|with|by|that|which|is|are|was|from|as|at)$")
_LONG = 40
"""Characters of a last line that is a sentence and no label; of 424 past summaries one ends within it."""
_AROUND = 12  # characters shown beside a slip


def mark_findings(document: IssueDocument) -> Iterable[LintFinding]:
    """Find slips in the issue's own lines, not in past issues and the small print below."""
    lines = [line.rstrip("\r\n") for line in split_lines(document.text)]
    stop = max([*(section.end for section in document.sections), document.outline.body])
    for place, line in enumerate(lines):
        if _HIDDEN.search(line):
            yield found("hidden-character", place + 1, line.strip())
        if _ADDRESS.fullmatch(line):
            yield found("stray-address", place + 1, line)
        if document.outline.start <= place < stop:
            yield from _slips(place + 1, _NO_WORDS.sub("\0", line))


def _slips(number: int, words: str) -> Iterable[LintFinding]:
    for code, slip in (
        ("half-width-mark", _HALF_WIDTH),
        ("doubled-mark", _DOUBLED),
        ("wide-blank", _WIDE_BLANK),
    ):
        hit = slip.search(words)
        if hit:
            yield found(code, number, _beside(words, hit.start(), hit.end()))


def _beside(words: str, start: int, stop: int) -> str:
    return words[max(0, start - _AROUND) : stop + _AROUND].replace("\0", "…")


def story_mark_findings(story: DocumentStory) -> Iterable[LintFinding]:
    """Find brackets that do not fit, and a summary that was cut off."""
    lines = story.text.rstrip().split("\n")
    yield from _brackets(story)
    last = next((place for place in range(len(lines) - 1, 0, -1) if lines[place].strip()), 0)
    end = story.line + last
    summary = story.summary.rstrip()
    if _CUT.search(summary) or _stops_short(summary.rpartition("\n")[2].rstrip()):
        yield found("cut-off", end, summary[-2 * _AROUND :])
    elif not _GOOD_END.search(summary) and not _LINKED_END.search(summary):
        yield found("no-full-stop", end, story.title)


def _stops_short(line: str) -> bool:
    """Tell whether a long last line ends within a sentence: in a Chinese character, or a word that joins.

    Entries of lists, which end as they like, and identifiers are left alone.
    """
    if len(line) < _LONG or _LISTED.match(line):
        return False
    return bool(re.search(rf"{_HAN}$", line) or _JOINING.search(line))


def _brackets(story: DocumentStory) -> Iterable[LintFinding]:
    """Match brackets over all of a story, for a pair may span lines; `1）` closes nothing."""
    opened: list[tuple[str, int, int]] = []
    lines = [_NO_WORDS.sub("\0", line) for line in story.text.split("\n")]
    for offset, line in enumerate(lines):
        for place, character in enumerate(line):
            if character in _PAIRS:
                opened.append((character, offset, place))
            elif character in _PAIRS.values():
                yield from _closes(story, lines, opened, (character, offset, place))
    for _, offset, place in opened:
        yield found("unclosed-bracket", story.line + offset, _beside(lines[offset], place, place + 1))


def _closes(
    story: DocumentStory, lines: list[str], opened: list[tuple[str, int, int]], at: tuple[str, int, int]
) -> Iterable[LintFinding]:
    """Close the innermost bracket where the mark fits it, in either width."""
    character, offset, place = at
    last = opened[-1][0] if opened else ""
    shown = _beside(lines[offset], place, place + 1)
    if last and character in (_PAIRS[last], _WIDTHS.get(last)):
        opened.pop()
        if character != _PAIRS[last]:
            yield found("mixed-brackets", story.line + offset, shown)
    elif last or not _NUMBERED.search(lines[offset][:place]):
        yield found("unclosed-bracket", story.line + offset, shown)
