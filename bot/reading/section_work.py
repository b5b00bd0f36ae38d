"""What worker processes do about sections: learn, and advise by what was learnt.

Numbers are loaded when a worker needs them: the desk's own process never does.
"""

from collections.abc import Sequence

from bot.reading.section_advice import Advice
from bot.reading.section_features import PastStory, StoryWords

MOST_STORIES = 5_000
"""The newest that are learnt from: half a minute of work."""


def learn(past: Sequence[PastStory]) -> bytes | None:
    """Learn from stories, oldest first; return the model as it is stored.

    None where they tell nothing: too few, all in one section, or no better foretold than by guessing.
    """
    from bot.reading.section_learning import learnt_from  # noqa: PLC0415 - numpy, which only workers need

    model = learnt_from(past[-MOST_STORIES:])
    return model.to_bytes() if model is not None else None


def learnt_advice(stored: bytes, story: StoryWords, sections: Sequence[str]) -> Advice | None:
    """Advise by a stored model; None for bytes that are none, such as those of another release."""
    from bot.reading.section_model import model_from  # noqa: PLC0415 - as above

    model = model_from(stored)
    return model.advise(story, sections) if model is not None else None
