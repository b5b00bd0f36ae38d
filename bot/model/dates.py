"""Dates in a text, however they are written."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTH = "|".join([*_MONTHS, *(rf"{name[:3]}\.?" for name in _MONTHS), r"sept\.?"])
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<!\d)(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)",
        r"(?<!\d)(?:(?P<year>\d{4})\s?年\s?)?(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?[日号號]",
        r"(?<!\d)(?P<year>\d{4})\s?年\s?(?P<month>\d{1,2})\s?月",
        rf"\b(?P<name>{_MONTH})\s{_DAY}\b(?:,?\s(?P<year>\d{{4}})\b)?",
        rf"\b{_DAY}(?:\sof)?\s(?P<name>{_MONTH})(?![a-z])(?:,?\s(?P<year>\d{{4}})\b)?",
        rf"\b(?P<name>{_MONTH}),?\s(?P<year>\d{{4}})\b",
    )
)
"""The fuller ones first: a date that lies within another is that one."""


@dataclass(frozen=True, slots=True)
class Day:
    """A date as it stands (start and end in the text); None for what it leaves out."""

    start: int
    end: int
    year: int | None
    month: int
    day: int | None

    def agrees_with(self, other: "Day") -> bool:
        """Tell whether what the other says can be the same day; a day or a month of it must be said there."""
        years = self.year is None or other.year is None or self.year == other.year
        days = self.day is None or self.day == other.day
        return years and days and self.month == other.month


def dates_in(text: str) -> Sequence[Day]:
    """Return the dates of a text in their order. `text` is NFKC."""
    found: list[Day] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if not any(match.start() < known.end and known.start < match.end() for known in found):
                found += _day(match)
    return sorted(found, key=lambda day: day.start)


def _day(match: re.Match[str]) -> Iterator[Day]:
    parts = match.groupdict()
    name, year, day = parts.get("name"), parts.get("year"), parts.get("day")
    month = _number_of(name) if name else int(parts["month"])
    if 1 <= month <= 12 and (day is None or 1 <= int(day) <= 31):
        yield Day(match.start(), match.end(), int(year) if year else None, month, int(day) if day else None)


def _number_of(name: str) -> int:
    return 1 + next(place for place, month in enumerate(_MONTHS) if month.startswith(name.lower()[:3]))
