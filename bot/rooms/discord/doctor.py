"""The doctor's questions to Discord, by REST alone: the gateway stays the running newsroom's."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from types import SimpleNamespace

import aiohttp
import discord
from discord.http import Route

from bot.doctor.finding import Check, Finding
from bot.doctor.visit import Look, Visit, failed
from bot.rooms.discord.channel_doctor import NEEDED, ChannelExamination
from bot.rooms.discord.sickness import COPY_AGAIN, explained

AREA = "discord"
_TOKEN = Check(AREA, "token")
_INTENT = Check(AREA, "intents")
_INTERACTIONS = Check(AREA, "interactions")
_INVITATION = Check(AREA, "invitation")


async def discord_findings(visit: Visit, token: str) -> list[Finding]:
    """Look at the bot, its application's switches, and each channel."""
    async with _client(visit) as client:
        found = await visit.look(_TOKEN, explained(_TOKEN, lambda: _log_in(client, token)))
        if failed(found):
            return found
        application = client.application
        assert application is not None  # the login asked for it
        invitation = invitation_to(application.id)
        found += [_INVITATION.fine(invitation), *application_findings(application)]
        looks: dict[Check, Look] = {}
        for room in visit.config.discord.rooms:
            check = Check(AREA, "room", room.name)
            examination = ChannelExamination(check, client, room.channel, invitation)
            looks[check] = explained(check, examination.findings)
        return found + await visit.look_at_all(looks)


@asynccontextmanager
async def _client(visit: Visit) -> AsyncIterator[discord.Client]:
    settings = visit.config.discord
    with _pointed_at(settings.api):
        client = discord.Client(
            intents=discord.Intents.none(), proxy=settings.proxy or None, http_trace=_date_trace(visit)
        )
        try:
            yield client
        finally:
            await client.close()


@contextmanager
def _pointed_at(api: str) -> Iterator[None]:
    """Call this address; the library keeps it on a class."""
    before, Route.BASE = Route.BASE, api.rstrip("/")
    try:
        yield
    finally:
        Route.BASE = before


def _date_trace(visit: Visit) -> aiohttp.TraceConfig:
    async def note_date(
        _session: aiohttp.ClientSession, _context: SimpleNamespace, end: aiohttp.TraceRequestEndParams
    ) -> None:
        visit.times.hear("Discord", end.response.headers.get("Date"), visit.clock())

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(note_date)
    return trace


async def _log_in(client: discord.Client, token: str) -> Sequence[Finding]:
    if not (token.isascii() and token.isprintable()):
        return [_TOKEN.wrong("what the variable holds is no bot's token", COPY_AGAIN)]
    await client.login(token)
    assert client.user is not None  # the login asked for it
    return [_TOKEN.fine(f"it is {client.user}")]


def invitation_to(application: int) -> str:
    """Return the address that brings the bot into a server with the rights it needs."""
    permissions = discord.Permissions(**dict.fromkeys(NEEDED, True))
    return discord.utils.oauth_url(
        application, permissions=permissions, scopes=("bot", "applications.commands")
    ).replace("%20", "+")


def application_findings(application: discord.AppInfo) -> list[Finding]:
    """Judge the switches of the application in the developer portal. Pure."""
    portal = f"https://discord.com/developers/applications/{application.id}"
    flags = application.flags
    content = flags.gateway_message_content or flags.gateway_message_content_limited
    intent = (
        _INTENT.fine("message content is on")
        if content
        else _INTENT.wrong(
            "message content is off, so that messages arrive without their links",
            f"{portal}/bot → Privileged Gateway Intents → Message Content Intent: on → Save Changes; "
            "then restart the newsroom.",
        )
    )
    if not application.interactions_endpoint_url:
        return [intent]
    return [
        intent,
        _INTERACTIONS.wrong(
            "slash commands and buttons go to an address instead of the newsroom",
            f"{portal}/information → Interactions Endpoint URL: empty it → Save Changes.",
        ),
    ]
