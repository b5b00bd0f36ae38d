"""Which events a session hears, and how much of them, by the intents it asked for."""

from tests.discord_server.refusals import Json

GUILDS, MEMBERS, PRESENCES = 1 << 0, 1 << 1, 1 << 8
MESSAGES, REACTIONS, CONTENT = 1 << 9, 1 << 10, 1 << 15
PRIVILEGED = {"members": MEMBERS, "presences": PRESENCES, "message_content": CONTENT}
APPLICATION_FLAGS = {"presences": 1 << 13, "members": 1 << 15, "message_content": 1 << 19}
"""The portal's switches as an application in few guilds shows them (the "limited" flags)."""


def application_flags(privileged: set[str]) -> int:
    """Add up the flags of the switches that are on."""
    return sum(bit for name, bit in APPLICATION_FLAGS.items() if name in privileged)


def intent_of(event: str) -> int:
    """Return the intent an event needs, or 0 when everybody hears it."""
    if event.startswith("MESSAGE_REACTION_"):
        return REACTIONS
    if event.startswith("MESSAGE_"):
        return MESSAGES
    return GUILDS if event.startswith(("GUILD_", "CHANNEL_", "THREAD_")) else 0


def without_content(message: Json, bot_id: str) -> Json:
    """Empty a message for a bot without the message content intent.

    Its own messages and those that mention it stay whole.
    """
    mine = message["author"]["id"] == bot_id
    if mine or any(user["id"] == bot_id for user in message["mentions"]):
        return message
    bare: Json = {**message, "content": "", "embeds": [], "attachments": [], "components": []}
    if bare.get("referenced_message"):
        bare["referenced_message"] = without_content(bare["referenced_message"], bot_id)
    return bare
