"""What past issues begin with: front matter, title, and lead."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from renderers.head_matter import head_matter_end, places_of_keys, value_in
from renderers.past_files import PastIssue, most_common, shared_by_most

NEWEST = 3  # issues whose habits count for how the next one begins: older ones were begun otherwise
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"[ \t]*#?\d+")
_HEADING = re.compile(r"# ")
_LEAD = re.compile(r">\s*([^\s：:>]{1,12}[：:])\s*\S")
_QUOTE = re.compile(r">\s*\S")
_BEFORE_COUNT = re.compile(r"[^\s，。,.;；:：!！?？>\d]{0,12}[ \t]?$")
_AFTER_COUNT = re.compile(r"[ \t]?(?:[A-Za-z]+|[^\s\w，。]|\w)")
_DRAFT_MARKS = ("draft: true", "published: false")


@dataclass(frozen=True, slots=True)
class LearntTitle:
    """The titles' pattern; `dated` issues say their date within, `numbered` that the titles count."""

    pattern: str
    dated: int
    alike: int
    numbered: bool


def learn_title(issues: Sequence[PastIssue], starts: Sequence[int]) -> LearntTitle:
    """Return what titles have in common; `starts` are the places of the first sections."""
    titles = [_title(issue, start) for issue, start in zip(issues, starts, strict=True)]
    patterns = Counter(_DATE.sub("{date}", title) for title in titles if _DATE.search(title))
    best, alike = most_common(patterns)
    dated = sum(_is_dated(issue, title) for issue, title in zip(issues, titles, strict=True))
    if 2 * alike >= len(issues):
        return LearntTitle(best, dated, alike, numbered=False)
    plain = Counter(_NUMBER.sub("", _DATE.sub("{date}", title)).strip() for title in titles if title)
    shape, alike = most_common(plain)
    headed = 2 * sum(title.startswith("# ") for title in titles) > len(titles)
    keyed = not headed and 2 * sum(map(bool, titles)) > len(titles)
    words = (
        shape.strip() if 2 * alike >= len(issues) and shape.strip(" #") else "Issue" if keyed else "# Issue"
    )
    words = re.sub(r"[{}]", "", words.replace("{date}", "\0")).replace("\0", "{date}")
    return LearntTitle(words if "{date}" in words else f"{words} {{date}}", dated, alike, numbered=True)


def _title(issue: PastIssue, start: int) -> str:
    """Return a title with the mark of its heading, or the front matter's without one."""
    end = head_matter_end(issue.bare)
    headings = [line.rstrip() for line in issue.bare[end:start] if _HEADING.match(line)]
    dated = next((line for line in headings if _DATE.search(line)), None)
    keys = places_of_keys(issue.bare, end)
    if dated is None and "title" in keys:
        return value_in(issue.bare[keys["title"]]).lstrip("# ")
    return dated or next(iter(headings), "")


def _is_dated(issue: PastIssue, title: str) -> bool:
    keys = places_of_keys(issue.bare, head_matter_end(issue.bare))
    return bool(_DATE.search(title)) or ("date" in keys and bool(_DATE.search(issue.bare[keys["date"]])))


def learn_lead(issues: Sequence[PastIssue], starts: Sequence[int]) -> tuple[str, int]:
    """Return the lead's label, and in how many issues a quoted lead stands before the first section."""
    tops = [issue.bare[:start] for issue, start in zip(issues, starts, strict=True)]
    labels = Counter(found[1] for top in tops for line in top if (found := _LEAD.match(line)))
    quoted = sum(any(_QUOTE.match(line) for line in top) for top in tops)
    label, count = most_common(labels)
    return (label if 2 * count > quoted and count > 1 else ""), count or quoted


def learn_count(leads: Sequence[tuple[str, int]]) -> str:
    """Return a pattern for the number of stories that leads name, from their texts and numbers."""
    contexts: Counter[str] = Counter()
    for lead, stories in leads:
        for found in re.finditer(rf"(?<!\d){stories}(?!\d)", lead):
            ahead, behind = _BEFORE_COUNT.search(lead[: found.start()]), _AFTER_COUNT.match(lead, found.end())
            if ahead and behind and ahead[0] + behind[0]:
                contexts[f"{re.escape(ahead[0])}\0{re.escape(behind[0])}"] += 1
                break
    _, count = most_common(contexts)
    habits = [context.split("\0") for context in sorted(contexts) if contexts[context] > 1]
    if count < 2 or len({after for _, after in habits}) != 1:
        return ""
    before = "|".join(dict.fromkeys(before for before, _ in habits))
    return f"(?:{before})" * bool(before) + rf"(\d+){habits[0][1]}"


def head_matter_lines(issues: Sequence[PastIssue], *, keyed: bool) -> tuple[list[str], tuple[str, ...]]:
    """Return the next issue's front matter, {date} for the date, and the keys that differ between issues.

    `keyed` tells whether its title is the issue's, and so stays although it differs.
    """
    newest = issues[-NEWEST:]
    shown = [[line.replace(one.date, "{date}") for line in one.bare[: _end(one)]] for one in newest]
    common = shared_by_most(shown)
    keys = places_of_keys(newest[-1].bare, _end(newest[-1]))
    title = keys.get("title")
    kept = [line for place, line in enumerate(shown[-1]) if line in common or (keyed and place == title)]
    lost = [line.partition(":")[0].strip() for line in shown[-1] if line not in kept and ":" in line]
    return kept, tuple(lost)


def _end(issue: PastIssue) -> int:
    return head_matter_end(issue.bare)


def learn_draft_mark(issues: Sequence[PastIssue]) -> str:
    """Return the front matter's mark of a draft, if most issues have its key; else nothing."""
    fronts = [issue.bare[: _end(issue)] for issue in issues]
    for mark in _DRAFT_MARKS:
        key = mark.partition(":")[0]
        if 2 * sum(any(line.startswith(f"{key}:") for line in front) for front in fronts) > len(fronts):
            return mark
    return ""
