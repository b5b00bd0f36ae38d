"""Pointing discord.py at another address than Discord's."""

from collections.abc import Iterator
from contextlib import contextmanager

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route


@contextmanager
def client_pointed_at(api: str, gateway: str) -> Iterator[None]:
    """Let discord.py call `api` (http://…/api/v10) and `gateway` (ws://…/gateway) while the block runs.

    Both are class attributes, so this holds for every client of the process.
    """
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = api, yarl.URL(gateway)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before
