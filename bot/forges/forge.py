"""What the desk needs of a forge, whichever it is: pull requests, found, opened, edited, looked at."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.forges.forge_error import AlreadyOpenError


class PullState(StrEnum):
    """What has become of a pull request."""

    OPEN = "open"
    MERGED = "merged"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull request as the forge has it; `number` is what people call it by, `url` where they see it."""

    number: int
    url: str
    state: PullState
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pull request to be: from the branch `head` into the branch `base`."""

    head: str
    base: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What our account may do in the project: push branches, and open pull requests at all."""

    may_push: bool
    takes_pull_requests: bool


class Forge(Protocol):
    """A project on a forge. Every method raises a `ForgeError` for what people can put right."""

    async def find(self, head: str, base: str) -> Pull | None:
        """Return the open pull request from one branch into another."""

    async def open(self, proposal: Proposal) -> Pull:
        """Open a pull request; raises `AlreadyOpenError` where there is one for these branches."""

    async def edit(self, number: int, *, title: str, body: str) -> Pull:
        """Give a pull request another title and text."""

    async def look(self, number: int) -> Pull:
        """Return a pull request as it is now."""

    async def standing(self) -> Standing:
        """Return what our account may do in the project."""


async def find_or_open(forge: Forge, proposal: Proposal) -> Pull:
    """Return the open pull request of a branch with this title and text; it is opened once.

    Run again after a crash, or beside another who opens it, it finds what is there. Raises a `ForgeError`.
    """
    found = await forge.find(proposal.head, proposal.base)
    if found is None:
        try:
            return await forge.open(proposal)
        except AlreadyOpenError:
            found = await forge.find(proposal.head, proposal.base)
            if found is None:
                raise
    if (found.title, found.body) == (proposal.title, proposal.body):
        return found
    return await forge.edit(found.number, title=proposal.title, body=proposal.body)
