"""An issue's own branch in a remote repository, which begins at the newsletter's and is merged there."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.git import Git
from storage.git_branch import RemoteBranch
from storage.newsletter_snapshot import Snapshot
from storage.repo_errors import NoSuchBranchError


@dataclass(frozen=True, slots=True)
class TopicSnapshot(Snapshot):
    """The files at a commit of the branch, with what was changed meanwhile in those of the base branch.

    `fork` is where the two parted and `ahead` the base branch's newest commit. Where both changed a file in
    other lines, it reads as both have it; in the same lines, or where one of them deleted it, as the branch
    has it: then people decide in the pull request.
    """

    fork: str | None = None
    ahead: str | None = None

    async def read(self, path: str) -> bytes | None:
        """Return a file's bytes, or None where there is no file of that name."""
        ours = await Snapshot(self.git, self.id).read(path)
        if self.fork in (None, self.ahead):
            return ours
        before = await Snapshot(self.git, self.fork).read(path)
        theirs = await Snapshot(self.git, self.ahead).read(path)
        if theirs in (before, ours):
            return ours
        if ours == before:
            return theirs
        if before is None or theirs is None or ours is None:
            return ours
        return await _merged(self.git, ours, before, theirs)


async def _merged(git: Git, ours: bytes, before: bytes, theirs: bytes) -> bytes:
    with TemporaryDirectory(prefix="copydesk-") as folder:
        names = [Path(folder, name) for name in ("ours", "before", "theirs")]
        for name, content in zip(names, (ours, before, theirs), strict=True):
            name.write_bytes(content)
        merged = await git.run("merge-file", "-p", "-q", *map(str, names), accept=range(256))
    return ours if merged.status else merged.stdout


@dataclass(frozen=True, slots=True)
class TopicBranch(RemoteBranch):
    """A branch that need not be there yet: it begins at the base branch's newest commit.

    One whose commits are all in the base branch was merged, and begins anew from there. Nothing is ever
    rebased or merged into it: it belongs to those who review it as well.
    """

    base: str = ""

    async def prepare(self, git: Git) -> None:
        """Make the cache; its HEAD is the base branch."""
        await RemoteBranch(self.base, self.address).prepare(git)

    async def tip(self, git: Git, *, patience: float = 1) -> str | None:
        """Fetch both branches, and return the newest commit of this one, or else of the base branch."""
        base = await RemoteBranch(self.base, self.address).tip(git, patience=patience)
        own = await self._own(git)
        if own is None or (base is not None and await _is_within(git, own, base)):
            return base
        return own

    async def snapshot(self, git: Git, tip: str | None) -> Snapshot:
        """Return the files at the branch's newest commit, in which the base branch's changes show."""
        base = await _resolved(git, self.base)
        if tip is None or base is None or tip == base:
            return Snapshot(git, tip)
        fork = await git.run("merge-base", tip, base, accept=(0, 1))
        return TopicSnapshot(git, tip, fork.line or None, base)

    async def land(self, git: Git, commit_id: str, *, base: str | None) -> bool:
        """Push, if the branch is still where it was fetched: that may be nowhere, or behind its base."""
        return await RemoteBranch.land(self, git, commit_id, base=await _resolved(git, self.name))

    async def is_ahead(self, git: Git) -> bool:
        """Fetch, and tell whether the branch holds what the base branch does not."""
        base = await RemoteBranch(self.base, self.address).tip(git)
        own = await self._own(git)
        return own is not None and (base is None or not await _is_within(git, own, base))

    async def _own(self, git: Git) -> str | None:
        """Fetch the branch; one that is gone there is gone in the cache, too."""
        try:
            found = await RemoteBranch.tip(self, git)
        except NoSuchBranchError:
            found = None
        if found is None:
            await git.run("update-ref", "-d", f"refs/remotes/origin/{self.name}")
        return found


async def _resolved(git: Git, branch: str) -> str | None:
    ref = f"refs/remotes/origin/{branch}"
    return (await git.run("rev-parse", "--verify", "--quiet", ref, accept=(0, 1))).line or None


async def _is_within(git: Git, commit_id: str, tip: str) -> bool:
    return (await git.run("merge-base", "--is-ancestor", commit_id, tip, accept=(0, 1))).status == 0
