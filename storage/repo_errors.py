"""What can go wrong with the newsletter's repository, in words for the people of a desk.

No message holds a token, an address with a password in it, or a path on this machine.
"""

ASK_OPERATOR = "Ask whoever runs the bot"


class RepoError(Exception):
    """The newsletter's repository could not do what was asked.

    `problem` says what happened and `advice` what to do; both are whole sentences. `about` holds, by name,
    what they speak of, for who says the same in another language.
    """

    def __init__(self, problem: str, *, advice: str, **about: str) -> None:
        super().__init__(f"{problem} {advice}")
        self.about = about
        self.problem = problem
        self.advice = advice


class UnsafePathError(RepoError):
    """A file name that git or somebody's computer would take for something else."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"I will not write a file named {ascii(path)[:120]} into the repository: {reason}.",
            advice="Choose another file name.",
            path=ascii(path)[:120],
            reason=reason,
        )
        self.path = path


class RevertConflictError(RepoError):
    """A file was edited since, in the very lines that an undo would change."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} has been edited since, in the same lines, so I cannot undo that commit.",
            advice="Put the lines right by hand in the repository.",
            path=path,
        )
        self.path = path


class UnknownCommitError(RepoError):
    """A commit that the newsletter's branch does not hold."""

    def __init__(self, commit_id: str, branch: str) -> None:
        super().__init__(
            f"There is no commit {ascii(commit_id)[1:-1][:12]} in the branch {branch}.",
            advice="Somebody may have rewritten the branch: look at its history.",
            commit=ascii(commit_id)[1:-1][:12],
            branch=branch,
        )


class NothingToWriteError(RepoError):
    """An empty repository, and no file to begin it with."""

    def __init__(self) -> None:
        super().__init__(
            "The newsletter's repository is empty, and there is nothing to write into it.",
            advice="Put a story on the slate first.",
        )


class GitMissingError(RepoError):
    """No git program on this machine."""

    def __init__(self) -> None:
        super().__init__(
            "I cannot find the git program.", advice=f"{ASK_OPERATOR} to install git (2.36 or later)."
        )


class GitTimeoutError(RepoError):
    """Git did not end in time, and was stopped."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"Git gave no answer within {seconds:g} seconds, so I stopped it.",
            advice="Nothing is half done: try again, it will not be committed twice.",
            seconds=f"{seconds:g}",
        )


class RepoBusyError(RepoError):
    """Others hold or change the repository all the time."""

    def __init__(self) -> None:
        super().__init__(
            "Others are busy with the newsletter's repository, and I did not get my turn.",
            advice="Nothing is half done: try again in a minute.",
        )


class NotARepositoryError(RepoError):
    """The folder for the repository holds something else."""

    def __init__(self, found: str) -> None:
        super().__init__(
            f"The folder meant for the newsletter's repository holds {found}.",
            advice=f"{ASK_OPERATOR} to name an empty folder or a bare git repository in the configuration.",
            found=found,
        )


class BadRemoteError(RepoError):
    """An address or branch in the configuration that cannot be used."""

    def __init__(self, reason: str, cure: str) -> None:
        problem = f"I cannot use the newsletter's repository: {reason}."
        super().__init__(problem, advice=cure, reason=reason, cure=cure)


class NoSuchBranchError(RepoError):
    """The remote repository has commits, but not the branch of the configuration."""

    def __init__(self, branch: str) -> None:
        super().__init__(
            f"The newsletter's repository has no branch {branch}.",
            advice="Create the branch there, or correct its name in the configuration.",
            branch=branch,
        )


class PushRefusedError(RepoError):
    """The server's own rules (a hook, a protected branch) refused the commit."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The newsletter's repository refused the commit: {reason.rstrip('.')}.",
            advice="Its rules decide that: change them there, or let me write to another branch.",
            reason=reason.rstrip("."),
        )


class ScratchLeftError(RepoError):
    """A branch that was made for a try, and could not be removed again."""

    def __init__(self, branch: str) -> None:
        super().__init__(
            f"I could write to the newsletter's repository, but not remove my scratch branch {branch}.",
            advice=f"Delete it there: git push ADDRESS --delete {branch}",
            branch=branch,
        )


class CheckedOutBranchError(RepoError):
    """The remote is somebody's work tree with this very branch checked out."""

    def __init__(self, branch: str) -> None:
        super().__init__(
            f"The repository is a work tree with the branch {branch} checked out, so git refuses the commit.",
            advice="Name a bare repository, or run there: git config receive.denyCurrentBranch updateInstead",
            branch=branch,
        )


class NoTokenError(RepoError):
    """The server asks who we are, and there is nothing to answer."""

    def __init__(self) -> None:
        super().__init__(
            "The newsletter's repository wants a password, and I have none for it.",
            advice=f"{ASK_OPERATOR} to set the repository's token.",
        )


class AccessDeniedError(RepoError):
    """A wrong token, key or host key."""

    def __init__(self) -> None:
        super().__init__(
            "The newsletter's repository does not accept my token or key.",
            advice=f"{ASK_OPERATOR} to renew the token, or to check the ssh key and the known hosts.",
        )


class NoRightError(RepoError):
    """Known to the server, but not allowed to write."""

    def __init__(self) -> None:
        super().__init__(
            "I have no right to write to the newsletter's repository.",
            advice=f"{ASK_OPERATOR} to give my account write access.",
        )


class NoSuchRepositoryError(RepoError):
    """Nothing at the address, or nothing that we may see."""

    def __init__(self) -> None:
        super().__init__(
            "There is no repository at the configured address, or my account cannot see it.",
            advice=f"{ASK_OPERATOR} to check the address and the account.",
        )


class UnreachableRemoteError(RepoError):
    """The network or the server is down."""

    def __init__(self) -> None:
        super().__init__(
            "I cannot reach the server of the newsletter's repository.",
            advice="Nothing is half done: try again when it answers.",
        )


class DiskFullError(RepoError):
    """No room for another commit."""

    def __init__(self) -> None:
        super().__init__(
            "The disk that holds the newsletter's repository is full.",
            advice=f"{ASK_OPERATOR} to make room, then try again.",
        )


class GitTroubleError(RepoError):
    """Anything else; git's own last words are quoted."""

    def __init__(self, words: str) -> None:
        super().__init__(
            f"Git could not do it: {words or 'it did not say why'}.",
            advice=f"{ASK_OPERATOR} to look at the newsletter's repository (git fsck).",
            words=words or "…",
        )


PASSING_REPO_ERRORS = (GitTimeoutError, RepoBusyError, UnreachableRemoteError)
"""What may be gone a moment later. A push whose answer was lost is among them: it may have landed."""
