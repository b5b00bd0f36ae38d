"""Figures and dates in a text, in one form for all the ways to write them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_POWERS = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
_SCALES = {
    **{"k": 1e3, "m": 1e6, "b": 1e9, "bn": 1e9, "t": 1e12},
    **{"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12},
    **{
        "百": 1e2,
        "千": 1e3,
        "万": 1e4,
        "十万": 1e5,
        "百万": 1e6,
        "千万": 1e7,
        "亿": 1e8,
        "十亿": 1e9,
        "百亿": 1e10,
    },
    **{"千亿": 1e11, "万亿": 1e12},
}
_UNITS = {
    **dict.fromkeys(["%", "‰", "percent", "per cent", "pct", "percentage", "个百分点", "成"], "percent"),
    **dict.fromkeys(["倍", "x", "×", "times", "fold", "-fold"], "times"),
    **dict.fromkeys(["kb", "kib", "kilobytes", "kilobyte", "千字节"], "kB"),
    **dict.fromkeys(["mb", "mib", "megabytes", "megabyte", "兆字节", "兆"], "MB"),
    **dict.fromkeys(["gb", "gib", "gigabytes", "gigabyte"], "GB"),
    **dict.fromkeys(["tb", "tib", "terabytes", "terabyte"], "TB"),
    **dict.fromkeys(["ms", "milliseconds", "millisecond", "毫秒"], "ms"),
    **dict.fromkeys(["sec", "seconds", "second", "秒", "秒钟"], "s"),
    **dict.fromkeys(["min", "minutes", "minute", "分钟"], "min"),
    **dict.fromkeys(["hours", "hour", "小时", "个小时"], "h"),
    **dict.fromkeys(["days", "day", "天"], "day"),
    **dict.fromkeys(["weeks", "week", "周", "个星期", "星期"], "week"),
    **dict.fromkeys(["months", "month", "个月"], "month"),
    **dict.fromkeys(["years", "year", "年"], "year"),
    **dict.fromkeys(["mw", "milliwatts", "milliwatt", "毫瓦"], "mW"),
    **dict.fromkeys(["kw", "kilowatts", "kilowatt", "千瓦"], "kW"),
}
_SMALL = re.findall(
    r"\w+",
    """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen""",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ENGLISH: dict[str, float] = {
    **{word: float(value) for value, word in enumerate(_SMALL)},
    **{word: 10.0 * value for value, word in enumerate(_TENS, 2)},
    **{"once": 1, "twice": 2, "double": 2, "doubled": 2, "doubles": 2, "triple": 3, "tripled": 3},
    **{"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "half": 0.5, "halved": 0.5, "dozen": 12},
    **{"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "翻倍": 2, "翻番": 2, "一半": 0.5},
}
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALE_WORD = "|".join(sorted((re.escape(word) for word in _SCALES), key=len, reverse=True))
_UNIT_WORD = "|".join(sorted((re.escape(word) for word in _UNITS), key=len, reverse=True))
_AFTER = rf"(?:\s?(?P<scale>{_SCALE_WORD})(?![a-z]))?(?:[\s-]?(?P<unit>{_UNIT_WORD})(?![a-z]))?"
_FIGURE = re.compile(rf"(?P<percent>百分之)?(?<![\d.])(?P<number>{_NUMBER}){_AFTER}", re.IGNORECASE)
_NUMERAL = r"[零〇一二三四五六七八九两十百千万亿]{1,24}(?:点[零〇一二三四五六七八九]{1,9})?"
_HAN_NUMBER = re.compile(
    rf"(?P<percent>百分之)?(?P<number>{_NUMERAL})"
    r"(?!(?<=千)(?:字节|瓦|克))"
    rf"(?:\s?(?P<unit>{_UNIT_WORD})(?![a-z]))?",
    re.IGNORECASE,
)
_ENGLISH_WORD = "|".join(sorted(_ENGLISH, key=len, reverse=True))
_WORDS = re.compile(
    rf"(?<![a-z])(?P<number>{_ENGLISH_WORD})(?:[\s-](?P<unit>{_UNIT_WORD}))?(?![a-z])",
    re.IGNORECASE,
)
_SURE_UNITS = frozenset(
    {"倍", "%", "成", "个月", "小时", "个小时", "分钟", "毫秒", "个百分点", "毫瓦", "千瓦"}
)
"""After these a single Chinese numeral counts something; "一周", "一年" and "一天" are said loosely."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it stands (start and end in the text), its value, and its unit where we know that."""

    start: int
    end: int
    value: float
    unit: str | None


def figures_in(text: str) -> Iterator[Figure]:
    """Yield numbers in digits, and Chinese ones that are surely numbers. `text` is NFKC."""
    for found in _FIGURE.finditer(text):
        yield _figure(found, float(found["number"].replace(",", "")) * _SCALES.get(_low(found["scale"]), 1))
    for found in _HAN_NUMBER.finditer(text):
        number = found["number"]
        large = len(number) > 1 and bool(
            set(number) & {"十", "百", "千", "万", "亿"} and set(number) & set(_DIGITS)
        )
        sure = large or found["percent"] or (found["unit"] in _SURE_UNITS)
        if sure:
            yield _figure(found, _han_value(number))


def known_figures(text: str) -> Iterator[Figure]:
    """Yield every number that a text may be taken to say, also in words. `text` is NFKC."""
    for found in _FIGURE.finditer(text):
        value = float(found["number"].replace(",", ""))
        yield _figure(found, value)
        if found["scale"]:
            yield _figure(found, value * _SCALES[_low(found["scale"])])
    for found in _HAN_NUMBER.finditer(text):
        yield _figure(found, _han_value(found["number"]))
    for found in _WORDS.finditer(text):
        yield _figure(found, float(_ENGLISH[_low(found["number"])]))


def _figure(found: re.Match[str], value: float) -> Figure:
    parts = found.groupdict()
    unit = "percent" if parts.get("percent") else _UNITS.get(_low(parts["unit"]))
    if unit == "percent" and parts["unit"] == "成":
        value *= 10
    return Figure(found.start(), found.end(), value, unit)


def _low(word: str | None) -> str:
    return (word or "").lower()


def _han_value(number: str) -> float:
    """Return what a Chinese numeral says."""
    whole, _, decimals = number.partition("点")
    spelled = not set(whole) - set(_DIGITS)  # a year, or a digit: 二〇二〇
    value = float(_digits(whole)) if spelled else float(_counted(whole))
    return value + float(f"0.{_digits(decimals)}")


def _digits(signs: str) -> str:
    return "".join(str(_DIGITS[sign]) for sign in signs) or "0"


def _counted(whole: str) -> int:
    total = section = digit = 0
    for sign in whole:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif sign in _POWERS:
            section += (digit or 1) * _POWERS[sign]
            digit = 0
        else:
            total = (total + section + digit or 1) * _LARGE[sign]
            section = digit = 0
    return total + section + digit
