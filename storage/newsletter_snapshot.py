"""The newsletter's repository as it stood at one commit."""

from collections.abc import Iterable
from dataclasses import dataclass

from storage.git import Git


@dataclass(frozen=True, slots=True)
class TreeLine:
    """A file or folder in a git tree; `mode` is git's, in octal digits."""

    mode: str
    kind: str
    path: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The files at one commit; `id` is None where nothing is committed yet.

    It stays readable after the branch has moved on.
    """

    git: Git
    id: str | None

    async def read(self, path: str) -> bytes | None:
        """Return a file's bytes, or None where there is no file of that name."""
        if self.id is None or not _possible(path):
            return None
        order = f"{self.id}:{path}\n".encode("utf-8", "replace")
        found = (await self.git.run("cat-file", "--batch", stdin=order)).stdout
        header, _, content = found.partition(b"\n")
        words = header.split(b" ")
        if len(words) != 3 or words[1] != b"blob" or not words[2].isdigit():
            return None
        return content[: int(words[2])]

    async def size(self, path: str) -> int | None:
        """Return a file's bytes by number, without unpacking it; None where there is no such file."""
        if self.id is None or not _possible(path):
            return None
        order = f"{self.id}:{path}\n".encode("utf-8", "replace")
        said = (await self.git.run("cat-file", "--batch-check=%(objectsize)", stdin=order)).stdout.strip()
        return int(said) if said.isdigit() else None

    async def list(self, folder: str) -> tuple[str, ...]:
        """Return the paths of the files right in a folder ("" is the top), sorted; none if it is missing."""
        place = folder.strip("/")
        lines = await self.tree([f"{place}/"] if place else [])
        return tuple(sorted(line.path for line in lines if line.kind == "blob"))

    async def tree(self, paths: Iterable[str]) -> tuple[TreeLine, ...]:
        """Return what the tree holds at these paths; `folder/` gives what is in it, no path the top."""
        asked = list(paths)
        known = [path for path in asked if _possible(path.removesuffix("/"))]
        if self.id is None or (asked and not known):
            return ()
        lines = (await self.git.run("ls-tree", "-z", self.id, "--", *known)).stdout.split(b"\0")
        return tuple(_tree_line(line) for line in lines if line)


def _tree_line(line: bytes) -> TreeLine:
    facts, _, path = line.partition(b"\t")
    mode, kind, _ = facts.decode("ascii").split(" ")
    return TreeLine(mode, kind, path.decode("utf-8", "replace"))


def _possible(path: str) -> bool:
    """Say whether a tree can hold the path; git reads `./x` as relative and a newline as another order."""
    return not any(c in path for c in "\n\0") and not {"", ".", ".."} & set(path.split("/"))
