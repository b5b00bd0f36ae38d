"""Emoji in one spelling, so that the same reaction from two platforms is the same."""

_VARIATION_SELECTOR = "\ufe0f"
_JOINER = "\u200d"

VOTE_UP = "👍"
VOTE_DOWN = "👎"
TAKEN = "👀"
ON_THE_SLATE = "👍"


def plain(emoji: str) -> str:
    """Return the emoji without its variation selector, unless a joiner needs it.

    Telegram sends ❤ bare where Discord may send it with U+FE0F; joined emoji (👨‍💻) keep theirs.
    """
    emoji = emoji.strip()
    return emoji if _JOINER in emoji else emoji.replace(_VARIATION_SELECTOR, "")
