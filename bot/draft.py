"""The slate set into the issue's file: what a publish changes in the document, and what it leaves alone.

The file as it stands in the repository is the truth about what people changed by hand; `merge_issue` keeps
it so. The base is the whole file as it was last rendered, and the fields that the desk gave each story then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.reading.link import NotALinkError, link
from renderers.issue_document import IssueDocument
from renderers.issue_merge import (
    Fate,
    MergedIssue,
    MergeNote,
    WantedIssue,
    WantedStory,
    merge_issue,
)
from renderers.issue_page import PageStory
from renderers.issue_parser import split_lines
from renderers.markdown import link_target
from renderers.story_style import DocumentStory


@dataclass(frozen=True, slots=True)
class Base:
    """How a story was last set in the issue: the fields given, and the text that came of them."""

    page: PageStory
    text: str


@dataclass(frozen=True, slots=True)
class PlannedStory:
    """A story that a publish wants in the issue; or, with `spiked`, out of it again."""

    id: int
    number: int
    keys: frozenset[str]
    page: PageStory
    base: Base | None = None
    spiked: bool = False
    before: int | None = None  # the id of the story before which an editor wants this one

    @property
    def all_keys(self) -> frozenset[str]:
        """Return every spelling by which the document may name the story, the printed one too."""
        return self.keys | {key_of(link_target(self.page.url))}

    @property
    def name(self) -> str:
        """Return what the merge calls the story."""
        return str(self.id)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a publish wants of the issue: stories in running order, the lead, new shorts.

    `rendered` is the whole file as it was last rendered, `rendered_lead` the lead that was wanted then.
    """

    stories: tuple[PlannedStory, ...]
    lead: str | None = None
    rendered_lead: str | None = None
    shorts: tuple[str, ...] = ()
    rendered: str | None = None


@dataclass(slots=True)
class Outcome:
    """What a publish did, by story number.

    `kept` and `kept_out` are people's edits that won, `notes` what is to be said of changes that gave way;
    `adopted` stand there just as the desk would set them.
    """

    added: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    adopted: list[int] = field(default_factory=list)
    kept: list[int] = field(default_factory=list)
    kept_out: list[int] = field(default_factory=list)
    kept_lead: bool = False
    notes: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the outcome as the database stores it."""
        return asdict(self)


def set_issue(document: IssueDocument, plan: Plan) -> tuple[MergedIssue, Outcome]:
    """Merge the plan into the document; bytes that the plan does not concern stay."""
    wanted = WantedIssue(
        stories=tuple(_wanted(story) for story in plan.stories),
        lead=plan.lead,
        lead_was=plan.rendered_lead,
        shorts=plan.shorts,
    )
    merged = merge_issue(base_of(document, plan), document, wanted, key_of)
    return merged, _outcome(merged, plan)


def _wanted(story: PlannedStory) -> WantedStory:
    return WantedStory(
        name=story.name,
        page=story.page,
        keys=story.keys,
        was=story.base.page if story.base else None,
        text=story.base.text if story.base else None,
        dropped=story.spiked,
        before=None if story.before is None else str(story.before),
    )


def base_of(document: IssueDocument, plan: Plan) -> IssueDocument:
    """Return the issue as it was last rendered.

    Where that was not kept (by an older Copydesk), it is put together from the lines that its stories had: of
    all else nobody can tell who wrote it, and it counts as it stands. Before the first publish it is empty.
    """
    if plan.rendered is not None:
        return IssueDocument.of(plan.rendered, document.layout)
    set_before = [(story, story.base) for story in plan.stories if story.base is not None]
    if not set_before:
        return IssueDocument.of("", document.layout)
    for story, base in set_before:
        there = find_in(document, story.all_keys)
        if there is not None:
            document = _with_text(document, there, base.text)
        else:
            document = document.with_story(base.page)
    return document


def _with_text(document: IssueDocument, story: DocumentStory, text: str) -> IssueDocument:
    lines, start = split_lines(document.text), story.line - 1
    stop = start + len(split_lines(story.text))
    return IssueDocument.of("".join([*lines[:start], text, *lines[stop:]]), document.layout)


def _outcome(merged: MergedIssue, plan: Plan) -> Outcome:
    numbers = {story.name: story.number for story in plan.stories}
    lists: dict[Fate, list[int]] = {fate: [] for fate in Fate}
    for story in plan.stories:
        lists[merged.fates[story.name]].append(story.number)
    noted = {note.name for note in merged.notes if note.code in _KEEPS}
    kept = [s.number for s in plan.stories if s.name in noted or s.number in lists[Fate.KEPT]]
    return Outcome(
        added=lists[Fate.ADDED],
        changed=lists[Fate.CHANGED],
        removed=lists[Fate.REMOVED],
        adopted=lists[Fate.ADOPTED],
        kept=kept,
        kept_out=lists[Fate.KEPT_OUT],
        kept_lead=any(note.code == "lead-kept" for note in merged.notes),
        notes=[_note(note, numbers) for note in merged.notes],
    )


_KEEPS = ("both-edited", "both-moved", "set-by-hand", "removed-here-edited-there")


def _note(note: MergeNote, numbers: Mapping[str, int]) -> dict[str, Any]:
    return {**asdict(note), "number": numbers.get(note.name)}


def find_in(document: IssueDocument, keys: frozenset[str]) -> DocumentStory | None:
    """Find the story of these link keys in a document."""
    return next((story for story in document.stories if key_of(story.url) in keys), None)


def key_of(url: str) -> str:
    """Return a link's one spelling; what is no link is its own."""
    try:
        return link(url).key
    except NotALinkError:
        return url


def page_from_json(page: Mapping[str, Any]) -> PageStory:
    """Read a page story back from what the database stores."""
    pairs: Sequence[Sequence[str]] = page["meta"]
    spelled = {
        "tags": tuple(page["tags"]),
        "meta": tuple((label, value) for label, value in pairs),
        "from_page": tuple(page["from_page"]),
        "pictures": tuple((credit, path) for credit, path in page.get("pictures", ())),
    }
    return PageStory(**(dict(page) | spelled))
