"""What forges print where they refuse a push becomes plain words with a cure, and nothing is half done."""

import base64
import tracemalloc
from pathlib import Path

import pytest

from storage.git_complaints import explain
from storage.newsletter_repo import NewsletterRepo
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
    NoRightError,
    NoSuchRepositoryError,
    PushRefusedError,
    RepoError,
    UnreachableRemoteError,
)
from tests.newsletter_repo_fixtures import EDITOR, NOON, bare_repository, git, opened, writing

# As the forges print them, on stderr of their hook; git puts "remote: " before each line.
REFUSALS: dict[str, tuple[str, type[RepoError]]] = {
    "github-protected": (
        "error: GH006: Protected branch update failed for refs/heads/main.\n"
        "error: Changes must be made through a pull request.",
        ProtectedBranchError,
    ),
    "github-large": (
        "error: File talk.pdf is 120.50 MB; this exceeds GitHub's file size limit of 100.00 MB\n"
        "error: GH001: Large files detected. You may want to try Git Large File Storage.",
        FileTooLargeError,
    ),
    "github-lfs": (
        "error: GH008: Your push referenced at least 1 unknown Git LFS objects:",
        LargeFileStoreError,
    ),
    "github-signatures": (
        "error: GH006: Protected branch update failed for refs/heads/main.\n"
        "error: Commits must have verified signatures.",
        UnsignedCommitError,
    ),
    "gitlab-protected": (
        "GitLab: You are not allowed to push code to protected branches on this project.",
        ProtectedBranchError,
    ),
    "gitlab-role": ("GitLab: You are not allowed to push code to this project.", NoRightError),
    "gitlab-lfs": (
        'GitLab: LFS objects are missing. Ensure LFS is properly set up or try "git lfs push --all".',
        LargeFileStoreError,
    ),
    "gitlab-unsigned": ("GitLab: Commit must be signed with a GPG key", UnsignedCommitError),
    "gitea-protected": ("Gitea: Not allowed to push to protected branch main", ProtectedBranchError),
    "own-rule": ("Issues come on Fridays only.", PushRefusedError),
}


@pytest.mark.parametrize("forge", REFUSALS)
async def test_a_forges_refusal_is_told_with_its_cure_and_the_branch_stays(
    tmp_path: Path, forge: str
) -> None:
    words, kind = REFUSALS[forge]
    remote = bare_repository(tmp_path / "remote.git")
    repo = await opened(tmp_path / "cache", remote)
    before, hook = git(remote, "rev-parse", "main"), remote / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ncat >&2 <<'END'\n{words}\nEND\nexit 1\n")
    hook.chmod(0o755)

    with pytest.raises(kind) as told:
        await repo.commit(writing({"a.md": b"a"}), message="A", author=EDITOR, when=NOON, publish_id="a")

    assert type(told.value) is kind
    assert git(remote, "rev-parse", "main") == before
    hook.unlink()
    commit = await repo.commit(writing({"a.md": b"a"}), message="A", author=EDITOR, when=NOON, publish_id="a")
    assert (commit.created, git(remote, "rev-list", "--count", "main")) == (True, "2")
    assert await repo.fsck() == ()


async def test_what_a_hook_prints_is_short_and_cannot_paint_the_terminal(tmp_path: Path) -> None:
    remote = bare_repository(tmp_path / "remote.git")
    repo = await opened(tmp_path / "cache", remote)
    hook = remote / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nprintf '\\033[31mNo\\033[0m\\t\\342\\200\\256%0900d\\n' 1 >&2\nexit 1\n")
    hook.chmod(0o755)

    with pytest.raises(PushRefusedError) as told:
        await repo.commit(writing({"a.md": b"a"}), message="A", author=EDITOR, when=NOON, publish_id="a")

    assert told.value.problem.isprintable()
    assert "refused the commit: No" in told.value.problem
    assert len(told.value.problem) < 400


SECRETS = {"GIT_TOKEN": "c4nary-of-the-push", "SMTP_PASSWORD": "c4nary-of-the-mail"}


