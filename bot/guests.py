"""Invitations: how an editor lets someone into the web room."""

from bot.command import Command
from bot.hearing import Hearing
from storage.invitations import invite
from storage.people_records import Role


async def invite_someone(hearing: Hearing, command: Command) -> None:
    """Make a sign-in link for the web room, for one name or for anyone who chooses a free one."""
    if command.words[0] not in tuple(Role):
        raise hearing.refusal("no_such_role")
    role, name = Role(command.words[0]), " ".join(command.rest.split()) or None
    token = await invite(hearing.session, role, name=name, now=hearing.now)
    who = name or hearing.wording.say("invited_anyone", role=hearing.wording.say(f"role_{role}"))
    address = hearing.settings.config.web.address
    hearing.say("invited", who=who, url=f"{address}/sign-in/{token}")
