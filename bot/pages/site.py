"""The site: which address leads where, and what every answer carries."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from aiohttp import web

from bot.errors import DeskError
from bot.pages.front import WebFront
from bot.pages.issue_pages import IssuePages
from bot.pages.room_pages import RoomPages
from bot.pages.room_sockets import RoomSockets
from bot.pages.sign_in import SignIn
from bot.pages.static_files import StaticFiles
from bot.pages.templates import Templates

# Referrer-Policy is same-origin: under no-referrer, browsers post our own forms with "Origin: null".
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def make_app(front: WebFront) -> web.Application:
    """Build the site around a front."""
    static = StaticFiles.read()
    templates = Templates(front, static)
    pages, sign_in, sockets = RoomPages(front, templates), SignIn(front, templates), RoomSockets(front)
    app = web.Application(client_max_size=64 * 1024)
    app.add_routes(
        [
            web.get("/", pages.room),
            web.get("/preview", pages.preview),
            web.get("/preview.md", pages.preview_markdown),
            web.get(r"/files/{message:\d{1,9}}", pages.file),
            web.get("/sign-in/{token}", sign_in.ask),
            web.post("/sign-in/{token}", sign_in.admit),
            web.post("/sign-out", sign_in.leave),
            web.get("/socket", sockets.serve),
            web.get("/static/{digest}/{name}", static.serve),
            web.get("/healthz", pages.health),
        ]
    )
    if front.shelf is not None:
        app.add_routes(_issue_routes(IssuePages(front, templates, front.shelf)))
    app.on_response_prepare.append(_add_headers)
    app.on_shutdown.append(lambda app: sockets.close())
    app.cleanup_ctx.append(lambda app: _watching(front))
    return app


def _issue_routes(issues: IssuePages) -> list[web.RouteDef]:
    issue = r"/issues/{issue:\d{1,9}|next}"
    part = issue + r"/{kind:[a-z]{1,20}}/{part:\d{1,3}}"
    return [
        web.get("/issues", issues.archive),
        web.get(issue, issues.outputs),
        web.get(part, issues.frame),
        web.get(part + "/file", issues.file),
    ]


class AddressTakenError(DeskError):
    """The room cannot be served at the address of the config."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(
            f"The room cannot be served at {host}:{port} ({reason}).",
            advice="Free that port, or set another web.port in the config.",
        )


async def open_site(app: web.Application, host: str, port: int) -> web.AppRunner:
    """Serve the site until the runner's `cleanup`. There is no access log: addresses carry tokens.

    Raises AddressTakenError.
    """
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port, reuse_address=True).start()
    except OSError as taken:
        await runner.cleanup()
        raise AddressTakenError(host, port, taken.strerror or "") from taken
    return runner


async def _add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")


async def _watching(front: WebFront) -> AsyncIterator[None]:
    watch = asyncio.create_task(front.feed.watch())
    yield
    watch.cancel()
    with suppress(asyncio.CancelledError):
        await watch
