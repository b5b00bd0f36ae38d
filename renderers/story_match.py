"""Which story of one document is which of another: by link, else by what it says and where it stands."""

from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from renderers.story_style import DocumentStory

Key = Callable[[str], str]
"""Gives a link's one spelling: links with the same key are the same link."""

_ALIKE = 0.6
"""From which ratio (0 to 1) of equal letters on title and summary together say the same in other words."""
_ALIKE_IN_PLACE = 0.75
"""The same for a title alone, of a story between the same neighbours."""
_TELLING = 12
"""Letters from which on a summary alone tells which story it is; "TBD" does not."""
_COMPARED = 400
"""Letters of a text that are compared: the ratio takes the square of them."""
_MOST_PAIRS = 2_000
"""Pairs of stories compared letter by letter: a person relinks one or two, not all of a file."""
_SURE = 1_000.0
"""What a whole point of likeness weighs: more than any wish."""


_NO_TEXT = dict.fromkeys(range(0xDC80, 0xDD00), "\ufffd")


def readable(text: str) -> str:
    """Return a document's text with a replacement character for each byte that is no UTF-8."""
    return text.translate(_NO_TEXT)


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Return a text as two editors see it alike: blanks and line ends at the end of lines say nothing."""
    return "\n".join(line.rstrip() for line in readable(text).split("\n")).strip()


def letters(text: str) -> str:
    """Return what of a text tells it from others: letters and digits, without case."""
    return "".join(character for character in text if character.isalnum()).casefold()


def key_in_document(story: DocumentStory, key: Key) -> str:
    """Return what a story goes by: its link's one spelling, or without link its title."""
    return key(story.url) if story.url else head_key(story.title)


def head_key(title: str) -> str:
    """Return what a story without link goes by; no address begins like this."""
    return f"title {letters(title) or title}"


Wish = Callable[[int, DocumentStory], float]
"""How far a story of the new document is from what is wanted of the old one at a place; 0 is near."""


def no_wish(place: int, story: DocumentStory) -> float:
    """Want nothing of any story."""
    return 0.0


def matched(
    old: Sequence[DocumentStory], new: Sequence[DocumentStory], key: Key, wish: Wish = no_wish
) -> dict[int, int]:
    """Return which story of the old document is which of the new one, by their places.

    A link that stands twice is told apart by wish, words, section and order. What is left over may be a
    story whose link somebody corrected: see `likeness`.
    """
    pairs = _by_key(old, new, key, wish)
    left_old = [i for i in range(len(old)) if i not in pairs]
    taken = frozenset(pairs.values())
    left_new = [j for j in range(len(new)) if j not in taken]
    if len(left_old) * len(left_new) > _MOST_PAIRS:
        return pairs
    alike: list[tuple[float, int, int]] = []
    for there in places_by_key(new, key, left_new).values():  # copies of one story are told apart by wish
        for i in left_old:
            near = (_between_the_same(i, j, pairs, len(old), len(new)) for j in there)
            score = max(likeness(old[i], new[j], in_place=at) for j, at in zip(there, near, strict=True))
            if score:
                alike += [
                    (wish(i, new[j]) + _unlikeness(old, new, i, j) - _SURE * score, i, j) for j in there
                ]
    return pairs | paired(alike)


def paired(ranked: list[tuple[float, int, int]]) -> dict[int, int]:
    """Pair best first, equals in their order; each of either side goes once."""
    pairs, taken = dict[int, int](), set[int]()
    for _, i, j in sorted(ranked):
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs


def likeness(old: DocumentStory, new: DocumentStory, *, in_place: bool) -> float:
    """Tell how surely two stories with different links are one, from 0 (they are not).

    The same title or the same summary says so; else both must be much alike; between the same neighbours the
    title is enough.
    """
    titles, summaries = (letters(old.title), letters(new.title)), (letters(old.summary), letters(new.summary))
    if titles[0] and titles[0] == titles[1]:
        return 4.0 + in_place
    if len(summaries[0]) >= _TELLING and summaries[0] == summaries[1]:
        return 3.0 + in_place
    by_title = _ratio(*titles)
    if by_title < _ALIKE:
        return 0.0
    if in_place and by_title >= _ALIKE_IN_PLACE:
        return 1.0 + by_title
    return by_title if all(summaries) and _ratio(*summaries) >= _ALIKE else 0.0


def _ratio(first: str, second: str) -> float:
    if not first or not second:
        return 0.0
    compared = SequenceMatcher(None, first[:_COMPARED], second[:_COMPARED], autojunk=False)
    return compared.ratio() if compared.quick_ratio() >= _ALIKE else 0.0


def _by_key(
    old: Sequence[DocumentStory], new: Sequence[DocumentStory], key: Key, wish: Wish
) -> dict[int, int]:
    olds, news = places_by_key(old, key), places_by_key(new, key)
    pairs: dict[int, int] = {}
    for word, mine in olds.items():
        there = news.get(word, [])
        if len(mine) == len(there) == 1:
            pairs[mine[0]] = there[0]
        else:
            pairs |= paired(
                [(wish(i, new[j]) + _unlikeness(old, new, i, j), i, j) for i in mine for j in there]
            )
    return pairs


def places_by_key(
    stories: Sequence[DocumentStory], key: Key, among: Sequence[int] | None = None
) -> dict[str, list[int]]:
    """Return where each link stands, of all places or `among` these."""
    places: dict[str, list[int]] = {}
    for place in range(len(stories)) if among is None else among:
        places.setdefault(key_in_document(stories[place], key), []).append(place)
    return places


def _unlikeness(olds: Sequence[DocumentStory], news: Sequence[DocumentStory], i: int, j: int) -> float:
    old, new = olds[i], news[j]
    same_words = plain(old.text) == plain(new.text)
    same_title = letters(old.title) == letters(new.title)
    return 4.0 * (not same_words) + 2.0 * (not same_title) + (old.section != new.section)


def _between_the_same(i: int, j: int, pairs: Mapping[int, int], olds: int, news: int) -> bool:
    """Tell whether two stories stand between the same two neighbours, or the same edge of the issue."""
    above = (i == 0 and j == 0) or (i > 0 and pairs.get(i - 1) == j - 1)
    below = (i == olds - 1 and j == news - 1) or pairs.get(i + 1) == j + 1
    return above and below
