"""How a fetch ends without a page, and what that means for the story."""

import aiohttp

from bot.reading.fetching.address_guard import BlockedAddressError
from bot.reading.verdict import Reason, Verdict
from bot.reading.walls import challenge_in


class FetchFailedError(Exception):
    """No page came back."""

    def __init__(self, verdict: Verdict, reason: str, *, passing: bool = False) -> None:
        super().__init__(f"{verdict}: {reason}")
        self.verdict = verdict
        self.reason = reason
        """A `Reason`, or "http-" and a status."""
        self.passing = passing
        """True where trying again later may help."""


def status_failure(status: int, body: bytes = b"", *, challenged: bool = False) -> FetchFailedError:
    """Say what an answer with another status than 200 to 299 means.

    `body` is the beginning of what came with it; `challenged`, whether its headers say that a person must
    pass a test.
    """
    if challenged or challenge_in(body):
        return FetchFailedError(Verdict.VERIFICATION, Reason.VERIFICATION_PAGE)
    reason = f"http-{status}"
    match status:
        case 404 | 410:
            return FetchFailedError(Verdict.GONE, reason)
        case 401 | 402:
            return FetchFailedError(Verdict.LOGIN, reason)
        case 403 | 407 | 451:
            return FetchFailedError(Verdict.BLOCKED, reason)
        case 429:
            return FetchFailedError(Verdict.BLOCKED, reason, passing=True)
    return FetchFailedError(Verdict.UNREADABLE, reason, passing=status in (408, 425) or status >= 500)


def client_failure(error: aiohttp.ClientError) -> FetchFailedError:
    """Say what a failure of aiohttp's means."""
    match error:
        case aiohttp.ClientConnectorCertificateError():
            return FetchFailedError(Verdict.UNREADABLE, Reason.CERTIFICATE)
        case aiohttp.ClientConnectorDNSError():
            return FetchFailedError(Verdict.GONE, Reason.UNKNOWN_HOST, passing=True)
        case aiohttp.ClientConnectorError(os_error=BlockedAddressError()):
            return FetchFailedError(Verdict.BLOCKED, Reason.PRIVATE_ADDRESS)
        case aiohttp.InvalidURL():
            return FetchFailedError(Verdict.BLOCKED, Reason.NOT_A_WEB_ADDRESS)
        case _:
            return FetchFailedError(Verdict.UNREADABLE, Reason.CONNECTION, passing=True)
