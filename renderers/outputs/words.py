"""The few words that an output says of itself, in the newsletter's language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """Words around an issue; `colon` stands behind a label, `stories` holds `{count}`."""

    links: str
    in_browser: str
    unsubscribe: str
    stories: str
    contents: str
    home: str
    untitled: str
    colon: str


_ENGLISH = Words(
    links="Links",
    in_browser="Read it in the browser",
    unsubscribe="Unsubscribe",
    stories="{count} stories",
    contents="In this issue",
    home="All issues",
    untitled="(no title yet)",
    colon=": ",
)
_CHINESE = Words(
    links="链接",
    in_browser="在浏览器中阅读",
    unsubscribe="退订",
    stories="共 {count} 条",
    contents="本期内容",
    home="往期简报",
    untitled="（尚无标题）",
    colon="：",
)


def words_of(language: str) -> Words:
    """Return the words for a language tag such as "zh" or "zh-CN"; English for one without words."""
    return _CHINESE if language.lower().partition("-")[0] == "zh" else _ENGLISH
