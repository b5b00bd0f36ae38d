"""What the parts of the Discord connection share: rooms, the one queue, and what is remembered meanwhile."""

import asyncio
import logging
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime

from bot.config import Config
from bot.rooms.discord.channels import Channels
from bot.rooms.discord.events import Cleared, Notice, Reacted
from bot.rooms.intake import Intake

log = logging.getLogger(__name__)


class Remembered:
    """The latest of a kind of ids, so that memory does not grow with what happens."""

    def __init__(self, most: int = 5000) -> None:
        self._ids: OrderedDict[str, None] = OrderedDict()
        self._most = most

    def add(self, one: str) -> None:
        """Remember an id, and forget the oldest where there are too many."""
        self._ids[one] = None
        self._ids.move_to_end(one)
        while len(self._ids) > self._most:
            self._ids.popitem(last=False)

    def discard(self, one: str) -> None:
        """Forget an id."""
        self._ids.pop(one, None)

    def __contains__(self, one: str) -> bool:
        return one in self._ids


@dataclass(slots=True)
class DiscordDesk:
    """The desk as the connection to Discord knows it."""

    config: Config
    intake: Intake
    channels: Channels = field(init=False)
    notices: "asyncio.Queue[Notice]" = field(default_factory=asyncio.Queue)
    own: Remembered = field(default_factory=Remembered)  # the bot's messages
    deleted: Remembered = field(default_factory=Remembered)
    unanswered: Remembered = field(default_factory=Remembered)  # interactions that say "thinking…"
    pending: dict[str, asyncio.Event] = field(default_factory=dict)  # interactions being acknowledged
    fetching: dict[str, list[Reacted | Cleared]] = field(
        default_factory=dict
    )  # cards, and what comes meanwhile

    def __post_init__(self) -> None:
        """Know the rooms of the config."""
        self.channels = Channels(self.config.discord)

    def now(self) -> datetime:
        """Return the time. What comes live happens now: Discord's clock and ours need not agree."""
        return self.intake.clock()

    def put(self, notice: Notice) -> None:
        """Put a notice behind those that wait."""
        if isinstance(notice, Reacted | Cleared) and notice.message_id in self.fetching:
            self.fetching[notice.message_id].append(notice)
        self.notices.put_nowait(notice)

    def palette(self) -> tuple[str, ...]:
        """Return the emojis that mean something on a card, in the order in which they are seeded."""
        return ("👍", "👎", *(section.emoji for section in self.config.desk.sections))

    async def tell_editors(self, key: str, sentence: str, **fields: object) -> None:
        """Tell the editors something, once for a key, in a room that is not on Discord where there is one."""
        settings = self.intake.settings
        room = settings.room_for_editors()
        if room in self.channels.channels:
            room = settings.room_for_editors(besides=room)
        await self.intake.say(room, key, sentence, **fields)


def new_key() -> str:
    """Return what no other notice is called."""
    return secrets.token_hex(8)
