"""Trying whether we may write: a scratch ref comes and goes, and nobody's branch is touched."""

import asyncio
import secrets
from collections.abc import Coroutine
from typing import Any

from storage.git import Git
from storage.git_branch import Branch, RemoteBranch
from storage.repo_errors import (
    GitTimeoutError,
    RepoBusyError,
    RepoError,
    ScratchLeftError,
    UnreachableRemoteError,
)

SCRATCH = "copydesk-doctor-"
"""How the names of scratch branches begin."""


async def try_writing(git: Git, branch: Branch, tip: str | None) -> None:
    """Try to write where commits of this branch go; `tip` is its newest commit.

    Raises a `RepoError`, among them `ScratchLeftError` where what was written could not be removed.
    """
    if not isinstance(branch, RemoteBranch):
        await _try_ref(git, tip or await _blank_commit(git))
    elif tip is None:
        # The first branch of an empty repository becomes its main one, and forges do not delete that.
        spec = f"{await _blank_commit(git)}:refs/heads/{branch.name}"
        await git.run("push", "--dry-run", "--no-verify", "origin", spec)
    else:
        await _try_push(git, branch.address, tip)


async def _try_ref(git: Git, commit_id: str) -> None:
    ref = f"refs/copydesk/{SCRATCH}{secrets.token_hex(6)}"
    await git.run("update-ref", ref, commit_id)
    await git.run("update-ref", "-d", ref)


async def _try_push(git: Git, address: str, commit_id: str) -> None:
    """Push a commit that the remote has to a scratch branch, and delete that.

    A branch, as every forge lets those who may push make one, and many refuse refs of other kinds.
    """
    scratch = RemoteBranch(f"{SCRATCH}{secrets.token_hex(6)}", address)
    there = True  # until we know better: a push that was cut off may have landed
    try:
        there = await scratch.land(git, commit_id, base=None)
    except RepoError as trouble:
        there = isinstance(trouble, GitTimeoutError | UnreachableRemoteError)
        raise
    finally:
        if there:
            await _to_its_end(_delete(git, scratch.name))
    if not there:
        raise RepoBusyError


async def _to_its_end(work: Coroutine[Any, Any, None]) -> None:
    """Clear away even if we are cancelled meanwhile; git's own time limit ends it."""
    task = asyncio.create_task(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


async def _delete(git: Git, name: str) -> None:
    spec = f":refs/heads/{name}"
    deleted = await git.run("push", "--porcelain", "--no-verify", "origin", spec, accept=(0, 1, 128))
    if deleted.status and "remote ref does not exist" not in deleted.stderr:
        raise ScratchLeftError(name)


async def _blank_commit(git: Git) -> str:
    """Store a commit of no files, on no branch, and return its id; it is always the same one."""
    tree = (await git.run("hash-object", "-t", "tree", "-w", "--stdin")).line
    who = "Copydesk <copydesk@copydesk.invalid> 0 +0000"
    text = f"tree {tree}\nauthor {who}\ncommitter {who}\n\nTry whether writing is allowed\n"
    return (await git.run("hash-object", "-t", "commit", "-w", "--stdin", stdin=text.encode())).line
