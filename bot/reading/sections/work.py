"""What worker processes do about sections: learn, and advise by what was learnt.

Numbers are loaded when a worker needs them: the desk's own process never does.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.reading.article import article_from_text
from bot.reading.section_advice import Advice, advise
from bot.reading.sections.features import LONGEST_TEXT, PastStory, StoryWords
from bot.reading.summary import draft_summary

FORMAT = 1
"""To be raised with each change of what is learnt or of how it is stored: desks learn anew when they open."""
FEWEST_STORIES = 30
"""Under which nothing is learnt: half of them must do to judge by."""
MOST_STORIES = 5_000
"""The newest that are learnt from: half a minute of work."""


def learn(past: Sequence[PastStory]) -> bytes | None:
    """Learn from stories, oldest first; return the model as it is stored.

    None where they tell nothing: too few, all in one section, or no better foretold than by guessing.
    """
    from bot.reading.sections.learning import learnt_from  # noqa: PLC0415 - numpy, which only workers need

    model = learnt_from(past[-MOST_STORIES:])
    return model.to_bytes() if model is not None else None


def learnt_advice(stored: bytes, story: StoryWords, sections: Sequence[str]) -> Advice | None:
    """Advise by a stored model; None for bytes that are none, such as those of another release."""
    from bot.reading.sections.model import model_from  # noqa: PLC0415 - as above

    model = model_from(stored)
    return model.advise(story, sections) if model is not None else None


def advise_all(
    stored: bytes | None,
    stories: Sequence[StoryWords],
    history: Mapping[str, Counter[str]],
    sections: Sequence[str],
) -> list[Advice]:
    """Advise on stories by a stored model; where there is none, by site and by what ran of each source.

    A text longer than a summary is drafted down to one, as the desk does before it asks.
    """
    found: list[Advice] = []
    for story in stories:
        learnt = learnt_advice(stored, _brief(story), sections) if stored is not None else None
        unlearnt = advise(url=story.url, source=story.source, history=history, sections=sections)
        found.append(unlearnt if learnt is None else learnt)
    return found


def _brief(story: StoryWords) -> StoryWords:
    if len(story.text) <= LONGEST_TEXT:
        return story
    drafted = draft_summary(article_from_text(story.url, story.title, story.text)).text
    return replace(story, text=drafted) if drafted else story
