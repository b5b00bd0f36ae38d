"""Releases on a desk without the engine; and a site whose links live, move and die."""

import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.errors import DeskError
from bot.link_check import LinkCheck
from bot.press import Press
from bot.pull_request_workflows import pulls_of
from bot.reading.fetch import FetchLimits
from bot.reading.link_visit import LinkVisitor
from bot.release_press import ReleasePress
from bot.release_report import ReleaseReport
from storage.repo_errors import RepoError

RELEASES = ("check_release", "release", "unrelease")


def nobody_visited() -> LinkCheck:
    """A check that has no time for any link, so that each is in doubt."""
    return LinkCheck(patience=0.0)


async def run_release(
    press: Press, links: LinkCheck, errand: str, workflow: str, arguments: list[str]
) -> None:
    """Do what the engine would for a release, a look at it, or its undo."""
    releasing = ReleasePress(press, links)
    report = ReleaseReport(press.database, press.settings, press.clock)
    release_id, pulls = arguments[0], pulls_of(press)
    if pulls is not None and workflow != "check_release":
        await pulls.look()
    if workflow == "check_release":
        result = await _or_trouble(releasing.preview(release_id))
        if isinstance(result, DeskError):
            await report.not_previewed(release_id, result)
        else:
            await report.previewed(release_id, result)
    elif workflow == "release":
        result = await _or_trouble(releasing.look_again(release_id))
        if not isinstance(result, DeskError):
            result = await _or_trouble(releasing.commit(release_id, result["died"]))
        if isinstance(result, DeskError):
            await report.not_released(release_id, result)
        else:
            if pulls is not None:
                result["pull_request"] = await pulls.propose(result["issue"], result)
            await report.released(release_id, result)
    else:
        _, curator, at, room, message_id = arguments
        result = await _or_trouble(releasing.take_back(release_id, int(curator), at, errand))
        if isinstance(result, DeskError):
            await report.not_taken_back(release_id, (room, message_id), result, errand)
        else:
            if pulls is not None:
                result["pull_request"] = await pulls.propose(result["issue"], result)
            await report.taken_back(release_id, int(curator), (room, message_id), result, errand)


async def _or_trouble(work: Awaitable[dict[str, Any]]) -> dict[str, Any] | DeskError:
    try:
        return await work
    except (RepoError, DeskError) as trouble:
        return DeskError(trouble.problem, advice=trouble.advice)


class _EveryHostIsHere(AbstractResolver):
    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        if host.startswith("nowhere."):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [ResolveResult(hostname=host, host="127.0.0.1", port=port, family=2, proto=0, flags=0)]

    async def close(self) -> None:
        return


Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class LinkSite:
    """A web server on this machine under any name; each path answers as a test says, others with 200."""

    answers: dict[str, Answer] = field(default_factory=dict)
    seen: list[tuple[str, str]] = field(default_factory=list)
    under_way: int = 0
    most_under_way: int = 0
    port: int = 0
    _runner: web.AppRunner | None = None

    async def open(self) -> "LinkSite":
        """Listen on a free port."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        listening = web.TCPSite(self._runner, "127.0.0.1", 0)
        await listening.start()
        self.port = int(listening.name.rpartition(":")[2])
        return self

    async def close(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    def url(self, path: str, host: str = "site.test") -> str:
        """Return an address of this site."""
        return f"http://{host}:{self.port}{path}"

    def says(self, path: str, status: int, **headers: str) -> None:
        """Let a path answer with a status."""

        async def answer(_: web.Request) -> web.StreamResponse:
            return web.Response(status=status, headers=headers)

        self.answers[path] = answer

    def check(self, *, patience: float = 60.0, pause: float = 0.0, read_seconds: float = 20.0) -> LinkCheck:
        """Return a check that may visit this site."""
        hosts = {f"{name}.test" for name in ("site", "other", "third")}
        visitor = LinkVisitor(
            allowed_hosts=hosts,
            limits=FetchLimits(connect_seconds=2, read_seconds=read_seconds, total_seconds=2 * read_seconds),
            resolver=_EveryHostIsHere(),
        )
        return LinkCheck(visitor, patience=patience, pause=pause)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        self.seen.append((request.method, request.path))
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            answer = self.answers.get(request.path)
            return await answer(request) if answer else web.Response(text="fine")
        finally:
            self.under_way -= 1
