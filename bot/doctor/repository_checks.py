"""The newsletter's repository: it opens, its remote answers, and we may write there."""

import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from bot.clear_text import STAYS_HERE, way_of
from bot.doctor.finding import Check, Finding
from bot.doctor.key_checks import key_findings
from bot.doctor.secrecy import VARIABLE
from bot.doctor.visit import Visit, failed
from bot.newsletter_tables import NewsletterConfig
from bot.ways import keys_of
from storage.newsletter_repo import NewsletterRepo, Signature
from storage.repo_errors import (
    AccessDeniedError,
    BadRemoteError,
    GitMissingError,
    GitTimeoutError,
    NoRightError,
    NoSuchBranchError,
    NoSuchRepositoryError,
    NotARepositoryError,
    NoTokenError,
    PushRefusedError,
    RepoError,
    ScratchLeftError,
    UnreachableRemoteError,
)

AREA = "repository"
_FOLDER = Check(AREA, "folder")
_FETCH = Check(AREA, "fetch")
_PUSH = Check(AREA, "write")
_TOKEN = Check(AREA, "token")
_GIT_SHARE = 0.8  # of the time of a check, so that git's own explanation comes before we give up


async def repository_findings(visit: Visit) -> list[Finding]:
    """Look at the newsletter's repository. A remote is tried from a folder of our own.

    The newsroom's cache, which it may be using, is only looked into.
    """
    newsletter = visit.config.newsletter
    found = await visit.look(_FOLDER, lambda: _folder(visit)) + await key_findings(visit)
    if newsletter.remote:
        with tempfile.TemporaryDirectory(prefix="copydesk-doctor-") as folder:
            found += await _remote_findings(visit, Path(folder) / "newsletter.git")
    elif not failed(found) and newsletter.repository.exists():
        found.append(_FETCH.fine("there is no remote: commits stay in this folder, and nothing is pushed"))
        found += await visit.look(
            _PUSH, lambda: _write(_repo(visit, newsletter.repository), newsletter, _KEPT)
        )
    return found


def _repo(visit: Visit, folder: Path) -> NewsletterRepo:
    newsletter = visit.config.newsletter
    return NewsletterRepo(
        folder,
        remote=newsletter.remote or None,
        branch=newsletter.branch,
        timeout=visit.seconds * _GIT_SHARE,
        token_variable=newsletter.token_env or None,
        keys=keys_of(newsletter),
    )


async def _folder(visit: Visit) -> Sequence[Finding]:
    newsletter = visit.config.newsletter
    try:
        made = await _repo(visit, newsletter.repository).is_made()
    except RepoError as trouble:
        return [_FOLDER.wrong(trouble.problem, _cure(trouble, newsletter))]
    if made:
        return [_FOLDER.fine(f"{newsletter.repository} is a bare repository")]
    cure = "Make it, or let the first start do it: python -m bot init"
    return [_FOLDER.warning(f"there is no {newsletter.repository} yet", cure)]


async def _remote_findings(visit: Visit, folder: Path) -> list[Finding]:
    newsletter = visit.config.newsletter
    _copy_settings(newsletter.repository, folder)
    found = _clear(newsletter) + await visit.look(_FETCH, lambda: _fetch(visit, folder))
    if failed(found):
        return [*found, _PUSH.skipped("not tried, as the remote cannot be fetched")]
    return found + await visit.look(_PUSH, lambda: _write(_repo(visit, folder), newsletter, _PUSHED))


def _clear(newsletter: NewsletterConfig) -> list[Finding]:
    """Find a token that would travel where others can read it."""
    remote = newsletter.remote
    if not newsletter.token_env or not remote.startswith("http://") or way_of(remote) == STAYS_HERE:
        return []
    said = "the token travels unencrypted to another machine"
    return [_TOKEN.warning(said, "Write https:// in newsletter.remote, or use ssh with newsletter.ssh_key.")]


def _copy_settings(cache: Path, folder: Path) -> None:
    """Take over what somebody has set for git in the newsroom's cache, such as a proxy."""
    folder.mkdir()
    with suppress(OSError):
        for name in ("HEAD", "config"):
            shutil.copyfile(cache / name, folder / name)


async def _fetch(visit: Visit, folder: Path) -> Sequence[Finding]:
    newsletter = visit.config.newsletter
    nobody = Signature("Copydesk", "copydesk@copydesk.invalid")
    try:
        await _repo(visit, folder).open({}, nobody, visit.clock())
    except RepoError as trouble:
        return [_FETCH.wrong(trouble.problem, _cure(trouble, newsletter))]
    return [_FETCH.fine(f"the remote answers, with its branch {newsletter.branch}")]


async def _write(repo: NewsletterRepo, newsletter: NewsletterConfig, done: str) -> Sequence[Finding]:
    try:
        tip = await repo.try_writing()
    except ScratchLeftError as left:
        return [_PUSH.warning(left.problem, left.advice)]
    except RepoError as trouble:
        return [_PUSH.wrong(trouble.problem, _cure(trouble, newsletter))]
    return [_PUSH.fine(done if tip else "allowed; the repository is empty, and the first start begins it")]


_KEPT = "a scratch ref came and went"
_PUSHED = "a scratch branch was pushed and deleted again"


def _cure(trouble: RepoError, newsletter: NewsletterConfig) -> str:
    """Name the operator's step: the error's own advice is for people in a room."""
    for kind, cure in _CURES.items():
        if isinstance(trouble, kind):
            return cure.format(
                folder=newsletter.repository, branch=newsletter.branch, token=_token(newsletter)
            )
    return trouble.advice


def _token(newsletter: NewsletterConfig) -> str:
    named = VARIABLE.fullmatch(newsletter.token_env)
    return newsletter.token_env if named else "the variable that newsletter.token_env names"


_RENEW = "Make a new token with the right to write (GitHub: Contents, read and write)"
_CURES: dict[type[RepoError], str] = {
    GitMissingError: "Install git 2.36 or later: sudo apt-get install git",
    NotARepositoryError: (
        "If it is the cache of a remote, put it aside: mv {folder} {folder}.old; else name another folder in "
        "newsletter.repository."
    ),
    BadRemoteError: (
        "Write the address in newsletter.remote without a password, and put the token into the environment "
        "variable that newsletter.token_env names."
    ),
    NoSuchRepositoryError: (
        "Compare newsletter.remote with the address that the forge shows under Clone, and give the "
        "account of the token or key access to it."
    ),
    NoSuchBranchError: "Create the branch {branch} there, or correct newsletter.branch.",
    UnreachableRemoteError: (
        "Look whether this machine reaches the server: git ls-remote ADDRESS; then network, name server, "
        "firewall, and the host in newsletter.remote."
    ),
    GitTimeoutError: "Look whether this machine reaches the server: git ls-remote ADDRESS; then try again.",
    NoTokenError: (
        "Set newsletter.token_env to the name of a variable, and put the token into it: export {token}=…"
    ),
    AccessDeniedError: (
        f"{_RENEW} and put it into {{token}}. Over ssh: ssh -T git@HOST must greet you; add the key "
        "there, and the host to known_hosts."
    ),
    NoRightError: (
        "Give the account of the token or key the right to write: on GitHub the token's permission Contents, "
        "read and write; on GitLab the role Developer and the scope write_repository; in a folder, chown."
    ),
    PushRefusedError: (
        "A rule or hook of the server refused a branch named copydesk-doctor-…: let it allow that name, or "
        "let this account pass it."
    ),
}
