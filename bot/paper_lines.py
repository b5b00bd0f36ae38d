"""The lines of a paper under its headline: its title, its text, its code, in the house format's words."""

import re
from collections.abc import Iterable, Mapping, Sequence

from bot.reading.link import NotALinkError, link
from bot.wording import Wording
from storage.records import Author, Story

PAPER_FIELDS = ("paper", "paper_link", "code")
"""The story's fields, in the order of their lines: what the newsletter does in 11 of 15 that have two."""
LEFT_OUT = "-"
"""What somebody writes into a field so that the issue has no line of it."""
_LABELS = {"paper": "field_title", "paper_link": "field_url", "code": "field_code"}
_FIELDS = {"title": "paper", "link": "paper_link", "code": "code"}


def fields_in(lines: Iterable[Sequence[str]]) -> dict[str, str]:
    """Return what an article's lines write into a story's fields."""
    return {_FIELDS[kind]: value for kind, value in lines if kind in _FIELDS and value}


def outdated(story: Story, found: Mapping[str, str]) -> dict[str, str]:
    """Return the machine's own words on a paper that the page no longer shows, emptied."""
    stale = (name for name in PAPER_FIELDS if name not in found and story.field(name))
    return {name: "" for name in stale if story.author_of(name) == Author.MACHINE}


def paper_lines(story: Story, wording: Wording) -> tuple[tuple[str, str], ...]:
    """Return label and value of each line that says more than the headline does.

    A title is left out where the headline has it, an address where the headline leads to the same: so the
    newsletter sets papers whose headline is the paper's, and repositories. What a person wrote is not judged.
    """
    lines = ((name, story.field(name)) for name in PAPER_FIELDS)
    return tuple(
        (label_of(name, wording), value)
        for name, value in lines
        if value not in ("", LEFT_OUT) and not _repeats_headline(story, name, value)
    )


def label_of(name: str, wording: Wording) -> str:
    """Return the label of a field's line in the issue."""
    return wording.say(_LABELS[name])


def is_from_page(story: Story) -> bool:
    """Tell whether one of the lines holds a stranger's words."""
    return any(story.author_of(name) == Author.MACHINE for name in PAPER_FIELDS)


def _repeats_headline(story: Story, name: str, value: str) -> bool:
    if story.author_of(name) != Author.MACHINE:
        return False
    if name == "paper":
        return _letters(value) in _letters(story.field("title"))
    return _key(value) == _key(story.url)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _key(url: str) -> str:
    try:
        return link(url).key
    except NotALinkError:
        return url
