"""The tables of the config file: what an operator can set, and what each value may be."""

import re
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from bot.emoji import plain
from bot.rooms.palette import can_react

Language = Literal["en", "zh"]
Platform = Literal["web", "telegram", "discord"]
WEB_ROOM = "web"
"""The name of the room in the browser."""
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,30}$")]


Variable = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,80}$")]
"""The name of an environment variable; whoever writes the token itself here is told so."""


class Table(BaseModel):
    """A table of the config file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SectionConfig(Table):
    """A section of the issue: its key in the layout, what people call it, the emoji that chooses it."""

    key: Key
    name: str = Field(min_length=1, max_length=40)
    emoji: str = Field(min_length=1, max_length=16)

    @field_validator("emoji")
    @classmethod
    def _plain_emoji(cls, value: str) -> str:
        return plain(value)


class DeskConfig(Table):
    """The people, sections and rules that make one newsletter."""

    name: Key = "desk"
    threshold: int = Field(default=2, ge=1, le=100)
    editors: tuple[str, ...] = ()  # identities: a name would make nobody an editor, and not say so
    editors_room: Key = WEB_ROOM
    platforms: tuple[Platform, ...] = ("web", "telegram", "discord")
    sections: tuple[SectionConfig, ...] = Field(min_length=1)

    @field_validator("editors")
    @classmethod
    def _identities(cls, editors: tuple[str, ...]) -> tuple[str, ...]:
        for place, editor in enumerate(editors, 1):
            if not re.fullmatch(r"(web|telegram|discord):[0-9]+", editor):
                raise ValueError(f"number {place} names nobody; write an identity such as telegram:12345")
        return editors

    @field_validator("sections")
    @classmethod
    def _distinct(cls, sections: tuple[SectionConfig, ...]) -> tuple[SectionConfig, ...]:
        seen: dict[str, str] = {
            "👍": "the vote for a story",
            "👎": "the vote against a story",
            "👀": "the receipt",
        }
        keys: set[str] = set()
        for section in sections:
            if section.key in keys:
                raise ValueError(f"two sections have the key {section.key!r}; give each its own")
            if section.emoji in seen:
                raise ValueError(
                    f"{section.emoji} of section {section.key!r} already means {seen[section.emoji]}; "
                    "give each section an emoji of its own"
                )
            keys.add(section.key)
            seen[section.emoji] = f"section {section.key!r}"
        return sections

    @model_validator(mode="after")
    def _showable(self) -> "DeskConfig":
        for section in self.sections:
            for platform in self.platforms:
                if not can_react(platform, section.emoji):
                    raise ValueError(
                        f"{platform} cannot show {section.emoji} of section {section.key!r} as a reaction; "
                        f"choose another emoji in desk.sections, or take {platform!r} out of desk.platforms"
                    )
        return self


class NewsroomConfig(Table):
    """The running program."""

    database: str = "sqlite:///var/copydesk.db"
    state: Path = Path("var")
    language: Language = "en"
    timezone: str = "UTC"

    @field_validator("timezone")
    @classmethod
    def _known(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as unknown:
            raise ValueError(f"{value!r} is no time zone; write one such as Asia/Shanghai") from unknown
        return value

    @field_validator("database")
    @classmethod
    def _supported(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql://")):
            raise ValueError("write sqlite:///var/copydesk.db or postgresql://user@host/name")
        return value


class WebConfig(Table):
    """The room in the browser."""

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: str = ""
    cards: bool = True

    @property
    def address(self) -> str:
        """Return the address people type, without a slash at its end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


class RoomConfig(Table):
    """A room on a platform; `cards` says whether stories are shown there."""

    name: Key
    cards: bool = True


class TelegramRoomConfig(RoomConfig):
    """A Telegram group as a room, or one topic of it."""

    name: Key = "telegram"
    chat: int
    topic: int = Field(default=0, ge=0)


class TelegramConfig(Table):
    """The bot on Telegram, and the groups where the desk meets."""

    token_env: Variable = "TELEGRAM_TOKEN"  # noqa: S105 - a variable's name
    rooms: tuple[TelegramRoomConfig, ...] = ()
    webhook_url: str = Field(default="", pattern=r"^(https?://.+)?$")
    webhook_host: str = "127.0.0.1"
    webhook_port: int = Field(default=8443, ge=0, le=65535)
    messages_per_minute: int = Field(default=20, ge=1, le=600)
    api: str = Field(default="https://api.telegram.org", pattern=r"^https?://[^?#]+$")
    proxy: str = ""

    @field_validator("rooms")
    @classmethod
    def _distinct(cls, rooms: tuple[TelegramRoomConfig, ...]) -> tuple[TelegramRoomConfig, ...]:
        places = [(room.chat, room.topic) for room in rooms]
        for chat, topic in places:
            if places.count((chat, topic)) > 1:
                raise ValueError(f"two rooms have the chat {chat} and the topic {topic}; keep one of them")
        return rooms


class DiscordRoomConfig(RoomConfig):
    """A Discord channel as a room, with its threads."""

    name: Key = "discord"
    channel: int = Field(ge=1)


class DiscordConfig(Table):
    """The bot on Discord, and the channels where the desk meets."""

    token_env: Variable = "DISCORD_TOKEN"  # noqa: S105 - a variable's name
    rooms: tuple[DiscordRoomConfig, ...] = ()
    api: str = Field(default="https://discord.com/api/v10", pattern=r"^https?://[^?#]+$")
    gateway: str = Field(default="wss://gateway.discord.gg/", pattern=r"^wss?://[^?#]+$")
    proxy: str = ""

    @field_validator("rooms")
    @classmethod
    def _distinct(cls, rooms: tuple[DiscordRoomConfig, ...]) -> tuple[DiscordRoomConfig, ...]:
        channels = [room.channel for room in rooms]
        for channel in channels:
            if channels.count(channel) > 1:
                raise ValueError(f"two rooms have the channel {channel}; keep one of them")
        return rooms


class ReadingConfig(Table):
    """How links are read: limits for pages that are hostile, slow or endless."""

    processes: int = Field(default=2, ge=1, le=64)
    seconds: float = Field(default=20.0, gt=0, le=600)
    memory_mb: int = Field(default=1500, ge=300)
    at_once: int = Field(default=8, ge=1, le=256)
    allowed_hosts: tuple[str, ...] = ()
    robots: bool = False
