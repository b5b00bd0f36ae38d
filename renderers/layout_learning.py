"""A layout learnt from past issues: counted habits, set as a folder of one's own, tried on all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from renderers.issue_document import IssueDocument
from renderers.layout import InvalidLayoutError, Layout, layout_of
from renderers.layout_check import layout_faults
from renderers.layout_reading import LayoutReading, read_past
from renderers.learnt_draft import Habits, drafted_values, habits_of, provisional_layout, texts_of
from renderers.learnt_notes import notes_on
from renderers.learnt_past import archive_block
from renderers.learnt_story import learn_story
from renderers.past_files import PastFiles, past_files


class NothingLearntError(LookupError):
    """Past issues are not set in a way that a layout can describe; the text says why, for operators."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A layout that past issues suggest.

    `texts` are its files by name; `reading` what it makes of each past issue; `notes` what an operator should
    know or decide, in sentences; `habits` what was counted.
    """

    layout: Layout
    texts: Mapping[str, str]
    reading: LayoutReading
    notes: tuple[str, ...]
    habits: Habits


def learn_layout(files: Mapping[str, bytes], *, name: str = "layout") -> Proposal:
    """Propose a layout from the files of a repository, by their paths.

    Raises NoPastIssuesError where no name has a date, NothingLearntError where stories or sections have no
    form that a layout can describe.
    """
    past = past_files(files)
    story = learn_story(past.issues)
    if story is None:
        raise NothingLearntError("no line begins with a mark and a link, as in `- [Title](https://…)`")
    blocks = [archive_block(issue) for issue in past.issues]
    first = provisional_layout(past, story, blocks)
    habits = habits_of(past, story, blocks, _documents(past, first))
    if not habits.sections:
        mark = story.section_mark
        raise NothingLearntError(f"no heading ({mark} …) stands above stories in half of the issues or more")
    values = drafted_values(past, story, habits)
    texts = texts_of(values, past, habits)
    layout = _checked(name, texts)
    notes = tuple(notes_on(habits, past, story))
    return Proposal(layout, texts, read_past(layout, past.issues), notes, habits)


def _documents(past: PastFiles, layout: Layout) -> list[IssueDocument]:
    return [IssueDocument.of("".join(issue.lines), layout) for issue in past.issues]


def _checked(name: str, texts: Mapping[str, str]) -> Layout:
    """Make the layout as its folder would be read; what does not hold together is not proposed."""
    try:
        layout = layout_of(name, texts)
    except InvalidLayoutError as wrong:
        raise NothingLearntError(_said(wrong.faults)) from wrong
    if faults := layout_faults(layout):
        raise NothingLearntError(_said(faults))
    return layout


def _said(faults: Sequence[str]) -> str:
    return f"what was learnt makes no sound layout: {' '.join(faults)}"
