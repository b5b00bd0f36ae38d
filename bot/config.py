"""config.toml → Config. Every complaint names the key and the cure; unknown keys are errors."""

import re
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ValidationError, model_validator
from pydantic_core import ErrorDetails

from bot.channel_tables import CHANNELS, AnnounceConfig
from bot.config_tables import (
    WEB_ROOM,
    DeskConfig,
    DiscordConfig,
    NewsroomConfig,
    ReadingConfig,
    RoomConfig,
    Table,
    TelegramConfig,
    WebConfig,
)
from bot.errors import DeskError
from bot.newsletter_tables import NewsletterConfig
from bot.output_tables import EmailConfig, FeedsConfig
from bot.summary_tables import SummaryConfig
from bot.wechat_tables import WechatConfig
from renderers.layout import layout_names, load_layout
from renderers.layout_check import layout_faults

MOST_SECTIONS_ON_DISCORD = 18
"""Of 20 different reactions on a message, two are the votes; buttons would be enough for 20."""


class ConfigError(DeskError):
    """The config file says something Copydesk cannot follow."""

    def __init__(self, complaints: list[str]) -> None:
        super().__init__("\n".join(complaints), advice="Mend config.toml and start again.")
        self.complaints = tuple(complaints)


class Config(Table):
    """Everything an operator can set."""

    newsroom: NewsroomConfig = NewsroomConfig()
    desk: DeskConfig
    newsletter: NewsletterConfig = NewsletterConfig()
    web: WebConfig = WebConfig()
    telegram: TelegramConfig = TelegramConfig()
    discord: DiscordConfig = DiscordConfig()
    reading: ReadingConfig = ReadingConfig()
    summary: SummaryConfig = SummaryConfig()
    wechat: WechatConfig = WechatConfig()
    announce: AnnounceConfig = AnnounceConfig()
    feeds: FeedsConfig = FeedsConfig()
    email: EmailConfig | None = None

    @model_validator(mode="after")
    def _fits_layout(self) -> "Config":
        try:
            layout = load_layout(self.newsletter.layout)
        except LookupError as unknown:
            raise ValueError(f"newsletter.layout: {unknown}") from unknown
        if self.newsletter.layout not in layout_names() and (faults := layout_faults(layout)):
            raise ValueError("newsletter.layout: " + "\n".join(faults))
        given = {section.key for section in self.desk.sections}
        for section in layout.sections:
            if section.key not in given:
                raise ValueError(
                    f"desk.sections: the section {section.key!r} ({section.heading}) of the layout "
                    f"{layout.name!r} is missing; add a [[desk.sections]] with key = {section.key!r}, "
                    "a name and an emoji"
                )
        return self

    @model_validator(mode="after")
    def _feeds_have_a_site(self) -> "Config":
        if self.feeds.enabled and not self.newsletter.site:
            raise ValueError(
                "newsletter.site: feeds need the newsletter's address; write it, or switch feeds off"
            )
        return self

    @model_validator(mode="after")
    def _distinct_rooms(self) -> "Config":
        names = [WEB_ROOM, *(room.name for room in self.platform_rooms)]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two rooms have the name {name!r}; give each its own")
        if self.desk.editors_room not in names:
            known = ", ".join(names)
            raise ValueError(
                f"desk.editors_room: there is no room {self.desk.editors_room!r}; known here: {known}"
            )
        for name in CHANNELS:
            if name in names:
                raise ValueError(f"a room is called {name!r}, which is what /send calls another channel")
        for room in self.announce.rooms:
            if room not in names:
                known = ", ".join(names)
                raise ValueError(f"announce.rooms: there is no room {room!r}; known here: {known}")
        return self

    @model_validator(mode="after")
    def _emoji_checked(self) -> "Config":
        used = [*(["telegram"] if self.telegram.rooms else []), *(["discord"] if self.discord.rooms else [])]
        for platform in used:
            if platform not in self.desk.platforms:
                raise ValueError(f"desk.platforms: add {platform!r}, which has rooms in this config")
        if self.discord.rooms and len(self.desk.sections) > MOST_SECTIONS_ON_DISCORD:
            raise ValueError(
                f"desk.sections: a card on Discord shows {MOST_SECTIONS_ON_DISCORD} sections at most; "
                f"there are {len(self.desk.sections)}"
            )
        return self

    @property
    def card_rooms(self) -> tuple[str, ...]:
        """Return the names of the rooms in which cards are shown."""
        web = (WEB_ROOM,) if self.web.cards else ()
        return (*web, *(room.name for room in self.platform_rooms if room.cards))

    @property
    def platform_rooms(self) -> tuple[RoomConfig, ...]:
        """Return the rooms on platforms."""
        return (*self.telegram.rooms, *self.discord.rooms)

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone in which the desk names days."""
        return ZoneInfo(self.newsroom.timezone)


def load_config(path: Path) -> Config:
    """Read the config file.

    Raises ConfigError with one complaint per fault, each naming the key and the cure.
    """
    try:
        with path.open("rb") as file:
            tables = tomllib.load(file)
    except FileNotFoundError:
        raise ConfigError([f"There is no {path.name}: copy config.example.toml to it."]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise ConfigError([f"{path.name} is not valid TOML: {broken}."]) from None
    return parse_config(_with_own_layout(tables, path.parent))


def _with_own_layout(tables: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Find a layout of one's own: its path is relative to the config file."""
    newsletter = tables.get("newsletter")
    if not isinstance(newsletter, dict):
        return tables
    layout = newsletter.get("layout")
    if not isinstance(layout, str) or layout in layout_names() or not (folder / layout).is_dir():
        return tables
    return {**tables, "newsletter": {**newsletter, "layout": str((folder / layout).resolve())}}


