"""Sections whose heading people renamed: what each section of the base is called in the file now."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from renderers.issue_document import IssueDocument
from renderers.layout import Layout
from renderers.markdown import defuse
from renderers.story_pairing import Pairing


@dataclass(frozen=True, slots=True)
class SectionNames:
    """The sections of a base and of the file that came of it; `renamed` leads from old keys to new ones."""

    layout: Layout
    renamed: Mapping[str, str]

    @classmethod
    def of(cls, base: IssueDocument, theirs: IssueDocument, paired: Pairing) -> "SectionNames":
        """Compare the headings of two documents, and those with the sections that the desk speaks of."""
        renamed = _renamed(base, theirs, paired.kept)
        return cls(theirs.layout, renamed | _renamed_long_ago(theirs, paired, cls(theirs.layout, renamed)))

    def now(self, section: str) -> str:
        """Return the key of one of the base's sections in the file."""
        return self.renamed.get(section, section)

    def before(self, section: str) -> str:
        """Return the key in the base of one of the file's sections."""
        return next((old for old, new in self.renamed.items() if new == section), section)

    def key(self, section: str) -> str:
        """Return the key by which a document knows a section, given by key or by heading."""
        if self.layout.section(section):
            return section
        return self.layout.section_key(" ".join(defuse(section).split()))


def _renamed(base: IssueDocument, theirs: IssueDocument, kept: Mapping[int, int]) -> dict[str, str]:
    """Return the new key of each section that goes by another heading now.

    That is the one, new to the file, in which most of its stories stand now; of a section without stories the
    one that stands between the same two sections.
    """
    before, now = _keys(base), _keys(theirs)
    new = [key for key in now if key not in before]
    renamed: dict[str, str] = {}
    for key in before:
        if key in now:
            continue
        free = [one for one in new if one not in renamed.values()]
        stand = Counter(
            theirs.stories[kept[i]].section
            for i, story in enumerate(base.stories)
            if story.section == key and i in kept
        )
        most = next((section for section, _ in stand.most_common(1) if section in free), None)
        found = most or (None if stand else _in_place(key, before, now, free))
        if found is not None:
            renamed[key] = found
    return renamed


def _renamed_long_ago(theirs: IssueDocument, paired: Pairing, names: SectionNames) -> dict[str, str]:
    """Return sections of the layout that go by a heading of people's own since before the base.

    Where the file lacks a section, it is the one in which most stories stand that the desk wants there.
    """
    now = _keys(theirs)
    stand: dict[str, Counter[str]] = {}
    for trio in paired.trios:
        if trio.place is not None and trio.base is not None:
            page = trio.wanted.was or trio.wanted.page
            section = theirs.stories[trio.place].section
            if section == names.now(trio.base.section) and not theirs.layout.section(section):
                stand.setdefault(names.key(page.section), Counter())[section] += 1
    missing = (key for key in stand if key not in now and key not in names.renamed)
    return {key: stand[key].most_common(1)[0][0] for key in missing}


def _in_place(key: str, before: list[str], now: list[str], free: list[str]) -> str | None:
    """Find a new section between the neighbours that the old one had."""
    above, below = _neighbours(key, before)
    return next((one for one in free if _neighbours(one, now) == (above, below)), None)


def _neighbours(key: str, keys: list[str]) -> tuple[str | None, str | None]:
    at = keys.index(key)
    return (keys[at - 1] if at else None, keys[at + 1] if at + 1 < len(keys) else None)


def _keys(document: IssueDocument) -> list[str]:
    return list(dict.fromkeys(section.key for section in document.sections))
