"""The operator's ssh keys: one to reach the remote with, one to sign commits with."""

import asyncio
import shlex
from dataclasses import dataclass
from pathlib import Path

from storage.child_environment import child_environment

_PATIENCE = "-o BatchMode=yes -o ConnectTimeout=15 -o ServerAliveInterval=15"


@dataclass(frozen=True, slots=True)
class Keys:
    """Files of private keys without a passphrase; "" for none. `known_hosts` counts with `ssh` only."""

    ssh: str = ""
    known_hosts: str = ""
    signing: str = ""

    @property
    def ssh_command(self) -> str:
        """Return what git runs for ssh.

        With a key of ours ssh reads no settings of the user, offers no other key, and takes no host that it
        does not know; without one it is the user's ssh, which only must not ask.
        """
        if not self.ssh:
            return f"ssh {_PATIENCE}"
        options = ["IdentitiesOnly=yes", "StrictHostKeyChecking=yes", f"IdentityFile={_quoted(self.ssh)}"]
        if self.known_hosts:
            options.append(f"UserKnownHostsFile={_quoted(self.known_hosts)}")
        given = " ".join(f"-o {shlex.quote(option)}" for option in options)
        return f"ssh -F /dev/null {_PATIENCE} {given}"

    @property
    def signing_file(self) -> str:
        """Return the signing key's file from the root on; "" where commits are not signed."""
        return str(_absolute(self.signing)) if self.signing else ""


def _absolute(name: str) -> Path:
    return Path(name).expanduser().absolute()


def _quoted(name: str) -> str:
    """Quote a file's name for ssh's settings, which split at blanks and replace what begins with %."""
    return '"' + str(_absolute(name)).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%") + '"'


async def signs(name: str) -> bool:
    """Tell whether a key signs, by letting it sign a word; a passphrase is not asked for."""
    process = await asyncio.create_subprocess_exec(
        *("ssh-keygen", "-Y", "sign", "-q", "-n", "copydesk", "-f", str(_absolute(name))),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
        env={**child_environment(), "SSH_ASKPASS_REQUIRE": "never"},
    )
    await process.communicate(b"word")
    return process.returncode == 0
