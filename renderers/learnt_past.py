"""How past issues and the index page list the issues before: heading, table or list, links, empty cells."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from renderers.issue_parser import heading_text
from renderers.past_files import PastIssue, most_common

_LINK = re.compile(r"\[\d{4}-\d{2}-\d{2}[^\]]*\]\(([^)\s]*\d{4}-\d{2}-\d{2}[^)\s]*)\)")
_ANY_LINK = re.compile(r"\]\(([^)\s]*\d{4}-\d{2}-\d{2}[^)\s]*)\)")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_HEADING = re.compile(r"#{1,6}(?:[ \t]|$)")


@dataclass(frozen=True, slots=True)
class PastBlock:
    """A block of links to past issues; `kind` is table or list, `dates` those it names, newest first."""

    heading: str
    kind: str
    link: str
    columns: int
    empty: str
    dates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LearntIndex:
    """The page of the repository that lists the issues; `missing` and `dead` are dates."""

    file: str
    block: PastBlock
    missing: tuple[str, ...]
    dead: tuple[str, ...]


def archive_block(issue: PastIssue) -> PastBlock | None:
    """Return an issue's block of past issues: what stands below a heading and links two of them or more."""
    headings = [place for place, line in enumerate(issue.bare) if _HEADING.match(line)]
    for start, stop in zip(headings, [*headings[1:], len(issue.bare)], strict=False):
        block = _block(issue.bare[start + 1 : stop], heading_text(issue.bare[start]))
        if block is not None:
            return block
    return None


def learn_index(pages: Mapping[str, str], issues: Sequence[PastIssue]) -> tuple[LearntIndex | None, str]:
    """Return the page that lists most issues by their dates; without one, a page that lists them else."""
    known = {issue.date for issue in issues}
    counted = Counter({path: len(set(_dates(text)) & known) for path, text in pages.items()})
    tops = Counter(
        {path: n for path, n in counted.items() if path.count("/") <= 1 and not _DATE.search(path)}
    )
    path, count = most_common(tops)
    block = _block(pages[path].split("\n"), "") if count > 1 else None
    if block is None or not set(block.dates) & known:
        return None, path if count > 1 else ""
    named = set(block.dates)
    missing, dead = tuple(sorted(known - named)), tuple(sorted(named - known))
    return LearntIndex(path, block, missing, dead), ""


def _dates(text: str) -> list[str]:
    return [found for link in _ANY_LINK.findall(text) for found in _DATE.findall(link)[-1:]]


def _block(lines: Sequence[str], heading: str) -> PastBlock | None:
    rows = [line for line in lines if _LINK.search(line)]
    links = [link for row in rows for link in _LINK.findall(row)]
    if len(links) < 2:
        return None
    patterns = Counter(_DATE.sub("{date}", link) for link in links)
    link, _ = most_common(patterns)
    tables = [row for row in rows if row.startswith("|")]
    cells = [row.strip().strip("|").split("|") for row in tables]
    widths = Counter(str(len(row)) for row in cells)
    blanks = Counter(cell for row in cells[:1] for cell in row if cell.strip() in ("", "-") and cell)
    return PastBlock(
        heading=heading,
        kind="table" if 2 * len(tables) > len(rows) else "list",
        link=link,
        columns=int(most_common(widths)[0] or 4),
        empty=most_common(blanks)[0] or "  ",
        dates=tuple(dict.fromkeys(found for link in links for found in _DATE.findall(link)[-1:])),
    )
