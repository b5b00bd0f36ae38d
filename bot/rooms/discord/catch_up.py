"""Catching up: what happened on Discord while nobody listened, as far as it can be asked for.

A session that is resumed needs none of this: Discord replays what happened. Else the history since the last
message on disk is read, the messages that pitched open stories are looked at again, and the reactions on all
open cards are fetched. All of it goes through the queue, so that what happens meanwhile takes effect after.
What can't be asked for, commands from the menu and buttons, is named.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

import discord

from bot.emoji import plain
from bot.rooms.discord.absence import Absence, AbsenceReport, rights_in
from bot.rooms.discord.desk import DiscordDesk, new_key
from bot.rooms.discord.events import (
    Deleted,
    Mark,
    Said,
    Standing,
    Tally,
    edited,
    edited_id,
    identity,
    ids_of,
    is_peoples,
    message_key,
    posted,
    posted_id,
    text_of,
)
from bot.rooms.discord.troubles import GoneError, in_room_terms
from bot.rooms.intake import Incoming
from bot.rooms.room import LASTING, RoomTroubleError, Trouble
from storage.inbox import text_of_message
from storage.message_events import open_cards, open_pitches
from storage.record_base import storable_text
from storage.room_states import note_seen, room_state

log = logging.getLogger(__name__)

MOST_MESSAGES = 2000
"""Of a channel or thread; what was written before the newest of them is named as possibly missing."""
_ALL_PAGES_WITHIN = 300.0  # seconds
_NOT_FOR_US = LASTING | {Trouble.REFUSED}


@dataclass(slots=True)
class CatchUp:
    """Brings the inbox up to what Discord knows."""

    desk: DiscordDesk
    seed: Callable[[str], None]
    most_messages: int = MOST_MESSAGES
    report: AbsenceReport = field(init=False)
    _tallies: dict[str, Tally] = field(default_factory=dict)  # of rooms that are being caught up with

    def __post_init__(self) -> None:
        """Report to the rooms of the desk."""
        self.report = AbsenceReport(self.desk)

    async def catch_up(self, client: discord.Client, room: str) -> None:
        """Fetch what a room has missed, and say there what it was.

        Raises RoomTroubleError or DatabaseFailure where it is to be tried again: nothing is taken twice.
        """
        now = self.desk.now()
        async with self.desk.intake.database.reading() as session:
            state = await room_state(session, room)
        if state is None or state.read_to is None:
            async with self.desk.intake.database.transaction() as session:
                await note_seen(session, room, now, read_to=str(discord.utils.time_snowflake(now)))
            return
        tally = self._tallies.setdefault(room, Tally())
        absence = Absence(room, state.seen_at or now, int(state.read_to), now, tally)
        await self._messages(client, absence)
        await self._pitches(client, absence)
        await self._cards(client, absence)
        mark = Mark(tally=absence.tally)
        self.desk.put(mark)
        await mark.reached.wait()
        await self.report.tell(client, absence)
        del self._tallies[room]

    async def _messages(self, client: discord.Client, absence: Absence) -> None:
        """Put in order what was written in the channel and its threads."""
        channel = self.desk.channels.channels[absence.room]
        absence.is_readable = _may_read(client, channel)
        found: list[discord.Message] = []
        await self._note_archived(client, absence)
        for place in (channel, *self.desk.channels.threads_of(absence.room)):
            try:
                found += await self._history(client, place, absence)
            except GoneError:
                continue  # a thread that is gone
            except RoomTroubleError as trouble:
                if trouble.trouble not in _NOT_FOR_US:
                    raise
                absence.is_readable = False
        for message in sorted(found, key=lambda one: one.id):
            if is_peoples(message):
                event = posted(message, min(message.created_at, self.desk.now()))
                self.desk.put(Said(Incoming(absence.room, posted_id(message), event), absence.tally))
            elif client.user is not None and message.author.id == client.user.id:
                self.desk.own.add(message_key(message.channel.id, message.id))

    async def _note_archived(self, client: discord.Client, absence: Absence) -> None:
        """Know the threads that were archived meanwhile; a login tells only of those that are open."""
        channel = client.get_channel(self.desk.channels.channels[absence.room])
        if not (absence.is_readable and isinstance(channel, discord.TextChannel)):
            return
        since = discord.utils.snowflake_time(absence.read_to)
        try:
            async with in_room_terms(within=_ALL_PAGES_WITHIN):
                async for thread in channel.archived_threads(limit=None):  # those archived last come first
                    if thread.archive_timestamp < since:
                        break
                    self.desk.channels.note(thread)
        except RoomTroubleError as trouble:
            if trouble.trouble not in _NOT_FOR_US:
                raise
            log.warning("archived threads not told", extra={"room": absence.room, "detail": trouble.detail})

    async def _history(self, client: discord.Client, place: int, absence: Absence) -> list[discord.Message]:
        """Return what was written since, the newest first; note where there was too much."""
        is_thread = place != self.desk.channels.channels[absence.room]
        history = self._place(client, place).history(
            after=discord.Object(absence.read_to), limit=self.most_messages + 1, oldest_first=False
        )
        async with in_room_terms(elsewhere=is_thread, within=_ALL_PAGES_WITHIN):
            found = [message async for message in history]
        if len(found) > self.most_messages:
            first = found[self.most_messages - 1].created_at
            absence.known_from = max(first, absence.known_from or first)
        return found[: self.most_messages]

    def _place(self, client: discord.Client, channel: int) -> discord.PartialMessageable:
        """Return where to ask; the library knows no archived thread, so we say that it is one."""
        is_thread = channel not in self.desk.channels.rooms
        kind = discord.ChannelType.public_thread if is_thread else discord.ChannelType.text
        return client.get_partial_messageable(channel, type=kind)

    async def _pitches(self, client: discord.Client, absence: Absence) -> None:
        """Look again at the messages that pitched open stories: they may be edited, or gone."""
        async with self.desk.intake.database.reading() as session:
            pitches = await open_pitches(session, self.desk.config.desk.name, absence.room)
            known = {one: await text_of_message(session, absence.room, one) for one in pitches}
        for message_id in pitches:
            try:
                message = await self._fetch(client, message_id)
            except GoneError:
                self.desk.put(Deleted(absence.room, message_id, self.desk.now(), absence.tally))
                continue
            if message is None or message.edited_at is None or text_of(message) == known[message_id]:
                continue
            event = edited(message, self.desk.now())
            self.desk.put(Said(Incoming(absence.room, edited_id(message), event), absence.tally))

    async def _cards(self, client: discord.Client, absence: Absence) -> None:
        async with self.desk.intake.database.reading() as session:
            cards = await open_cards(session, self.desk.config.desk.name, absence.room)
        for message_id in cards:
            self.desk.fetching[message_id] = []
            try:
                await self._card(client, message_id, absence)
            except GoneError:
                continue  # the courier will notice
            except RoomTroubleError as trouble:
                if trouble.trouble is not Trouble.REFUSED:
                    raise
                log.warning("reactions not told", extra={"card": message_id, "detail": trouble.detail})
            finally:
                self.desk.fetching.pop(message_id, None)

    async def _card(self, client: discord.Client, message_id: str, absence: Absence) -> None:
        """Put the reactions on a card into the queue as they stand, and seed what is not seeded yet."""
        message = await self._fetch(client, message_id)
        if message is None:
            return
        chosen, names = await self._people(message)
        meanwhile = tuple(self.desk.fetching[message_id])
        now, tally = self.desk.now(), absence.tally
        self.desk.put(Standing(absence.room, message_id, chosen, names, meanwhile, now, new_key(), tally))
        seeded = {plain(str(reaction.emoji)) for reaction in message.reactions if reaction.me}
        if not seeded.issuperset(self.desk.palette()):
            self.seed(message_id)

    async def _people(self, message: discord.Message) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
        """Return who chose which emojis of the palette, and the names of these people."""
        chosen: dict[str, tuple[str, ...]] = {}
        names: dict[str, str] = {}
        for reaction in message.reactions:
            emoji = plain(reaction.emoji) if isinstance(reaction.emoji, str) else ""
            if emoji not in self.desk.palette() or reaction.count <= reaction.me:
                continue
            async with in_room_terms(elsewhere=True, within=_ALL_PAGES_WITHIN):
                people = [user async for user in reaction.users() if not user.bot]
            for user in people:
                person = identity(user)
                chosen[person] = (*chosen.get(person, ()), emoji)
                names[person] = storable_text(user.display_name)
        return chosen, names

    async def _fetch(self, client: discord.Client, message_id: str) -> discord.Message | None:
        """Fetch a message; None where we may not read it, GoneError where it is not there."""
        channel, message = ids_of(message_id)
        if self.desk.channels.room_of_id(channel) is None:
            thread = client.get_channel(channel)
            self.desk.channels.room_of(thread)
        try:
            async with in_room_terms():  # a thread that is closed to us may hold it still
                return await self._place(client, channel).fetch_message(message)
        except RoomTroubleError as trouble:
            if trouble.trouble not in _NOT_FOR_US:
                raise
            log.warning("message not to be seen", extra={"id": message_id, "detail": trouble.detail})
            return None


def _may_read(client: discord.Client, channel_id: int) -> bool:
    """Tell whether the history can be read; where it can't, Discord gives an empty one and no error."""
    rights = rights_in(client, channel_id)
    return rights.read_messages and rights.read_message_history
