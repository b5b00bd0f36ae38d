"""Why Discord does not answer, in words for an operator."""

from collections.abc import Sequence

import aiohttp
import discord

from bot.doctor.finding import Check, Finding
from bot.doctor.visit import Look

COPY_AGAIN = (
    "In https://discord.com/developers/applications: your application → Bot → Reset Token; copy it into the "
    "variable that discord.token_env names. The client secret and the public key are no tokens."
)


def explained(check: Check, look: Look) -> Look:
    """Make findings of what the library raises."""

    async def explain() -> Sequence[Finding]:
        try:
            return await look()
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            return [sickness(check, error)]

    return explain


def sickness(check: Check, error: Exception) -> Finding:
    """Say why Discord has not answered as it should."""
    match error:
        case discord.LoginFailure():
            return check.wrong("Discord does not know this token", COPY_AGAIN)
        case discord.RateLimited():
            return check.warning("Discord asks for patience", "Wait a few minutes, then try again.")
        case discord.HTTPException() if error.status < 500:
            return check.wrong(
                f"Discord refuses: {error.status}, {error.text or 'no reason given'}",
                "Look up this refusal; then try again.",
            )
        case _:
            return check.wrong("Discord cannot be reached, or does not answer as it should", _REACH)


_REACH = (
    "Look whether this machine reaches it: curl -I https://discord.com/api/v10/gateway, and whether "
    "https://discordstatus.com tells of trouble; where the network blocks it, set discord.proxy. "
    "If that is set: it must begin with http://, and the proxy must run."
)
