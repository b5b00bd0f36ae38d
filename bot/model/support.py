"""How much of a draft its article says."""

import re

from bot.reading.article import Article

_RUN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]+|[^\W\d_\u3040-\u9fff]+")
_PAIRED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_SHORTEST_WORD = 4
"""Shorter words are in every text."""
_STEM = 5
"""Letters by which a word is known in all its forms."""


class Support:
    """What an article says, to hold drafts against. Both must be in one language."""

    def __init__(self, article: Article) -> None:
        """Take the article's words, or pairs of Chinese characters."""
        self._known = frozenset(_units(f"{article.title}\n{article.text}"))

    def share(self, words: str) -> float:
        """Return the share, 0 to 1, of these words that the article has; 1 where none of them can tell."""
        units = _units(words)
        return sum(unit in self._known for unit in units) / len(units) if units else 1.0


def _units(text: str) -> list[str]:
    found: list[str] = []
    for run in _RUN.findall(text.casefold()):
        if _PAIRED.match(run):
            found += [run[place : place + 2] for place in range(len(run) - 1)]
        elif len(run) >= _SHORTEST_WORD:
            found.append(run[:_STEM])
    return found
