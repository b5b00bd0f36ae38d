"""A document under edit whose stories are followed by labels, whatever comes, goes and moves around them."""

from collections.abc import Hashable
from dataclasses import replace

from renderers.issue_document import IssueDocument
from renderers.issue_page import PageStory
from renderers.story_match import plain
from renderers.story_style import DocumentStory

Label = Hashable


class StoryNotSetError(ValueError):
    """A story that was set does not stand in the document: its section's heading is no section's."""

    def __init__(self, story: PageStory) -> None:
        super().__init__(f"{story.title!r} cannot stand in a section called {story.section!r}")


class LabelledIssue:
    """An issue's document; its stories begin with the labels 0, 1, 2 … in their order."""

    def __init__(self, document: IssueDocument) -> None:
        """Take up a document."""
        self.document = document
        self._labels: list[Label] = list(range(len(document.stories)))

    def story(self, label: Label) -> DocumentStory | None:
        """Return a story as it stands now, or None where it is gone."""
        return self.document.stories[self._labels.index(label)] if label in self._labels else None

    def labels_in(self, section: str) -> list[Label]:
        """Return the labels of a section's stories in order."""
        stories = zip(self._labels, self.document.stories, strict=True)
        return [label for label, story in stories if story.section == section]

    def add(self, label: Label, page: PageStory, before: Label | None) -> None:
        """Set a story at the end of its section, or before another of it. Raises StoryNotSetError."""
        added = self.document.with_story(page, before=None if before is None else self.story(before))
        if len(added.stories) != len(self._labels) + 1:
            raise StoryNotSetError(page)
        others = list(self._labels)
        others.insert(_place_of_new(self.document, added), label)
        self.document, self._labels = added, others

    def rewrite(self, label: Label, page: PageStory) -> bool:
        """Rewrite the lines of a story whose fields changed; tell whether one did."""
        there = self.story(label)
        if there is None:
            return False
        rewritten = self.document.with_changes(there, page)
        changed = rewritten.text != self.document.text
        if len(rewritten.stories) != len(self._labels):
            raise StoryNotSetError(page)
        self.document = rewritten
        return changed

    def move(self, label: Label, section: str, before: Label | None) -> bool:
        """Move a story's lines to the end of a section, or before another of it; tell whether they moved."""
        there, behind = self.story(label), None if before is None else self.story(before)
        if there is None or before == label:
            return False
        moved = self.document.with_moved(there, section=section, before=behind)
        if len(moved.stories) != len(self._labels):
            raise StoryNotSetError(replace(there.page_story(), section=section))
        changed = moved.text != self.document.text
        without = self.document.without(there)
        others = [one for one in self._labels if one != label]
        others.insert(_place_of_new(without, moved), label)
        self.document, self._labels = moved, others
        return changed

    def remove(self, label: Label) -> None:
        """Take a story out."""
        there = self.story(label)
        if there is not None:
            self.document = self.document.without(there)
            self._labels.remove(label)


def _place_of_new(before: IssueDocument, after: IssueDocument) -> int:
    """Return the place of the one story that a document has and another has not."""
    old, new = ([(s.section, plain(s.text)) for s in one.stories] for one in (before, after))
    pairs = enumerate(zip(old, new, strict=False))
    return next((place for place, (was, now) in pairs if was != now), len(old))
