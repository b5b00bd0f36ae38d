"""What a fetch brought home."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """The bytes behind a link, and what the server said of them."""

    url: str
    """The address asked for."""
    final_url: str
    """Where the redirects ended."""
    status: int
    """HTTP status, in the 200s."""
    content_type: str
    """The media type, lower-case, without parameters; empty when the server gave none."""
    charset: str | None
    """The character set that the server claimed, which may be a lie."""
    body: bytes
    """Decompressed."""
