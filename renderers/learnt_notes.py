"""What an operator should know of a learnt layout, in sentences."""

from collections.abc import Iterator

from renderers.learnt_draft import Habits, folder_of
from renderers.learnt_story import LearntStory
from renderers.learnt_top import NEWEST
from renderers.past_files import PastFiles


def notes_on(habits: Habits, past: PastFiles, story: LearntStory) -> Iterator[str]:
    """Say what an operator should look at, or what the layout cannot do as the past issues did."""
    count = len(past.issues)
    if count < NEWEST:
        yield f"Learnt from {count} issue(s): compare what it proposes with your own eyes."
    if past.words:
        yield f"The words behind the dates of file names differ; new files are called {past.file}."
    if past.folder == ".":
        yield f"The issues lie at the top of what was read; `folder` says {folder_of(past, habits)!r}."
    if habits.title.numbered:
        yield f"Past titles have no date, or a number beside it; new ones say {habits.title.pattern!r}."
    if story.seen < story.heads:
        more = story.heads - story.seen
        yield f"{more} of {story.heads} lines that begin with a link have another mark than {story.mark!r}."
    if habits.rare:
        names = ", ".join(f"{heading!r} ({n})" for heading, n in habits.rare[:8])
        yield f"Rare sections, in less than half of {count} issues, are left out: {names}."
    if habits.lost:
        yield f"Front matter that differs from issue to issue is left out: {', '.join(habits.lost)}."
    if story.style == "headed" or not story.separator:
        where = "on a line of their own (*source*)" if story.style == "headed" else "nowhere"
        yield f"Sources of stories are printed {where}."
    if habits.other_index:
        yield f"{habits.other_index} links the issues, but not by their dates: its list is yours to keep."
    if habits.index and habits.index.missing:
        yield f"{habits.index.file} lacks {', '.join(habits.index.missing)}."
    if habits.index and habits.index.dead:
        yield f"{habits.index.file} links issues that are not there: {', '.join(habits.index.dead)}."
