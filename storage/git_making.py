"""Making a commit that no branch holds yet: from files, and signed where there is a key."""

from collections.abc import Mapping
from dataclasses import replace

from storage.git import Git
from storage.git_commit import CommitNote, check_path, fast_import_stream
from storage.git_complaints import quotable
from storage.git_history import changed_paths
from storage.newsletter_snapshot import Snapshot
from storage.push_errors import SigningFailedError
from storage.repo_errors import UnsafePathError


async def make_commit(
    git: Git, files: Mapping[str, bytes | None], note: CommitNote, *, base: str | None, signing_key: str
) -> str | None:
    """Store a commit that no branch holds yet, and return its id; None where nothing would differ.

    A file keeps its executable bit. Raises `UnsafePathError` where a file would replace a folder, or a folder
    a file; `SigningFailedError` where the key (its file's name; "" for none) does not sign.
    """
    for path in files:
        check_path(path)
    if not files:
        return None
    there = await Snapshot(git, base).tree(files)
    executable = frozenset(line.path for line in there if line.mode == "100755")
    stream = fast_import_stream(note, parent=base, files=files, executable=executable)
    made = (await git.run("fast-import", "--quiet", "--force", "--done", stdin=stream)).line
    changed = await changed_paths(git, made)
    if beyond := [path for path in changed if path not in files]:
        raise UnsafePathError(
            beyond[0], "a file would take the place of a folder, or a folder that of a file"
        )
    if not changed:
        return None
    return await _signed(git, made, note, base=base, key=signing_key) if signing_key else made


async def _signed(git: Git, made: str, note: CommitNote, *, base: str | None, key: str) -> str:
    """Make the same commit again with a signature: fast-import cannot sign.

    Ed25519 and RSA keys sign the same text alike each time, so the id is the same each time, too.
    """
    parents = () if base is None else ("-p", base)
    settings = ("-c", "gpg.format=ssh", "-c", f"user.signingkey={key}")
    signer = replace(git, environment={**git.environment, **note.author.environment(note.when)})
    answer = await signer.run(
        *(*settings, "commit-tree", "-S", *parents, "-F", "-", f"{made}^{{tree}}"),
        stdin=note.text.encode("utf-8", "replace"),
        accept=range(256),
    )
    if answer.status:
        said = [line for line in answer.stderr.splitlines() if line.strip()]
        words = quotable(" ".join(said[:3]).replace(key, "the key"), hidden=git.hidden)
        raise SigningFailedError(words)
    return answer.line
