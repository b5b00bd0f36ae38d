"""How much of a draft its article says."""

import re

from bot.reading.article import Article

_RUN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]+|[^\W\d_\u3040-\u9fff]+")
_PAIRED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_SHORTEST_WORD = 4
"""Shorter words are in every text."""
_STEM = 5
"""Letters by which a word is known in all its forms."""


def support(draft: str, article: Article) -> float:
    """Return the share, 0 to 1, of a draft's words or pairs of Chinese characters that its article has."""
    said = _units(draft)
    known = set(_units(f"{article.title}\n{article.text}"))
    return sum(unit in known for unit in said) / len(said) if said else 0.0


def _units(text: str) -> list[str]:
    found: list[str] = []
    for run in _RUN.findall(text.casefold()):
        if _PAIRED.match(run):
            found += [run[place : place + 2] for place in range(len(run) - 1)]
        elif len(run) >= _SHORTEST_WORD:
            found.append(run[:_STEM])
    return found
