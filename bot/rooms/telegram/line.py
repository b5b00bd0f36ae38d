"""The line to Telegram: what the bot sends, with the library's errors told in the room's words.

What is known of a chat is kept here, since several rooms may be topics of one chat: its budget, and the
highest number of a message seen there.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from aiolimiter import AsyncLimiter
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
    ReactionTypeEmoji,
    ReplyParameters,
)
from telegram.constants import ParseMode

from bot.rooms.room import PostFile
from bot.rooms.telegram.trouble import NothingChangesError, room_troubles
from renderers.telegram_card import TelegramButton

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Part:
    """One message to send: HTML, perhaps a file whose caption it is, rows of buttons."""

    html: str
    file: PostFile | None = None
    buttons: tuple[tuple[TelegramButton, ...], ...] = ()


@dataclass(slots=True)
class ChatKnown:
    """What is known of a chat: what it may be sent, and how far its messages go."""

    budget: AsyncLimiter
    highest: int = 0
    own: set[int] = field(default_factory=set)  # sent since the start
    is_looked_up: bool = False  # whether `highest` knows what the database does

    def saw(self, message: int) -> None:
        """Remember that a message with this number exists."""
        self.highest = max(self.highest, message)


@dataclass(slots=True)
class TelegramLine:
    """Sends for all rooms on Telegram.

    Each deed raises what `bot.rooms.telegram.trouble` makes of the library's errors.
    """

    bot: Bot
    messages_per_minute: int
    _chats: dict[int, ChatKnown] = field(default_factory=dict)

    def chat(self, chat: int) -> ChatKnown:
        """Return what is known of a chat."""
        known = self._chats.get(chat)
        if known is None:
            known = self._chats[chat] = ChatKnown(budget_of(self.messages_per_minute))
        return known

    async def send(self, chat: int, part: Part, *, reply_to: int | None, thread: int | None) -> int:
        """Send a message; return its number. Where the one it answers is gone, it stands alone."""
        await self.chat(chat).budget.acquire()
        reply = ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None
        with room_troubles():
            message = await self._send(chat, part, reply, thread)
        self.chat(chat).saw(message.message_id)
        self.chat(chat).own.add(message.message_id)
        return message.message_id

    async def _send(
        self, chat: int, part: Part, reply: ReplyParameters | None, thread: int | None
    ) -> Message:
        if part.file is None:
            return await self.bot.send_message(
                chat,
                part.html,
                parse_mode=ParseMode.HTML,
                reply_parameters=reply,
                message_thread_id=thread,
                reply_markup=_keyboard(part.buttons),
                link_preview_options=_NO_PREVIEW,
            )
        return await self.bot.send_document(
            chat,
            InputFile(part.file.content.encode() or b"\n", filename=part.file.name),
            caption=part.html or None,
            parse_mode=ParseMode.HTML,
            reply_parameters=reply,
            message_thread_id=thread,
            reply_markup=_keyboard(part.buttons),
        )

    async def show(self, chat: int, message: int, part: Part) -> None:
        """Let a message of the bot's show this; that it shows it already is fine.

        Raises LookupError for a message that is not there or not the bot's.
        """
        await self.chat(chat).budget.acquire()
        try:
            with room_troubles():
                await self._edit(chat, message, part)
        except NothingChangesError:
            return

    async def _edit(self, chat: int, message: int, part: Part) -> None:
        keyboard = _keyboard(part.buttons)
        if part.file is None:
            await self.bot.edit_message_text(
                part.html,
                chat,
                message,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard,
                link_preview_options=_NO_PREVIEW,
            )
        else:
            await self.bot.edit_message_caption(
                chat, message, caption=part.html or None, parse_mode=ParseMode.HTML, reply_markup=keyboard
            )

    async def react(self, chat: int, message: int, emoji: str) -> None:
        """Set the bot's own reaction, spelled as Telegram spells it; raises NoSuchReactionError."""
        with suppress(NothingChangesError), room_troubles():
            await self.bot.set_message_reaction(chat, message, [ReactionTypeEmoji(emoji)])

    async def answer_press(self, press: str) -> None:
        """Let the button go that somebody pressed."""
        with room_troubles():
            await self.bot.answer_callback_query(press)


def budget_of(messages_per_minute: int) -> AsyncLimiter:
    """Return a limiter that lets pass so many in any minute: a quarter at once, the rest evenly.

    What it lets pass at once comes on top of what it lets pass in the minute after.
    """
    at_once = max(messages_per_minute / 4, 1.0)
    evenly = max(messages_per_minute - at_once, 1.0)
    return AsyncLimiter(at_once, _MINUTE * at_once / evenly)


def _keyboard(rows: Sequence[Sequence[TelegramButton]]) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(each.text, callback_data=each.data) for each in row] for row in rows]
    )
