"""What discord.py raises, as the troubles that a room knows.

Some answers are no errors for the library and break it: half a body, a proxy's page under status 200. What it
then raises, KeyError among it, must not pass for a message that is gone.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import discord

from bot.rooms.room import RoomTroubleError, Trouble

UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, UNKNOWN_EMOJI = 10003, 10008, 10014
UNKNOWN_WEBHOOK, UNKNOWN_INTERACTION, INVALID_TOKEN = 10015, 10062, 50027
_MISSING_ACCESS = 50001
_ARCHIVED, _LOCKED = 50083, 160005  # of threads
LONGEST_DEED = 40.0
"""Seconds. The library tries again after a 5xx for 25 s, and obeys a 429 of 30 s at most."""
DEAD_TOKEN = frozenset({UNKNOWN_WEBHOOK, UNKNOWN_INTERACTION, INVALID_TOKEN})
"""An interaction's token is not known: 15 minutes are over, or nobody acknowledged it in time."""


class TokenDeadError(Exception):
    """An interaction can't be answered by its token any more."""


@asynccontextmanager
async def in_room_terms(*, elsewhere: bool = False, within: float = LONGEST_DEED) -> AsyncIterator[None]:
    """Let a deed on Discord raise only what a room may raise, and TokenDeadError.

    `elsewhere` says that it happens in a thread: where that is closed to us, its messages are as good as
    gone. `within` is in seconds.
    """
    try:
        async with asyncio.timeout(within):
            yield
    except (RoomTroubleError, TokenDeadError, GoneError):
        raise
    except discord.HTTPException as error:
        found = trouble_of(error)
        if elsewhere and isinstance(found, RoomTroubleError) and found.trouble in (_GONE, _RIGHT):
            raise GoneError(found.detail) from None
        raise found from None
    except discord.RateLimited as limit:
        raise RoomTroubleError("429", trouble=Trouble.BUSY, retry_after=limit.retry_after) from None
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise RoomTroubleError(type(error).__name__) from None  # its text may hold an address with a token
    except (discord.DiscordException, RuntimeError) as error:
        raise RoomTroubleError(type(error).__name__) from error  # such as a session that is just closing
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise RoomTroubleError(f"an answer that makes no sense ({type(error).__name__})") from error


class GoneError(LookupError):
    """A message is not there any more."""


_GONE, _RIGHT = Trouble.GONE, Trouble.RIGHT


def trouble_of(error: discord.HTTPException) -> Exception:
    """Return what an HTTP error of Discord means for a room."""
    detail = f"{error.status} {error.code} {error.text}".strip()[:200]
    if error.code in DEAD_TOKEN:
        return TokenDeadError(detail)
    if error.code == UNKNOWN_MESSAGE:
        return GoneError(detail)
    return RoomTroubleError(detail, trouble=_kind_of(error))


def _kind_of(error: discord.HTTPException) -> Trouble:
    if error.status == 401:
        return Trouble.LOGIN
    if error.code in (UNKNOWN_CHANNEL, _MISSING_ACCESS, _ARCHIVED, _LOCKED):
        return Trouble.GONE
    if error.status == 403:
        return Trouble.RIGHT
    if error.status == 429:
        return Trouble.BUSY  # without more words: the proxy before Discord
    return Trouble.UNREACHABLE if error.status >= 500 else Trouble.REFUSED
