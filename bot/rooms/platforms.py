"""The platforms that the config names. A library is imported only where its platform is asked for."""

import asyncio
import logging
import os

from bot.config import Config
from bot.errors import DeskError
from bot.rooms.intake import Intake
from bot.rooms.room import Platform

log = logging.getLogger(__name__)

_REST = 1.0  # seconds before a platform that ended is started again


class TokenMissingError(DeskError):
    """A platform has rooms in the config, and nobody has set the bot's token."""

    def __init__(self, platform: str, variable: str) -> None:
        super().__init__(
            f"{platform} has rooms in the config, but the environment variable {variable} is not set.",
            advice=f"Put the bot's token into {variable} and start again; "
            f"docs/how-to/add-a-{platform.lower()}-room.md says where to get one.",
        )


def open_platforms(config: Config, intake: Intake) -> tuple[Platform, ...]:
    """Return the platforms of the config, not yet connected; raises TokenMissingError."""
    platforms: list[Platform] = []
    if config.telegram.rooms:
        from bot.rooms.telegram.platform import TelegramPlatform  # noqa: PLC0415 - 30 MB that few need

        token = token_from("Telegram", config.telegram.token_env)
        platforms.append(TelegramPlatform(config, token, intake))
    if config.discord.rooms:
        from bot.rooms.discord.platform import DiscordPlatform  # noqa: PLC0415 - 35 MB that few need

        token = token_from("Discord", config.discord.token_env)
        platforms.append(DiscordPlatform(config, token, intake))
    return tuple(platforms)


def token_from(platform: str, variable: str) -> str:
    """Return a bot's token from the environment; raises TokenMissingError."""
    token = os.environ.get(variable, "").strip()
    if not token:
        raise TokenMissingError(platform, variable)
    return token


async def attend(platform: Platform) -> None:
    """Let a platform run until this is cancelled; one that ended would leave rooms deaf."""
    while True:
        try:
            await platform.run()
        except Exception:
            log.exception("platform failed", extra={"rooms": list(platform.rooms)})
        await asyncio.sleep(_REST)
