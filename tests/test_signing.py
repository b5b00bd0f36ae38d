"""Signed commits, and a deploy key by ssh: real keys, real git, a real ssh server."""

import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage.git_keys import Keys
from storage.newsletter_repo import NewsletterRepo
from storage.push_errors import SigningFailedError
from storage.repo_errors import AccessDeniedError
from tests.newsletter_repo_fixtures import EDITOR, NOON, SKELETON, adding_line, bare_repository, git, writing

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


def new_key(file: Path, kind: str = "ed25519", passphrase: str = "") -> Path:
    file.parent.mkdir(exist_ok=True)
    subprocess.run(
        ["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-C", "copydesk", "-f", str(file)], check=True
    )
    return file


def signing(folder: Path, key: Path | str, remote: Path | None = None) -> NewsletterRepo:
    return NewsletterRepo(
        folder, remote=str(remote) if remote else None, branch="main", keys=Keys(signing=str(key))
    )


def verified(repository: Path, commit: str, key: Path, folder: Path) -> str:
    """Let git verify a commit against the key's public half; give what it says."""
    allowed = folder / "allowed_signers"
    allowed.write_text(f"{EDITOR.email} {key.with_suffix('.pub').read_text()}")
    done = subprocess.run(
        ["git", "-c", f"gpg.ssh.allowedSignersFile={allowed}", "verify-commit", commit],
        cwd=repository,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


async def publish(repo: NewsletterRepo, line: str = "one") -> str:
    commit = await repo.commit(
        adding_line("issue.md", line),
        message="Draft 2026-05-13: 主编's #1",
        author=EDITOR,
        when=NOON,
        publish_id=line,
    )
    return commit.id


@pytest.mark.parametrize("kind", ["ed25519", "rsa"])
async def test_every_commit_is_signed_and_git_verifies_it(tmp_path: Path, kind: str) -> None:
    key, remote = new_key(tmp_path / "keys here" / "sign", kind), bare_repository(tmp_path / "remote.git")
    repo = signing(tmp_path / "cache", key, remote)
    await repo.open(SKELETON, EDITOR, NOON)
    first = await publish(repo)
    undone = await repo.revert(first, message="Undo", author=EDITOR, when=NOON, publish_id="undo")

    for commit in git(remote, "rev-list", "main").split():
        assert 'Good "git" signature for ada@newsletter.test' in verified(remote, commit, key, tmp_path)
    assert git(remote, "rev-parse", "main") == undone.id
    assert await repo.fsck() == ()


async def test_a_signed_commit_says_the_same_as_an_unsigned_one(tmp_path: Path) -> None:
    ids = []
    for place, key in (("plain", ""), ("signed", str(new_key(tmp_path / "keys" / "sign")))):
        repo = signing(tmp_path / place, key)
        await repo.open(SKELETON, EDITOR, NOON)
        ids.append(await publish(repo))
    shown = [
        git(tmp_path / place, "log", "--format=%T%n%an %ae %ai%n%cn %ce %ci%n%B", "main")
        for place in ("plain", "signed")
    ]

    assert shown[0] == shown[1]
    assert ids[0] != ids[1]


async def test_the_same_commit_signed_again_has_the_same_id(tmp_path: Path) -> None:
    key = new_key(tmp_path / "keys" / "sign")
    ids = set()
    for place in ("one", "two"):
        repo = signing(tmp_path / place, key)
        await repo.open(SKELETON, EDITOR, NOON)
        ids.add(await publish(repo))

    assert len(ids) == 1


@pytest.mark.parametrize("fault", ["missing", "passphrase", "no key", "open to all"])
async def test_a_key_that_does_not_sign_is_said_and_nothing_is_committed(tmp_path: Path, fault: str) -> None:
    key = new_key(tmp_path / "keys" / "sign", passphrase="s3cret" if fault == "passphrase" else "")
    begun = signing(tmp_path / "repo", "")
    await begun.open(SKELETON, EDITOR, NOON)
    before = git(tmp_path / "repo", "rev-parse", "main")
    if fault == "missing":
        key.unlink()
    if fault == "no key":
        key.write_text("nothing")
    if fault == "open to all":
        key.chmod(0o644)

    with pytest.raises(SigningFailedError, match="I could not sign the commit") as told:
        await publish(signing(tmp_path / "repo", key))

    assert str(tmp_path) not in str(told.value)
    assert git(tmp_path / "repo", "rev-parse", "main") == before
    assert git(tmp_path / "repo", "fsck", "--no-dangling") == ""


@contextmanager
def ssh_server(folder: Path, authorized: Path) -> Iterator[int]:
    """Run a real sshd on a free port for the one key; give the port."""
    host_key = new_key(folder / "host")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = folder / "sshd_config"
    settings.write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {host_key}\nPidFile none\nUsePAM no\n"
        f"AuthorizedKeysFile {authorized}\nStrictModes no\nPasswordAuthentication no\n"
    )
    Path("/run/sshd").mkdir(exist_ok=True)
    assert SSHD is not None
    server = subprocess.Popen([SSHD, "-D", "-e", "-f", str(settings)], stderr=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 30
        while not _answers(port):
            assert server.poll() is None, server.stderr.read() if server.stderr else ""
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield port
    finally:
        server.terminate()
        server.wait()
        if server.stderr:
            server.stderr.close()


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


@pytest.mark.skipif(SSHD is None or os.geteuid() != 0, reason="needs openssh-server, run by root")
async def test_a_deploy_key_pushes_by_ssh_and_nothing_else_does(tmp_path: Path) -> None:
    key, other = (new_key(tmp_path / "my keys 100%d" / name) for name in ("deploy's", "other"))
    remote, authorized = bare_repository(tmp_path / "remote.git"), tmp_path / "authorized_keys"
    authorized.write_text(f"restrict {key.with_name(key.name + '.pub').read_text()}")
    with ssh_server(tmp_path, authorized) as port:
        known, nobody = tmp_path / "known hosts", tmp_path / "empty"
        known.write_text(f"[127.0.0.1]:{port} {(tmp_path / 'host.pub').read_text()}")
        nobody.touch()
        address = f"ssh://{getpass.getuser()}@127.0.0.1:{port}{remote}"

        def with_keys(ssh: Path, hosts: Path, place: str) -> NewsletterRepo:
            keys = Keys(ssh=str(ssh), known_hosts=str(hosts))
            return NewsletterRepo(tmp_path / place, remote=address, branch="main", keys=keys)

        repo = with_keys(key, known, "cache")
        await repo.open(SKELETON, EDITOR, NOON)
        await repo.commit(writing({"a.md": b"a\n"}), message="A", author=EDITOR, when=NOON, publish_id="a")
        for ssh, hosts in ((other, known), (key, nobody)):
            with pytest.raises(AccessDeniedError):
                await with_keys(ssh, hosts, "elsewhere").open(SKELETON, EDITOR, NOON)

    assert git(remote, "show", "main:a.md") == "a"
    assert nobody.read_text() == ""
