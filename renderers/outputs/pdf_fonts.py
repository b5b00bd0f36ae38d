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
_CHINESE = re.compile(
    "[\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]"
)
_EAST_ASIAN = re.compile("[\u1100-\u11ff\u3000-\u30ff\u3130-\u318f\uac00-\ud7af\uff00-\uffef]")


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
    return any(_CHINESE.match(one) or _EAST_ASIAN.match(one) for one in characters)
