"""How a story stands: its score, its section, and what it still needs. Pure.

The rules, as an editor would read them:

- A story's score is the sum of its votes, +1 or −1 for each curator. It needs the desk's threshold.
- An editor's −1 is a veto: the story stays off the slate while it stands.
- The section with the most tags wins. A 👍 without a section accepts the advised one, and so counts for it.
- Where an editor has tagged, only editors' tags count.
- A tie falls to the advice, then to the earlier section of the config.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from storage.records import Story, StoryStatus


@dataclass(frozen=True, slots=True)
class Rules:
    """What the desk asks of a story. Sections are keys, in the order of the config."""

    sections: tuple[str, ...]
    threshold: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a story stands now. `votes_missing` is 0 where the score is enough."""

    score: int
    section: str | None
    votes_missing: int
    vetoed_by: str | None
    has_title: bool
    by_editor: bool

    @property
    def approved(self) -> bool:
        """Tell whether the story would run if the issue went out now."""
        return self.votes_missing == 0 and bool(self.section) and self.has_title and self.vetoed_by is None


def standing(story: Story, rules: Rules) -> Standing:
    """Count a story's votes and tags."""
    score = sum(vote.weight for vote in story.votes)
    section, by_editor = section_of(story, rules.sections)
    veto = next((v.curator.name for v in story.votes if v.weight < 0 and v.curator.is_editor), None)
    return Standing(
        score=score,
        section=section,
        votes_missing=max(0, rules.threshold - score),
        vetoed_by=veto,
        has_title=bool(story.field("title").strip()),
        by_editor=by_editor,
    )


def section_of(story: Story, sections: Sequence[str]) -> tuple[str | None, bool]:
    """Return the section that wins, and whether editors decided it."""
    of_editors = Counter(tag.section for tag in story.tags if tag.curator.is_editor)
    tags = of_editors or tags_of(story)
    order = [*sections, *sorted(set(tags) - set(sections))]
    found = [name for name in order if tags[name]]
    return max(found, key=lambda name: (tags[name], name == story.advice), default=None), bool(of_editors)


def tags_of(story: Story) -> Counter[str]:
    """Count the tags of each section; a 👍 without a section counts for the advised one."""
    tags = Counter(tag.section for tag in story.tags)
    if story.advice:
        tagged = {tag.curator_id for tag in story.tags}
        tags[story.advice] += sum(v.weight > 0 and v.curator_id not in tagged for v in story.votes)
    return tags


def on_slate(story: Story, rules: Rules) -> bool:
    """Tell whether an open story would run if the issue went out now."""
    return story.status == StoryStatus.PITCHED and standing(story, rules).approved
