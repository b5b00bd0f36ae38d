"""Keeping secrets, and what a stranger's text could do to a terminal, out of what the doctor says."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

from bot.config import Config
from bot.doctor.finding import Finding
from bot.logs import keep_out_of_logs

VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]{0,60}")
"""How names of environment variables are spelled; anything else in their place may be a token itself."""
# A name and password in an address; Telegram's tokens; Discord's tokens; tokens of GitHub and GitLab.
_SECRETS = re.compile(
    r"(?<=://)[^/\s@]+@|\b\d{5,}:[A-Za-z0-9_-]{20,}|\b[\w-]{20,}\.[\w-]{5,}\.[\w-]{20,}"
    r"|\b(?:gh[a-z]_|github_pat_|glpat-)[\w-]+"
)
_JOINER = "\u200d"  # holds an emoji together, and does no harm
_LONGEST = 600
_SHORTEST_SECRET = 4  # taking out each "a" would leave nothing to read


@dataclass(frozen=True, slots=True)
class Secrecy:
    """Words that nobody may read."""

    words: tuple[str, ...]

    def cover(self, finding: Finding) -> Finding:
        """Return the finding without secrets and without control characters."""
        return replace(finding, said=self._plain(finding.said), cure=self._plain(finding.cure))

    def _plain(self, text: str) -> str:
        for word in self.words:
            text = text.replace(word, "…")
        text = _SECRETS.sub("…", text)
        printed = (c if c.isprintable() or c == _JOINER else " " for c in text)
        return " ".join("".join(printed).split())[:_LONGEST]


def secrecy(config: Config | None, environment: dict[str, str]) -> Secrecy:
    """Find the secrets of a config and of the environment that it names."""
    found = {word for word in _secrets(config, environment) if len(word) >= _SHORTEST_SECRET}
    return Secrecy(tuple(sorted(found, key=len, reverse=True)))


def hide_from_logs(config: Config, environment: dict[str, str]) -> None:
    """Let every secret of a config be blotted out of this process's logs, should a library ever name one."""
    for word in secrecy(config, environment).words:
        keep_out_of_logs(word)


def _secrets(config: Config | None, environment: dict[str, str]) -> Iterator[str]:
    yield environment.get("COPYDESK_SECRET", "").strip()
    if config is None:
        return
    llm = config.summary.llm
    newsletter = config.newsletter
    forge = (newsletter.token_env, newsletter.forge_token_env)
    tokens = (config.telegram.token_env, config.discord.token_env, *forge)
    passwords = [config.email.password_env] if config.email else []
    wechat = (config.wechat.app_id_env, config.wechat.secret_env)
    for variable in (*tokens, *passwords, *wechat, *([llm.key_env] if llm else [])):
        yield environment.get(variable, "").strip()
        if not VARIABLE.fullmatch(variable):
            yield variable
    yield from _passwords(
        (
            config.newsroom.database,
            config.newsletter.remote,
            config.telegram.proxy,
            config.telegram.api,
            config.telegram.webhook_url,
            config.discord.proxy,
            config.discord.api,
            config.discord.gateway,
        )
    )


def _passwords(addresses: Iterable[str]) -> Iterator[str]:
    """Yield the password of each address, as written and as it is meant."""
    for address in addresses:
        try:
            password = urlsplit(address).password
        except ValueError:
            password = address
        if password:
            yield from (password, unquote(password))
