"""`/publish` of 30 stories in a small repository and in one of 20,000 files; and the git part of it alone."""

import statistics
import subprocess
import time
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.desk import Watcher, drop, running_desk
from benchmarks.figure import Figure, figure
from benchmarks.pages import pages
from benchmarks.site import serving
from storage.newsletter_repo import NewsletterRepo, Signature, Snapshot
from storage.people_records import Role

_STORIES = 30
_FILES = (10, 20_000)
_TIMES = 5


async def figures() -> AsyncIterator[Figure]:
    """Measure both repositories."""
    for files in _FILES:
        with TemporaryDirectory(prefix="copydesk-measured-") as name:
            folder = Path(name)
            _make_repository(folder / "newsletter.git", files)
            async with serving() as host, running_desk(host, folder) as desk:
                times = await _publish(await desk.person("Ed", Role.EDITOR), host)
            label = f"30 stories, {files:,} files"
            yield figure(f"/publish to answer, {label}, median", statistics.median(times), "s")
            alone = await _commit(folder / "newsletter.git")
            yield figure(f"git alone, {label}, median", statistics.median(alone), "s")


def _make_repository(folder: Path, files: int) -> None:
    """Begin a repository with so many files in folders of a hundred."""
    _git(folder.parent, "init", "--quiet", "--bare", "--initial-branch=main", str(folder))
    stream = ["commit refs/heads/main\ncommitter Ed <ed@site.test> 1700000000 +0000\ndata 5\nBegin"]
    for number in range(files):
        text = f"# Note {number}\n"
        stream.append(
            f"M 644 inline notes/{number // 100:03}/{number}.md\ndata {len(text)}\n{text}".removesuffix("\n")
        )
    _git(folder, "fast-import", "--quiet", stdin="\n".join(stream) + "\n")


def _git(folder: Path, *arguments: str, stdin: str = "") -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], input=stdin.encode(), check=True)


async def _publish(editor: Watcher, host: str) -> list[float]:
    """Publish 30 stories and take them back, several times; return the seconds to each answer."""
    urls = [f"http://{host}{path}" for path in list(pages())[:_STORIES]]
    await drop(editor, urls, "#news")
    await editor.see_cards(urls)
    day, times = date.today() + timedelta(days=1), []
    for _ in range(_TIMES):
        begun = time.perf_counter()
        answer = await editor.ask(f"/publish {day}")
        times.append(time.perf_counter() - begun)
        assert f"{_STORIES} added" in answer, answer
        await _take_back(editor)
    return times


async def _take_back(editor: Watcher) -> None:
    before = len(editor.messages)
    await editor.say("/undo publish")
    await editor.until(lambda: len(editor.messages) >= before + 3, "the undo's outcome", 60)


async def _commit(folder: Path) -> list[float]:
    """Commit a file of 30 stories' size, several times."""
    repo = NewsletterRepo(folder, remote=None, branch="main")
    author, when = Signature("Ed", "ed@site.test"), datetime.now(UTC)
    await repo.open({}, author, when)
    times = []
    for number in range(_TIMES):
        text = f"{number}\n".encode() * 10_000

        async def change(_now: Snapshot, text: bytes = text) -> Mapping[str, bytes | None]:
            return {"issues/measured.md": text}

        begun = time.perf_counter()
        await repo.commit(change, message="Draft", author=author, when=when, publish_id=f"measured-{number}")
        times.append(time.perf_counter() - begun)
    return times
