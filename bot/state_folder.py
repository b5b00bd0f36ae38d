"""The folder where a newsroom keeps its lock and its secret."""

import fcntl
import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from bot.errors import DeskError


class AlreadyRunningError(DeskError):
    """Another process holds this newsroom's state."""

    def __init__(self) -> None:
        super().__init__(
            "This newsroom is running already in another process.",
            advice="Stop that one first, or give newsroom.state another folder.",
        )


class StateLock:
    """A file lock that goes with the process, however it ends."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._descriptor)
            raise AlreadyRunningError from None

    def close(self) -> None:
        """Let the next process in."""
        os.close(self._descriptor)


def cookie_secret(path: Path) -> bytes:
    """Return the key that signs cookies: from the environment, else one made here and kept."""
    given = os.environ.get("COPYDESK_SECRET", "")
    if given:
        return given.encode()
    if not path.exists():
        _write_secret(path)
    return path.read_text().encode()


def _write_secret(path: Path) -> None:
    """Write a key whole or not at all: half a key would sign cookies that anyone can forge."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):  # another process was quicker: its key is everybody's
            os.link(name, path)
    finally:
        Path(name).unlink()
