"""The table [wechat] of the config file: the public account that gets an issue as a draft."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from bot.clear_text import require_unreadable
from bot.config_tables import Table

# The same pattern as every other variable's name; whoever writes the secret itself here is told so.
_Variable = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,80}$")]


class WechatConfig(Table):
    """The account, by the names of the variables that hold its keys; without an app id there is none."""

    app_id_env: _Variable | Literal[""] = ""
    secret_env: _Variable = "WECHAT_SECRET"  # noqa: S105 - a variable's name
    api: str = Field(default="https://api.weixin.qq.com", pattern=r"^https?://[^?#]+$")
    thumb_media_id: str = Field(default="", max_length=200, pattern=r"^[A-Za-z0-9_-]*$")
    author: str = Field(default="", max_length=16)

    @field_validator("api")
    @classmethod
    def _keeps_secrets(cls, api: str) -> str:
        if "@" in urlsplit(api).netloc:
            raise ValueError("no name or password stands in it: let the relay know you by your address")
        return require_unreadable(api, what="account's secret")

    @property
    def enabled(self) -> bool:
        """Tell whether there is an account."""
        return bool(self.app_id_env)
