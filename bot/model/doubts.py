"""What a draft says that its article does not: figures, dates, and names in Latin letters."""

import math
import unicodedata
from collections.abc import Iterable, Sequence

from bot.model.dates import Day, dates_in
from bot.model.figures import Figure, figures_in, known_figures
from bot.model.names import KnownNames, names_in
from bot.reading.article import Article
from bot.reading.language import is_cjk

MOST_DOUBTS = 12
_LONGEST_DOUBT = 40
_Place = tuple[int, int]


def doubts_of(draft: str, article: Article, language: str) -> tuple[str, ...]:
    """Return what stands in a draft and not in the article, as the draft has it, in its order.

    `language` is the draft's. A doubt is no fault: 1.5 万 for 15,300 is right and still worth a look.
    """
    draft, said = unicodedata.normalize("NFKC", draft), unicodedata.normalize("NFKC", _said_by(article))
    abroad = is_cjk(article.language) and not is_cjk(language)  # names are spelled otherwise in the article
    known = KnownNames(said)
    figures = list(figures_in(draft))
    names = [
        name
        for name in names_in(draft, language)
        if not (abroad and name.plain)
        and not any(f.start < name.start < f.end for f in figures)  # "GB" of 4 GB
    ]
    found = [(name.start, name.end) for name in names if name not in known]
    found += _numbers(draft, figures, said, [(name.start, name.end) for name in names])
    shown = (" ".join(draft[start:end].split())[:_LONGEST_DOUBT] for start, end in sorted(found))
    return tuple(dict.fromkeys(shown))[:MOST_DOUBTS]


def _said_by(article: Article) -> str:
    """Return all that a page says of itself; the address apart, which anyone can make up."""
    lines = [value for _, value in article.lines]
    parts = [article.title, article.source, *article.authors, article.published or "", *lines, article.text]
    return "\n".join(parts)


def _numbers(draft: str, figures: Sequence[Figure], said: str, taken: list[_Place]) -> list[_Place]:
    """Return the places of dates and figures that are not in the text; those in names are the names'."""
    known, days = _known(said), dates_in(said)
    found = []
    for day in dates_in(draft):
        if not _overlaps((day.start, day.end), taken):
            taken = [*taken, (day.start, day.end)]
            found += [] if _is_said(day, days, known) else [(day.start, day.end)]
    for figure in figures:
        place = (figure.start, figure.end)
        if not _overlaps(place, taken) and not _is_known(figure, known):
            found.append(place)
    return found


def _known(said: str) -> dict[float, list[Figure]]:
    known: dict[float, list[Figure]] = {}
    for figure in known_figures(said):
        known.setdefault(_key(figure.value), []).append(figure)
    return known


def _key(value: float) -> float:
    return float(f"{value:.9g}") if math.isfinite(value) else math.inf


def _is_known(figure: Figure, known: dict[float, list[Figure]]) -> bool:
    """Tell whether the text says the same. Tables leave units out; another unit is another thing."""
    if figure.unit == "percent" and _key(figure.value / 100) in known:
        return True
    others = known.get(_key(figure.value), ())
    return any(None in (figure.unit, other.unit) or figure.unit == other.unit for other in others)


def _is_said(day: Day, known: Sequence[Day], figures: dict[float, list[Figure]]) -> bool:
    return any(
        day.agrees_with(other) and (day.year is None or other.year is not None or float(day.year) in figures)
        for other in known
    )


def _overlaps(place: _Place, taken: Iterable[_Place]) -> bool:
    return any(place[0] < end and start < place[1] for start, end in taken)
