"""Invitations: how an editor lets a new curator into the web room.

The answer is read by everyone in the room, so it lets in only someone new, as a curator. A link for an
editor, or for a person who was here before, is the operator's to make: `python -m bot invite`.
"""

from bot.command import Command
from bot.hearing import Hearing
from storage.invitations import invite
from storage.people_records import Role


async def invite_someone(hearing: Hearing, command: Command) -> None:
    """Make a sign-in link for whoever opens it and chooses a free name."""
    token = await invite(hearing.session, Role.CURATOR, now=hearing.now)
    hearing.say("invited", url=f"{hearing.settings.config.web.address}/sign-in/{token}")
