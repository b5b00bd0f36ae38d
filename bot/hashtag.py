"""Hashtags: the section that a message chooses in its own words. Pure."""

import re

from bot.hearing import DeskSettings
from bot.reading.link import words_around

_HASHTAG = re.compile(r"[#＃](\S+)")
_PUNCTUATION = re.compile(r"[，。、！？；：…,.!?;:()（）【】「」《》]+")


def note_and_section(text: str, settings: DeskSettings) -> tuple[str, str | None]:
    """Split a message's own words into the curator's note and the section that a #hashtag chooses.

    A hashtag that names no section stays in the note. Punctuation ends one: `#papers,`, `#论文，值得看`.
    """
    chosen: str | None = None
    words: list[str] = []
    for word in words_around(text).split():
        key, rest = _chosen_by(word, settings)
        chosen = key or chosen
        words += [rest] if rest else []
    return " ".join(words), chosen


def _chosen_by(word: str, settings: DeskSettings) -> tuple[str | None, str]:
    """Return the section that a word chooses, and what of the word is not the hashtag."""
    tag = _HASHTAG.fullmatch(word)
    if tag is None:
        return None, word
    if key := settings.section_called(tag[1]):
        return key, ""
    name, *rest = _PUNCTUATION.split(tag[1], maxsplit=1)
    key = settings.section_called(name)
    return key, "".join(rest) if key else word
