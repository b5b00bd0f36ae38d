"""Which forge the config names, with its token."""

import os
from collections.abc import Callable, Mapping

from bot.forges.forge import Forge
from bot.forges.gitea import Gitea, gitea_headers
from bot.forges.github import GitHub, github_headers
from bot.forges.gitlab import GitLab, gitlab_headers
from bot.forges.line import Line
from bot.newsletter_tables import ForgeKind, NewsletterConfig

_Kind = tuple[Callable[[str], dict[str, str]], Callable[[Line, str], Forge]]
_KINDS: dict[ForgeKind, _Kind] = {
    "github": (github_headers, GitHub),
    "gitlab": (gitlab_headers, GitLab),
    "gitea": (gitea_headers, Gitea),
}


def forge_of(
    newsletter: NewsletterConfig, *, seconds: float = 20.0, environment: Mapping[str, str] = os.environ
) -> Forge | None:
    """Return the forge where pull requests are opened; None where drafts go straight to the branch.

    The token is read from its variable in the environment now. `seconds` bounds each request.
    """
    place = newsletter.pull_request
    if newsletter.way != "pull-request" or place is None:
        return None
    token = environment.get(newsletter.forge_token_env, "").strip() if newsletter.forge_token_env else ""
    headers, kind = _KINDS[place.forge]
    return kind(Line(place.address, headers(token), seconds), place.project)
