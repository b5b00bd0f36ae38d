"""Which addresses may carry a secret: encrypted ones, and those that do not leave our own network."""

import ipaddress
from urllib.parse import urlsplit

# RFC 6761 (localhost, test), RFC 6762 (local), RFC 8375 (home.arpa), ICANN 2024 (internal), and what
# routers and companies have long used: none of them is, or will be, a name of the public internet.
_OWN_NETWORK = ("localhost", "test", "local", "home.arpa", "internal", "lan", "intranet", "corp", "home")

STAYS_HERE, STAYS_NEAR, TRAVELS = "stays here", "stays near", "travels"
"""Where what is sent in clear goes: this machine alone; our own network; the world."""


def way_of(address: str) -> str:
    """Tell how far a secret sent to a web address travels in clear; https counts as not at all.

    A name without a dot is one of a container or of the own network. Names are not looked up.
    """
    parts = urlsplit(address)
    host = (parts.hostname or "").rstrip(".").lower()
    if parts.scheme == "https" or host == "localhost":
        return STAYS_HERE
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        own = "." not in host or host.endswith(tuple(f".{name}" for name in _OWN_NETWORK))
        return STAYS_NEAR if own else TRAVELS
    if ip.is_loopback:
        return STAYS_HERE
    return STAYS_NEAR if ip.is_private or ip.is_link_local else TRAVELS


def require_unreadable(address: str, *, what: str) -> str:
    """Return the address; raise ValueError where strangers could read `what` goes there."""
    if way_of(address) == TRAVELS:
        raise ValueError(
            f"the {what} would cross the internet in clear: write https://; http:// is for servers of "
            "your own network"
        )
    return address
