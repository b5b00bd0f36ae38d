"""Where a file went that people renamed: git's own comparison of contents, step by step."""

import re

from storage.git import Git
from storage.newsletter_snapshot import Snapshot

_ALIKE = "-M30%"
"""From which share of its content git takes a file for renamed. The 27 drafts that were renamed in the
newsletter's history kept two thirds and more; one may be rewritten as well."""
_UNKNOWN = 128  # git's exit status for a commit that it does not have, after a rewritten history


async def renamed_since(snapshot: Snapshot, path: str, since: str) -> str | None:
    """Return what a file of the commit `since` is called in the snapshot; None where it cannot be told.

    Renames are followed from commit to commit, the name changed three times and the words with it. Where that
    trail ends (a squashed history, a merge) the two ends are compared.
    """
    if snapshot.id is None or not re.fullmatch(r"[0-9a-f]{4,64}", since):
        return None
    by_steps = await _followed(snapshot.git, path, since, snapshot.id)
    for found in (by_steps, (await renames_between(snapshot.git, since, snapshot.id)).get(path)):
        if found is not None and await snapshot.read(found) is not None:
            return found
    return None


async def _followed(git: Git, path: str, since: str, until: str) -> str | None:
    """Follow a path through the renames of each commit, oldest first."""
    options = ("--reverse", "--topo-order", "--format=", "--name-status", "-z", _ALIKE, "--diff-filter=R")
    answer = await git.run("log", *options, f"{since}..{until}", accept=(0, _UNKNOWN), patience=10)
    now = path
    for old, new in _pairs(answer.stdout):
        now = new if old == now else now
    return now if now != path else None


async def renames_between(git: Git, since: str, until: str) -> dict[str, str]:
    """Return the new name of each file that was renamed between two commits, by its old one."""
    options = ("-r", "--name-status", "-z", _ALIKE, "--diff-filter=R")
    answer = await git.run("diff-tree", *options, since, until, accept=(0, _UNKNOWN))
    return dict(_pairs(answer.stdout))


def _pairs(output: bytes) -> list[tuple[str, str]]:
    """Read old and new names; each pair comes behind a mark such as R087."""
    words = [word.strip("\n") for word in output.decode("utf-8", "surrogateescape").split("\0")]
    marks = [place for place, word in enumerate(words) if re.fullmatch(r"R\d{1,3}", word)]
    return [(words[place + 1], words[place + 2]) for place in marks if place + 2 < len(words)]
