"""What a sentence's features count for, learnt from people's own summaries.

Made by `python -m benchmarks.reading_summary_weights`: ridge regression of a sentence's ROUGE against the
person's summary (mean of ROUGE-1, -2 and -L) on its features, over the public articles of the evaluation
sets. Learnt on either half of them they did as well on the other.
"""

from dataclasses import dataclass

from bot.reading.summarising import cue_words
from bot.reading.summarising.cue_words import CueWords


@dataclass(frozen=True, slots=True)
class Weights:
    """How a language's sentences are scored and chosen."""

    cues: CueWords
    features: tuple[float, ...]
    """In the order of `sentence_features.FEATURES`."""
    constant: float
    stop: float
    """The share of the best score that a further sentence must reach."""
    enough: int
    """Characters or words after which one sentence may be all."""
    least: float
    """The share that even a second sentence must reach, though the first says little."""
    repetition: float
    """What likeness to a chosen sentence costs."""
    beside: float
    """What standing next to a chosen sentence is worth."""


CHINESE = Weights(
    cues=cue_words.CHINESE,
    features=(
        0.010,  # first
        0.010,  # early
        0.009,  # before
        0.046,  # paragraph
        -0.012,  # item
        0.006,  # central
        0.029,  # covering
        0.164,  # like opening
        0.123,  # title
        0.038,  # title share
        0.069,  # about
        0.046,  # announces
        0.011,  # length
        -0.028,  # short
        -0.015,  # long
        0.168,  # first, title
        0.188,  # early, about
    ),
    constant=0.036,
    stop=0.75,
    enough=50,
    least=0.3,
    repetition=0.1,
    beside=0.04,
)
OTHERS = Weights(
    cues=cue_words.ENGLISH,
    features=(
        0.005,  # first
        0.031,  # early
        0.030,  # before
        0.011,  # paragraph
        -0.034,  # item
        0.026,  # central
        0.052,  # covering
        0.135,  # like opening
        0.071,  # title
        0.038,  # title share
        0.054,  # about
        0.034,  # announces
        0.013,  # length
        -0.026,  # short
        -0.130,  # long
        0.036,  # first, title
        0.052,  # early, about
    ),
    constant=0.025,
    stop=0.55,
    enough=45,
    least=0.15,
    repetition=0.1,
    beside=0.0,
)
