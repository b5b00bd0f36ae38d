"""Which files of a repository are a newsletter's past issues, and what their names have in common."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from renderers.issue_parser import split_lines

_DATE = re.compile(r"(?<!\d)\d{4}-\d{2}-(?:\d{2}|[xX]{2})(?!\d)")
_ENDINGS = (".md", ".markdown")
_PLACEHOLDER = re.compile(r"-[xX]{2}$")


class NoPastIssuesError(LookupError):
    """Among these files there is none whose name has a date."""


@dataclass(frozen=True, slots=True)
class PastIssue:
    """A past issue: its path, the ISO date in it, its lines with and without their ends."""

    path: str
    date: str
    lines: tuple[str, ...]
    bare: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PastFiles:
    """The issues of a repository, oldest first.

    `file` is their pattern below `folder`; `words` tells whether the words behind the dates differ;
    `drafts` are placeholder names such as `2031-01-xx.md`; `others` the other Markdown files.
    """

    folder: str
    file: str
    words: bool
    issues: tuple[PastIssue, ...]
    drafts: tuple[str, ...]
    others: Mapping[str, str]


def past_files(files: Mapping[str, bytes]) -> PastFiles:
    """Find the issues among a repository's files: the folder with most Markdown files that have a date.

    Raises NoPastIssuesError.
    """
    pages = {path: data for path, data in files.items() if path.lower().endswith(_ENDINGS)}
    placed = {path: place for path in sorted(pages) if (place := _placed(path)) is not None}
    if not placed:
        raise NoPastIssuesError
    folders = Counter(folder for folder, _, _ in placed.values())
    folder = max(sorted(folders), key=lambda one: folders[one])
    mine = {path: place for path, place in placed.items() if place[0] == folder}
    begun, _ = most_common(Counter(_before(pattern) for _, _, pattern in mine.values()))
    mine = {path: place for path, place in mine.items() if _before(place[2]) == begun}
    drafts = tuple(path for path, (_, date, _) in mine.items() if _PLACEHOLDER.search(date))
    issues = [_issue(path, date, pages[path]) for path, (_, date, _) in mine.items() if path not in drafts]
    patterns = Counter(pattern for _, _, pattern in mine.values())
    return PastFiles(
        folder=folder,
        file=_common(patterns),
        words=len(patterns) > 1,
        issues=tuple(sorted(issues, key=lambda issue: (issue.date, issue.path))),
        drafts=drafts,
        others={path: _text(data) for path, data in pages.items() if path not in mine},
    )


def _placed(path: str) -> tuple[str, str, str] | None:
    """Part a path into folder, date and pattern; a page bundle's date is in its folder's name."""
    parts = PurePosixPath(path).parts
    for depth in (1, 2):
        if len(parts) < depth or (depth == 2 and not parts[-1].startswith(("index.", "_index."))):
            continue
        name = "/".join(parts[-depth:])
        if found := _DATE.search(parts[-depth]):
            pattern = name.replace(found[0], "{date}", 1)
            return "/".join(parts[:-depth]) or ".", found[0], pattern
    return None


def _issue(path: str, date: str, data: bytes) -> PastIssue:
    lines = tuple(split_lines(_text(data)))
    return PastIssue(path, date, lines, tuple(line.rstrip("\r\n") for line in lines))


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _common(patterns: Counter[str]) -> str:
    """Return the pattern most have, or, where the words behind the date differ, what they begin with."""
    best, count = most_common(patterns)
    if 2 * count >= patterns.total():
        return best
    shapes = Counter(_without_words(pattern) for pattern in patterns.elements())
    shape, _ = most_common(shapes)
    same = [pattern for pattern in patterns if _without_words(pattern) == shape]
    words = [re.split(r"[-_]", PurePosixPath(pattern.partition("{date}")[2]).stem) for pattern in same]
    shared = _shared([[word for word in one if word and not word.isdigit()] for one in words])
    return shape.replace("*", "-" + "-".join(shared or ["issue"]))


def _before(pattern: str) -> str:
    return pattern.partition("{date}")[0]


def _without_words(pattern: str) -> str:
    return re.sub(r"(?<=\{date\})[-_][^/]*(?=\.\w+$)", "*", pattern)


def _shared(words: Sequence[Sequence[str]]) -> list[str]:
    first = []
    for column in zip(*words, strict=False):
        if len(set(column)) > 1:
            break
        first.append(column[0])
    return first


def most_common(counts: Counter[str]) -> tuple[str, int]:
    """Return what is counted most often, by the alphabet among equals; nothing, 0 times, for no counts."""
    return max(sorted(counts.items()), key=lambda pair: pair[1], default=("", 0))


def shared_by_most(lines: Iterable[Iterable[str]]) -> frozenset[str]:
    """Return the lines that more than half of these texts have."""
    texts = [set(one) for one in lines]
    counts = Counter(line for text in texts for line in text)
    return frozenset(line for line, count in counts.items() if 2 * count > len(texts))
