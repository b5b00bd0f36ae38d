"""The slate: which stories would run if the issue went out now, and in what order. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.standing import Rules, on_slate, standing
from storage.records import Story


@dataclass(frozen=True, slots=True)
class SlateSection:
    """One section of the slate, in running order."""

    key: str
    stories: tuple[Story, ...]


def make_slate(stories: Iterable[Story], rules: Rules) -> tuple[SlateSection, ...]:
    """Put each approved story under its section, leaving out empty sections.

    Sections keep the order of the config; one that the config does not know comes last.
    """
    chosen: dict[str, list[Story]] = {key: [] for key in rules.sections}
    for story in stories:
        section = standing(story, rules).section
        if section is not None and on_slate(story, rules):
            chosen.setdefault(section, []).append(story)
    return tuple(
        SlateSection(key, tuple(sorted(found, key=running_order))) for key, found in chosen.items() if found
    )


def running_order(story: Story) -> tuple[bool, int, int, float, int]:
    """Sort by the place an editor gave it, then by votes, then by who has waited longest."""
    score = sum(vote.weight for vote in story.votes)
    return (story.place is None, story.place or 0, -score, story.pitched_at.timestamp(), story.number)
