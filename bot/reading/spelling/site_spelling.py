"""How a known site's article is printed, and what it is known by."""

from dataclasses import dataclass

from bot.reading.spelling.address import Address, without_tracking


@dataclass(frozen=True, slots=True)
class SiteSpelling:
    """A site's article: the address to print, and its key."""

    url: str
    key: str
    temporary: bool = False


def bare(address: Address) -> str:
    """Return the address without query and fragment, where these never name the page."""
    return f"{address.origin}{address.path}"


def as_given(address: Address) -> str:
    """Return the address less what tracks and the place on the page."""
    return without_tracking(address).partition("#")[0]
