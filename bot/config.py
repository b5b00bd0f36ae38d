"""config.toml → Config. Every complaint names the key and the cure; unknown keys are errors."""

import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails

from bot.emoji import plain
from bot.errors import DeskError
from bot.rooms.palette import can_react
from renderers.layout import load_layout

Language = Literal["en", "zh"]
Platform = Literal["web", "telegram", "discord"]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,30}$")]


class ConfigError(DeskError):
    """The config file says something Copydesk cannot follow."""

    def __init__(self, complaints: list[str]) -> None:
        super().__init__("\n".join(complaints), advice="Mend config.toml and start again.")
        self.complaints = tuple(complaints)


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
    editors: tuple[str, ...] = ()
    platforms: tuple[Platform, ...] = ("web", "telegram", "discord")
    sections: tuple[SectionConfig, ...] = Field(min_length=1)

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


class NewsletterConfig(Table):
    """The newsletter: its house format and its git repository."""

    layout: str = "embedded-ai-report"
    repository: Path = Path("var/newsletter.git")
    remote: str = ""
    branch: str = Field(default="main", pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*$")
    token_env: str = ""
    email_domain: str = "copydesk.invalid"


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

    @property
    def address(self) -> str:
        """Return the address people type, without a slash at its end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


class ReadingConfig(Table):
    """How links are read: limits for pages that are hostile, slow or endless."""

    processes: int = Field(default=2, ge=1, le=64)
    seconds: float = Field(default=20.0, gt=0, le=600)
    memory_mb: int = Field(default=1500, ge=300)
    at_once: int = Field(default=8, ge=1, le=256)
    summary_characters: int = Field(default=250, ge=40, le=2000)
    allowed_hosts: tuple[str, ...] = ()


class Config(Table):
    """Everything an operator can set."""

    newsroom: NewsroomConfig = NewsroomConfig()
    desk: DeskConfig
    newsletter: NewsletterConfig = NewsletterConfig()
    web: WebConfig = WebConfig()
    reading: ReadingConfig = ReadingConfig()

    @model_validator(mode="after")
    def _fits_layout(self) -> "Config":
        try:
            layout = load_layout(self.newsletter.layout)
        except LookupError as unknown:
            raise ValueError(f"newsletter.layout: {unknown}") from unknown
        given = {section.key for section in self.desk.sections}
        for section in layout.sections:
            if section.key not in given:
                raise ValueError(
                    f"desk.sections: the section {section.key!r} ({section.heading}) of the layout "
                    f"{layout.name!r} is missing; add a [[desk.sections]] with key = {section.key!r}, "
                    "a name and an emoji"
                )
        return self

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
    return parse_config(tables)


def parse_config(tables: dict[str, Any]) -> Config:
    """Check the tables of a config file; raises ConfigError."""
    try:
        return Config.model_validate(tables)
    except ValidationError as wrong:
        raise ConfigError([_complaint(error) for error in wrong.errors()]) from None


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
    if table is DeskConfig and name == "sections":
        return SectionConfig
    field = table.model_fields.get(name)
    kind = field.annotation if field else None
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None
