"""How much of our time and memory a stranger's server may take."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """What one fetch may cost."""

    connect_seconds: float = 10.0
    read_seconds: float = 10.0
    """The longest silence between two reads."""
    total_seconds: float = 40.0
    """From the first lookup to the last byte, redirects included: what ends a byte-a-second server."""
    body_bytes: int = 10_000_000
    """As sent, and again as decompressed. WeChat pages of today measure up to 4.0 MB."""
    redirects: int = 5
    connections_per_host: int = 2
