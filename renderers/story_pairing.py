"""Which story that the desk wants is which of the base, and which of the file as people have it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from renderers.issue_document import IssueDocument
from renderers.issue_parser import story_style
from renderers.markdown import link_target
from renderers.story_match import (
    Key,
    Wish,
    head_key,
    key_in_document,
    letters,
    matched,
    paired,
    places_by_key,
    plain,
)
from renderers.story_merge import FIELDS, differing_fields
from renderers.story_style import DocumentStory, printed_title, settled
from renderers.wanted_issue import WantedStory


@dataclass(frozen=True, slots=True)
class Trio:
    """A wanted story with what it is in the base and in the file; `place` counts the file's stories from 0.

    Not in the base yet in the file: people set it by hand, or a commit of ours was never recorded. `relinked`
    tells that it was recognised in spite of another link.
    """

    wanted: WantedStory
    base: DocumentStory | None
    place: int | None
    relinked: bool = False


@dataclass(frozen=True, slots=True)
class Pairing:
    """The wanted stories in their order, and the base's stories that no wanted one is, each as in the file.

    `kept` maps places in the base to places in the file.
    """

    trios: tuple[Trio, ...]
    others: tuple[tuple[DocumentStory, int | None], ...]
    kept: Mapping[int, int]


def pair(
    base: IssueDocument,
    theirs: IssueDocument,
    wanted: Sequence[WantedStory],
    key: Key,
    *,
    by_title: bool,
) -> Pairing:
    """Find each wanted story in the base and in the file; `by_title` if its link is found in neither."""
    sought = _Search(base.stories, theirs.stories, wanted, key, matched(base.stories, theirs.stories, key))
    known = sought.in_base(by_title=by_title)
    kept = matched(base.stories, theirs.stories, key, _wish(theirs, wanted, known))
    sought = replace(sought, kept=kept)
    hand_set = sought.in_file_only(known)
    trios = []
    for number, story in enumerate(wanted):
        at = known.get(number)
        place = hand_set.get(number) if at is None else kept.get(at)
        there = None if place is None else theirs.stories[place]
        old = None if at is None else base.stories[at]
        relinked = bool(old and there and key_in_document(old, key) != key_in_document(there, key))
        trios.append(Trio(story, old, place, relinked))
    claimed = set(known.values())
    others = tuple((s, kept.get(i)) for i, s in enumerate(base.stories) if i not in claimed)
    return Pairing(tuple(trios), others, kept)


def _wish(theirs: IssueDocument, wanted: Sequence[WantedStory], known: Mapping[int, int]) -> Wish:
    """Of two copies of a story the one counts that says more of what is wanted; a dropped one goes last."""
    style = story_style(theirs.layout)
    pages = {place: wanted[number].page for number, place in known.items() if not wanted[number].dropped}

    def wish(place: int, story: DocumentStory) -> float:
        if place not in pages:
            return 8.0 * (1 + len(FIELDS))
        return 8.0 * len(differing_fields(story.fields, settled(style, pages[place])))

    return wish


@dataclass(frozen=True, slots=True)
class _Search:
    base: Sequence[DocumentStory]
    theirs: Sequence[DocumentStory]
    wanted: Sequence[WantedStory]
    key: Key
    kept: Mapping[int, int]

    def in_base(self, *, by_title: bool) -> dict[int, int]:
        """Find wanted stories in the base: by link; by their lines; by the link they have in the file now."""
        keys = [self._keys_of(story) for story in self.wanted]
        base_keys = [key_in_document(story, self.key) for story in self.base]
        file_keys = {i: key_in_document(self.theirs[j], self.key) for i, j in self.kept.items()}
        known = self._closest({}, lambda n, i: base_keys[i] in keys[n])
        known = self._closest(known, self._has_lines)
        known = self._closest(known, lambda n, i: file_keys.get(i) in keys[n])
        if not by_title:
            return known
        in_file = {key_in_document(story, self.key) for story in self.theirs}
        return self._closest(known, lambda n, i: not keys[n] & in_file and self._same_title(n, i))

    def in_file_only(self, known: Mapping[int, int]) -> dict[int, int]:
        """Find the other wanted stories in the file: first in stories that the base has not."""
        places = places_by_key(self.theirs, self.key)
        from_base = set(self.kept.values())
        left = [n for n in range(len(self.wanted)) if n not in known]
        ranked = [
            (float(j in from_base), n, j)
            for n in left
            for word in self._keys_of(self.wanted[n])
            for j in places.get(word, ())
        ]
        return paired(ranked)

    def _closest(self, known: dict[int, int], same: Callable[[int, int], bool]) -> dict[int, int]:
        claimed = set(known.values())
        left = [n for n in range(len(self.wanted)) if n not in known]
        free = [i for i in range(len(self.base)) if i not in claimed]
        ranked = [(self._distance(n, i), n, i) for n in left for i in free if same(n, i)]
        return known | paired(ranked)

    def _distance(self, number: int, place: int) -> float:
        page, old = self.wanted[number].page, self.base[place]
        words = letters(page.summary) != letters(old.summary)
        elsewhere = (self.wanted[number].was or page).section != old.section
        return 4.0 * (not self._same_title(number, place)) + 2.0 * words + elsewhere

    def _same_title(self, number: int, place: int) -> bool:
        title = letters(printed_title(self.wanted[number].page))
        return bool(title) and title == letters(self.base[place].title)

    def _has_lines(self, number: int, place: int) -> bool:
        text = self.wanted[number].text
        return text is not None and plain(text) == plain(self.base[place].text)

    def _keys_of(self, story: WantedStory) -> frozenset[str]:
        url = story.page.url
        if not url and not story.keys:
            return frozenset({head_key(printed_title(story.page))})
        return story.keys | ({self.key(url), self.key(link_target(url))} if url else set())
