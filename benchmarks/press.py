"""`/publish` and `/release` in small and large repositories, beside git alone; and what each output takes."""

import asyncio
import statistics
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figure import Figure, figure
from renderers.issue_document import IssueDocument
from renderers.issue_view import Masthead, view_of
from renderers.layout import load_layout
from renderers.outputs.registry import OUTPUTS, render_checked
from tests.newsletter_repo_fixtures import git_server
from tests.publishing import PublishingDesk, config_of

_FILES = (10, 1_000, 100_000)
_STORIES = 5
_TIMES = 3
_ARCHIVE = Path(__file__).parents[2] / "shared" / "archive"


async def figures() -> AsyncIterator[Figure]:
    """Measure each repository at hand and over HTTP, then the outputs of the largest past issue."""
    for files in _FILES:
        for way in ("local", "http"):
            async for found in _repository(files, way):
                yield found
    for found in _outputs():
        yield found


async def _repository(files: int, way: str) -> AsyncIterator[Figure]:
    """Publish and release in a repository of so many files; then commit and push a like file by hand."""
    label = f"{_STORIES} stories, {files:,} files, {way}"
    published, released = list[float](), list[float]()
    with TemporaryDirectory(prefix="copydesk-press-") as name:
        folder = Path(name)
        bare = folder / "served" / "newsletter.git"
        bare.parent.mkdir()
        await asyncio.to_thread(_fill, bare, files)
        async with AsyncExitStack() as stack:
            remote = str(bare)
            if way == "http":
                server = await stack.enter_async_context(git_server(bare.parent, ""))
                remote = f"{server.address}/newsletter.git"
            desk = await PublishingDesk(config_of(folder, remote=remote)).open()
            stack.push_async_callback(desk.close)
            for number in range(_TIMES):
                times = await _issue(desk, number)
                published.append(times[0])
                released.append(times[1])
            by_hand = folder / "by-hand.git"
            await asyncio.to_thread(_git, folder, "clone", "--quiet", "--bare", remote, str(by_hand))
            alone = [await _push(by_hand, remote, number) for number in range(_TIMES)]
    git = statistics.median(alone)
    yield figure(f"git alone, {label}, median", git, "s")
    for deed, seconds in (("/publish", published), ("/release", released)):
        median = statistics.median(seconds)
        yield figure(f"{deed}, {label}, median", median, "s")
        yield figure(f"{deed} / git alone, {label}", median / git, "×")


async def _issue(desk: PublishingDesk, number: int) -> tuple[float, float]:
    """Publish and release one issue; return the seconds of each, from the command to its answer."""
    day = f"2020-05-{15 + number}"
    for place in range(_STORIES):
        url = f"https://site.test/{number}/{place}"
        await desk.pitch(
            "lin", url, section="news", title=f"题目 {place}", source="某报", summary="一句话。" * 30
        )
    published = await _seconds(lambda: desk.say("editor", f"/publish {day}"))
    await desk.say("editor", f"/release {day}")
    released = await _seconds(lambda: desk.press_release_button("editor"))
    assert f"embedded-ai-report/{day}.md" in await (await desk.repo.snapshot()).list("embedded-ai-report")
    return published, released


async def _seconds(deed: Callable[[], Awaitable[object]]) -> float:
    begun = time.perf_counter()
    await deed()
    return time.perf_counter() - begun


async def _push(bare: Path, remote: str, number: int) -> float:
    """Commit one file on top of what the remote has and push it, as `/publish` does; return the seconds."""

    def by_hand() -> None:
        _git(bare, "fetch", "--quiet", remote, "+refs/heads/main:refs/heads/main")
        _git(bare, "fast-import", "--quiet", stdin=_commit(f"issues/{number}.md", f"{number}\n" * 5_000))
        _git(bare, "push", "--quiet", remote, "main:main")

    return await _seconds(lambda: asyncio.to_thread(by_hand))


def _commit(path: str, text: str, parent: str = "from refs/heads/main^0\n") -> str:
    who = "committer Ed <ed@site.test> 1700000000 +0000"
    head = f"commit refs/heads/main\n{who}\ndata 5\nDraft\n{parent}"
    return f"{head}M 644 inline {path}\ndata {len(text)}\n{text}\n"


def _fill(folder: Path, files: int) -> None:
    """Begin a repository with so many files in folders of a hundred."""
    _git(folder.parent, "init", "--quiet", "--bare", "--initial-branch=main", str(folder))
    _git(folder, "config", "http.receivepack", "true")
    stream = [_commit("README.md", "# Report\n", parent="")]
    for number in range(files - 1):
        stream.append(f"M 644 inline notes/{number // 100:03}/{number}.md\ndata 2\na\n")
    _git(folder, "fast-import", "--quiet", stdin="\n".join(part.rstrip("\n") for part in stream) + "\n")


def _git(folder: Path, *arguments: str, stdin: str = "") -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], input=stdin.encode(), check=True)


def _outputs() -> Iterator[Figure]:
    """Set the largest past issue in each format, three times; without the archive there is nothing to set."""
    issues = sorted(_ARCHIVE.glob("20??-??-??.md"), key=lambda path: path.stat().st_size)
    if not issues:
        return
    document = IssueDocument.parse(issues[-1].read_bytes(), load_layout("embedded-ai-report"))
    view = view_of(document, Masthead("嵌入式AI简报", language="zh", home="https://site.test/"))
    for name in OUTPUTS:
        times = []
        for _ in range(_TIMES):
            begun = time.perf_counter()
            outputs = render_checked(name, view)
            times.append(time.perf_counter() - begun)
        yield figure(f"render --to {name}, median, checked", 1000 * statistics.median(times), "ms")
        yield figure(f"render --to {name}, size", sum(len(part.content) for part in outputs) / 1024, "KB")
