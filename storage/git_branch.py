"""The newsletter's branch: in our own bare repository, or in a remote one of which we keep a cache."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from storage.git import Answer, Git
from storage.git_commit import PENDING
from storage.git_complaints import explain, quotable, rule_behind
from storage.git_lock import LIVE_SECONDS, sweep_locks
from storage.git_remote import local_path, write_askpass
from storage.newsletter_snapshot import Snapshot
from storage.repo_errors import (
    BadRemoteError,
    CheckedOutBranchError,
    DiskFullError,
    NoRightError,
    NoSuchBranchError,
    NotARepositoryError,
    PushRefusedError,
    RepoError,
)

# What git says where somebody was quicker, or where a killed push left its lock for a while.
_LOST_RACE = re.compile(
    r"fetch first|non-fast-forward|stale info|failed to update ref|cannot lock ref|failed to lock"
    r"|incorrect old value|reference already exists|unpacker error|but expected|unable to create .*\.lock",
    re.IGNORECASE,
)
# What looks like a lost race, but no second try can mend.
_LASTING = (NoRightError, DiskFullError)


class Branch(Protocol):
    """A branch that a commit lands on, if the branch still stands where the commit began.

    All of it is called by the one writer that holds the repository's flock.
    """

    @property
    def name(self) -> str:
        """What the branch is called, without `refs/heads/`."""

    @property
    def remote(self) -> bool:
        """Whether landing means that another repository has the commit."""

    async def prepare(self, git: Git) -> None:
        """Make the bare repository, or bring the one that is there up to date with the configuration."""

    def sweep(self, directory: Path) -> None:
        """Remove the lock files of git programs that were killed."""

    async def tip(self, git: Git, *, patience: float = 1) -> str | None:
        """Return the branch's newest commit as it is now, or None where nothing is committed yet."""

    async def snapshot(self, git: Git, tip: str | None) -> Snapshot:
        """Return the files as they are to be changed on top of `tip`; nothing is fetched."""

    async def land(self, git: Git, commit_id: str, *, base: str | None) -> bool:
        """Move the branch from `base` to the commit; False where it no longer stood at `base`."""


@dataclass(frozen=True, slots=True)
class OwnBranch:
    """The branch of a bare repository that is the newsletter's own; people may push to it."""

    name: str

    @property
    def remote(self) -> bool:
        """Say that nothing is pushed."""
        return False

    async def prepare(self, git: Git) -> None:
        """Make a bare repository whose HEAD is the branch, unless there is one."""
        await _make_bare(git, self.name)

    def sweep(self, directory: Path) -> None:
        """Remove old locks only: a lock of somebody who pushes right now is younger."""
        sweep_locks(directory, older_than=LIVE_SECONDS)

    async def tip(self, git: Git, *, patience: float = 1) -> str | None:
        """Read the ref."""
        return await _resolve(git, f"refs/heads/{self.name}", patience=patience)

    async def snapshot(self, git: Git, tip: str | None) -> Snapshot:
        """Return the files at the commit."""
        return Snapshot(git, tip)

    async def land(self, git: Git, commit_id: str, *, base: str | None) -> bool:
        """Move the ref by compare-and-swap and drop the pending one, in one transaction."""
        old = base or "0" * len(commit_id)
        orders = f"start\nupdate refs/heads/{self.name} {commit_id} {old}\ndelete {PENDING}\ncommit\n"
        answer = await git.run("update-ref", "--stdin", stdin=orders.encode(), accept=(0, 128))
        if answer.status == 0:
            return True
        complaint = explain(answer.stderr, hidden=git.hidden)
        if isinstance(complaint, _LASTING) or not _LOST_RACE.search(answer.stderr):
            raise complaint
        return False


