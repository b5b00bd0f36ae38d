"""Questions about the commits of a repository."""

from dataclasses import dataclass

from storage.git import Git
from storage.git_commit import CommitNote
from storage.git_complaints import quotable

# The difference to the first parent, also for a merge or a root; a moved file is one gone and one new.
_SHOW = ("show", "--format=", "--diff-merges=first-parent", "--no-renames", "--no-color", "--no-ext-diff")
_DIFF_LIMIT = 64 * 1024


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit of the newsletter's branch.

    `created` is False where nothing differed (then `paths` is empty and `id` is the branch's tip), or where
    the commit was there from an earlier try. `pushed` says that a remote repository holds it. `diff` is
    unified, with one line of context, and cut after 64 KiB.
    """

    id: str
    parent: str | None
    paths: tuple[str, ...]
    created: bool
    pushed: bool
    diff: str


async def describe(git: Git, commit_id: str, *, created: bool, pushed: bool) -> Commit:
    """Say what a commit changed."""
    paths, parent = await changed_paths(git, commit_id), await parent_of(git, commit_id)
    return Commit(commit_id, parent, paths, created, pushed, await _diff(git, commit_id))


async def changed_paths(git: Git, commit_id: str) -> tuple[str, ...]:
    """Return the paths that differ from the first parent, sorted."""
    names = (await git.run(*_SHOW, "--name-only", "-z", commit_id)).stdout.split(b"\0")
    return tuple(sorted(name.decode("utf-8", "surrogateescape") for name in names if name))


async def parent_of(git: Git, commit_id: str) -> str | None:
    """Return the first parent, or None for a root commit."""
    return (await git.run("rev-parse", "--verify", "--quiet", f"{commit_id}^1", accept=(0, 1))).line or None


async def holds(git: Git, commit_id: str, tip: str | None) -> bool:
    """Tell whether a commit is among those of `tip`, or `tip` has what it wrote, as after a squash merge."""
    if tip is None:
        return False
    found = await git.run("merge-base", "--is-ancestor", commit_id, tip, accept=(0, 1, 128))
    if found.status != 1:  # 128: nobody has the commit any more
        return found.status == 0
    changed = await changed_paths(git, commit_id)
    there = await git.run("diff-tree", "-r", "--name-only", "-z", commit_id, tip)
    return not set(changed) & set(there.stdout.decode("utf-8", "surrogateescape").split("\0"))


async def already_published(git: Git, note: CommitNote, tip: str) -> str | None:
    """Return the branch's newest commit that carries the note's publish id."""
    wanted = ("--extended-regexp", f"--grep={note.pattern}")
    return (await git.run("log", "-1", "--format=%H", *wanted, tip, patience=10)).line or None


async def _diff(git: Git, commit_id: str) -> str:
    patch = (await git.run(*_SHOW, "--no-textconv", "-U1", commit_id)).stdout
    if len(patch) > _DIFF_LIMIT:
        patch = patch[: patch.rfind(b"\n", 0, _DIFF_LIMIT) + 1] + "…\n".encode()
    return patch.decode("utf-8", "replace")


async def problems(git: Git) -> tuple[str, ...]:
    """Let git check every object and link; each line that is more than a remark is a problem."""
    answer = await git.run("fsck", "--full", "--no-dangling", "--no-progress", accept=range(256), patience=10)
    lines = [*answer.stdout.decode("utf-8", "replace").splitlines(), *answer.stderr.splitlines()]
    serious = [line for line in lines if not line.startswith(("notice:", "warning", "dangling"))]
    return tuple(filter(None, (quotable(line, hidden=git.hidden) for line in serious)))
