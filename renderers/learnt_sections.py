"""Which sections past issues have, in which order, and how many blank lines stand around them."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from renderers.issue_document import DocumentSection, IssueDocument
from renderers.issue_parser import split_lines
from renderers.past_files import PastIssue, most_common
from renderers.summary_lines import blank

MOST_SECTIONS = 40  # what layout.toml takes
_USUAL = 0.5  # share of issues that have a section of the layout; what fewer have is an editor's own
_NEWEST = 3
_KEYS = {
    "news": ("新闻", "资讯", "动态", "news"),
    "papers": ("论文", "paper", "research"),
    "projects": ("项目", "开源", "project", "library", "librarie"),
    "posts": ("博文", "文章", "博客", "article", "post", "blog"),
    "tools": ("工具", "tool"),
    "tutorials": ("教程", "tutorial", "guide"),
    "events": ("活动", "event", "conference"),
    "videos": ("视频", "video", "talk"),
    "jobs": ("招聘", "job"),
    "books": ("书", "book"),
}
"""Words in headings by which a section gets the key that other layouts have for it."""


@dataclass(frozen=True, slots=True)
class LearntSection:
    """A section: its key, heading and note, and in how many issues it stands."""

    key: str
    heading: str
    note: str
    issues: int


@dataclass(frozen=True, slots=True)
class BlankLines:
    """Blank lines: between stories, after a filled section, after an empty one's heading, after a note."""

    story: int
    filled: int
    empty: int
    note: int


def learn_sections(
    documents: Sequence[IssueDocument], issues: Sequence[PastIssue]
) -> tuple[tuple[LearntSection, ...], tuple[tuple[str, int], ...]]:
    """Return the usual sections in their usual order, and rare headings with their number of issues."""
    orders = [list(dict.fromkeys(one.heading for one in read.sections if one.heading)) for read in documents]
    counts = Counter(heading for order in orders for heading in order)
    usual = [heading for heading, count in counts.items() if count >= _USUAL * len(documents)]
    ordered = sorted(usual, key=lambda heading: (_place(heading, orders), heading))[:MOST_SECTIONS]
    keys = _keys_of(ordered)
    sections = tuple(
        LearntSection(keys[heading], heading, _note(heading, documents, issues), counts[heading])
        for heading in ordered
    )
    rare = sorted(
        ((h, n) for h, n in counts.items() if h not in ordered), key=lambda pair: (-pair[1], pair[0])
    )
    return sections, tuple(rare)


def _place(heading: str, orders: Sequence[Sequence[str]]) -> float:
    """Return where a heading stands on average, from 0 for the first to 1 for the last."""
    places = [order.index(heading) / max(len(order) - 1, 1) for order in orders if heading in order]
    return sum(places) / len(places)


def _keys_of(headings: Sequence[str]) -> dict[str, str]:
    keys: dict[str, str] = {}
    for number, heading in enumerate(headings, 1):
        folded = heading.lower()
        plain = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:30].strip("-")
        known = next((key for key, words in _KEYS.items() if any(_says(folded, word) for word in words)), "")
        wanted = [known, plain if plain[:1].isalpha() else "", f"section-{number}"]
        keys[heading] = next(key for key in wanted if key and key not in keys.values())
    return keys


def _says(heading: str, word: str) -> bool:
    """Tell whether a heading has a word; an English one may end in s and no further."""
    return bool(re.search(rf"\b{word}s?\b", heading)) if word.isascii() else word in heading


def _note(heading: str, documents: Sequence[IssueDocument], issues: Sequence[PastIssue]) -> str:
    """Return the quote that most of the newest issues have below a heading."""
    notes: Counter[str] = Counter()
    newest = list(zip(documents, issues, strict=True))[-_NEWEST:]
    for read, issue in newest:
        for section in read.sections:
            below = [line for line in issue.bare[section.start + 1 : section.end] if not blank(line)]
            if section.heading == heading and below and below[0].startswith(">"):
                notes[below[0].removeprefix(">").strip()] += 1
    note, count = most_common(notes)
    return note if 2 * count > len(newest) else ""


def learn_blank_lines(documents: Sequence[IssueDocument], *, headed: bool) -> BlankLines:
    """Return the most common numbers of blank lines."""
    story, filled, empty = Counter[str](), Counter[str](), Counter[str]()
    for document in documents:
        bare = [line.rstrip("\r\n") for line in split_lines(document.text)]
        for section in document.sections:
            story.update(map(str, _between(bare, section)))
            last = section.stories[-1] if section.stories else None
            start = last.line - 1 + len(split_lines(last.text)) if last else section.start + 1
            rest = bare[start : section.end]
            if all(blank(line) for line in rest) and section.end < len(bare):
                (filled if last else empty)[str(len(rest))] += 1
    after = max(int(most_common(filled)[0] or 1), 1)
    return BlankLines(
        story=min(int(most_common(story)[0] or headed), 10),
        filled=min(after, 10),
        empty=min(max(int(most_common(empty)[0] or after), 1), 10),
        note=1,
    )


def _between(bare: Sequence[str], section: DocumentSection) -> Iterator[int]:
    for story, after in zip(section.stories, section.stories[1:], strict=False):
        end = story.line - 1 + len(split_lines(story.text))
        if all(blank(line) for line in bare[end : after.line - 1]):
            yield after.line - 1 - end
