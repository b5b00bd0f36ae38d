"""Answers a command in a chat that is no room: what to put into the config. Nothing of it is stored."""

import time
from dataclasses import dataclass, field

from telegram import Bot

from bot.rooms.intake import Intake
from bot.rooms.telegram.updates import Stranger

AN_HOUR = 3600.0
"""Seconds for which a chat gets no second answer."""
MOST = 100
"""Chats answered within an hour: beyond, somebody is playing with the bot."""


@dataclass(slots=True)
class Strangers:
    """Remembers which chats were answered, until the hour is over."""

    bot: Bot
    intake: Intake
    _answered: dict[int, float] = field(default_factory=dict)

    def may_answer(self, stranger: Stranger) -> bool:
        """Tell whether a chat is to be answered now, and count it as answered."""
        now = time.monotonic()
        self._answered = {chat: at for chat, at in self._answered.items() if now - at < AN_HOUR}
        if stranger.chat in self._answered or len(self._answered) >= MOST:
            return False
        self._answered[stranger.chat] = now
        return True

    async def answer(self, stranger: Stranger) -> None:
        """Say that this chat is no room, and how it becomes one."""
        say = self.intake.settings.wording.say
        if stranger.is_person:
            text = say("stranger_person", chat=stranger.chat)
        else:
            text = say("stranger_group", chat=stranger.chat)
        await self.bot.send_message(stranger.chat, text)
