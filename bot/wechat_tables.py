"""The table [wechat] of the config file: the public account that gets an issue as a draft."""

from typing import Annotated, Literal

from pydantic import Field

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

    @property
    def enabled(self) -> bool:
        """Tell whether there is an account."""
        return bool(self.app_id_env)