@pytest.mark.parametrize(
    "words",
    [
        "env",
        "tr '\\0' '\\n' </proc/$PPID/environ",
        "printf 'c4nary-\\033[0mof-the-push'",
        "printf %s x-access-token:c4nary-of-the-push | base64",
    ],
    ids=["environment", "git's-environment", "painted", "header"],
)
async def test_a_hook_on_this_machine_tells_no_secret_of_ours(
    tmp_path: Path, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, secret in SECRETS.items():
        monkeypatch.setenv(name, secret)
    remote, cache = bare_repository(tmp_path / "remote.git"), tmp_path / "cache"
    repo = NewsletterRepo(cache, remote=str(remote), branch="main", token_variable="GIT_TOKEN")
    await repo.open({"README.md": b"Hello"}, EDITOR, NOON)
    hook = remote / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(
        f"#!/bin/sh\n{words} >{tmp_path}/heard\nsort -r {tmp_path}/heard | head -c 250 >&2\nexit 1\n"
    )
    hook.chmod(0o755)

    with pytest.raises(PushRefusedError) as told:
        await repo.commit(writing({"a.md": b"a"}), message="A", author=EDITOR, when=NOON, publish_id="a")

    heard = (tmp_path / "heard").read_text()
    assert heard and "c4nary-of-the-mail" not in heard
    assert "c4nary" not in str(told.value)
    assert base64.b64encode(b"x-access-token:c4nary-of-the-push").decode() not in str(told.value)


async def test_of_a_hook_that_prints_without_end_the_ends_are_kept(tmp_path: Path) -> None:
    remote = bare_repository(tmp_path / "remote.git")
    repo = await opened(tmp_path / "cache", remote)
    hook = remote / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho First words >&2\nhead -c 3000000 /dev/zero | tr '\\0' x >&2\nexit 1\n")
    hook.chmod(0o755)
    tracemalloc.start()

    with pytest.raises(PushRefusedError, match="First words"):
        await repo.commit(writing({"a.md": b"a"}), message="A", author=EDITOR, when=NOON, publish_id="a")

    assert tracemalloc.get_traced_memory()[1] < 2_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("ERROR: Permission to ada/newsletter.git denied to deploy key", NoRightError),
        ("git@github.com: Permission denied (publickey).", AccessDeniedError),
        (
            "ERROR: Repository not found.\nfatal: Could not read from remote repository.",
            NoSuchRepositoryError,
        ),
        ("remote: HTTP Basic: Access denied\nfatal: Authentication failed for 'x'", AccessDeniedError),
        ("fatal: unable to access 'x': SSL certificate problem: self-signed", UntrustedServerError),
        ("fatal: unable to access 'x': GnuTLS recv error (-54): Error in the pull", UnreachableRemoteError),
        ("fatal: unable to access 'x': The requested URL returned error: 429", UnreachableRemoteError),
        ("kex_exchange: Connection closed by remote host\nfatal: Could not read", UnreachableRemoteError),
        ("remote: The project you were looking for could not be found", NoSuchRepositoryError),
        (
            "error: RPC failed; HTTP 413 curl 22\nfatal: the remote end hung up unexpectedly",
            FileTooLargeError,
        ),
        # As git 2.39 says it on a full disk: of a ref, and of fast-import's pack.
        ("error: cannot update ref 'refs/x': couldn't write '/cache/refs/x.lock'", DiskFullError),
        (
            "fatal: sha1 file 'tmp_pack_a' write error. Out of diskspace\nfast-import: dumping crash report",
            DiskFullError,
        ),
        ("ssh: connect to host git.test port 22: Connection refused", UnreachableRemoteError),
        ("ERROR: The key you are authenticating with has been marked as read only.", NoRightError),
        ("remote: This repository was archived so it is read-only.\nfatal: error: 403", NoRightError),
    ],
    ids=[
        "denied",
        "publickey",
        "not-found",
        "basic",
        "tls",
        "cut",
        "often",
        "ssh-cut",
        "gitlab",
        "large",
        "full-ref",
        "full-pack",
        "down",
        "read-only-key",
        "archived",
    ],
)
def test_what_servers_say_before_a_push_is_told_apart(words: str, kind: type[RepoError]) -> None:
    assert type(explain(words, hidden=())) is kind
