"""The web room's front: what the pages and the sockets need of the newsroom."""

import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from urllib.parse import urlsplit

from aiohttp import web

from bot.issue_shelf import IssueShelf
from bot.pages.allowance import Allowance
from bot.pages.cookie import COOKIE, curator_by_cookie
from bot.pages.deeds import Deeds
from bot.pages.page_settings import PageSettings
from bot.pages.page_text import PageText
from bot.pages.preview_view import PreviewView
from bot.pages.room_feed import RoomFeed
from storage.database import Database
from storage.people_records import Curator


class WebFront:
    """What the pages know of the newsroom around them."""

    def __init__(
        self,
        database: Database,
        *,
        desk: str,
        room: str = "web",
        clock: Callable[[], datetime],
        secret: bytes,
        settings: PageSettings,
        wake: Callable[[], None],
        preview: Callable[[], Awaitable[PreviewView]],
    ) -> None:
        """Take what the newsroom gives.

        `secret` signs cookies and must outlive the process. `wake` is called when the desk's inbox has
        something new. `preview` gives what the preview page shows and may raise a DeskError.
        """
        palette = frozenset(choice.emoji for choice in settings.palette)
        self.database = database
        self.room = room
        self.clock = clock
        self.secret = secret
        self.settings = settings
        self.wake = wake
        self.preview = preview
        self.shelf: IssueShelf | None = None  # set it before the site is made, to have pages of issues
        self.text = PageText(settings.language)
        self.feed = RoomFeed(database, room)
        self.deeds = Deeds(database, desk=desk, room=room, palette=palette, clock=clock)
        self.allowance = Allowance(time.monotonic)

    def nudge(self) -> None:
        """Tell the browsers at once of a change made in this process; else they learn it a little later."""
        self.feed.nudge()

    async def curator_of(self, request: web.Request) -> Curator | None:
        """Return who sends a request."""
        async with self.database.reading() as session:
            return await curator_by_cookie(
                session, request.cookies.get(COOKIE, ""), secret=self.secret, now=self.clock()
            )

    def is_ours(self, request: web.Request) -> bool:
        """Tell whether a page of this site sends a request, by the Origin that browsers put on it."""
        origin = urlsplit(request.headers.get("Origin", ""))
        public = urlsplit(self.settings.public_url)
        by_public_address = (origin.scheme, origin.netloc) == (public.scheme, public.netloc)
        return origin.netloc != "" and (by_public_address or origin.netloc == request.host)
