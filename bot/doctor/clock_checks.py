"""The clock and the time zone."""

from urllib.parse import urlsplit

import aiohttp

from bot.doctor.finding import Check, Finding
from bot.doctor.visit import Visit

_ZONE = Check("clock", "time zone")


async def clock_findings(visit: Visit) -> list[Finding]:
    """Compare this machine's clock with those that were heard; where none was, ask the remote's server."""
    remote = visit.config.newsletter.remote
    if not visit.times.heard and remote.startswith(("http://", "https://")):
        await _ask(visit, remote)
    now = visit.clock()
    local = now.astimezone(visit.config.zone)
    zone = visit.config.newsroom.timezone
    return [*visit.times.findings(now), _ZONE.fine(f"{zone}, where it is {local:%Y-%m-%d %H:%M}")]


async def _ask(visit: Visit, remote: str) -> None:
    """Ask a server for anything at all: each answer has the date, also a refusal."""
    parts = urlsplit(remote)
    address = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/"
    timeout = aiohttp.ClientTimeout(total=visit.seconds)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.head(address, allow_redirects=False) as answer,
        ):
            visit.times.hear("the remote's server", answer.headers.get("Date"), visit.clock())
    except (aiohttp.ClientError, OSError, ValueError):
        return  # that it cannot be reached is said by the repository's checks
