"""The pages of issues: all of them, and each in every format in which it goes out."""

import asyncio
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from aiohttp import web

from bot.errors import DeskError
from bot.issue_shelf import NEXT, IssueShelf, ShelvedIssue
from bot.pages.front import WebFront
from bot.pages.output_frames import FRAMED, framed, opened
from bot.pages.page_text import PageText
from bot.pages.templates import Templates
from renderers.issue_view import IssueView
from renderers.outputs.output import CannotRenderError, Fault, InvalidOutputError, Note, Output
from renderers.outputs.registry import OUTPUTS, WITH_IMAGES, render_checked

KINDS = ("site", "email", "wechat", "text", "telegram", "discord", "pdf", "atom", "rss", "json")
"""The formats in the order in which the page offers them."""
_LOOKS = ("light", "dark")
_AT_ONCE = 2
"""Outputs that are set at the same time; the PDF of the longest issue takes 500 MB."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A format of an issue: its parts, or why it may not be shown."""

    parts: tuple[Output, ...] = ()
    faults: tuple[Fault, ...] = ()


class IssuePages:
    """Answers for the addresses below /issues."""

    def __init__(self, front: WebFront, templates: Templates, shelf: IssueShelf) -> None:
        self._front = front
        self._templates = templates
        self._shelf = shelf
        self._presses = asyncio.Semaphore(_AT_ONCE)

    async def archive(self, request: web.Request) -> web.Response:
        """List the issues, newest first, with how each stands."""
        if await self._front.curator_of(request) is None:
            return self._templates.page("outside.html", status=401)
        return self._templates.page("issues.html", issues=await self._shelf.issues(), next=NEXT)

    async def outputs(self, request: web.Request) -> web.Response:
        """Show an issue in one of its formats."""
        if await self._front.curator_of(request) is None:
            return self._templates.page("outside.html", status=401)
        kind, look = request.query.get("show", KINDS[0]), request.query.get("look", _LOOKS[0])
        if kind not in kinds() or look not in _LOOKS:
            raise web.HTTPNotFound
        try:
            issue, view = await self._open(request, kind)
        except DeskError as error:
            return self._templates.page("sorry.html", status=409, problem=error.problem, advice=error.advice)
        return self._templates.page(
            "outputs.html",
            issue=issue,
            view=view,
            kind=kind,
            look=look,
            kinds=kinds(),
            looks=_LOOKS,
            framed=kind in FRAMED,
            shown=await self._shown(kind, view),
            in_words=partial(in_words, self._front.text),
        )

    async def frame(self, request: web.Request) -> web.Response:
        """Give one part of a format as a document: that of a frame, or text, or a PDF."""
        kind, view, part = await self._part(request)
        return framed(kind, part, view.masthead) if kind in FRAMED else opened(part)

    async def file(self, request: web.Request) -> web.Response:
        """Hand out one part of a format as a file to keep."""
        kind, _, part = await self._part(request)
        return web.Response(
            body=part.content,
            headers={
                "Content-Type": part.media_type if kind == "pdf" else "text/plain; charset=utf-8",
                "Content-Disposition": f"attachment; filename*=UTF-8''{quote(part.name, safe='')}",
            },
        )

    async def _part(self, request: web.Request) -> tuple[str, IssueView, Output]:
        if await self._front.curator_of(request) is None:
            raise web.HTTPUnauthorized
        kind, number = request.match_info["kind"], int(request.match_info["part"])
        if kind not in kinds():
            raise web.HTTPNotFound
        try:
            _, view = await self._open(request, kind)
        except DeskError as error:
            raise web.HTTPConflict(text=str(error)) from error
        found = await self._shown(kind, view)
        if found.faults:
            raise web.HTTPConflict(text="\n".join(fault.message for fault in found.faults))
        if not 1 <= number <= len(found.parts):
            raise web.HTTPNotFound
        return kind, view, found.parts[number - 1]

    async def _shown(self, kind: str, view: IssueView) -> Shown:
        async with self._presses:
            return await shown(kind, view)

    async def _open(self, request: web.Request, kind: str) -> tuple[ShelvedIssue, IssueView]:
        try:
            return await self._shelf.open(request.match_info["issue"], images=kind in WITH_IMAGES)
        except LookupError:
            raise web.HTTPNotFound from None


def kinds() -> tuple[str, ...]:
    """Return the formats that there are, in the page's order."""
    return (*(kind for kind in KINDS if kind in OUTPUTS), *sorted(set(OUTPUTS) - set(KINDS)))


async def shown(kind: str, view: IssueView) -> Shown:
    """Set an issue in a format and check it, in a thread: a PDF takes a tenth of a second."""
    try:
        return Shown(await asyncio.to_thread(render_checked, kind, view))
    except InvalidOutputError as invalid:
        return Shown(faults=invalid.faults)
    except CannotRenderError as cannot:
        return Shown(faults=(Fault(cannot.code, str(cannot)),))


def in_words(text: PageText, one: Note | Fault) -> tuple[str, str]:
    """Return what a note or a fault says and in which language: its code's sentence, else its own English."""
    group = "note" if isinstance(one, Note) else "fault"
    values = dict(one.values) if isinstance(one, Note) else {}
    try:
        return text(f"{group}.{one.code}", **values), text.language
    except KeyError:
        return one.message, "en"
