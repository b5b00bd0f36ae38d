"""The newsletter's git repository: commits straight into a bare repository, no work tree.

Every change is one `git fast-import` on top of the newest commit, then a compare-and-swap on the branch.
Killed at any moment, the branch has the commit or has it not; a publish id keeps it from having it twice.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import SystemRandom

from storage.git import Git, git_environment
from storage.git_branch import Branch, OwnBranch, RemoteBranch
from storage.git_commit import CommitNote, Signature
from storage.git_history import Commit, already_published, describe, holds, parent_of, problems
from storage.git_keys import Keys
from storage.git_lock import LOCK_NAME, only_writer
from storage.git_making import make_commit
from storage.git_remote import check_address, token_environment, token_forms
from storage.git_revert import files_without
from storage.git_scratch import try_writing
from storage.git_topic import TopicBranch
from storage.newsletter_snapshot import Snapshot
from storage.repo_errors import BadRemoteError, NotARepositoryError, NothingToWriteError, RepoBusyError

__all__ = ["Change", "Commit", "Keys", "NewsletterRepo", "Signature", "Snapshot"]

Change = Callable[[Snapshot], Awaitable[Mapping[str, bytes | None]]]
"""Decides the files to write (None deletes) from the repository as it stands; called again if that moved."""

# Eight writers with a cache each needed up to 20 tries for one commit, and a lock left in a remote on this
# machine is cleared after 2 seconds.
_TRIES = 40


class NewsletterRepo:
    """The repository that the newsletter is committed to.

    Without a remote, `directory` is the repository itself; with one, it is a cache that can be thrown away.
    `timeout` is in seconds for each run of git. `token_variable` names the environment variable that holds
    the token of an http(s) remote; without a key for it in `keys`, ssh is the user's own. Git's settings of
    the user are not read; those in the `config` of the bare repository are.

    Every method raises a `RepoError` for what people can put right.
    """

    def __init__(
        self,
        directory: Path,
        *,
        remote: str | None,
        branch: str,
        timeout: float = 60,
        token_variable: str | None = None,
        keys: Keys | None = None,
    ) -> None:
        if remote is not None:
            check_address(remote)
        directory = directory.absolute()
        token = os.environ.get(token_variable, "") if token_variable else ""
        keys = keys or Keys()
        extra = {**token_environment(directory, remote or "", token), "GIT_SSH_COMMAND": keys.ssh_command}
        environment = git_environment(directory, timeout=timeout, extra=extra)
        self._git = Git(
            directory,
            timeout,
            environment,
            hidden=(str(directory), remote or "", *token_forms(remote or "", token)),
        )
        self._branch: Branch = RemoteBranch(branch, remote) if remote else OwnBranch(branch)
        self._signing_key = keys.signing_file
        self._turn = asyncio.Lock()

    def on(self, topic: str) -> "NewsletterRepo":
        """Return this repository by another branch of its remote, which begins where the newsletter's is.

        Both take turns with each other. Raises `BadRemoteError` where there is no remote.
        """
        if not isinstance(self._branch, RemoteBranch):
            raise BadRemoteError(
                "a branch for a pull request needs a remote", "Name one in the configuration."
            )
        other = copy(self)
        base = getattr(self._branch, "base", "") or self._branch.name
        other._branch = TopicBranch(topic, self._branch.address, base)
        return other

    async def is_ahead(self) -> bool:
        """Fetch, and tell whether the branch of `on` holds what the newsletter's branch does not."""
        async with self._writing() as git:
            return isinstance(self._branch, TopicBranch) and await self._branch.is_ahead(git)

    async def holds(self, commit_id: str) -> bool:
        """Fetch, and tell whether the branch has a commit of ours, be it in a squashed one."""
        async with self._writing() as git:
            return await holds(git, commit_id, await self._branch.tip(git))

    async def open(self, skeleton: Mapping[str, bytes], author: Signature, when: datetime) -> None:
        """Make or take up the repository; an empty one, or an empty remote, begins with the skeleton.

        Safe to call at every start. It must have succeeded once before anything else is called.
        """
        note = CommitNote("Begin the newsletter", author, when, publish_id="begin")
        _claim_folder(self._git.directory)
        async with self._writing() as git:
            await self._branch.prepare(git)
            if await self._branch.tip(git, patience=10) is None and skeleton:
                await self._land(git, _beginning(skeleton), note)

    async def snapshot(self) -> Snapshot:
        """Return the repository as it is now, fetched from the remote if there is one."""
        async with self._writing() as git:
            return await self._branch.snapshot(self._git, await self._branch.tip(git))

    def at(self, commit_id: str | None) -> Snapshot:
        """Return the repository as it was at a commit that it is known to hold."""
        return Snapshot(self._git, commit_id)

    async def commit(
        self, change: Change, *, message: str, author: Signature, when: datetime, publish_id: str
    ) -> Commit:
        """Commit what `change` makes of the newest state, once for each publish id, and push it.

        Where somebody else commits meanwhile, theirs is kept and `change` is called again on top of it. The
        same parent, files and particulars always give the same id. `change` must not call this object: the
        repository is locked while it runs.
        """
        note = CommitNote(message, author, when, publish_id)
        async with self._writing() as git:
            return await self._land(git, change, note)

    async def revert(
        self, commit_id: str, *, message: str, author: Signature, when: datetime, publish_id: str
    ) -> Commit:
        """Undo a commit by a new one, keeping what was edited since.

        Raises `RevertConflictError` where the same lines were edited, and `UnknownCommitError`. On a branch
        of `on` the commit may have been squashed with others: then what it changed tells.
        """
        squashed = isinstance(self._branch, TopicBranch)

        async def change(now: Snapshot) -> Mapping[str, bytes | None]:
            branch = None if squashed else self._branch.name
            return await files_without(self._git, commit_id, now, branch=branch)

        return await self.commit(change, message=message, author=author, when=when, publish_id=publish_id)

    async def fsck(self) -> tuple[str, ...]:
        """Return what git finds wrong with the repository or the cache; nothing means clean."""
        async with self._writing() as git:
            return await problems(git)

    async def is_made(self) -> bool:
        """Tell whether the bare repository is there, changing nothing.

        Raises `NotARepositoryError` where something else is in its place.
        """
        directory = self._git.directory
        if not directory.exists() or not _look_into(directory):
            return False
        found = await self._git.run("rev-parse", "--is-bare-repository", accept=(0, 128))
        if found.line != "true":
            raise NotARepositoryError("a work tree" if found.line else "a broken repository")
        return True

    async def try_writing(self) -> str | None:
        """Write to a scratch branch and remove it again; return the id of the newest commit.

        No branch is touched. `open` must have been called; with a remote that may be on another folder than
        the newsroom's, with an empty skeleton.
        """
        async with self._writing() as git:
            tip = await self._branch.tip(git)
            await try_writing(git, self._branch, tip)
            return tip

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[Git]:
        """Wait for our turn among tasks, then among processes, and clear what the killed have left."""
        git = self._git
        async with self._turn, only_writer(git.directory, patience=10 * git.timeout) as held:
            self._branch.sweep(git.directory)
            yield replace(git, held=held)

    async def _land(self, git: Git, change: Change, note: CommitNote) -> Commit:
        for lost in range(_TRIES):
            if (landed := await self._try_to_land(git, change, note)) is not None:
                return landed
            await asyncio.sleep(SystemRandom().uniform(0.2, 1) * min(0.05 * (lost + 1), 0.5))
            self._branch.sweep(git.directory)
        raise RepoBusyError

    async def _try_to_land(self, git: Git, change: Change, note: CommitNote) -> Commit | None:
        """Return the commit, or None where somebody else was quicker."""
        base, pushed = await self._branch.tip(git), self._branch.remote
        if base is not None and (found := await already_published(git, note, base)) is not None:
            return await describe(git, found, created=False, pushed=pushed)
        files = await change(await self._branch.snapshot(self._git, base))
        made = await make_commit(git, files, note, base=base, signing_key=self._signing_key)
        if made is None:
            if base is None:
                raise NothingToWriteError
            return Commit(base, await parent_of(git, base), (), created=False, pushed=pushed, diff="")
        commit = await describe(git, made, created=True, pushed=pushed)
        return commit if await self._branch.land(git, made, base=base) else None


def _beginning(skeleton: Mapping[str, bytes]) -> Change:
    """Write the skeleton, unless somebody has begun the branch meanwhile."""

    async def change(now: Snapshot) -> Mapping[str, bytes | None]:
        return dict(skeleton) if now.id is None else {}

    return change


def _claim_folder(directory: Path) -> None:
    """Make the folder; raise `NotARepositoryError` where it holds something that is not ours."""
    directory.mkdir(parents=True, exist_ok=True)
    _look_into(directory)


def _look_into(directory: Path) -> set[str]:
    """Return the names in the folder; raise `NotARepositoryError` where they are not a bare repository's."""
    found = {path.name for path in directory.iterdir()}
    if ".git" in found:
        raise NotARepositoryError("a work tree")
    if found and not found & {"HEAD", LOCK_NAME}:
        raise NotARepositoryError("other files")
    return found
