"""Which room a Discord channel or thread belongs to."""

import discord

from bot.config_tables import DiscordConfig


class Channels:
    """The desk's rooms on Discord: each is a channel with its threads, which are channels of their own."""

    def __init__(self, config: DiscordConfig) -> None:
        self.rooms = {room.channel: room.name for room in config.rooms}
        self.channels = {room.name: room.channel for room in config.rooms}
        self._parents: dict[int, int] = {}  # thread → channel; kept though the library forgets archived ones

    def note(self, thread: discord.Thread) -> None:
        """Remember whose thread this is, where it is one of ours."""
        if thread.parent_id in self.rooms:
            self._parents[thread.id] = thread.parent_id

    def room_of(self, channel: object) -> str | None:
        """Return the room of a channel or a thread; None for one that is none of ours."""
        if isinstance(channel, discord.Thread):
            self.note(channel)
        return self.room_of_id(getattr(channel, "id", 0))

    def room_of_id(self, channel_id: int) -> str | None:
        """Return the room of a channel or a thread that was seen before."""
        return self.rooms.get(self._parents.get(channel_id, channel_id))

    def threads_of(self, room: str) -> list[int]:
        """Return the threads of a room that were seen, oldest first."""
        channel = self.channels[room]
        return sorted(thread for thread, parent in self._parents.items() if parent == channel)
