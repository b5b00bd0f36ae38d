"""What a story is recognised by when sections are learnt: its words, its source, its site, its cues."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlsplit
from zlib import crc32

from bot.reading.sections.cues import cues


@dataclass(frozen=True, slots=True)
class StoryWords:
    """What is known of a story when its section is asked for; anything may be empty."""

    title: str
    source: str
    url: str
    text: str = ""
    """Its summary; where there is none, how its text begins."""

    def without_text(self) -> "StoryWords":
        """Return what is known of it before its page is read."""
        return replace(self, text="")


@dataclass(frozen=True, slots=True)
class PastStory:
    """A story that ran, and where."""

    words: StoryWords
    section: str


class Block(StrEnum):
    """A kind of features, which weighs the same for each story that has any, however many they are."""

    WORDS = "words"
    TITLE = "title"
    SOURCE = "source"
    SITE = "site"
    CUES = "cues"


Features = Mapping[Block, Mapping[int, float]]
"""How often each feature is in a story; a feature is known by the CRC-32 of its name."""

LONGEST_TEXT = 600
"""Characters: what an editor's summary has at most, so that a whole article looks no other."""
_LONGEST_TITLE = 300
_REPOSITORY = re.compile(r"^[\w.-]+/[\w.-]+\s*[:：]\s*(?=\S)")
"""What editors set before a project's title; no page has it when its link is dropped."""
_TAG = re.compile(r"^(?:[\[【][^\[\]【】]{1,40}[\]】]\s*)+(?=\S)")
"""What editors, and some sites, set before a title: a venue, an arXiv number."""
_LATIN_WORD = re.compile(r"[a-z][a-z0-9+.#-]*|\d+")
_HAN = re.compile(r"[\u3400-\u9fff]+")


def features(story: StoryWords) -> Features:
    """Count a story's features by block."""
    title = bare_title(story.title)
    text = _plain(story.text, LONGEST_TEXT)
    named: dict[Block, Mapping[str, float]] = {
        Block.WORDS: Counter(_words(f"{title}\n{text}")),
        Block.TITLE: Counter([*_characters(title, 1), *_characters(title, 2), *_words(title)]),
        Block.SOURCE: Counter(_source(_plain(story.source, 80))),
        Block.SITE: Counter(_site(story.url)),
        Block.CUES: cues(title, text),
    }
    return {
        block: {_key(block, name): count for name, count in counts.items()} for block, counts in named.items()
    }


def site_key(url: str) -> int:
    """Return the key of the feature that all stories of a site share."""
    return _key(Block.SITE, _site(url)[0])


def _key(block: Block, name: str) -> int:
    return crc32(f"{block}:{name}".encode())


def bare_title(title: str) -> str:
    """Return a title in lower case as its page would give it, without what editors set before it."""
    return _REPOSITORY.sub("", _TAG.sub("", _plain(title, _LONGEST_TITLE)))


def _plain(text: str, longest: int) -> str:
    """Fold widths, case and blanks; a lone surrogate, which no encoding takes, becomes a question mark."""
    folded = unicodedata.normalize("NFKC", text[:longest]).lower()
    return " ".join(folded.encode(errors="replace").decode().split())


def _words(text: str) -> list[str]:
    """Split text into words of letters, numbers, and pairs of neighbouring Chinese characters."""
    pairs = [pair for run in _HAN.findall(text) for pair in _characters(run, 2)]
    return [*_LATIN_WORD.findall(text), *pairs]


def _characters(text: str, length: int) -> list[str]:
    return [text[start : start + length] for start in range(len(text) - length + 1)]


def _source(name: str) -> list[str]:
    return [f"={name}", *_characters(name, 2)]


def _site(url: str) -> list[str]:
    """Name a page's site and the shape of its path: a paper's begins with abs."""
    try:
        parts = urlsplit(url.encode(errors="replace").decode())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return [""]
    path = [part for part in parts.path.split("/") if part]
    first = path[0][:12] if len(path) > 1 else ""
    return [host, f"{host}#{min(len(path), 5)}", f"{host}/{first}"]
