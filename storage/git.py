"""The git program, run over asyncio: its own environment, a time limit, and no child left behind."""

import asyncio
import os
import signal
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from storage.child_environment import child_environment
from storage.git_complaints import explain
from storage.git_output import Output
from storage.repo_errors import GitMissingError, GitTimeoutError

# No clean-up in the middle of a publication; every object and ref on disk before git says so; a held ref
# is waited for; names in Chinese printed as they are.
_SETTINGS = {
    "gc.auto": "0",
    "maintenance.auto": "false",
    "core.fsync": "all",
    "core.filesRefLockTimeout": "2000",
    "core.quotePath": "false",
    "credential.helper": "",
    "http.lowSpeedLimit": "1",
}


# Of what git and a server's hook print: each end, with the hook's first words and git's last. A hook may
# print without end, and what is read of it is read in the event loop.
_COMPLAINT_ENDS = 16_384  # bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What one run of git left: exit status, bytes from stdout, text from the ends of stderr."""

    status: int
    stdout: bytes
    stderr: str

    @property
    def line(self) -> str:
        """The output as one line of text."""
        return self.stdout.decode("utf-8", "replace").strip()


@dataclass(frozen=True, slots=True)
class Git:
    """Runs git in one bare repository.

    `timeout` is in seconds for each run. `hidden` are strings which no error may repeat. `held` is the
    descriptor of the cache's lock: git inherits it, so that the lock outlives us for as long as git does.
    """

    directory: Path
    timeout: float
    environment: Mapping[str, str] = field(repr=False)
    hidden: tuple[str, ...] = field(default=(), repr=False)
    held: int | None = None

    async def run(
        self, *arguments: str, stdin: bytes = b"", accept: Collection[int] = (0,), patience: float = 1
    ) -> Answer:
        """Run git and return its answer; `patience` multiplies the time limit for work on a whole history.

        Raises a `RepoError` where the exit status is not in `accept` or the time is up. When the time is up
        or the task is cancelled, git and all its children are killed before this returns.
        """
        said, complained = Output(), Output(_COMPLAINT_ENDS)
        try:
            process = await self._start(arguments, said, complained)
            try:
                async with asyncio.timeout(self.timeout * patience):
                    await _fed(process, stdin)
            except TimeoutError:
                raise GitTimeoutError(self.timeout * patience) from None
            finally:
                if process.returncode is None:
                    await _kill(process)
            stdout, stderr = await asyncio.gather(said.read(), complained.read())
        finally:
            said.close()
            complained.close()
        answer = Answer(process.returncode or 0, stdout, stderr.decode("utf-8", "replace"))
        if answer.status not in accept:
            raise explain(answer.stderr, hidden=self.hidden)
        return answer

    async def _start(
        self, arguments: tuple[str, ...], said: Output, complained: Output
    ) -> asyncio.subprocess.Process:
        ends = list[int]()
        try:
            for output in (said, complained):
                ends.append(await output.open())
            return await asyncio.create_subprocess_exec(
                "git",
                *arguments,
                stdin=asyncio.subprocess.PIPE,
                stdout=ends[0],
                stderr=ends[1],
                cwd=self.directory,
                env=self.environment,
                start_new_session=True,
                pass_fds=() if self.held is None else (self.held,),
            )
        except FileNotFoundError:
            raise GitMissingError from None
        finally:
            for end in ends:
                os.close(end)


async def _fed(process: asyncio.subprocess.Process, content: bytes) -> None:
    """Hand git its input, and wait until it has ended."""
    assert process.stdin
    with suppress(BrokenPipeError, ConnectionResetError):  # git ended before it had read all
        process.stdin.write(content)
        await process.stdin.drain()
    process.stdin.close()
    await process.wait()


async def _kill(process: asyncio.subprocess.Process) -> None:
    """Kill the whole process group: git's transport helpers and a local server are in it."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    assert process.stdin
    if not process.stdin.is_closing():
        process.stdin.transport.abort()
    await process.wait()


def git_environment(directory: Path, *, timeout: float, extra: Mapping[str, str]) -> dict[str, str]:
    """Build an environment where nobody's git settings, hooks of habit or prompts change what git does.

    GIT_DIR is set so that git never walks up into a repository that merely contains `directory`.
    """
    settings = _SETTINGS | {"http.lowSpeedTime": str(max(1, round(timeout)))}
    environment = child_environment() | {
        "LC_ALL": "C",
        "GIT_DIR": str(directory),
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_ASKPASS": "false",
        "SSH_ASKPASS_REQUIRE": "never",
        "GIT_CONFIG_COUNT": str(len(settings)),
    }
    for number, (key, value) in enumerate(settings.items()):
        environment |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return environment | dict(extra)
