"""Real repositories, and a real git server over HTTP, for the tests of the newsletter's repository."""

import asyncio
import base64
import os
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from storage.newsletter_repo import Change, NewsletterRepo, Signature, Snapshot

EDITOR = Signature("主编 Ada", "ada@newsletter.test")
NOON = datetime(2026, 5, 13, 12, 0, tzinfo=UTC)
SKELETON = {"README.md": "# 简报\n".encode(), "嵌入式/README.md": b"issues\n"}


def git(folder: Path, *arguments: str, stdin: bytes = b"") -> str:
    """Run git as a person would, and give what it prints."""
    identity = {"GIT_CONFIG_GLOBAL": os.devnull} | {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "Ben"), ("EMAIL", "ben@newsletter.test"))
    }
    done = subprocess.run(
        ["git", *arguments], cwd=folder, input=stdin, capture_output=True, env=os.environ | identity
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().rstrip("\n")


def bare_repository(folder: Path) -> Path:
    """Make an empty bare repository whose HEAD is main."""
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "--bare", "--initial-branch=main")
    return folder


def person_commits(repository: Path, files: Mapping[str, bytes], workplace: Path) -> None:
    """Clone, edit, commit and push, as somebody with an editor and a terminal does."""
    if not workplace.exists():
        git(repository, "clone", "-q", str(repository), str(workplace))
    git(workplace, "checkout", "-q", "-B", "main")
    git(workplace, "fetch", "-q", "origin")
    with suppress(AssertionError):
        git(workplace, "reset", "-q", "--hard", "origin/main")
    for path, content in files.items():
        (workplace / path).parent.mkdir(parents=True, exist_ok=True)
        (workplace / path).write_bytes(content)
    git(workplace, "add", "-A")
    git(workplace, "commit", "-q", "-m", "Edit by hand")
    git(workplace, "push", "-q", "origin", "main")


async def opened(
    folder: Path, remote: str | Path | None = None, *, timeout: float = 60, token_variable: str | None = None
) -> NewsletterRepo:
    """Open a newsletter repository on main, begun from the skeleton."""
    repo = NewsletterRepo(
        folder,
        remote=None if remote is None else str(remote),
        branch="main",
        timeout=timeout,
        token_variable=token_variable,
    )
    await repo.open(SKELETON, EDITOR, NOON)
    return repo


def writing(files: Mapping[str, bytes | None]) -> Change:
    """Write the same files whatever is there."""

    async def change(now: Snapshot) -> Mapping[str, bytes | None]:
        return files

    return change


def adding_line(path: str, line: str) -> Change:
    """Add a line to whatever the file holds now."""

    async def change(now: Snapshot) -> Mapping[str, bytes | None]:
        return {path: (await now.read(path) or b"") + line.encode() + b"\n"}

    return change


@dataclass
class GitServer:
    """Bare repositories under a folder over HTTP, for those who bring the token."""

    folder: Path
    token: str
    address: str = ""
    read_only: bool = False
    command_lines: set[str] = field(default_factory=set)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Pass a request on to git's own CGI program, as a web server does."""
        self.command_lines |= running_command_lines()
        if _password(request) != self.token:
            return web.Response(status=401, headers={"WWW-Authenticate": 'Basic realm="git"'})
        if self.read_only and "receive-pack" in request.path_qs:
            return web.Response(status=403, text="write access to repository not granted")
        process = await asyncio.create_subprocess_exec(
            *("git", "http-backend"),
            env=self._cgi(request),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        output, _ = await process.communicate(await request.read())
        head, _, body = output.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        status = int(headers.pop("Status", "200").split()[0])
        return web.Response(status=status, headers=headers, body=body)

    def _cgi(self, request: web.Request) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": str(self.folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": request.path,
            "QUERY_STRING": request.query_string,
            "REQUEST_METHOD": request.method,
            "CONTENT_TYPE": request.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": request.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": request.headers.get("Git-Protocol", ""),
            "REMOTE_USER": "bot",
            "GIT_CONFIG_COUNT": "2",
            "GIT_CONFIG_KEY_0": "http.receivepack",
            "GIT_CONFIG_VALUE_0": "true",
            "GIT_CONFIG_KEY_1": "uploadpack.allowFilter",
            "GIT_CONFIG_VALUE_1": "true",
        }


def _password(request: web.Request) -> str:
    kind, _, credentials = request.headers.get("Authorization", "").partition(" ")
    return base64.b64decode(credentials).decode().partition(":")[2] if kind == "Basic" else ""


def running_command_lines() -> set[str]:
    """Return what `ps` shows of every process, as any user of the machine sees it."""
    found = set()
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            found.add(file.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
    return found


@asynccontextmanager
async def git_server(folder: Path, token: str) -> AsyncIterator[GitServer]:
    """Serve the repositories under a folder on a free port of this machine."""
    server = GitServer(folder, token)
    app = web.Application(client_max_size=1 << 26)
    app.router.add_route("*", "/{path:.*}", server.answer)
    # Git gzips its longer requests, and the CGI program wants them as they came.
    runner = web.AppRunner(app, auto_decompress=False)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    server.address = f"http://{host}:{port}"
    try:
        yield server
    finally:
        await runner.cleanup()
