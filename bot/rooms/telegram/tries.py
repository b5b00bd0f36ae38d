"""What is known of the tries to post something, so that no part of it is posted twice."""

from dataclasses import dataclass, field

_REMEMBERED = 100  # posts; what became of one is on disk a moment after it was said


@dataclass(slots=True)
class Try:
    """A post that was tried: the numbers of its parts that arrived, the first ones first.

    `is_sure` says that beyond those nothing arrived.
    """

    chat: int
    is_sure: bool
    arrived: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Tries:
    """Remembers, since the start, what became of posts by their keys."""

    _by_key: dict[str, Try] = field(default_factory=dict)

    def begin(self, key: str, chat: int, *, is_fresh: bool) -> Try:
        """Return what is known of a post; one that is not `fresh` and unknown may have arrived anyhow."""
        known = self._by_key.pop(key, None)
        if is_fresh or known is None or known.chat != chat:
            known = Try(chat, is_sure=is_fresh)
        self._by_key[key] = known
        while len(self._by_key) > _REMEMBERED:
            del self._by_key[next(iter(self._by_key))]
        return known
