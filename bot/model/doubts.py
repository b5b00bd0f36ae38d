"""What a draft says that its article does not: figures, dates, and names in Latin letters."""

import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.model.dates import Day, dates_in
from bot.model.figures import Figure, figures_in, known_figures
from bot.model.names import KnownNames, names_in
from bot.reading.article import Article
from bot.reading.language import is_cjk

MOST_DOUBTS = 12
_LONGEST_DOUBT = 40
_Place = tuple[int, int]
"""Start and end in the draft."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What an article says, the page's words about it included."""

    names: KnownNames
    days: Sequence[Day]
    figures: dict[float, list[Figure]]


def doubts_of(draft: str, article: Article, language: str) -> tuple[str, ...]:
    """Return what stands in a draft and not in the article, as the draft has it, in its order.

    `language` is the draft's. A doubt is no fault: 1.5 万 for 15,300 is right and still worth a look.
    """
    draft = unicodedata.normalize("NFKC", draft)
    abroad = is_cjk(article.language) and not is_cjk(language)
    places = sorted(_doubtful(draft, _known(article), language, abroad=abroad))
    shown = (" ".join(draft[start:end].split())[:_LONGEST_DOUBT] for start, end in places)
    return tuple(dict.fromkeys(shown))[:MOST_DOUBTS]


def _known(article: Article) -> _Known:
    """Take an article in; its address apart, which anyone can make up."""
    published = article.published or ""
    words = [article.title, article.source, *article.authors, *(value for _, value in article.lines)]
    said = unicodedata.normalize("NFKC", "\n".join([*words, article.text]))
    figures: dict[float, list[Figure]] = {}
    for figure in known_figures(f"{said}\n{published[:4]}"):  # of a date by itself only the year is a figure
        figures.setdefault(_key(figure.value), []).append(figure)
    return _Known(KnownNames(said), dates_in(f"{said}\n{published[:10]}"), figures)


def _doubtful(draft: str, known: _Known, language: str, *, abroad: bool) -> Iterator[_Place]:
    """Yield the places in doubt. A word in a date is the date's, a figure in a name the name's.

    `abroad` is said of a draft in another script than the article's, where names of people are spelled
    otherwise; those of models are not.
    """
    days, figures = dates_in(draft), list(figures_in(draft))
    taken: list[_Place] = []
    for day in days:
        taken.append((day.start, day.end))
        if not _is_said(day, known):
            yield day.start, day.end
    for name in names_in(draft, language):
        in_figure = any(figure.start < name.start < figure.end for figure in figures)  # "GB" of 4 GB
        if in_figure or _overlaps((name.start, name.end), taken):
            continue
        taken.append((name.start, name.end))
        if name not in known.names and not (abroad and name.plain):
            yield name.start, name.end
    for figure in figures:
        if not _overlaps((figure.start, figure.end), taken) and not _is_known(figure, known.figures):
            yield figure.start, figure.end


def _key(value: float) -> float:
    return float(f"{value:.9g}") if math.isfinite(value) else math.inf


def _is_known(figure: Figure, known: dict[float, list[Figure]]) -> bool:
    """Tell whether the text says the same. Tables leave units out; another unit is another thing."""
    if figure.unit == "percent" and _key(figure.value / 100) in known:
        return True
    others = known.get(_key(figure.value), ())
    return any(None in (figure.unit, other.unit) or figure.unit == other.unit for other in others)


def _is_said(day: Day, known: _Known) -> bool:
    """Tell whether the text has the day; the year may stand elsewhere in it."""
    year_said = day.year is None or _key(float(day.year)) in known.figures
    return any(day.agrees_with(other) and (other.year is not None or year_said) for other in known.days)


def _overlaps(place: _Place, taken: Iterable[_Place]) -> bool:
    return any(place[0] < end and start < place[1] for start, end in taken)
