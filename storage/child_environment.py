"""What the programs that we start may know of our environment: what they need, and none of our secrets.

A hook of a repository on this machine inherits it, and may print it; what a hook prints is told in the room.
"""

import os

_NAMES = frozenset(
    {
        *("PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "TZ"),
        *("SSH_AUTH_SOCK", "SSH_AGENT_PID", "XDG_RUNTIME_DIR", "KRB5CCNAME", "KRB5_CONFIG"),
        *("SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE"),
        *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),  # in small letters as well
        *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "SYSTEMROOT"),
    }
)
"""To find programs, libraries, keys of an agent, certificates and proxies."""


def child_environment() -> dict[str, str]:
    """Return the variables of ours that a program gets; what it needs besides is told it by name."""
    return {name: value for name, value in os.environ.items() if name.upper() in _NAMES}
