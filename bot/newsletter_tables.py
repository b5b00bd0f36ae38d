"""The tables of the config file that say what the newsletter is, and by which way it is committed."""

import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, field_validator, model_validator

from bot.clear_text import require_unreadable
from bot.config_tables import Table, Variable

Way = Literal["branch", "pull-request"]
ForgeKind = Literal["github", "gitlab", "gitea"]
DraftMark = Literal["", "published: false", "draft: true"]

_APIS: dict[str, str] = {"github": "https://api.github.com", "gitlab": "https://gitlab.com/api/v4"}


def _file_name(value: str) -> str:
    if "PRIVATE KEY" in value or not value.isprintable():
        raise ValueError("name the file that holds the key; the key itself does not belong here")
    return value


FileName = Annotated[str, AfterValidator(_file_name)]
"""A file of the operator's; empty where there is none."""


class PullRequestConfig(Table):
    """Where pull requests (GitLab's merge requests) are opened.

    `api` ends before "/repos" or "/projects"; `project` is the path under which people see the repository;
    `token_env` names the variable with the token, empty where it is `newsletter.token_env`'s; `prefix` begins
    the names of branches, which end with the issue's date; `title` may hold `{date}`, and empty it is a
    sentence in the newsroom's language.
    """

    forge: ForgeKind
    project: str = Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)+$")
    api: str = Field(default="", pattern=r"^(https?://[^?#\s]+)?$")
    token_env: Variable | Literal[""] = ""
    prefix: str = Field(
        default="copydesk/", pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9][A-Za-z0-9_-]*)*[/-]$"
    )
    title: str = Field(default="", max_length=120)

    @field_validator("api")
    @classmethod
    def _without_password(cls, api: str) -> str:
        if "@" in urlsplit(api).netloc:
            raise ValueError(
                "no name or password stands in it; put the token into the variable token_env names"
            )
        return require_unreadable(api.rstrip("/"), what="token") if api else api

    @field_validator("title")
    @classmethod
    def _only_date(cls, title: str) -> str:
        if set(re.findall(r"\{[^{}]*\}|[{}]", title)) - {"{date}"} or not title.isprintable():
            raise ValueError("it is one line, and all that may stand in braces is {date}")
        return title

    @model_validator(mode="after")
    def _findable(self) -> "PullRequestConfig":
        if not self.address:
            raise ValueError(
                "gitea has no address of its own; write your server's into api, such as https://codeberg.org/api/v1"
            )
        if self.forge != "gitlab" and self.project.count("/") != 1:
            raise ValueError(
                f"on {self.forge} the project is owner/name, such as ada/newsletter; it says {self.project!r}"
            )
        return self

    @property
    def address(self) -> str:
        """Return the address of the forge's API, without a slash at its end."""
        return self.api or _APIS.get(self.forge, "")


class NewsletterConfig(Table):
    """The newsletter: its name, its house format, its git repository and the way into it."""

    title: str = Field(default="", max_length=120)
    tagline: str = Field(default="", max_length=300)
    site: str = Field(default="", pattern=r"^(https?://[^?#\s]+)?$")
    layout: str = "embedded-ai-report"
    repository: Path = Path("var/newsletter.git")
    remote: str = ""
    branch: str = Field(default="main", pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*$")
    token_env: Variable | Literal[""] = ""
    ssh_key: FileName = ""
    known_hosts: FileName = ""
    signing_key: FileName = ""
    email_domain: str = "copydesk.invalid"
    way: Way = "branch"
    draft_mark: DraftMark = ""
    pull_request: PullRequestConfig | None = None

    @model_validator(mode="after")
    def _whole_way(self) -> "NewsletterConfig":
        if self.way == "pull-request" and self.pull_request is None:
            raise ValueError(
                'for way = "pull-request" add the table [newsletter.pull_request] with forge and project'
            )
        if self.way == "pull-request" and not self.remote:
            raise ValueError(
                "a pull request needs a remote; write the repository's address into newsletter.remote"
            )
        if self.ssh_key and self.remote and re.match(r"https?://|file:|[./~]", self.remote):
            raise ValueError(
                "ssh_key needs a remote that is reached by ssh; write its address as ssh://git@HOST/PATH or "
                "git@HOST:PATH, or take the key out"
            )
        return self

    @property
    def mark(self) -> tuple[str, bool] | None:
        """Return the key and value in front matter that keep a draft off the site."""
        key, _, value = self.draft_mark.partition(": ")
        return (key, value == "true") if key else None

    @property
    def forge_token_env(self) -> str:
        """Return the name of the variable that holds the forge's token; empty where none is named."""
        return (self.pull_request.token_env if self.pull_request else "") or self.token_env
