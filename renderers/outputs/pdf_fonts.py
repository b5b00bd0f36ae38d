"""Fonts of the system for PDFs: which families an issue is set in, and what no font can show."""

import re

import typst

# Free and system fonts with Chinese, the best first; where none stands, typst looks through all others.
_SIMPLIFIED = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "Droid Sans Fallback",
)
_OTHERS = {
    "zh-tw": ("Noto Sans CJK TC", "Source Han Sans TC", "PingFang TC", "Microsoft JhengHei"),
    "zh-hk": ("Noto Sans CJK HK", "Source Han Sans HC", "PingFang HK"),
    "ja": ("Noto Sans CJK JP", "Source Han Sans", "Hiragino Sans", "Yu Gothic"),
    "ko": ("Noto Sans CJK KR", "Source Han Sans K", "Apple SD Gothic Neo", "Malgun Gothic"),
}
_LATIN = "Libertinus Serif"  # comes with typst
_MISSING = re.compile(r'the text `"((?:[^"\\`]|\\.)*)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]+)\}|\\(.)")
# What every font for Chinese, Japanese or Korean has: ideographs since Unicode 1, kana, Hangul, their marks.
_ORDINARY = re.compile("[\u3001-\u3015\u3041-\u3093\u30a1-\u30f6\u4e00-\u9fa5\uac00-\ud7a3\uff01-\uff5e]")


def families(language: str, fonts: typst.Fonts) -> tuple[str, ...]:
    """Return the families to set an issue in, those first that fit its language; never none."""
    known = set(fonts.families())
    tag = language.lower()
    own = next((fitting for start, fitting in _OTHERS.items() if tag.startswith(start)), ())
    found = tuple(family for family in (*own, *_SIMPLIFIED) if family in known)
    is_east_asian = tag.partition("-")[0] in ("zh", "ja", "ko")
    return (*found, _LATIN) if is_east_asian else (_LATIN, *found)


def missing_in(error: typst.TypstError) -> frozenset[str]:
    """Return the characters that no font can show, as typst tells of them; empty for another error."""
    texts = _MISSING.findall(f"{error.message}\n{error.diagnostic}")
    plain = (_ESCAPED.sub(_unescaped, text) for text in texts)
    return frozenset(character for text in plain for character in text if not character.isspace())


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else found[2]


def needs_chinese(characters: frozenset[str]) -> bool:
    """Tell whether ordinary Chinese, Japanese or Korean is among characters without a font."""
    return any(_ORDINARY.match(one) for one in characters)
