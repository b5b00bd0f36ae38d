"""Why the newsletter's repository or its forge did not do something, in the language of the room."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from bot.errors import DeskError
from bot.forges.forge_error import ForgeError
from bot.wording import Wording
from storage.repo_errors import RepoError


def told(error: RepoError | ForgeError, wording: Wording) -> tuple[str, str]:
    """Return what happened and what to do; the second may be empty.

    Each kind of error has a sentence of its own, named after its class, with the advice on its second line.
    """
    problem, _, advice = wording.say(repo_key(type(error)), **error.about).partition("\n")
    return problem, advice


@contextmanager
def told_to_people(wording: Wording) -> Iterator[None]:
    """Let what goes wrong with the repository be a DeskError, for a page that shows those."""
    try:
        yield
    except RepoError as error:
        problem, advice = told(error, wording)
        raise DeskError(problem, advice=advice) from error


def repo_key(kind: type[Exception]) -> str:
    """Return the key of the sentence for a kind of error."""
    name = kind.__name__.removesuffix("Error")
    return "repo_" + re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
