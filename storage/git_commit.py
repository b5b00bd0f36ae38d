"""A commit to be: who, when, why and which files, as the stream that `git fast-import` takes."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from storage.repo_errors import UnsafePathError

PENDING = "refs/copydesk/pending"
"""The ref under which fast-import puts a commit before it is tried on the branch."""

_TRAILERS = re.compile(r"[A-Za-z][A-Za-z0-9-]*: .*(?:\n[A-Za-z][A-Za-z0-9-]*: .*)*\Z")
_PUBLISH_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,199}\Z")


@dataclass(frozen=True, slots=True)
class Signature:
    """Whom a commit names as its author; angle brackets and control characters are left out."""

    name: str
    email: str

    def at(self, when: datetime) -> str:
        """Return the line's text after `author `: name, address, seconds since 1970 and the offset."""
        if when.tzinfo is None:
            raise ValueError("a commit needs a date with a time zone")
        name, email = self._as_git_has_them()
        return f"{name} <{email}> {int(when.timestamp())} {when:%z}"

    def environment(self, when: datetime) -> dict[str, str]:
        """Return the variables by which `git commit-tree` learns the same."""
        name, email = self._as_git_has_them()
        date = f"@{int(when.timestamp())} {when:%z}"
        told = {"NAME": name, "EMAIL": email, "DATE": date}
        return {f"GIT_{role}_{what}": told[what] for role in ("AUTHOR", "COMMITTER") for what in told}

    def _as_git_has_them(self) -> tuple[str, str]:
        name, email = (
            _plain(text).translate({ord("<"): "", ord(">"): ""}) for text in (self.name, self.email)
        )
        email = "".join(email.split())[:200]
        name = " ".join(name.split()).strip(" .,:;'\"\\")[:200] or email.partition("@")[0] or "unknown"
        return name, email


@dataclass(frozen=True, slots=True)
class CommitNote:
    """What a commit says of itself; with the same parent and files it always gives the same id."""

    message: str
    author: Signature
    when: datetime
    publish_id: str

    def __post_init__(self) -> None:
        if not _PUBLISH_ID.match(self.publish_id):
            raise ValueError("a publish id is letters, digits and . _ : - in one word")

    @property
    def text(self) -> str:
        """The message with its `Publish-Id` trailer, joined to the trailers already there."""
        body = "\n".join(_plain(line).rstrip() for line in self.message.strip().split("\n"))
        _, paragraph, last = body.rpartition("\n\n")
        gap = "\n" if paragraph and _TRAILERS.match(last) else "\n\n"
        return f"{body}{gap}Publish-Id: {self.publish_id}\n"

    @property
    def pattern(self) -> str:
        """The extended regular expression that finds this note's trailer in a message."""
        return f"^Publish-Id: {self.publish_id.replace('.', '[.]')}$"


def fast_import_stream(
    note: CommitNote, *, parent: str | None, files: Mapping[str, bytes | None], executable: frozenset[str]
) -> bytes:
    """Return one commit as a fast-import stream that prints the new id; None deletes a path.

    Every path must have passed `check_path`: fast-import takes them unquoted, and takes unsafe ones.
    """
    signature = note.author.at(note.when)
    head = f"commit {PENDING}\nmark :1\nauthor {signature}\ncommitter {signature}\n".encode(
        "utf-8", "replace"
    )
    parts = [head, _data(note.text.encode("utf-8", "replace"))]
    if parent is not None:
        parts.append(f"from {parent}\n".encode())
    for path, content in sorted(files.items()):
        if content is None:
            parts.append(f"D {path}\n".encode())
        else:
            mode = "100755" if path in executable else "100644"
            parts += [f"M {mode} inline {path}\n".encode(), _data(content)]
    return b"".join([*parts, b"\nget-mark :1\ndone\n"])


def _data(content: bytes) -> bytes:
    return b"data %d\n%b\n" % (len(content), content)


def _plain(text: str) -> str:
    return "".join(c for c in text if c == "\t" or unicodedata.category(c) not in {"Cc", "Cs"})


def check_path(path: str) -> None:
    """Raise `UnsafePathError` for a path that a work tree, on any system, cannot hold safely.

    fast-import 2.39 and 2.47 accept `../x`, `.git/config` and `a/./b`, so nobody else checks.
    """
    if reason := next(filter(None, map(_fault, path.split("/"))), None):
        raise UnsafePathError(path, reason)
    if len(path) > 240:
        raise UnsafePathError(path, "it is longer than 240 characters")


def _fault(part: str) -> str | None:
    """Say what is wrong with one component of a path."""
    seen = "".join(c for c in part if unicodedata.category(c) != "Cf").casefold().rstrip(". ")
    if part in {"", ".", ".."}:
        return "it has an empty component, a . or a .."
    if seen in {".git", "git~1"}:
        return "it leads into git's own folder"
    if any(c in '\\:*?"<>|' or unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} for c in part):
        return 'it has a control character or one of \\ : * ? " < > |'
    if part.endswith((".", " ")) or part.startswith(" "):
        return "a component begins or ends with a blank, or ends with a dot"
    if len(part.encode()) > 255:
        return "a component is longer than 255 bytes"
    return None
