"""A PostgreSQL of the tests' own: brought up in a temporary folder, thrown away at the end.

No service, no container. As root the server runs as an unprivileged user of the system, since it refuses
to run as root. Set PG_BINDIR where its programs are not in one of the usual places.
"""

import asyncio
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from storage.database import Database
from storage.migrate import migrate

MISSING = "no PostgreSQL: apt-get install postgresql, or set PG_BINDIR to where initdb is"
_TEMPLATE = "copydesk_template"
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""These databases need not outlive the machine."""


def postgres_programs() -> Path | None:
    """Return the folder of initdb and postgres, the newest release where there are several."""
    if given := os.environ.get("PG_BINDIR"):
        return Path(given)
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@dataclass
class PostgresServer:
    """A running server; `new_database` gives each test one of its own with current tables."""

    port: int
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _has_template: bool = False

    def url(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def new_database(self, *, empty: bool = False) -> str:
        """Make a database and return its URL; copying a migrated one is quicker than migrating."""
        if not empty and not self._has_template:
            self._execute(f"CREATE DATABASE {_TEMPLATE}")
            asyncio.run(_migrate(self.url(_TEMPLATE)))
            self._has_template = True
        name = f"test_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {'template0' if empty else _TEMPLATE}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Throw a database away, whoever is still connected."""
        self._execute(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


async def _migrate(url: str) -> None:
    database = Database(url)
    await migrate(database)
    await database.close()


@contextmanager
def postgres_server(programs: Path) -> Iterator[PostgresServer]:
    """Run a server until the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="copydesk-postgres-"))
    somebody = _unprivileged(folder)
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(folder)}
    begin: list[str | Path] = [
        programs / "initdb",
        "-D",
        folder / "data",
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
    ]
    subprocess.run(
        [*begin, "--no-sync"],
        **somebody,
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    port = _free_port()
    options = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": folder}
    options |= {"max_connections": 80, "shared_buffers": "32MB", **_FAST}
    settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", *settings],
            **somebody,
            cwd=folder,
            env=environment,
            stderr=log,
        )
    try:
        _wait_until_ready(programs, server, port, folder / "log")
        yield PostgresServer(port)
    finally:
        server.send_signal(signal.SIGQUIT)  # at once: nothing in it is worth keeping
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged(folder: Path) -> dict[str, Any]:
    """Return how to start a program as somebody who is not root, and give them the folder."""
    if os.geteuid() != 0:
        return {}
    names = {user.pw_name: user for user in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _wait_until_ready(programs: Path, server: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    asked: list[str | Path] = [programs / "pg_isready", "-q", "-t", "20", "-h", "127.0.0.1", "-p", str(port)]
    while subprocess.run(asked).returncode != 0:
        if server.poll() is not None:
            raise RuntimeError(log.read_text())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
