"""What a person sees who looks into a chat, for tests to check."""

from typing import NamedTuple

from tests.telegram_server.world import Chat, Json, World


class Button(NamedTuple):
    """A button under a message: its label, and what a press sends (a web address for a link)."""

    label: str
    data: str


class Views:
    """Looks at the chats of a world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def messages(self, chat: Chat | int) -> list[Json]:
        """Return every message of a chat that has not been deleted, oldest first."""
        return list(self._world.chat(chat).messages.values())

    def bot_messages(self, chat: Chat | int) -> list[Json]:
        """Return the bot's own messages in a chat, oldest first."""
        return [each for each in self.messages(chat) if each["from"]["id"] == self._world.bot.id]

    def text_of(self, chat: Chat | int, message_id: int) -> str:
        """Return a message's text or caption."""
        message = self._world.chat(chat).messages[message_id]
        return str(message.get("text", message.get("caption", "")))

    def buttons_of(self, chat: Chat | int, message_id: int) -> list[list[Button]]:
        """Return the buttons under a message, row by row."""
        markup = self._world.chat(chat).messages[message_id].get("reply_markup", {})
        return [
            [Button(each["text"], each.get("callback_data") or each.get("url", "")) for each in row]
            for row in markup.get("inline_keyboard", [])
        ]

    def bot_reaction(self, chat: Chat | int, message_id: int) -> str | None:
        """Return the bot's reaction to a message."""
        given = self._world.chat(chat).reactions.get(message_id, {}).get(f"user:{self._world.bot.id}")
        return given[0] if given else None

    def file_of(self, chat: Chat | int, message_id: int) -> bytes:
        """Return the bytes of a message's document."""
        document = self._world.chat(chat).messages[message_id]["document"]
        return self._world.files[document["file_id"]][1]

    def commands(self, scope: str = "default", language: str = "") -> dict[str, str]:
        """Return the commands of a scope ("default", "chat:-100…", …) with their descriptions."""
        listed = self._world.commands.get((scope, language), [])
        return {each["command"]: each["description"] for each in listed}
