"""Undoing one commit on top of everything that came after it."""

import re
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.git import Git
from storage.git_history import changed_paths, parent_of
from storage.newsletter_snapshot import Snapshot
from storage.repo_errors import RevertConflictError, UnknownCommitError


async def files_without(
    git: Git, commit_id: str, now: Snapshot, *, branch: str | None
) -> Mapping[str, bytes | None]:
    """Return the files that the commit touched as they would be now without it.

    A file that stands as the commit left it gets its former content; a file edited since gets a three-way
    merge. Raises `RevertConflictError` where both touched the same lines, `UnknownCommitError` where the
    commit is not in the branch, or, without one, nowhere.
    """
    await _check_in_branch(git, commit_id, now.id, branch=branch)
    before, after = Snapshot(git, await parent_of(git, commit_id)), Snapshot(git, commit_id)
    files: dict[str, bytes | None] = {}
    for path in await changed_paths(git, commit_id):
        former, written, present = await before.read(path), await after.read(path), await now.read(path)
        files[path] = await _undone(git, path, written=written, present=present, former=former)
    return files


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
