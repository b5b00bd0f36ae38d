"""What PDFs do to characters, undone: radicals for words, joined letters, words broken at line ends."""

import re
import unicodedata

_FOLDED = re.compile(
    "[\u2f00-\u2fdf\uf900-\ufaff\ufb00-\ufb06\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d7ff]"
)
"""Kangxi radicals, compatibility ideographs, ligatures, wide letters and digits, letters of formulas.

Not all of NFKC: it would turn Chinese punctuation into English.
"""
_RADICALS = str.maketrans(
    "⺁⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻚⻛⻜⻝⻢⻣⻤⻥⻦⻩⻬⻮⻰⻳",
    "厂母民虎西见角贝车长门青页风飞食马骨鬼鱼鸟黄齐齿龙龟",
)
"""Radicals that Unicode gives no folding, though PDFs printed by browsers have them for the words."""
_NEVER_SHOWN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f\u00ad\u200b-\u200f\u2060\ufeff\ufffd\ue000-\uf8ff\ud800-\udfff]"
)
_SPACE = re.compile(r"\s+")
_CJK = "[\u3040-\u30ff\u3400-\u9fff\u3001-\u3011\uff00-\uff65]"
_CJK_GAP = re.compile(f"(?<={_CJK}) (?={_CJK})")
_BROKEN_WORD = re.compile(r"(?<![\W\d_])[-\u2010]$")
_LAST_WORD = re.compile(r"\S+$")


def readable(text: str) -> str:
    """Return a line of a PDF with the characters that were meant."""
    text = _NEVER_SHOWN.sub("", text).translate(_RADICALS)
    text = _FOLDED.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    text = _SPACE.sub(" ", text).strip()
    is_spaced_out = 2 * len(_CJK_GAP.findall(text)) >= len(text.replace(" ", "")) - 1
    return _CJK_GAP.sub("", text) if is_spaced_out else text


def joined(lines: list[str]) -> str:
    """Join a paragraph's lines: no blank between Chinese words, and broken ones made whole.

    A hyphen stays where the word has another: "state-of-the-" is followed by "art" with it.
    """
    text = ""
    for line in (_CJK_GAP.sub("", line) for line in lines if line):
        if text and _BROKEN_WORD.search(text) and line[0].islower():
            last = _LAST_WORD.search(text)
            has_another = last is not None and "-" in last[0][:-1]
            text = text + line if has_another else text[:-1] + line
        elif text and re.search(f"{_CJK}$", text) and re.match(_CJK, line):
            text += line
        else:
            text = f"{text} {line}" if text else line
    return text


def weight(text: str) -> int:
    """Count what can be read: letters and digits, a Chinese character as three."""
    return sum(3 if "\u3040" <= each <= "\u9fff" else 1 for each in text if each.isalnum())
