"""Whether a layout holds together: what its template begins must read back as what layout.toml says."""

import datetime
from collections.abc import Iterator
from dataclasses import replace

from renderers.issue_document import IssueDocument
from renderers.issue_page import PageStory
from renderers.layout import INDEX_TEMPLATE, ISSUE_TEMPLATE, Layout
from renderers.markdown import link_target
from renderers.new_issue import begin_issue, skeleton

_DAY = datetime.date(2031, 1, 2)
_LATER = "2031-03-04"
_STORY = PageStory(
    section="",
    title="A title, with [brackets] and *stars*",
    source="Some Weekly",
    url="https://site.test/a_(b)?c=d&e",
    summary="First line.\n- a list\n\nSecond {{< line >}}.",
    meta=(("Code", "https://site.test/code"),),
    markdown=False,
)


def layout_faults(layout: Layout) -> tuple[str, ...]:
    """Return what a layout does not keep, each with the file and the cure; empty means it may be used."""
    begun = begin_issue(layout, date=_DAY)
    faults = list(_faults_of_beginning(begun))
    if not faults:  # else the rest would say the same in other words
        faults = [*_faults_of_dates(begun), *_faults_of_stories(begun), *_faults_of_index(layout)]
    return tuple(f"{layout.name}/{fault}" for fault in faults)


def _faults_of_beginning(begun: IssueDocument) -> Iterator[str]:
    layout = begun.layout
    if begun.stories:
        line = begun.stories[0].line
        yield f"{ISSUE_TEMPLATE}: line {line} of what it gives reads as a story; an issue begins without any."
    expected = [(section.key, section.note) for section in layout.sections]
    found = [(section.key, section.note) for section in begun.sections]
    if [key for key, _ in found] != [key for key, _ in expected]:
        mark, keys = layout.section_mark, ", ".join(key for key, _ in found) or "none"
        cure = f"write a line {mark} {{{{ section.heading | raw_markdown }}}} for each of `sections`"
        yield f"{ISSUE_TEMPLATE}: its sections read as {keys}; {cure}."
    elif found != expected:
        key = next(key for (key, note), (_, said) in zip(expected, found, strict=True) if note != said)
        begin = f"begin it with {layout.labels.note!r} and set it as > {{{{ section.note | raw_markdown }}}}"
        yield f"{ISSUE_TEMPLATE}: the note of {key!r} does not read back; {begin}."


def _faults_of_dates(begun: IssueDocument) -> Iterator[str]:
    if begun.date != _DAY.isoformat():
        cure = "write {{ issue.title | raw_markdown }}, or title and date into the front matter with | json"
        yield f"{ISSUE_TEMPLATE}: the issue's date does not read back from what it gives; {cure}."
    elif begun.with_date(_LATER).date != _LATER:
        yield f"{ISSUE_TEMPLATE}: the issue's date cannot be changed; name it once in title or front matter."
    if begun.layout.date_in(begun.layout.path(_LATER)) != _LATER:
        yield "layout.toml: the date does not read back from `file`; write it as in {date}.md."


def _faults_of_stories(begun: IssueDocument) -> Iterator[str]:
    for section in begun.sections:
        story = replace(_STORY, section=section.key)
        after = begun.with_story(story)
        found = [one for one in after.stories if one.url == link_target(story.url)]
        if [one.section for one in found] != [section.key] or len(after.stories) != 1:
            yield f"layout.toml: a story of {section.key!r} does not read back; look at `style` and [story]."
        elif after.without(found[0]) != begun:
            yield f"layout.toml: a story of {section.key!r} leaves lines behind; look at [gaps]."


def _faults_of_index(layout: Layout) -> Iterator[str]:
    [(_, index)] = skeleton(layout).items()
    page = IssueDocument.parse(index, layout)
    if page.with_index_cell(_LATER) == page and "|" in page.text:
        cure = f"give its table {layout.index.columns} columns, as [index] says"
        yield f"{INDEX_TEMPLATE}: the table takes no issue; {cure}."
