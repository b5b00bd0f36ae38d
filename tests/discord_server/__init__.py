"""The project's own Discord: REST v10 and the gateway, over real sockets, for tests.

It stands for the platform, which is not ours, and is written from Discord's public documentation and from
what discord.py sends and expects. Start with `DiscordServer`.
"""

from tests.discord_server.gateway import SentEvent, Session
from tests.discord_server.pointing import client_pointed_at
from tests.discord_server.rest import Call
from tests.discord_server.server import DiscordServer
from tests.discord_server.using import Answer, NoAnswerError
from tests.discord_server.waiting import until
from tests.discord_server.world import Channel, Message, Role, User

__all__ = [
    "Answer",
    "Call",
    "Channel",
    "DiscordServer",
    "Message",
    "NoAnswerError",
    "Role",
    "SentEvent",
    "Session",
    "User",
    "client_pointed_at",
    "until",
]
