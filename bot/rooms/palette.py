"""Which emoji each platform can show as a reaction."""

from functools import cache

from telegram.constants import ReactionEmoji

from bot.emoji import plain


def can_react(platform: str, emoji: str) -> bool:
    """Tell whether people can put this emoji on a message.

    Telegram has a fixed palette of 73 (its library lists them); Discord and the web room show any emoji.
    """
    return platform != "telegram" or plain(emoji) in telegram_palette()


@cache
def telegram_palette() -> frozenset[str]:
    """Return Telegram's palette, each emoji in its plain spelling."""
    return frozenset(plain(str(emoji.value)) for emoji in ReactionEmoji)
