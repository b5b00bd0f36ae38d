"""Why a forge refuses a push, or a commit could not be signed, in words for the people of a desk."""

from storage.repo_errors import ASK_OPERATOR, RepoError


class UntrustedServerError(RepoError):
    """A server whose certificate nobody vouches for, or that is another's."""

    def __init__(self) -> None:
        super().__init__(
            "The certificate of the repository's server cannot be trusted, so I sent it nothing.",
            advice=f"{ASK_OPERATOR} to check the address in newsletter.remote, the server's certificate and "
            "this machine's clock.",
        )


class ProtectedBranchError(RepoError):
    """A branch that the forge keeps for others, or for pull requests."""

    def __init__(self, branch: str) -> None:
        super().__init__(
            f"The branch {branch} is protected, and I may not push to it.",
            advice=f"{ASK_OPERATOR} to let my account push there, or to set newsletter.way to "
            '"pull-request" in the configuration.',
            branch=branch,
        )


class FileTooLargeError(RepoError):
    """A file beyond the server's limit, such as GitHub's 100 MB."""

    def __init__(self) -> None:
        super().__init__(
            "A file in the commit is larger than the repository's server takes.",
            advice="Take the large picture or file out, then try again. Nothing was committed.",
        )


class LargeFileStoreError(RepoError):
    """A pointer of Git LFS whose content the server has not."""

    def __init__(self) -> None:
        super().__init__(
            "The repository's server misses contents that are kept by Git LFS.",
            advice="Push them by hand: git lfs push --all origin",
        )


class UnsignedCommitError(RepoError):
    """The branch takes signed commits only, or does not know our key."""

    def __init__(self) -> None:
        super().__init__(
            "The branch takes commits with a verified signature only.",
            advice=f"{ASK_OPERATOR} to set newsletter.signing_key, and to register its public key as a "
            "signing key of my account.",
        )


class SigningFailedError(RepoError):
    """The configured key does not sign."""

    def __init__(self, words: str) -> None:
        super().__init__(
            f"I could not sign the commit: {words.rstrip('.') or 'ssh-keygen did not say why'}.",
            advice=f"{ASK_OPERATOR} to check newsletter.signing_key: python -m bot doctor",
            words=words.rstrip(".") or "…",
        )
