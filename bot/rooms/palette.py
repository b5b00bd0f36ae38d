"""Which emoji each platform can show as a reaction."""

from bot.emoji import plain

_OF_ONE_CHARACTER = (
    "👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍"
    "🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭🤓👻👀🎃🙈"
    "😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾🤷😡"
)
_JOINED = ("❤\ufe0f\u200d🔥", "👨\u200d💻", "🤷\u200d♂\ufe0f", "🤷\u200d♀\ufe0f")
TELEGRAM_PALETTE = frozenset((*_OF_ONE_CHARACTER, *_JOINED))
"""Telegram's fixed palette (its library's ReactionEmoji, to which a test compares it), in plain spelling.

Written out here, since every process reads the config and few need that library's 30 MB.
"""


def can_react(platform: str, emoji: str) -> bool:
    """Tell whether people can put this emoji on a message; Discord and the web room show any."""
    return platform != "telegram" or plain(emoji) in TELEGRAM_PALETTE
