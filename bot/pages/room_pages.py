"""The room's pages: the room itself, the preview, the files in the room."""

from urllib.parse import quote

from aiohttp import web
from markupsafe import Markup

from bot.errors import DeskError
from bot.pages.front import WebFront
from bot.pages.preview_view import PreviewView
from bot.pages.templates import Templates
from storage.failures import DatabaseFailure
from storage.room_messages import file_of_message

_MARKS = {"+": "added", "-": "removed", "@": "place"}


class RoomPages:
    """Answers for the room's addresses."""

    def __init__(self, front: WebFront, templates: Templates) -> None:
        self._front = front
        self._templates = templates

    async def room(self, request: web.Request) -> web.Response:
        """Show the room, or how to get in."""
        curator = await self._front.curator_of(request)
        if curator is None:
            return self._templates.page("outside.html", status=401)
        return self._templates.page("room.html", me=curator, settings=self._templates.room_settings(curator))

    async def preview(self, request: web.Request) -> web.Response:
        """Show the issue as it would be published now."""
        if await self._front.curator_of(request) is None:
            return self._templates.page("outside.html", status=401)
        try:
            view = await self._front.preview()
        except DeskError as error:
            return self._templates.page("sorry.html", status=409, problem=error.problem, advice=error.advice)
        lines = [(_kind(line), line) for line in view.difference]
        return self._templates.page("preview.html", view=view, issue=Markup(view.html), lines=lines)  # noqa: S704

    async def preview_markdown(self, request: web.Request) -> web.Response:
        """Hand out the issue's Markdown."""
        if await self._front.curator_of(request) is None:
            raise web.HTTPUnauthorized
        try:
            view: PreviewView = await self._front.preview()
        except DeskError as error:
            raise web.HTTPConflict(text=str(error)) from error
        return _download(view.path.rpartition("/")[2], view.markdown)

    async def file(self, request: web.Request) -> web.Response:
        """Hand out a file that goes with a message."""
        if await self._front.curator_of(request) is None:
            raise web.HTTPUnauthorized
        async with self._front.database.reading() as session:
            file = await file_of_message(session, self._front.room, int(request.match_info["message"]))
        if file is None:
            raise web.HTTPNotFound
        return _download(file["name"], file["content"])

    async def health(self, _request: web.Request) -> web.Response:
        """Tell a monitor whether the room can be read."""
        try:
            await self._front.database.check()
        except DatabaseFailure:
            return web.Response(status=503, text="no database\n")
        return web.Response(text="ok\n")


def _kind(line: str) -> str:
    """Name what a line of a unified diff is."""
    return "file" if line.startswith(("+++", "---")) else _MARKS.get(line[:1], "same")


def _download(name: str, content: str) -> web.Response:
    """Give text as a file to keep, never as a page: it may be a stranger's."""
    return web.Response(
        text=content,
        content_type="text/plain",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"},
    )