@dataclass(frozen=True, slots=True)
class RemoteBranch:
    """The branch of a remote repository; ours is a bare cache that nobody else writes."""

    name: str
    address: str

    @property
    def remote(self) -> bool:
        """Say that landing pushes."""
        return True

    async def prepare(self, git: Git) -> None:
        """Make the cache, without the contents of old files where the server can leave them out."""
        await _make_bare(git, self.name)
        folder = local_path(self.address)
        url = self.address if folder is None or "://" in self.address else str(folder)
        for key, value in (("url", url), ("promisor", "true"), ("partialclonefilter", "blob:none")):
            await git.run("config", f"remote.origin.{key}", value)
        write_askpass(git.directory)

    def sweep(self, directory: Path) -> None:
        """Sweep the cache, and old locks in a bare remote on this machine, which has no server to do it."""
        sweep_locks(directory, older_than=0)
        remote = local_path(self.address)
        if remote is not None and (remote / "HEAD").is_file() and (remote / "objects").is_dir():
            sweep_locks(remote, older_than=LIVE_SECONDS)

    async def tip(self, git: Git, *, patience: float = 1) -> str | None:
        """Fetch the branch. Raises `NoSuchBranchError` where the remote has others but not this one."""
        spec = f"+refs/heads/{self.name}:refs/remotes/origin/{self.name}"
        fetched = await git.run(
            *("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "origin", spec),
            accept=(0, 128),
            patience=patience,
        )
        if fetched.status == 0:
            return await _resolve(git, f"refs/remotes/origin/{self.name}")
        if "couldn't find remote ref" not in fetched.stderr:
            raise explain(fetched.stderr, hidden=git.hidden)
        if (await git.run("ls-remote", "--heads", "origin")).line:
            raise NoSuchBranchError(self.name)
        return None

    async def snapshot(self, git: Git, tip: str | None) -> Snapshot:
        """Return the files at the commit."""
        return Snapshot(git, tip)

    async def land(self, git: Git, commit_id: str, *, base: str | None) -> bool:
        """Push; the lease is the compare, as a plain push would undo somebody's return to an older commit."""
        target = f"refs/heads/{self.name}"
        lease = f"--force-with-lease={target}:{base or ''}"
        pushed = await git.run(
            *("push", "--porcelain", "--no-verify", lease, "origin", f"{commit_id}:{target}"), accept=(0, 1)
        )
        return self._accepted(git, pushed)

    def _accepted(self, git: Git, pushed: Answer) -> bool:
        """Read git's line about the branch: landed, lost a race, or refused (which raises)."""
        lines = pushed.stdout.decode("utf-8", "replace").splitlines()
        status = next((line for line in lines if f":refs/heads/{self.name}\t" in line), "")
        if status[:1] in {" ", "*", "=", "+"}:
            return True
        complaint = explain(pushed.stderr, hidden=git.hidden)
        if not status or ("unpacker error" in status and isinstance(complaint, _LASTING)):
            raise complaint
        if _LOST_RACE.search(status):
            return False
        raise self._refusal(git, status, pushed.stderr)

    def _refusal(self, git: Git, status: str, stderr: str) -> RepoError:
        """Prefer what the server's hook printed for people to git's bare "hook declined"."""
        if "currently checked out" in status:
            return CheckedOutBranchError(self.name)
        said = " ".join(
            line.removeprefix("remote:").strip() for line in stderr.splitlines() if line[:7] == "remote:"
        )
        known = rule_behind(f"{said} {status}", branch=self.name)
        return known or PushRefusedError(quotable(said or status.rpartition("\t")[2], hidden=git.hidden))


async def _make_bare(git: Git, branch: str) -> None:
    if (await git.run("check-ref-format", f"refs/heads/{branch}", accept=(0, 1))).status:
        raise BadRemoteError(f"{branch!a} is no name for a branch", "Correct it in the configuration.")
    found = await git.run("rev-parse", "--is-bare-repository", accept=(0, 128))
    if found.status == 0 and found.line != "true":
        raise NotARepositoryError("a work tree")
    if found.status:
        await git.run("init", "--bare", "--quiet", "--template=", f"--initial-branch={branch}")


async def _resolve(git: Git, ref: str, *, patience: float = 1) -> str | None:
    answer = await git.run("rev-parse", "--verify", "--quiet", ref, accept=(0, 1), patience=patience)
    return answer.line or None
