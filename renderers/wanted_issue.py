"""What the desk wants of an issue's file that people edit as well, and what a merge of the two comes to."""

from dataclasses import dataclass, field
from enum import StrEnum

from renderers.issue_document import IssueDocument
from renderers.issue_page import PageStory
from renderers.story_style import DocumentStory


class Fate(StrEnum):
    """What became of a story that the desk spoke of."""

    SAME = "same"  # nothing was to be done
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    ADOPTED = "adopted"  # it stands there just as the desk would set it
    KEPT = "kept"  # people's version stands, where the desk wanted another
    KEPT_OUT = "kept_out"  # people took it out


@dataclass(frozen=True, slots=True)
class WantedStory:
    """A story as the desk wants it in the issue; or, `dropped`, out of it.

    `keys` are spellings of its link beside the one it is printed with. `was` is how the desk wanted it when
    the base was rendered, and `text` the lines that it had in the base then; both may be left out: the base
    itself says what was. `before` is the name of the story before which an editor wants this one. Of the
    `silent` fields nothing is said: they stay as they stand.
    """

    name: str
    page: PageStory
    keys: frozenset[str] = frozenset()
    was: PageStory | None = None
    text: str | None = None
    dropped: bool = False
    before: str | None = None
    silent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class WantedIssue:
    """What the desk wants of the issue now.

    `whole` says that the stories are all of them and in their order: one that the base has and they lack was
    dropped. Without it the base's other stories are none of the desk's, and stories without a `before` go
    to the end of their section. A lead of None wants none; `shorts` are those to add.
    """

    stories: tuple[WantedStory, ...]
    whole: bool = False
    lead: str | None = None
    lead_was: str | None = None
    shorts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MergeNote:
    """A change that gave way to another, or needs a look, to be said to people.

    Codes: `both-edited` (a field), `removed-here-edited-there`, `removed-here-moved-there`,
    `changed-here-deleted-there`, `both-moved`, `set-by-hand` (wanted new, and there by hand already),
    `relinked-there` (taken for the same story in spite of its link), `lead-kept`. `name` is the wanted
    story's, empty for the lead and for a base story that nobody named; `stands` is what the merged document
    has, `wanted` what the desk wanted in its place.
    """

    code: str
    name: str = ""
    title: str = ""
    field: str = ""
    stands: str = ""
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class MergedIssue:
    """The merged document; and by the names of the wanted stories, of those that stand, what became of them.

    `stories` tells where each stands now, `sections` in which section by the name that the desk knows it by,
    `edited` which fields say by hand what the desk did not want.
    """

    document: IssueDocument
    notes: tuple[MergeNote, ...]
    fates: dict[str, Fate] = field(default_factory=dict)
    stories: dict[str, DocumentStory] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)
    edited: dict[str, tuple[str, ...]] = field(default_factory=dict)
