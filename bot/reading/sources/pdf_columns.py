"""Two columns that a file sets line by line, one beside the other, put one after the other."""

from collections.abc import Sequence

from bot.reading.sources.pdf_lines import PdfLine

_LEAST_PAIRS = 6
"""So many lines with a neighbour to the right are columns; fewer may be a table or the authors."""


def in_reading_order(lines: Sequence[PdfLine]) -> tuple[PdfLine, ...]:
    """Return a page's lines as one reads them. Most files already have them so."""
    ordered: list[PdfLine] = []
    place = 0
    while place < len(lines):
        end = _end_of_pairs(lines, place)
        if (end - place) // 2 >= _LEAST_PAIRS:
            ordered += [*lines[place:end:2], *lines[place + 1 : end : 2]]
            place = end
        else:
            ordered.append(lines[place])
            place += 1
    return tuple(ordered)


def _end_of_pairs(lines: Sequence[PdfLine], start: int) -> int:
    """Return the end of a run of pairs: two lines of one height, the second always as far to the right."""
    end = start
    while end + 1 < len(lines) and _are_neighbours(lines[end], lines[end + 1]):
        if end > start and not _are_in_column(lines[start + 1], lines[end + 1]):
            break
        end += 2
    return end


def _are_neighbours(left: PdfLine, right: PdfLine) -> bool:
    return abs(left.y - right.y) < 0.5 * left.size and right.x > left.x + 4 * left.size


def _are_in_column(above: PdfLine, below: PdfLine) -> bool:
    return abs(above.x - below.x) < 3 * above.size
