"""Undoing one commit on top of everything that came after it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.git import Git
from storage.git_history import changed_paths, parent_of
from storage.git_renames import renamed_since, renames_between
from storage.newsletter_snapshot import Snapshot
from storage.repo_errors import RevertConflictError, UnknownCommitError


async def files_without(
    git: Git, commit_id: str, now: Snapshot, *, branch: str | None
) -> Mapping[str, bytes | None]:
    """Return the files that the commit touched as they would be now without it.

    A file that stands as the commit left it gets its former content; a file edited since gets a three-way
    merge. One that people have renamed since keeps their name, unless the commit had renamed it: then it goes
    back to the name that it had before. Raises `RevertConflictError` where both touched the same lines,
    `UnknownCommitError` where the commit is not in the branch, or, without one, nowhere.
    """
    await _check_in_branch(git, commit_id, now.id, branch=branch)
    parent = await parent_of(git, commit_id)
    undoing = _Undoing(git, Snapshot(git, parent), Snapshot(git, commit_id), now)
    renamed = await renames_between(git, parent, commit_id) if parent else {}
    former_names = {new: old for old, new in renamed.items()}
    changed, files = await changed_paths(git, commit_id), dict[str, bytes | None]()
    for path in changed:
        former = former_names.get(path, path)
        there = await undoing.name_now(path, former, commit_id)
        if there in changed and there != path:
            there = None
        if there is not None and (there, former) != (path, path):
            files |= await undoing.moved(former, path, there)
        elif path not in renamed:
            for one in sorted({path, former}):
                files[one] = await undoing.in_place(one)
    return files


@dataclass(frozen=True, slots=True)
class _Undoing:
    """A commit to be undone: the files before it, as it left them, and as they are now."""

    git: Git
    before: Snapshot
    after: Snapshot
    now: Snapshot

    async def name_now(self, path: str, former: str, commit_id: str) -> str | None:
        """Return what a file of the commit is called now; None where it is gone, or was added or deleted."""
        if None in (await self.after.read(path), await self.before.read(former)):
            return None
        if await self.now.read(path) is not None:
            return path
        return await renamed_since(self.now, path, commit_id)

    async def in_place(self, path: str) -> bytes | None:
        """Return a file under its own name as it would be without the commit."""
        return await self._undone(path, path, path)

    async def moved(self, former: str, path: str, there: str) -> dict[str, bytes | None]:
        """Return the files without the commit, which made `path` of `former`; now it is called `there`."""
        goes_to = there if former == path else former
        in_the_way = None if goes_to == there else await self.now.read(goes_to)
        if in_the_way not in (None, await self.before.read(former)):
            raise RevertConflictError(goes_to)
        return {there: None, goes_to: await self._undone(former, path, there)}

    async def _undone(self, former: str, path: str, there: str) -> bytes | None:
        contents = await self.before.read(former), await self.after.read(path), await self.now.read(there)
        return await _undone(self.git, there, former=contents[0], written=contents[1], present=contents[2])


async def _check_in_branch(git: Git, commit_id: str, tip: str | None, *, branch: str | None) -> None:
    if tip is None or not re.fullmatch(r"[0-9a-f]{4,64}", commit_id):
        raise UnknownCommitError(commit_id, branch or "")
    if branch is None:
        kind = await git.run("cat-file", "-e", f"{commit_id}^{{commit}}", accept=(0, 1, 128))
        if kind.status:
            raise UnknownCommitError(commit_id, "repository")
        return
    answer = await git.run("merge-base", "--is-ancestor", commit_id, tip, accept=(0, 1, 128))
    if answer.status:
        raise UnknownCommitError(commit_id, branch)


async def _undone(
    git: Git, path: str, *, written: bytes | None, present: bytes | None, former: bytes | None
) -> bytes | None:
    if present in (written, former):
        return former
    if written is None or present is None or former is None:
        raise RevertConflictError(path)
    with TemporaryDirectory(prefix="copydesk-") as folder:
        names = [Path(folder, name) for name in ("present", "written", "former")]
        for name, content in zip(names, (present, written, former), strict=True):
            name.write_bytes(content)
        merged = await git.run("merge-file", "-p", "-q", *map(str, names), accept=range(256))
    if merged.status:
        raise RevertConflictError(path)
    return merged.stdout
