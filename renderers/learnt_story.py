"""How past issues set their stories, counted over all of them."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from renderers.head_matter import head_matter_end
from renderers.past_files import PastIssue, most_common
from renderers.story_head import Head, read_head, split_source
from renderers.summary_lines import blank

MARKS = ("- ", "* ", "+ ", "### ", "#### ")
_DATE_ALONE = re.compile(r"\d{4}-\d{2}-\d{2}\S*")
_HEADING = re.compile(r"(#{1,6})(?:[ \t]|$)")
_DASH = re.compile(r"[ \t]*([-–—]|[:：])[ \t]*(?=\S)")
_DASHES = {"-": " - ", "–": " – ", "—": " — ", ":": ": ", "：": "："}
_LABEL = re.compile(r" {0,3}([^\s：:\[\]*`#>|-][^\s：:\[\]*`]{0,11}(?:：|:(?= )))")
_DEEPER = 0.5  # share of stories that must stand under `###` for that to be the sections' mark
_HABIT = 0.4  # share of stories that makes a habit of it: labels stand in most stories, not in all


@dataclass(frozen=True, slots=True)
class FoundHead:
    """A line that begins with a mark and a link: its place in the issue, from 0, and what follows it."""

    place: int
    mark: str
    head: Head
    below: tuple[str, ...]
    levels: tuple[int, ...]  # of the headings above it that are open here


@dataclass(frozen=True, slots=True)
class LearntStory:
    """A way of setting stories; `seen` stories have it, out of `heads` that begin with a link."""

    style: str
    mark: str
    section_mark: str
    separator: str
    dash: str
    indent: int
    summary: str
    seen: int
    heads: int


def learn_story(issues: Sequence[PastIssue]) -> LearntStory | None:
    """Return how most stories are set; None where no line begins with a mark and a link."""
    heads = [head for issue in issues for head in heads_of(issue)]
    mark, seen = most_common(Counter(one.mark for one in heads))
    if not mark:
        return None
    mine = [one for one in heads if one.mark == mark]
    if mark.startswith("#"):
        section_mark = "###" if mark == "#### " and _share_under(mine, 3) >= _DEEPER else "##"
        return LearntStory("headed", mark, section_mark, " | ", " - ", 0, "", seen, len(heads))
    summary = _summary_label(mine)
    dashes = Counter(_DASHES[found[1]] for one in mine if (found := _DASH.match(one.head.extra)))
    dash, _ = most_common(dashes)
    beside = 2 * dashes.total() > len(mine)
    sourced = sum(bool(split_source(one.head.label)[1]) for one in mine)
    return LearntStory(
        style="beside" if beside else "listed",
        mark=mark,
        section_mark="###" if _share_under(mine, 3) >= _DEEPER else "##",
        separator=" | " if sourced > _HABIT * len(mine) else "",
        dash=dash or " - ",
        indent=0 if summary else _indent(mine),
        summary="" if beside else summary,
        seen=seen,
        heads=len(heads),
    )


def heads_of(issue: PastIssue) -> Iterator[FoundHead]:
    """Yield the lines of an issue that begin with a mark and a web link, past issues' dates left out."""
    levels: list[int] = []
    for place in range(head_matter_end(issue.bare), len(issue.bare)):
        line = issue.bare[place]
        mark = next((mark for mark in MARKS if line.startswith(mark)), "")
        head = read_head(line[len(mark) :]) if mark else None
        if head and head.url.startswith(("http://", "https://")) and not _DATE_ALONE.fullmatch(head.label):
            yield FoundHead(place, mark, head, tuple(_below(issue.bare, place)), tuple(levels))
        elif heading := _HEADING.match(line):
            levels = [level for level in levels if level < len(heading[1])] + [len(heading[1])]


def _below(bare: Sequence[str], place: int) -> Iterator[str]:
    for line in bare[place + 1 :]:
        if blank(line) or line.startswith(MARKS) or _HEADING.match(line):
            return
        yield line


def _share_under(heads: Sequence[FoundHead], level: int) -> float:
    return sum(level in one.levels for one in heads) / len(heads)


def _summary_label(heads: Sequence[FoundHead]) -> str:
    """Find the label that most stories have before their summary: the one that stands in most of them."""
    bodies = [one.below for one in heads if one.below]
    labels = Counter(label for body in bodies for label in _labels_in(body))
    label, count = most_common(labels)
    if count <= _HABIT * len(bodies) or count < 2:
        return ""
    return label if label.endswith("：") else f"{label} "


def _labels_in(body: Sequence[str]) -> frozenset[str]:
    return frozenset(found[1] for line in body if (found := _LABEL.match(line)))


def _indent(heads: Sequence[FoundHead]) -> int:
    first = [one.below[0] for one in heads if one.below]
    indents = Counter(str(min(len(line) - len(line.lstrip(" ")), 8)) for line in first)
    return int(most_common(indents)[0] or 2)
