"""What lint can find: a code for machines, its weight, and a sentence for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Weight = Literal["error", "warning", "hint"]
"""An error holds a release up until an editor says otherwise; a hint is not even shown in the room."""

_LONGEST = 80  # characters of what is quoted


@dataclass(frozen=True, slots=True)
class LintCode:
    """A kind of finding; the sentence may quote `{what}`."""

    weight: Weight
    sentence: str


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One finding: a code of `CODES`, the line (from 1), a sentence, and what it is about."""

    code: str
    line: int
    message: str
    what: str = ""

    @property
    def weight(self) -> Weight:
        """Return how much it matters."""
        return CODES[self.code].weight


def found(code: str, line: int, what: str = "") -> LintFinding:
    """Make a finding; what it quotes is cut, and fit to be shown and stored."""
    text = " ".join(what.encode("utf-8", "replace").decode("utf-8").split())
    text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return LintFinding(code, line, CODES[code].sentence.format(what=text), text)


def _error(sentence: str) -> LintCode:
    return LintCode("error", sentence)


def _warning(sentence: str) -> LintCode:
    return LintCode("warning", sentence)


CODES: Mapping[str, LintCode] = {
    # The issue as a whole.
    "no-date": _error("The issue's title names no date."),
    "wrong-date": _error("The title's date is not that of the file, or is no day: {what}."),
    "no-stories": _error("The issue has no story."),
    "wrong-count": _warning("The lead's count is not {what}."),
    "empty-section": _warning("'{what}' has no story."),
    "missing-section": _warning("The section '{what}' is missing."),
    "repeated-heading": _warning("'{what}' heads two sections."),
    # A story's link.
    "broken-head": _error("The brackets of the link do not close: {what}"),
    "stray-head": _error("This looks like a story, but does not begin like one: {what}"),
    "empty-link": _error("'{what}' has an empty link."),
    "unsafe-link": _error("'{what}' links to no web address."),
    "private-link": _error("This address is inside a network, where readers cannot go: {what}"),
    "temporary-link": _error("The WeChat link of '{what}' expires."),
    "dead-link": _error("This link leads nowhere: {what}"),
    "repeated-link": _error("'{what}' has the link of an earlier story."),
    "ran-before": _error("The link ran before: {what}"),
    "no-link": _warning("'{what}' has no link."),
    "moved-link": _warning("This link leads to another address now: {what}"),
    "unsure-link": _warning("I could not see whether this link works: {what}"),
    # A story's words.
    "no-title": _error("The story has no title."),
    "missing-summary": _warning("'{what}' has no summary."),
    "repeated-title": _warning("An earlier story has this title: {what}"),
    "title-ran-before": _warning("A story of this title ran before: {what}"),
    "cut-off": _warning("The text seems to be cut off: {what}"),
    # What breaks the page.
    "accidental-table": _error("The site makes a table of this: write \\| for each bar. {what}"),
    "liquid": _error("The site takes this for a command: {what}"),
    "unclosed-fence": _error("The block of code that begins here never ends."),
    "conflict-mark": _error("A merge left its marks here: {what}"),
    "broken-character": _error("Characters are broken here: {what}"),
    "dead-bold": _warning("Bold beside a punctuation mark shows its asterisks: {what}"),
    # Width, punctuation, oddities.
    "half-width-mark": _warning("A half-width mark stands between Chinese characters: {what}"),
    "doubled-mark": _warning("Two punctuation marks follow each other: {what}"),
    "mixed-brackets": _warning("A bracket opens in one width and closes in another: {what}"),
    "unclosed-bracket": _warning("A bracket does not close, or does not open: {what}"),
    "wide-blank": _warning("A full-width blank stands in the text: {what}"),
    "hidden-character": _warning("Characters that nobody sees stand here: {what}"),
    "stray-address": _warning("A bare network address stands here: {what}"),
    "no-full-stop": LintCode("hint", "The summary of '{what}' ends without a mark."),
}
