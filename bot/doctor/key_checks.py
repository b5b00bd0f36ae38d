"""The ssh keys of the newsletter's repository: they are there, nobody else reads them, and they sign."""

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from bot.doctor.finding import Check, Finding
from bot.doctor.visit import Visit
from storage.git_keys import signs

AREA = "repository"
_SSH = Check(AREA, "ssh_key")
_HOSTS = Check(AREA, "known_hosts")
_SIGNING = Check(AREA, "signing_key")


async def key_findings(visit: Visit) -> list[Finding]:
    """Look at the files of keys that the config names; nothing where it names none."""
    newsletter = visit.config.newsletter
    found: list[Finding] = []
    if newsletter.ssh_key:
        found += _file(_SSH, newsletter.ssh_key)
    if newsletter.known_hosts:
        found += _hosts(newsletter.known_hosts)
    if newsletter.signing_key:
        found += await visit.look(_SIGNING, lambda: _signing(newsletter.signing_key))
    return found


def _file(check: Check, name: str) -> list[Finding]:
    """Find what ssh would not say in plain words: a key that is not there, or that others may read."""
    file = Path(name).expanduser()
    if not file.is_file() or not os.access(file, os.R_OK):
        return [
            check.wrong(
                f"there is no {name} that I can read", f"Make one: ssh-keygen -t ed25519 -N '' -f {name}"
            )
        ]
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        return [
            check.wrong(f"others on this machine may read {name}, so ssh refuses it", f"chmod 600 {name}")
        ]
    return [check.fine(f"{name} is there, and nobody else reads it")]


def _hosts(name: str) -> list[Finding]:
    if Path(name).expanduser().is_file():
        return [_HOSTS.fine(f"{name} is there")]
    cure = f"Compare what this finds with what the forge publishes, then keep it: ssh-keyscan HOST > {name}"
    return [_HOSTS.wrong(f"there is no {name}", cure)]


async def _signing(name: str) -> Sequence[Finding]:
    found = _file(_SIGNING, name)
    if found[0].cure:
        return found
    if await signs(name):
        return [_SIGNING.fine("it signs; the forge must know its public half as a signing key")]
    return [
        _SIGNING.wrong(
            f"{name} does not sign: it has a passphrase, or is no private key of ssh",
            f"Take the passphrase off: ssh-keygen -p -N '' -f {name}",
        )
    ]
