"""Why Telegram does not answer, in words for an operator.

The library's own words are not repeated: they hold the token where it is wrong.
"""

from collections.abc import Sequence

from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.doctor.finding import Check, Finding
from bot.doctor.visit import Look

COPY_AGAIN = (
    "In Telegram: @BotFather → /mybots → your bot → API Token; copy the whole of it (123456:ABC…) into the "
    "variable that telegram.token_env names."
)


def explained(check: Check, look: Look) -> Look:
    """Make findings of what the library raises."""

    async def explain() -> Sequence[Finding]:
        try:
            return await look()
        except TelegramError as error:
            return [sickness(check, error)]

    return explain


def sickness(check: Check, error: TelegramError) -> Finding:
    """Say why Telegram has not answered as it should."""
    match error:
        case InvalidToken():
            return check.wrong("Telegram does not know this token", COPY_AGAIN)
        case RetryAfter():
            return check.warning("Telegram asks for patience", "Wait a few minutes, then try again.")
        case TimedOut():
            return check.wrong("Telegram cannot be reached: no answer in time", _REACH)
        case NetworkError() if type(error) is NetworkError:
            return check.wrong("Telegram cannot be reached, or does not answer as it should", _REACH)
        case _:
            return check.wrong(f"Telegram refuses: {error.message}", "Look up this refusal; then try again.")


_REACH = (
    "Look whether this machine reaches it: curl -I https://api.telegram.org; where the network blocks it, "
    "set telegram.proxy. If that is set, the proxy must run; if telegram.api is set, that server."
)