def parse_config(tables: dict[str, Any]) -> Config:
    """Check the tables of a config file; raises ConfigError."""
    try:
        return Config.model_validate(tables)
    except ValidationError as wrong:
        raise ConfigError([_complaint(error) for error in wrong.errors()]) from None


_SECRETIVE = frozenset(
    {
        "token_env",
        "key_env",
        "password_env",
        "app_id_env",
        "secret_env",
        "url",
        "database",
        "remote",
        "proxy",
        "api",
        "gateway",
        "webhook_url",
        "public_url",
    }
)
_PASSWORD = re.compile(r"(?<=://)[^/\s@\"]+@")


def shown_config(config: Config) -> str:
    """Return the config as JSON, without the names and passwords that stand in addresses."""
    return _PASSWORD.sub("…@", config.model_dump_json())


def _complaint(error: ErrorDetails) -> str:
    key = ".".join(str(part) for part in error["loc"])
    match error["type"]:
        case "extra_forbidden":
            return f"{key}: there is no such key. {_nearest(error['loc'])}"
        case "missing":
            return f"{key}: it is missing. {_MISSING.get(key, 'Add it; config.example.toml shows how.')}"
        case "value_error":
            said = error["msg"].removeprefix("Value error, ").rstrip(".")
            return f"{key}: {said}." if key else f"{said}."
        case _ if _SECRETIVE.intersection(error["loc"]):
            cure = " Write the name of the variable that holds the token." if "_env" in key else ""
            return f"{key}: {error['msg']} (what it says may be a secret, and is not repeated).{cure}"
        case _:
            return f"{key}: {error['msg']} (it says {error['input']!r})."


_MISSING = {"desk": "Add the table [desk] with its [[desk.sections]]; config.example.toml shows how."}


def _nearest(loc: tuple[int | str, ...]) -> str:
    table: type[BaseModel] = Config
    for part in loc[:-1]:
        if isinstance(part, str):
            table = _table_of(table, part) or table
    close = get_close_matches(str(loc[-1]), list(table.model_fields), n=1)
    return f"Did you mean {close[0]!r}?" if close else f"Known here: {', '.join(table.model_fields)}."


def _table_of(table: type[BaseModel], name: str) -> type[BaseModel] | None:
    """Return the table under a key, or of each entry where the key holds a list of them."""
    field = table.model_fields.get(name)
    kinds = [field.annotation, *get_args(field.annotation)] if field else []
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)
