"""What happens on the platform, whoever does it: state changes and the events that follow.

Nobody is asked for permission here; REST does that for the bot.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from tests.discord_server.clock import Clock, spelled, time_of
from tests.discord_server.gateway import Gateway
from tests.discord_server.permissions import EVERYONE, bits
from tests.discord_server.refusals import Json
from tests.discord_server.world import (
    EPHEMERAL,
    HAS_THREAD,
    Channel,
    Guild,
    Message,
    Role,
    User,
    emoji_payload,
)


class Platform:
    """The whole state, and the deeds that change it."""

    def __init__(self, *, token: str, privileged: set[str], heartbeat_interval: float) -> None:
        self.clock = Clock()
        self.token = token
        self.bot = User(self.clock.snowflake(), "copydesk", "Copydesk", bot=True)
        self.users: dict[str, User] = {self.bot.id: self.bot}
        self.guilds: dict[str, Guild] = {}
        self.places: dict[str, Channel] = {}
        self.message_by_id: dict[str, Message] = {}
        self.messages_in: dict[str, dict[str, Message]] = {}
        self.uploads: dict[str, bytes] = {}
        self.nonces: dict[str, str] = {}
        self.commands: dict[str, dict[str, Json]] = {"": {}}
        self.interactions_endpoint_url: str | None = None
        self.stream = Gateway(
            token, self.bot, self.guilds, self.clock, privileged, hello_interval=heartbeat_interval
        )

    def found_guild(self, name: str) -> Guild:
        """Found a guild with the bot and all known users in it."""
        owner = User(self.clock.snowflake(), f"owner of {name}", f"Owner of {name}")
        guild = Guild(self.clock.snowflake(), name, owner)
        self.users[owner.id] = owner
        guild.roles[guild.id] = Role(guild.id, "@everyone", EVERYONE, position=0)
        own = Role(self.clock.snowflake(), "Copydesk", EVERYONE | bits("manage_messages"), managed=True)
        guild.roles[own.id] = own
        for user in self.users.values():
            guild.members[user.id] = (user, [own] if user is self.bot else [])
        self.guilds[guild.id] = guild
        self.stream.emit("GUILD_CREATE", guild.created(self.bot, members=[self.bot]))
        return guild

    def open_channel(self, name: str, guild: Guild) -> Channel:
        channel = Channel(self.clock.snowflake(), name, guild, position=len(guild.channels))
        self._place(channel)
        self.stream.emit("CHANNEL_CREATE", channel.payload(self.bot))
        return channel

    def _place(self, channel: Channel) -> None:
        self.places[channel.id] = channel
        channel.guild.channels[channel.id] = channel
        self.messages_in[channel.id] = {}

    def open_thread(self, channel: Channel, name: str, *, owner: User, on: Message | None = None) -> Channel:
        """Open a public thread, on a message or by itself; a thread on a message has that message's id."""
        thread = Channel(on.id if on else self.clock.snowflake(), name, channel.guild, channel, owner)
        self._place(thread)
        self.stream.emit("THREAD_CREATE", {**thread.payload(self.bot), "newly_created": True}, thread)
        if on is not None:
            on.thread, on.flags = thread, on.flags | HAS_THREAD
            self._tell_update(on)
            starter = self.draft(thread, on.author, type=21, reference=reference_to(on))
        else:
            starter = self.draft(channel, owner, content=name, type=18, reference={"channel_id": thread.id})
        self.post(starter)
        return thread

    def set_archived(self, thread: Channel, *, archived: bool) -> None:
        """Put a thread into the archive, or take it out, as whoever writes in it does."""
        thread.archived_at = datetime.fromtimestamp(self.clock.now(), UTC) if archived else None
        self.stream.emit("THREAD_UPDATE", thread.payload(self.bot), thread)

    def draft(self, channel: Channel, author: User, content: str = "", **fields: object) -> Message:
        """Make a message which nobody has seen yet."""
        blank = Message(self.clock.snowflake(), channel, author, content)
        return replace(blank, **fields)  # type: ignore[arg-type]  # fields are named by the callers here

    def post(self, message: Message) -> Message:
        """Put a message into its channel and tell of it; an ephemeral one is told to nobody."""
        self.message_by_id[message.id] = message
        message.mentioned, message.pings = self._called(message)
        self.messages_in[message.channel.id][message.id] = message
        if message.ephemeral:
            return message
        if message.channel.archived_at is not None:
            self.set_archived(message.channel, archived=False)
        message.channel.last_message_id = message.id
        message.channel.message_count += 1
        member = message.channel.guild.member(message.author)
        payload = {**self.spell(message), "guild_id": message.channel.guild.id, "member": member}
        if message.nonce is not None:
            payload["nonce"] = message.nonce
        self.stream.emit("MESSAGE_CREATE", payload, message.channel)
        return message

    def change(self, message: Message, *, edited: bool = True, **fields: object) -> None:
        """Change a message and tell of it; an unfurl leaves the time of the edit empty."""
        for name, value in fields.items():
            setattr(message, name, value)
        if edited:
            message.edited_at = datetime.fromtimestamp(self.clock.now(), UTC)
        message.mentioned, _ = self._called(message)
        self._tell_update(message)

    def _tell_update(self, message: Message) -> None:
        if not message.flags & EPHEMERAL:
            where = message.channel
            payload = {**self.spell(message), "guild_id": where.guild.id}
            self.stream.emit("MESSAGE_UPDATE", payload, where)

    def remove(self, message: Message) -> None:
        """Delete a message."""
        self._forget(message)
        if not message.ephemeral:
            self.stream.emit("MESSAGE_DELETE", {"id": message.id, **where(message.channel)}, message.channel)

    def remove_many(self, messages: list[Message]) -> None:
        """Delete messages of one channel in one go."""
        if not messages:
            return
        for message in messages:
            self._forget(message)
        place = messages[0].channel
        ids = [message.id for message in messages]
        self.stream.emit("MESSAGE_DELETE_BULK", {"ids": ids, **where(place)}, place)

    def _forget(self, message: Message) -> None:
        del self.message_by_id[message.id], self.messages_in[message.channel.id][message.id]

    def add_reaction(self, user: User, message: Message, emoji: str) -> None:
        users = message.reactions.setdefault(emoji, {})
        if user.id not in users:
            users[user.id] = user
            added = {
                **self._reaction(user, message, emoji),
                "member": message.channel.guild.full_member(user),
                "message_author_id": message.author.id,
            }
            self.stream.emit("MESSAGE_REACTION_ADD", added, message.channel)

    def take_reaction(self, user: User, message: Message, emoji: str) -> None:
        users = message.reactions.get(emoji, {})
        if users.pop(user.id, None) is not None:
            if not users:
                del message.reactions[emoji]
            gone = self._reaction(user, message, emoji)
            self.stream.emit("MESSAGE_REACTION_REMOVE", gone, message.channel)

    def take_all_reactions(self, message: Message, emoji: str | None = None) -> None:
        """Take every reaction from a message, or every one of an emoji."""
        gone: Json = {"message_id": message.id, **where(message.channel)}
        if emoji is None:
            message.reactions.clear()
            self.stream.emit("MESSAGE_REACTION_REMOVE_ALL", gone, message.channel)
        elif message.reactions.pop(emoji, None) is not None:
            gone["emoji"] = emoji_payload(emoji)
            self.stream.emit("MESSAGE_REACTION_REMOVE_EMOJI", gone, message.channel)

    def _reaction(self, user: User, message: Message, emoji: str) -> Json:
        about = {"user_id": user.id, "message_id": message.id, "emoji": emoji_payload(emoji)}
        return {**about, **where(message.channel), "burst": False, "type": 0}

    def spell(self, message: Message, *, reference: bool = True) -> Json:
        """Spell a message as REST gives it; a reply brings what it answers, one step deep."""
        guild = message.channel.guild
        mentions = [{**user.payload(), "member": guild.member(user)} for user in message.mentioned]
        spelling: Json = {
            "id": message.id,
            "channel_id": message.channel.id,
            "author": message.author.payload(),
            "content": message.content,
            "timestamp": spelled(time_of(message.id)),
            "edited_timestamp": spelled(message.edited_at) if message.edited_at else None,
            "tts": False,
            "mention_everyone": "everyone" in message.pings,
            "mentions": mentions,
            "mention_roles": [],
            "attachments": message.attachments,
            "embeds": message.embeds,
            "components": message.components,
            "pinned": False,
            "type": message.type,
            "flags": message.flags,
        }
        if message.reactions:
            spelling["reactions"] = message.reaction_payloads(self.bot)
        if message.thread is not None:
            spelling["thread"] = message.thread.payload(self.bot)
        if message.via_interaction is not None:
            spelling.update(application_id=self.bot.id, webhook_id=self.bot.id)
            spelling["interaction_metadata"] = message.via_interaction
        if message.reference is not None:
            spelling["message_reference"] = {"type": 0, "guild_id": guild.id, **message.reference}
        if reference and message.reference is not None and "message_id" in message.reference:
            answered = self.message_by_id.get(message.reference["message_id"])
            spelling["referenced_message"] = self.spell(answered, reference=False) if answered else None
        return spelling

    def _called(self, message: Message) -> tuple[tuple[User, ...], tuple[str, ...]]:
        """Return the users a message mentions, and the ids of those it notifies.

        At its worst: here anybody may call everyone.
        """
        allowed = message.allowed_mentions
        kinds = ["users", "roles", "everyone"] if allowed is None else allowed.get("parse", [])
        named = {"users": [], "roles": []} if allowed is None else allowed
        mentioned = [self.users[i] for i in re.findall(r"<@!?(\d+)>", message.content) if i in self.users]
        pinged = [u.id for u in mentioned if "users" in kinds or u.id in map(str, named.get("users", []))]
        roles = re.findall(r"<@&(\d+)>", message.content)
        pinged += [i for i in roles if "roles" in kinds or i in map(str, named.get("roles", []))]
        if "everyone" in kinds and re.search(r"@(everyone|here)\b", message.content):
            pinged.append("everyone")
        answered = self.message_by_id.get(message.reply_to or "")
        if answered and (allowed is None or allowed.get("replied_user")):
            mentioned.append(answered.author)
            pinged.append(answered.author.id)
        return tuple(dict.fromkeys(mentioned)), tuple(dict.fromkeys(pinged))

    def history(self, channel: Channel) -> Iterator[Message]:
        """Yield what everybody in a channel sees, oldest first."""
        return (one for one in self.messages_in[channel.id].values() if not one.ephemeral)


def where(channel: Channel) -> Json:
    """Name the channel and the guild of an event."""
    return {"channel_id": channel.id, "guild_id": channel.guild.id}


def reference_to(message: Message) -> Json:
    """Point at a message, as a reply and a thread's first message do."""
    return {"message_id": message.id, "channel_id": message.channel.id}
