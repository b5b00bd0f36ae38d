"""Labelled lines of a story, `**label:** value`, as layouts have them that are not the first one's."""

import re

from renderers.issue_page import PageStory
from renderers.markdown import defuse, link_target
from renderers.story_style import HARD_BREAK, inert, words_of

LABELLED = re.compile(r"\*\*([^*]+?):\*\* (\S.*)")


def label_and_value(line: str) -> tuple[str, str]:
    """Return what a labelled line says; two empty words for a line that is none."""
    found = LABELLED.fullmatch(line.rstrip())
    return (found[1], found[2]) if found else ("", "")


def labelled_lines(story: PageStory) -> list[str]:
    """Set the labelled lines of a story, each with a hard break; one without label or value is left out."""
    lines, typed = [], story.is_markdown("meta")
    for mark, value in story.meta:
        label = " ".join(re.sub(r"[*:]", "", defuse(mark)).split())
        written = link_target(value) or inert(value, markdown=typed, among=words_of(story))
        if label and written:
            lines.append(f"**{label}:** {written}{HARD_BREAK}")
    return lines
