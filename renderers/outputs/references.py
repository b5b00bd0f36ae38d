"""Links by number, for outputs that list them at their end."""


class References:
    """Addresses in the order in which they were first met; the same address has the same number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, url: str) -> int:
        """Return the number of an address, from 1."""
        return self._numbers.setdefault(url, len(self._numbers) + 1)

    @property
    def listed(self) -> tuple[tuple[int, str], ...]:
        """All addresses with their numbers, in order."""
        return tuple((number, url) for url, number in self._numbers.items())
