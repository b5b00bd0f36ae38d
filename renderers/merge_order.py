"""Where stories go in a merged issue: as the desk wants them, around those that people have moved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from renderers.issue_document import IssueDocument
from renderers.labelled_issue import Label, LabelledIssue
from renderers.section_names import SectionNames
from renderers.story_order import moved
from renderers.story_pairing import Pairing, Trio
from renderers.story_style import DocumentStory


@dataclass(slots=True)
class MergeOrder:
    """The order that the desk wants, and who moved what since the base.

    `whole` tells that the wanted stories are all in their order; else only a story's `before` is heeded. A
    section in which people moved stories keeps their order where it is `yielding`.
    """

    trios: Sequence[Trio]
    whole: bool
    by_people: frozenset[Label]
    by_desk: frozenset[str]
    labels: dict[str, Label] = field(default_factory=dict)
    yielding: bool = False

    @classmethod
    def of(
        cls,
        base: IssueDocument,
        theirs: IssueDocument,
        paired: Pairing,
        sections: SectionNames,
        *,
        whole: bool,
    ) -> "MergeOrder":
        """Find out who moved what."""
        labels: dict[str, Label] = {t.wanted.name: t.place for t in paired.trios if t.place is not None}
        return cls(
            trios=paired.trios,
            whole=whole,
            by_people=_moved_by_people(base, theirs, paired, sections),
            by_desk=_moved_by_desk(base, paired.trios, sections) if whole else frozenset(),
            labels=labels,
        )

    def label_new(self, trio: Trio) -> Label:
        """Return the label of a story that is about to be set."""
        label = f"wanted {trio.wanted.name}"
        self.labels[trio.wanted.name] = label
        return label

    def moved_there(self, trio: Trio) -> bool:
        """Tell whether people moved a story within its section; where the desk yields, any of the section."""
        if not self.yielding or trio.base is None:
            return trio.place in self.by_people
        near = (t.place for t in self.trios if t.base is not None and t.base.section == trio.base.section)
        return any(place in self.by_people for place in near)

    def place(self, trio: Trio, section: str, issue: LabelledIssue) -> Label | None:
        """Return the story before which one goes in a section; None for the section's end."""
        standing = [label for label in issue.labels_in(section) if label != self.labels[trio.wanted.name]]
        if (before := self._named(trio)) is not None:
            return before if before in standing else None
        if not self.whole:
            return None
        above, below = self._around(trio)
        anchor = next((label for label in reversed(above) if label in standing), None)
        follower = next((label for label in below if label in standing), None)
        if anchor is None or follower is None:
            return follower
        return next(iter(standing[standing.index(anchor) + 1 :]), None)

    def wants_move(self, trio: Trio, issue: LabelledIssue) -> bool:
        """Tell whether the desk moved a story within its section, and it does not stand there yet."""
        label = self.labels[trio.wanted.name]
        there = issue.story(label)
        if there is None:
            return False
        standing = issue.labels_in(there.section)
        if (before := self._named(trio)) is not None:
            return before in standing and standing.index(before) != standing.index(label) + 1
        if trio.wanted.name not in self.by_desk:
            return False
        above, _ = self._around(trio)
        wanted_above = [one for one in above if one in standing]
        anchors = self._anchors()
        stands_above = [one for one in standing[: standing.index(label)] if one in anchors]
        return wanted_above[-1:] != stands_above[-1:]

    def stories(self, issue: LabelledIssue, document: IssueDocument) -> dict[str, DocumentStory]:
        """Return where the wanted stories stand now, by name; lead and shorts may have moved all of them."""
        lines = {story.line: number for number, story in enumerate(issue.document.stories)}
        found = {name: issue.story(label) for name, label in self.labels.items()}
        return {name: document.stories[lines[s.line]] for name, s in found.items() if s is not None}

    def _named(self, trio: Trio) -> Label | None:
        return None if trio.wanted.before is None else self.labels.get(trio.wanted.before)

    def _around(self, trio: Trio) -> tuple[list[Label], list[Label]]:
        """Return the labels of the stories wanted above and below one, but for those that people moved."""
        names = [one.wanted.name for one in self.trios]
        at = names.index(trio.wanted.name)
        waiting = [name for name in names[at + 1 :] if name not in self.by_desk]  # others have yet to move
        return self._steady(names[:at]), self._steady(waiting)

    def _anchors(self) -> frozenset[Label]:
        return frozenset(self._steady([trio.wanted.name for trio in self.trios]))

    def _steady(self, names: Iterable[str]) -> list[Label]:
        labels = (self.labels.get(name) for name in names)
        return [label for label in labels if label is not None and label not in self.by_people]


def _moved_by_people(
    base: IssueDocument, theirs: IssueDocument, paired: Pairing, sections: SectionNames
) -> frozenset[Label]:
    orders: dict[str, list[int]] = {}
    for i, story in enumerate(base.stories):
        j = paired.kept.get(i)
        if j is not None and theirs.stories[j].section == sections.now(story.section):
            orders.setdefault(story.section, []).append(j)
    return frozenset(label for order in orders.values() for label in moved(order, sorted(order)))


def _moved_by_desk(base: IssueDocument, trios: Sequence[Trio], sections: SectionNames) -> frozenset[str]:
    lines: dict[str, list[tuple[int, str]]] = {}
    for trio in trios:
        wanted = sections.now(sections.key(trio.wanted.page.section))
        if trio.base is not None and wanted == sections.now(trio.base.section):
            lines.setdefault(trio.base.section, []).append((trio.base.line, trio.wanted.name))
    return frozenset(
        name
        for order in lines.values()
        for name in moved([name for _, name in sorted(order)], [name for _, name in order])
    )
