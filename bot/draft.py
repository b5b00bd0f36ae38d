"""The slate set into the issue's file: what a publish changes in the document, and what it leaves alone.

The file as it stands in the repository is the truth about what people changed by hand. A story is
recognised by its link; the base is how it was last set. Where a person changed it since, the person wins.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from bot.reading.link import NotALinkError, link
from renderers.issue_document import IssueDocument, story_markdown
from renderers.issue_page import PageStory
from renderers.markdown import link_target
from renderers.story_style import DocumentStory

_BLANKS = re.compile(r"[ \t]+$", re.MULTILINE)


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


@dataclass(frozen=True, slots=True)
class Plan:
    """What a publish wants of the issue: stories in running order, the lead, new shorts."""

    stories: tuple[PlannedStory, ...]
    lead: str | None = None
    rendered_lead: str | None = None
    shorts: tuple[str, ...] = ()


@dataclass(slots=True)
class Outcome:
    """What a publish did, by story number.

    `kept` and `kept_out` are people's edits that won; `adopted` stand there just as the desk would set them.
    """

    added: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    adopted: list[int] = field(default_factory=list)
    kept: list[int] = field(default_factory=list)
    kept_out: list[int] = field(default_factory=list)
    kept_lead: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the outcome as the database stores it."""
        return asdict(self)


def set_issue(document: IssueDocument, plan: Plan) -> tuple[IssueDocument, Outcome]:
    """Set the plan into the document; bytes that the plan does not concern stay."""
    outcome = Outcome()
    for story in plan.stories:
        document = _set_story(document, story, plan, outcome)
    return _set_shorts(_set_lead(document, plan, outcome), plan), outcome


def find_in(document: IssueDocument, keys: frozenset[str]) -> DocumentStory | None:
    """Find the story of these link keys in a document."""
    return next((story for story in document.stories if key_of(story.url) in keys), None)


def key_of(url: str) -> str:
    """Return a link's one spelling; what is no link is its own."""
    try:
        return link(url).key
    except NotALinkError:
        return url


def _set_story(document: IssueDocument, story: PlannedStory, plan: Plan, outcome: Outcome) -> IssueDocument:
    there = find_in(document, story.all_keys)
    if there is None:
        return _set_new(document, story, plan, outcome)
    if story.base is None:
        if not story.spiked:  # somebody set it by hand, or a commit of ours was never recorded
            ours = story_markdown(story.page, document.layout)
            same = _same_text(there.text) == _same_text(ours)
            (outcome.adopted if same else outcome.kept).append(story.number)
        return document
    return _move_before(_set_known(document, story, there, story.base, outcome), story, plan, outcome)


def _set_new(document: IssueDocument, story: PlannedStory, plan: Plan, outcome: Outcome) -> IssueDocument:
    if story.spiked:
        return document
    if story.base is not None:
        outcome.kept_out.append(story.number)  # somebody took it out by hand
        return document
    place = _before(document, story, plan)
    if place is not None and place.section != story.page.section:
        place = None
    document = document.with_story(story.page, before=place)
    if find_in(document, story.all_keys) is None:
        raise RuntimeError(f"story #{story.number} cannot be found by its link after it was set")
    outcome.added.append(story.number)
    return document


def _before(document: IssueDocument, story: PlannedStory, plan: Plan) -> DocumentStory | None:
    behind = next((s for s in plan.stories if s.id == story.before), None)
    return find_in(document, behind.all_keys) if behind else None


def _move_before(document: IssueDocument, story: PlannedStory, plan: Plan, outcome: Outcome) -> IssueDocument:
    """Move a story that stands in the draft to where an editor wants it, within its section."""
    there, place = find_in(document, story.all_keys), _before(document, story, plan)
    if story.spiked or there is None or place is None or place.section != there.section:
        return document
    moved = document.with_moved(there, section=there.section, before=place)
    if moved.text != document.text and story.number not in outcome.changed:
        outcome.changed.append(story.number)
    return moved


def _set_known(
    document: IssueDocument,
    story: PlannedStory,
    there: DocumentStory,
    base: Base,
    outcome: Outcome,
) -> IssueDocument:
    edited = _same_text(there.text) != _same_text(base.text)
    if story.spiked:
        (outcome.kept if edited else outcome.removed).append(story.number)
        return document if edited else document.without(there)
    wanted = replace(story.page, section=base.page.section)
    if wanted != base.page:
        if edited:
            outcome.kept.append(story.number)
        else:
            rewritten = document.with_changes(there, wanted)
            if rewritten.text != document.text:
                outcome.changed.append(story.number)
            document = rewritten
    return _move(document, story, base, outcome)


def _move(document: IssueDocument, story: PlannedStory, base: Base, outcome: Outcome) -> IssueDocument:
    """Follow a new section, unless somebody moved the story by hand."""
    there = find_in(document, story.all_keys)
    if there is None or story.page.section == base.page.section or there.section != base.page.section:
        return document
    if story.number not in outcome.changed:
        outcome.changed.append(story.number)
    return document.with_moved(there, section=story.page.section)


def _set_lead(document: IssueDocument, plan: Plan, outcome: Outcome) -> IssueDocument:
    """Set the lead and its count of stories, or take a lead of ours out again.

    A lead that somebody edited by hand stays.
    """
    now, ours = (document.lead or "").strip(), (plan.rendered_lead or "").strip()
    if plan.lead is None:
        return document.with_lead("") if now and now == ours else document
    wanted = plan.lead.strip().removeprefix(document.layout.labels.lead).strip()
    if now and now not in (wanted, ours):
        outcome.kept_lead = True
        return document
    return document.with_lead(wanted).with_story_count()


def _set_shorts(document: IssueDocument, plan: Plan) -> IssueDocument:
    for text in plan.shorts:
        if text not in document.shorts:
            document = document.with_short(text)
    return document


def _same_text(text: str) -> str:
    """Return a story's text as two editors see it alike: trailing blanks are no change."""
    return _BLANKS.sub("", text).strip()


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
