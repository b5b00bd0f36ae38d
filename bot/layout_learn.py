"""Past issues from a folder or repository, and what was learnt from them as people and programs read it."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from bot.errors import DeskError
from renderers.layout_learning import Proposal
from renderers.layout_reading import LayoutReading
from renderers.layout_rules import LayoutSection
from storage.newsletter_repo import NewsletterRepo, Signature
from storage.repo_errors import RepoError

FILE_LIMIT = 2_000_000  # bytes of a Markdown file; the longest real issue has 60,000
FILES_LIMIT = 5_000
_ENDINGS = (".md", ".markdown")
_PASSED_OVER = frozenset({".git", "node_modules", ".venv", "vendor"})
_EMOJI = "⚡🤓🔥✍🏆🎉🤔👏🐳💯🍓🕊🎃👻🤝🙏👌😎👾🤗"
"""Reactions that every platform can show, for sections as they come."""


class UnreadablePlaceError(DeskError):
    """The folder or repository to learn from cannot be read."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(
            f"{place} cannot be read ({reason}).", advice="Name a folder, a clone or a git repository."
        )


def files_of(place: str, branch: str, cache: Path) -> dict[str, bytes]:
    """Return a place's Markdown files by path; a repository without files of its own goes through `cache`.

    Files of more than FILE_LIMIT bytes are no issues, and are passed over. Raises UnreadablePlaceError.
    """
    folder = Path(place)
    bare = (folder / "HEAD").is_file() and (folder / "objects").is_dir()
    if folder.is_dir() and not bare:
        return dict(islice(_files_below(folder), FILES_LIMIT))
    if not bare and "://" not in place and "@" not in place:
        raise UnreadablePlaceError(place, "there is no such folder")
    remote = str(folder.absolute()) if bare else place
    try:
        return asyncio.run(_files_in_repo(remote, branch or _own_branch(folder), cache))
    except RepoError as problem:
        raise UnreadablePlaceError(place, str(problem).rstrip(".")) from problem


def _files_below(folder: Path) -> Iterator[tuple[str, bytes]]:
    found = (path for path in sorted(folder.rglob("*")) if path.suffix.lower() in _ENDINGS)
    for path in found:
        relative = path.relative_to(folder)
        inside = not _PASSED_OVER.intersection(relative.parts) and not path.is_symlink()
        with suppress(OSError):  # what we may not read, or is gone by now, is passed over
            if inside and path.is_file() and path.stat().st_size <= FILE_LIMIT:
                yield relative.as_posix(), path.read_bytes()


def _own_branch(folder: Path) -> str:
    """Return the branch that a bare repository calls its own."""
    try:
        head = (folder / "HEAD").read_text(encoding="utf-8").strip()
    except OSError:
        return "main"
    return head.removeprefix("ref: refs/heads/") if head.startswith("ref: refs/heads/") else "main"


async def _files_in_repo(remote: str, branch: str, cache: Path) -> dict[str, bytes]:
    repo = NewsletterRepo(cache / "cache.git", remote=remote, branch=branch)
    await repo.open({}, Signature("Copydesk", "copydesk@copydesk.invalid"), datetime.now(UTC))
    snapshot = await repo.snapshot()
    paths, lines = list[str](), await snapshot.tree([])
    while lines and len(paths) < FILES_LIMIT:
        paths += [line.path for line in lines if line.kind == "blob" and line.path.lower().endswith(_ENDINGS)]
        folders = [f"{line.path}/" for line in lines if line.kind == "tree"]
        lines = await snapshot.tree(folders) if folders else ()
    sizes = {path: await snapshot.size(path) for path in sorted(paths)[:FILES_LIMIT]}
    small = [path for path, size in sizes.items() if size is not None and size <= FILE_LIMIT]
    return {path: await snapshot.read(path) or b"" for path in small}


def learnt_as_json(proposal: Proposal, folder: str) -> dict[str, object]:
    """Return a proposal as an object for programs."""
    habits, reading = proposal.habits, proposal.reading
    return {
        "newsletter": _newsletter(proposal, folder),
        "files": dict(proposal.texts),
        "sections": [
            {"key": one.key, "heading": one.heading, "issues": one.issues} for one in habits.sections
        ],
        "rare_sections": [{"heading": heading, "issues": count} for heading, count in habits.rare],
        "explains": {
            "issues": len(reading.issues),
            "issues_found": reading.found,
            "stories": reading.stories,
            "stories_complete": reading.complete,
            "lines_share": round(reading.lines_share, 4),
        },
        "unexplained": [{"file": one.path, "why": one.why} for one in reading.issues if one.why],
        "notes": list(proposal.notes),
    }


def _newsletter(proposal: Proposal, folder: str) -> dict[str, str]:
    mark = proposal.habits.draft_mark
    return {"layout": folder, **({"draft_mark": mark} if mark else {})}


def learnt_as_lines(proposal: Proposal, folder: str, *, with_texts: bool) -> Iterator[str]:
    """Yield a proposal as people read it: config, files, what it explains, what to look at."""
    yield "# For config.toml; names and emoji are yours to choose."
    yield "[newsletter]"
    for key, value in _newsletter(proposal, folder).items():
        yield f"{key} = {json.dumps(value, ensure_ascii=False)}"
    for section, emoji in zip(proposal.layout.sections, _EMOJI, strict=False):
        yield from _section_lines(section, emoji)
    for name, text in proposal.texts.items() if with_texts else ():
        yield from ("", f"# --- {folder}/{name}", text.rstrip("\n"))
    yield from ("", *_reading_lines(proposal.reading))
    yield from (f"Note: {note}" for note in proposal.notes)
    if with_texts:
        yield "Write these files by --write FOLDER, then check them: python -m bot layout check FOLDER"


def _section_lines(section: LayoutSection, emoji: str) -> Iterator[str]:
    name = json.dumps(section.heading[:40], ensure_ascii=False)
    yield from ("", "[[desk.sections]]", f'key = "{section.key}"', f"name = {name}", f'emoji = "{emoji}"')


def _reading_lines(reading: LayoutReading) -> Iterator[str]:
    yield f"Explained: {reading.found} of {len(reading.issues)} issues, every story found;"
    yield f"{reading.complete} of {reading.stories} stories have title, link and summary;"
    yield f"{reading.lines_share:.1%} of the lines belong to a part that the layout knows."
    yield from (f"Not explained: {_inert(one.path)}: {one.why}" for one in reading.issues if one.why)


def _inert(name: str) -> str:
    """Return a file's name as a terminal may show it: a stranger's could steer one."""
    return "".join(letter if letter.isprintable() else "?" for letter in name)
