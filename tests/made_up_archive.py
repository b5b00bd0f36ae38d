"""Past stories of a made-up newsletter: those on machines ran in one section, on the marsh in another."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from bot.reading.sections.features import PastStory, StoryWords
from renderers.issue_page import PageStory
from renderers.layout import load_layout
from renderers.new_issue import begin_issue

MARSH = ["reeds", "heron", "snail", "water", "mist", "willow", "frog", "moss", "tide", "otter"]
MACHINES = ["engine", "valve", "piston", "gear", "boiler", "lathe", "crank", "rivet", "flywheel", "gasket"]
KITCHEN = ["onion", "butter", "oven", "flour", "spoon", "broth", "apron", "pepper", "crust", "sauce"]
_BETWEEN = ["the", "of", "a", "keeps", "time", "in", "and", "every", "slowly", "again"]


def story_on(words: Sequence[str], chance: random.Random, section: str) -> PastStory:
    """A story whose words are half of its subject."""

    def sentence(length: int) -> str:
        return " ".join(chance.choice(words if place % 2 else _BETWEEN) for place in range(length))

    page = StoryWords(
        title=sentence(6).capitalize(),
        source=chance.choice(["Marsh Weekly", "Bench Notes"]),
        url=f"https://site{chance.randrange(5)}.test/{chance.randrange(10**9)}",
        text=sentence(40).capitalize() + ".",
    )
    return PastStory(page, section)


def archive(
    count: int, *, machines: str = "news", marsh: str = "posts", kitchen: str = "", seed: int = 1
) -> list[PastStory]:
    """So many stories, in turn on machines, on the marsh and, where that has a section, on the kitchen."""
    chance = random.Random(seed)
    subjects = [(MACHINES, machines), (MARSH, marsh), (KITCHEN, kitchen)][: 3 if kitchen else 2]
    turns = [subjects[number % len(subjects)] for number in range(count)]
    return [story_on(words, chance, section) for words, section in turns]


def write_issues(
    folder: Path, stories: Sequence[PastStory], *, layout: str = "plain", each: int = 10
) -> None:
    """Write stories as issues of `each`, a week apart, oldest first."""
    house = load_layout(layout)
    for number, start in enumerate(range(0, len(stories), each)):
        day = date(2020, 1, 1) + timedelta(weeks=number)
        document = begin_issue(house, date=day)
        for past in stories[start : start + each]:
            words = past.words
            page = PageStory(
                section=past.section,
                title=words.title,
                source=words.source,
                url=words.url,
                summary=words.text,
            )
            document = document.with_story(page)
        (folder / f"{day}.md").write_bytes(document.render())
