"""The tables of the config file that say how summaries are drafted, and by whom."""

from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from bot.config_tables import Table, Variable


class ModelConfig(Table):
    """A language model behind an endpoint that speaks OpenAI's /v1/chat/completions.

    `url` ends before "/chat/completions"; `key_env` names the variable that holds the key, empty where none
    is asked for; `seconds` bounds one draft, `most_per_day` the requests of a day, `input_characters` how
    much of an article is sent, `output_tokens` what is paid for in an answer.
    """

    url: str = Field(pattern=r"^https?://[^?#\s]+$")
    model: str = Field(min_length=1, max_length=200)
    key_env: Variable | Literal[""] = ""
    seconds: float = Field(default=30.0, gt=0, le=600)
    most_per_day: int = Field(default=200, ge=1, le=100_000)
    input_characters: int = Field(default=12_000, ge=500, le=200_000)
    output_tokens: int = Field(default=1200, ge=100, le=20_000)
    temperature: float = Field(default=0.2, ge=0, le=2)

    @field_validator("url")
    @classmethod
    def _without_password(cls, url: str) -> str:
        if "@" in urlsplit(url).netloc:
            raise ValueError("no name or password stands in it; put the key into the variable key_env names")
        return url.rstrip("/")


class SummaryConfig(Table):
    """How summaries are drafted: how long, in which language, and by whom."""

    characters: int = Field(default=250, ge=40, le=2000)
    language: str = Field(default="", pattern=r"^([a-z]{2})?$")
    llm: ModelConfig | None = None
