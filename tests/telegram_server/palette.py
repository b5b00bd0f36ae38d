"""The emoji that Telegram lets people react with.

The Bot API documents them at ReactionTypeEmoji. Spelled here once more, apart from the client library's list,
so that the two check each other.
"""

_PALETTE = """
👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤️‍🔥
🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨
🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂️ 🤷 🤷‍♀️ 😡
"""
PALETTE = frozenset(_PALETTE.split())
CUSTOM = "custom:"
"""A premium member's own emoji is written custom:<id> in tests."""


def reaction_type(emoji: str) -> dict[str, str]:
    """Return a ReactionType, for an emoji of the palette or `custom:<id>`."""
    if emoji.startswith(CUSTOM):
        return {"type": "custom_emoji", "custom_emoji_id": emoji.removeprefix(CUSTOM)}
    return {"type": "emoji", "emoji": emoji}
