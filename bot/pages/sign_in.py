"""Signing in by an invitation link, and out."""

from aiohttp import web

from bot.pages.cookie import COOKIE, LIFETIME, make_cookie
from bot.pages.front import WebFront
from bot.pages.person_name import LONGEST_NAME, clean_name
from bot.pages.templates import Templates
from storage.invitations import invitation
from storage.people_records import Curator, Invitation
from storage.web_people import NameTakenError, admit


class SignIn:
    """Answers for the addresses of invitations."""

    def __init__(self, front: WebFront, templates: Templates) -> None:
        self._front = front
        self._templates = templates

    async def ask(self, request: web.Request) -> web.Response:
        """Ask for a name. Changes nothing, for chat programs open links to show what is behind them."""
        invited = await self._invitation(request)
        return invited if isinstance(invited, web.Response) else self._form(invited)

    async def admit(self, request: web.Request) -> web.Response:
        """Sign the person in under the name they typed, or the one that the invitation carries."""
        if not self._front.is_ours(request):
            raise web.HTTPForbidden(text=self._front.text("sign_in.other_site"))
        invited = await self._invitation(request)
        if isinstance(invited, web.Response):
            return invited
        typed = str((await request.post()).get("name", ""))
        name = invited.name or clean_name(typed)
        if not name or (not invited.name and name.casefold() == self._front.settings.bot_name.casefold()):
            return self._form(invited, typed=typed, problem="sign_in.no_name", status=400)
        try:
            curator = await self._admit(invited, name)
        except NameTakenError:
            return self._form(invited, typed=typed, problem="sign_in.taken", status=409)
        return self._welcome(curator)

    async def leave(self, request: web.Request) -> web.Response:
        """Sign out."""
        if not self._front.is_ours(request):
            raise web.HTTPForbidden(text=self._front.text("sign_in.other_site"))
        answer = web.Response(status=303, headers={"Location": "/"})
        answer.del_cookie(COOKIE, path="/")
        return answer

    async def _invitation(self, request: web.Request) -> Invitation | web.Response:
        """Return a token's invitation, or the page that says why it does not let in."""
        async with self._front.database.reading() as session:
            found = await invitation(session, request.match_info["token"])
        if found is None:
            return self._templates.page("no_invitation.html", status=404, why="sign_in.unknown")
        if found.expires_at <= self._front.clock():
            return self._templates.page("no_invitation.html", status=410, why="sign_in.expired")
        return found

    async def _admit(self, invited: Invitation, name: str) -> Curator:
        async with self._front.database.transaction() as session:
            return await admit(session, invited, name, self._front.clock())

    def _form(
        self, invited: Invitation, *, typed: str = "", problem: str | None = None, status: int = 200
    ) -> web.Response:
        return self._templates.page(
            "sign_in.html", status=status, invited=invited, typed=typed, problem=problem, longest=LONGEST_NAME
        )

    def _welcome(self, curator: Curator) -> web.Response:
        answer = web.Response(status=303, headers={"Location": "/"})
        answer.set_cookie(
            COOKIE,
            make_cookie(curator.id, secret=self._front.secret, now=self._front.clock()),
            max_age=int(LIFETIME.total_seconds()),
            httponly=True,
            samesite="Lax",
            secure=self._front.settings.is_secure,
            path="/",
        )
        return answer
