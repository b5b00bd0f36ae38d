"""Git's complaints, turned into errors for people."""

import re
import unicodedata
from collections.abc import Callable, Iterable

from storage.push_errors import (
    FileTooLargeError,
    LargeFileStoreError,
    ProtectedBranchError,
    UnsignedCommitError,
    UntrustedServerError,
)
from storage.repo_errors import (
    AccessDeniedError,
    DiskFullError,
    GitTroubleError,
    NoRightError,
    NoSuchRepositoryError,
    NoTokenError,
    RepoBusyError,
    RepoError,
    UnreachableRemoteError,
)

# In the order tried: git prints several lines, and the later ones are guesses ("make sure you have the
# correct access rights").
_SIGNS: tuple[tuple[str, Callable[[], RepoError]], ...] = (
    (
        r"no space left on device|disk quota exceeded|out of diskspace|couldn't write '.*\.lock'",
        DiskFullError,
    ),
    (r"(http|error:) 413", FileTooLargeError),
    (r"could not read (username|password)|askpass response", NoTokenError),
    (
        r"authentication failed|permission denied \(|host key verification failed|error: 401",
        AccessDeniedError,
    ),
    (
        r"error: 403|access .*not granted|permission to .* denied to|marked as read.only"
        r"|insufficient permission|unable to create temporary object",
        NoRightError,
    ),
    (
        r"does not appear to be a git repo|repository .*not found|error: 404|dubious ownership"
        r"|project you were looking for could not be found|url base from redirection",
        NoSuchRepositoryError,
    ),
    (
        r"resolve host|failed to connect|couldn't connect|connection (refused|reset|timed out)",
        UnreachableRemoteError,
    ),
    (
        r"network is unreachable|no route to host|hung up unexpectedly|rpc failed|early eof",
        UnreachableRemoteError,
    ),
    (r"certificate", UntrustedServerError),
    (
        r"operation too slow|operation timed out|empty reply|error: (5\d\d|429)|not closed cleanly"
        r"|connection (was reset|closed by)|(recv|read|send) error|ssl_(read|write|connect)"
        r"|from proxy|proxy con",
        UnreachableRemoteError,
    ),
    (r"permission denied|read-only file system", NoRightError),
    (r"unable to create '.*\.lock'|cannot lock ref", RepoBusyError),
)


# What forges print where a rule of theirs refuses a push; GH001 and the like are GitHub's own numbers.
_RULES: tuple[tuple[str, Callable[[str], RepoError]], ...] = (
    (r"verified signature|must be signed|unsigned commit|is not signed", lambda _: UnsignedCommitError()),
    (
        r"GH001|exceeds .{0,60}file size limit|larger than .{0,60}maximum|file is too large",
        lambda _: FileTooLargeError(),
    ),
    (r"GH008|LFS objects? (are|is) missing|unknown Git LFS|missing LFS", lambda _: LargeFileStoreError()),
    (
        r"GH006|protected branch|branch .{0,120}is protected|must be made through a pull request",
        ProtectedBranchError,
    ),
    (r"not allowed to push code to this project|archived|read-only", lambda _: NoRightError()),
)


def rule_behind(words: str, *, branch: str) -> RepoError | None:
    """Return what a server's refusal of a push means, where it is one of the forges' own; else None."""
    for sign, kind in _RULES:
        if re.search(sign, words, re.IGNORECASE):
            return kind(branch)
    return None


def explain(stderr: str, *, hidden: Iterable[str]) -> RepoError:
    """Turn git's complaint (in English, from `LC_ALL=C`) into an error for people."""
    for sign, kind in _SIGNS:
        if re.search(sign, stderr, re.IGNORECASE):
            return kind()
    lines = [line for line in stderr.splitlines() if line.strip()]
    return GitTroubleError(quotable(lines[-1] if lines else "", hidden=hidden))


# Orders to a terminal (ECMA-48): colours and the like; titles and links, which end with BEL or ESC \; others.
_TERMINAL = r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b\n]{0,2000}(?:\x07|\x1b\\)?|[@-Z\\^_])"


def quotable(words: str, *, hidden: Iterable[str]) -> str:
    """Make git's or a server's words fit for a room: one short line without what must stay hidden."""
    words = re.sub(_TERMINAL, "", words)
    words = "".join(c if unicodedata.category(c) not in {"Cc", "Cf", "Co", "Cs"} else " " for c in words)
    for secret in sorted(filter(None, hidden), key=len, reverse=True):
        words = words.replace(secret, "…")
    words = re.sub(r"(?<=://)[^/\s@]+@", "", words)
    words = re.sub(r"(?<![\w.:/])/[\w.@+-]+(?:/[\w.@+-]+)+", "…", words)
    return " ".join(words.split())[:300].rstrip(". ")
