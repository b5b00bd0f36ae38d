"""The forge of the pull requests: its token, its project, and the right to open them."""

from collections.abc import Mapping, Sequence

from bot.clear_text import STAYS_HERE, way_of
from bot.doctor.finding import Check, Finding
from bot.doctor.visit import Visit
from bot.forges.forge import Forge
from bot.forges.forge_error import (
    ForgeError,
    ForgeMovedError,
    ForgeTokenError,
    NoForgeRightError,
    NoSuchProjectError,
)
from bot.forges.opening import forge_of
from bot.newsletter_tables import NewsletterConfig, PullRequestConfig

AREA = "forge"
_PROJECT = Check(AREA, "project")
_RIGHTS = Check(AREA, "rights")
_TOKEN = Check(AREA, "token")
_SHARE = 0.8  # of the time of a check, so that our own explanation comes before we give up


async def forge_findings(visit: Visit, environment: Mapping[str, str]) -> list[Finding]:
    """Ask the forge for the project; nothing where drafts go straight to the branch."""
    newsletter = visit.config.newsletter
    place, forge = newsletter.pull_request, _forge(visit, environment)
    if place is None or forge is None:
        return []
    if not environment.get(newsletter.forge_token_env, "").strip():
        return [_TOKEN.wrong("there is no token for pull requests", _no_token(newsletter))]
    return [*_clear(place), *await visit.look(_PROJECT, lambda: _project(forge, place, newsletter))]


def _forge(visit: Visit, environment: Mapping[str, str]) -> Forge | None:
    return forge_of(visit.config.newsletter, seconds=visit.seconds * _SHARE, environment=environment)


def _no_token(newsletter: NewsletterConfig) -> str:
    named = newsletter.forge_token_env
    if not named:
        return "Write the name of a variable into newsletter.pull_request.token_env, and the token into that."
    return f"Put the token into the variable: export {named}=…"


def _clear(place: PullRequestConfig) -> Sequence[Finding]:
    """Find a token that would travel where others can read it."""
    if way_of(place.address) == STAYS_HERE:
        return []
    said = "the token travels unencrypted to another machine"
    return [_TOKEN.warning(said, "Write https:// in newsletter.pull_request.api.")]


async def _project(forge: Forge, place: PullRequestConfig, newsletter: NewsletterConfig) -> Sequence[Finding]:
    try:
        standing = await forge.standing()
    except ForgeError as trouble:
        return [_PROJECT.wrong(trouble.problem, _cure(trouble, newsletter))]
    found = [_PROJECT.fine(f"{place.forge} shows {place.project}")]
    if not standing.takes_pull_requests:
        cure = "Switch pull requests on in the project's settings; an archived project takes none."
        return [*found, _RIGHTS.wrong("the project takes no pull requests", cure)]
    if not standing.may_push:
        return [*found, _RIGHTS.wrong("the token's account may not push branches", _RIGHTS_OF[place.forge])]
    return [
        *found,
        _RIGHTS.fine("the token's account may push branches, and the project takes pull requests"),
    ]


_RIGHTS_OF = {
    "github": "Give the token Contents and Pull requests, both read and write, and its account write access.",
    "gitlab": "Give the token the role Developer and the scopes api and write_repository.",
    "gitea": "Give the token write:repository, and its account the right to write.",
}


def _cure(trouble: ForgeError, newsletter: NewsletterConfig) -> str:
    if isinstance(trouble, ForgeTokenError):
        return f"Make a new token, and put it into the variable: export {newsletter.forge_token_env}=…"
    if isinstance(trouble, NoForgeRightError) and newsletter.pull_request is not None:
        return _RIGHTS_OF[newsletter.pull_request.forge]
    if isinstance(trouble, NoSuchProjectError):
        return (
            "Compare newsletter.pull_request.project and api with the forge's address of the repository, and "
            "give the token access to it."
        )
    if isinstance(trouble, ForgeMovedError):
        return "Write the new place into newsletter.pull_request.project and api."
    return "Look whether this machine reaches the address in newsletter.pull_request.api, then try again."
