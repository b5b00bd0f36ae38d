"""The tables of the config file that say by which ways an issue reaches its readers."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from bot.config_tables import Table, Variable
from renderers.markdown import link_target
from renderers.outputs.email_message import mailbox

Security = Literal["starttls", "tls", "none"]

_PORTS: dict[str, int] = {"starttls": 587, "tls": 465, "none": 25}  # RFC 6409, RFC 8314, RFC 5321
_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")


def _mailbox(value: str) -> str:
    mailbox(value)
    return value


def _unsubscribe(value: str) -> str:
    if link_target(value) == value:
        return value
    if value.startswith("mailto:"):
        mailbox(value.removeprefix("mailto:").partition("?")[0])
        if value.isascii() and value.isprintable() and not set(' <>"') & {*value}:
            return value
    raise ValueError(f"{value!r} is no way to unsubscribe; write a web address, or mailto:user@host")


Mailbox = Annotated[str, AfterValidator(_mailbox)]
"""An e-mail address, with or without a name before it."""
Unsubscribe = Annotated[str, AfterValidator(_unsubscribe)]
"""Where a reader leaves the list."""


class EmailConfig(Table):
    """The SMTP server that takes a released issue, and to whom it goes.

    `recipients` are people or, better, the address of a mailing list. `port` 0 is the usual one for the
    `security`; `password_env` names the variable with the password of `user`; `seconds` bounds each answer.
    """

    host: str = Field(min_length=1, pattern=r"^[A-Za-z0-9.:-]+$")
    port: int = Field(default=0, ge=0, le=65535)
    security: Security = "starttls"
    user: str = ""
    password_env: Variable | Literal[""] = ""
    sender: Mailbox
    recipients: tuple[Mailbox, ...] = Field(min_length=1)
    reply_to: Mailbox | Literal[""] = ""
    list_unsubscribe: tuple[Unsubscribe, ...] = ()
    seconds: float = Field(default=30.0, gt=0, le=600)

    @model_validator(mode="after")
    def _keeps_password(self) -> Self:
        if bool(self.user) != bool(self.password_env):
            raise ValueError("user and password_env belong together: write both or neither")
        if self.user and self.security == "none" and self.host not in _THIS_MACHINE:
            raise ValueError('a password is not sent in clear: set security to "starttls" or "tls"')
        return self

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        addresses = [mailbox(recipient).addr_spec.lower() for recipient in self.recipients]
        for address in addresses:
            if addresses.count(address) > 1:
                raise ValueError(f"recipients: {address} stands there twice; keep one of them")
        return self

    @property
    def server_port(self) -> int:
        """Return the port that is meant."""
        return self.port or _PORTS[self.security]


class FeedsConfig(Table):
    """Feed files that each release keeps in the repository; `entries` is how many issues they hold."""

    enabled: bool = False
    folder: str = Field(
        default="", pattern=r"^([A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)?$"
    )
    entries: int = Field(default=10, ge=1, le=100)
