"""Names in Latin letters, of models and makers: TFRT, GPT-4, TensorFlow, Reuters."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.reading.language import is_cjk

_LETTER = "A-Za-z\u00c0-\u024f"
_NAME = re.compile(
    rf"(?<![{_LETTER}\d])[{_LETTER}][{_LETTER}\d]*(?:[-.'’/&_+][{_LETTER}\d]+)*[+#]*"
    r"|(?<![\d.])\d+(?:\.\d+){2,}"  # a release: 1.12.3
)
_ATOM = re.compile(rf"[{_LETTER}\d]+")
_PART = re.compile(r"[-/&_+.]")
_SENTENCE_START = re.compile(r"(?:^|[.!?。！？:：;；\n]\s*|[\"“”'‘’「《(（\[]\s*)$")
_LONGEST_GAP = 3
"""Characters between the parts of one name, as in "GPT - 4" with its dash of whatever width."""
_MOST_PARTS = 4
_STEM = 4
"""Letters that a word and its relatives share at least: China, Chinese."""
_SAID_BY_ALL = frozenset({"ai", "it", "ok", "app", "pc", "web", "bug", "demo", "i"})
_NOUNS_ARE_LARGE = frozenset({"de", "lb"})


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it stands: start and end in the text."""

    start: int
    end: int
    text: str
    plain: bool
    """Letters, the first one large: a word of the language perhaps, and inflected."""


def names_in(text: str, language: str) -> Iterator[Name]:
    """Yield the words that are names by their letters. `text` is NFKC; `language` is its own."""
    for found in _NAME.finditer(text):
        word = re.sub(r"['’]s?$", "", found[0])
        if len(_folded(word)) < 2 or _folded(word) in _SAID_BY_ALL:
            continue
        odd = any(letter.isupper() or letter.isdigit() for letter in word[1:])
        plain = not odd and word[0].isupper() and word.isalpha()
        if odd or _is_name(plain, word, text[: found.start()][-8:], language):
            yield Name(found.start(), found.start() + len(word), word, plain)


def _is_name(plain: bool, word: str, before: str, language: str) -> bool:
    if is_cjk(language):
        return len(word) > 2
    return plain and language not in _NOUNS_ARE_LARGE and not _SENTENCE_START.search(before)


class KnownNames:
    """Every name that a text may be taken to hold."""

    def __init__(self, text: str) -> None:
        """Take the names of a text, which is NFKC."""
        atoms = list(_ATOM.finditer(text))
        runs = [_folded(atom[0]) for atom in atoms]
        together = [after.start() - before.end() <= _LONGEST_GAP for before, after in pairwise(atoms)]
        self._known = set(runs)
        for place in range(len(runs)):
            name = runs[place]
            for further in range(place, min(place + _MOST_PARTS - 1, len(together))):
                if not together[further]:
                    break
                name += runs[further + 1]
                self._known.add(name)
        self._words = sorted({run for run in runs if run.isalpha()})

    def __contains__(self, name: Name) -> bool:
        folded = _folded(name.text)
        if self._has(folded) or (name.plain and self._has_relative(folded)):
            return True
        parts = _PART.split(name.text)
        return len(parts) > 1 and all(self._has_part(part) for part in parts)

    def _has_part(self, part: str) -> bool:
        """Tell whether a compound's part is known; "-based" and the like need not be."""
        return part.isalpha() and (part.islower() or self._has(_folded(part)))

    def _has(self, folded: str) -> bool:
        return folded in self._known or f"{folded}s" in self._known or folded.removesuffix("s") in self._known

    def _has_relative(self, folded: str) -> bool:
        stem = folded[: max(_STEM, len(folded) - 3)]
        place = bisect_left(self._words, stem)
        return len(stem) >= _STEM and place < len(self._words) and self._words[place].startswith(stem)


def _folded(word: str) -> str:
    """Return letters and digits alone, small and without accents."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in decomposed if sign.isalnum())
