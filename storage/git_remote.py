"""The address of a remote repository, and how git learns the token for it without a trace in `ps`."""

import base64
import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from storage.repo_errors import BadRemoteError

ASKPASS_NAME = "copydesk-askpass"

# Git asks this program, and it answers for the configured server only: a redirect elsewhere gets no token.
# GitHub wants this user name; GitLab and Gitea take any.
_USER = "x-access-token"
_ASKPASS = f"""\
#!/bin/sh
case "$1" in
"Username for '$COPYDESK_GIT_SCHEME://$COPYDESK_GIT_HOST': ") printf '%s\\n' {_USER} ;;
"Password for '$COPYDESK_GIT_SCHEME://"*"@$COPYDESK_GIT_HOST': ") printf '%s\\n' "$COPYDESK_GIT_TOKEN" ;;
*) exit 1 ;;
esac
"""


def check_address(address: str) -> None:
    """Raise `BadRemoteError` for an address that holds a password, or that runs a program of its own."""
    if re.match(r"[A-Za-z0-9.+-]+::", address) or not address.strip() or not address.isprintable():
        raise BadRemoteError(
            "its address is of no kind that I know", "Use a path, or an ssh or https address."
        )
    if _split(address).password:
        raise BadRemoteError(
            "its address holds a password, which every user of this machine could read",
            "Put the token into an environment variable and take it out of the address.",
        )


def local_path(address: str) -> Path | None:
    """Return the folder that an address names on this machine, or None."""
    if address.startswith("file://"):
        return Path(unquote(_split(address).path))
    if "://" in address or re.match(r"[^/]*:", address):
        return None
    return Path(address).expanduser().absolute()


def token_environment(directory: Path, address: str, token: str) -> Mapping[str, str]:
    """Return what git's environment needs so that it finds the token by the ask-pass program."""
    parts = _split(address)
    if parts.scheme not in {"http", "https"} or not token:
        return {}
    return {
        "GIT_ASKPASS": str(directory / ASKPASS_NAME),
        "COPYDESK_GIT_SCHEME": parts.scheme,
        "COPYDESK_GIT_HOST": parts.netloc.rpartition("@")[2],
        "COPYDESK_GIT_TOKEN": token,
    }


def token_forms(address: str, token: str) -> tuple[str, ...]:
    """Return a token as it is, and as it travels in a header (RFC 7617), for a server that repeats it."""
    if not token:
        return ()
    user = _split(address).username or _USER
    return token, base64.b64encode(f"{user}:{token}".encode()).decode("ascii")


def write_askpass(directory: Path) -> None:
    """Put the ask-pass program, which holds no secret, into the cache; the owner alone may run it."""
    draft = directory / f"{ASKPASS_NAME}.new"
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o700)
    with os.fdopen(descriptor, "w", encoding="ascii") as program:
        program.write(_ASKPASS)
    draft.replace(directory / ASKPASS_NAME)


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:
        raise BadRemoteError(
            "its address cannot be read", "Correct the address in the configuration."
        ) from None
