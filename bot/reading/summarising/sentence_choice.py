"""Which sentences make a draft, given what each is worth by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.reading.summarising.article_sentences import Sentence
from bot.reading.summarising.line_kinds import LineKind
from bot.reading.summarising.summary_weights import Weights
from bot.reading.summarising.word_weights import WordWeights

MOST_SENTENCES = 4
_LIKELY = 20
_WORTH_TAKING = 0.5
"""Of the best score: what a shorter sentence must reach to stand for a best one that is too long."""
_SAID_ALREADY = 0.7
"""A likeness: pull quotes and openings that a page repeats are above it."""
_COLONS = (":", "：")


@dataclass(frozen=True, slots=True)
class Candidates:
    """The sentences to choose among, in the article's order."""

    sentences: Sequence[Sentence]
    scores: Sequence[float]
    """What each is worth by itself."""
    words: WordWeights

    @property
    def likely(self) -> set[int]:
        """The places of the twenty best: no other comes near a draft of four."""
        ranked = sorted(range(len(self.scores)), key=lambda place: (-self.scores[place], place))
        return set(ranked[:_LIKELY])

    @property
    def best(self) -> int:
        """The place of the best sentence, the first of equals."""
        return max(range(len(self.scores)), key=lambda place: (self.scores[place], -place))


def choose(candidates: Candidates, weights: Weights, costs: Sequence[int], budget: int) -> list[int]:
    """Take the best sentence that fits and says something new, until the next is much worse.

    `costs` is what each sentence takes of the budget. Empty where none fits that is worth taking.
    """
    worths, left = list(candidates.scores), candidates.likely
    best, said, spent = max(worths, default=0.0), 0, 0
    repeated = [0.0] * len(worths)
    chosen: list[int] = []
    while left and len(chosen) < MOST_SENTENCES:
        place = max(left, key=lambda each: (worths[each], -each))
        left.remove(place)
        if worths[place] < _needed(best, chosen, said, weights):
            break
        if spent + costs[place] > budget:
            continue
        chosen.append(place)
        spent, said = spent + costs[place], said + candidates.words.lengths[place]
        for other in left:
            repeated[other] = max(repeated[other], candidates.words.likeness(place, other))
            beside = other - 1 in chosen or other + 1 in chosen
            worths[other] = (
                candidates.scores[other] - weights.repetition * repeated[other] + weights.beside * beside
            )
        left = {other for other in left if repeated[other] < _SAID_ALREADY}
    return sorted(chosen + _items_announced(chosen, candidates, costs, budget - spent))


def _needed(best: float, chosen: Sequence[int], said: int, weights: Weights) -> float:
    """Return what the next sentence must be worth."""
    if not chosen:
        return min(best, _WORTH_TAKING * best)
    enough = len(chosen) > 1 or said >= weights.enough
    return abs(best) * (weights.stop if enough else weights.least)


def _items_announced(
    chosen: Sequence[int], candidates: Candidates, costs: Sequence[int], left: int
) -> list[int]:
    """Return the first items of a list whose announcement ("It does three things:") was chosen."""
    added: list[int] = []
    for place in chosen:
        following = place + 1
        if candidates.sentences[place].text.endswith(_COLONS):
            while (
                following < len(costs)
                and candidates.sentences[following].kind is LineKind.ITEM
                and len(chosen) + len(added) < MOST_SENTENCES
                and costs[following] <= left
            ):
                if following not in chosen:
                    added.append(following)
                    left -= costs[following]
                following += 1
    return added
