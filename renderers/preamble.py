"""What stands before the first section: title date, lead and one-line news."""

import json
import re
from collections.abc import Iterable, Sequence

from renderers.head_matter import value_in
from renderers.issue_parser import DATE, SHORT, Outline, heading_text
from renderers.layout import Layout
from renderers.markdown import defuse, escape
from renderers.places import Splice
from renderers.story_style import HARD_BREAK, kept_lines
from renderers.summary_lines import blank, guard_rule

_QUOTE = re.compile(r"^>\s?")
_STARTS_SOMETHING = re.compile(r"[-–*+][ \t]|#{1,2}(?:\s|$)|[>|]")


def title_text(lines: Sequence[str], parts: Outline) -> str:
    """Return the title's Markdown without the heading's mark; empty where there is no title."""
    if parts.title is not None:
        return heading_text(lines[parts.title].rstrip())
    return escape(value_in(lines[parts.keys["title"]])) if "title" in parts.keys else ""


def lead_text(lines: Sequence[str], parts: Outline, layout: Layout) -> str | None:
    """Return the lead without its label, quote marks and the blanks at line ends; None if there is none."""
    if not parts.lead:
        return None
    first, *rest = (lines[place].rstrip() for place in parts.lead)
    label = re.escape(layout.labels.lead.rstrip("：: "))
    first = re.sub(rf">\s*{label}[：:]?\s*" if label else r">\s*", "", first, count=1)
    return "\n".join([first, *(_QUOTE.sub("", line, count=1) for line in rest)]).strip()


def short_texts(lines: Sequence[str], parts: Outline) -> tuple[str, ...]:
    """Return the one-line news without their marks."""
    return tuple(_short(lines[place]) for place in parts.shorts)


def date_splice(lines: Sequence[str], parts: Outline, layout: Layout, date: str) -> Splice:
    """Set the date in the title and the front matter's lines, or put a title on top."""
    if parts.dated:
        start, stop = min(parts.dated), max(parts.dated) + 1
        return Splice(start, stop, [_redated(lines, place, parts, date) for place in range(start, stop)])
    if layout.has_heading_title:
        return Splice(parts.start, parts.start, [layout.title.format(date=date) + "\n", "\n"])
    return _head_matter_splice(lines, parts, layout, date)


def _redated(lines: Sequence[str], place: int, parts: Outline, date: str) -> str:
    return DATE.sub(date, lines[place], count=1) if place in parts.dated else lines[place]


def _head_matter_splice(lines: Sequence[str], parts: Outline, layout: Layout, date: str) -> Splice:
    """Date front matter that names no date, or begin one."""
    sign = " =" if parts.start and lines[0].startswith("+++") else ":"
    dated = f'date{sign} "{date}"\n'
    if "date" in parts.keys:
        return Splice(parts.keys["date"], parts.keys["date"] + 1, [dated])
    title = json.dumps(layout.title.format(date=date), ensure_ascii=False)
    said = [f"title{sign} {title}\n" if "title" not in parts.keys else "", dated]
    if not parts.start:
        return Splice(0, 0, ["---\n", *said, "---\n", "\n"])
    fenced = lines[0].startswith(("---", "+++"))
    place = parts.start - 1 if fenced else parts.start
    return Splice(place, place, [line for line in said if line])


def lead_splice(lines: Sequence[str], parts: Outline, layout: Layout, text: str) -> Splice:
    """Set the lead's lines; those that say the same keep their bytes."""
    if text.strip() == lead_text(lines, parts, layout):
        return Splice(0, 0, [])
    first, *rest = [line for line in defuse(text).strip().split("\n") if not blank(line)] or [""]
    said = [f"> {layout.labels.lead}{first.strip()}", *(_guarded(line.strip()) for line in rest)]
    broken = [line + HARD_BREAK for line in said[:-1]] + [said[-1].rstrip()]
    old = [lines[place].rstrip("\r\n") for place in parts.lead]
    new = [line + "\n" for line in kept_lines(old, broken)]
    if parts.lead:
        return Splice(parts.lead.start, parts.lead.stop, new)
    return _block(lines, parts, new)


def count_splice(lines: Sequence[str], parts: Outline, layout: Layout, count: int) -> Splice:
    """Set the first count that the lead names; a lead that names none stays."""
    for place in parts.lead:
        if found := layout.labels.count_in(lines[place]):
            start, stop = found
            return Splice(place, place + 1, [f"{lines[place][:start]}{count}{lines[place][stop:]}"])
    return Splice(0, 0, [])


def shorts_splice(lines: Sequence[str], parts: Outline, layout: Layout, texts: Iterable[str]) -> Splice:
    """Set the one-line news; without any before, they come below the lead with the layout's words above."""
    known = {_short(lines[place]): lines[place] for place in parts.shorts}
    said = [" ".join(defuse(text).split()) for text in texts]
    new = [known.get(text, f"- {text}\n") for text in said if text]
    if not parts.shorts:
        return _block(lines, parts, [f"{layout.labels.shorts}\n", "\n", *new]) if new else Splice(0, 0, [])
    start = parts.shorts[0] if new else _start_of_shorts(lines, parts, layout)
    return Splice(start, parts.shorts[-1] + 1, new)


def _short(line: str) -> str:
    return SHORT.sub("", line, count=1).strip()


def _guarded(line: str) -> str:
    """Keep a further line of the lead from starting a list, heading, quote, rule or table."""
    return f"\\{line}" if _STARTS_SOMETHING.match(line) else guard_rule(line)


def _start_of_shorts(lines: Sequence[str], parts: Outline, layout: Layout) -> int:
    """Find where the shorts begin, counting the layout's words above them and the blank line above those."""
    above = parts.shorts[0] - 1
    while above > parts.start and blank(lines[above]):
        above -= 1
    if lines[above].strip() != layout.labels.shorts:
        return parts.shorts[0]
    return above - 1 if above and blank(lines[above - 1]) else above


def _block(lines: Sequence[str], parts: Outline, new: list[str]) -> Splice:
    """Place a new block below the lead, else below the paragraph under the title, with blank lines around."""
    place = parts.lead.stop
    if not parts.lead:
        place = parts.start if parts.title is None else _below_title(lines, parts, parts.title)
    above = [] if place == 0 or blank(lines[place - 1]) else ["\n"]
    below = [] if place == len(lines) or blank(lines[place]) else ["\n"]
    return Splice(place, place, [*above, *new, *below])


def _below_title(lines: Sequence[str], parts: Outline, title: int) -> int:
    """Return the end of the paragraph under the title (the tagline), or of the title itself."""
    limit = min(parts.shorts[0] if parts.shorts else parts.body, parts.body)
    start = title + 1
    while start < limit and blank(lines[start]):
        start += 1
    stop = start
    while stop < limit and not blank(lines[stop]):
        stop += 1
    return stop if stop > start else title + 1
