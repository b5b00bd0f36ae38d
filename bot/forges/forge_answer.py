"""A forge's answers, taken at their word only as far as they have the form that its kind has."""

import functools
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

from bot.forges.forge import Pull, PullState
from bot.forges.forge_error import ForgeStrangeError
from renderers.markdown import link_target

_MOST = 2**31 - 1  # what the column of the database holds
P = ParamSpec("P")
R = TypeVar("R")


def understood(ask: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
    """Let what reads an answer raise `ForgeStrangeError` where the answer has another form."""

    @functools.wraps(ask)
    async def asked(*arguments: P.args, **options: P.kwargs) -> R:
        try:
            return await ask(*arguments, **options)
        except (LookupError, TypeError, AttributeError, ValueError) as strange:
            raise ForgeStrangeError from strange

    return asked


def pull_of(number: Any, url: Any, state: PullState, title: Any, body: Any) -> Pull:
    """Return a pull request; raises TypeError or ValueError where its number or address is none."""
    if type(number) is not int or not isinstance(title, str) or not isinstance(body or "", str):
        raise TypeError(number)
    address = link_target(url)
    if not 0 < number <= _MOST or not address:
        raise ValueError(number)
    return Pull(number, address, state, title, body or "")
