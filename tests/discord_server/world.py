"""What the platform holds: users, guilds, channels, messages. Each knows its own spelling on the wire."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from tests.discord_server.clock import spelled, time_of
from tests.discord_server.permissions import ALL, PERMISSIONS
from tests.discord_server.refusals import Json

EPHEMERAL, HAS_THREAD = 1 << 6, 1 << 5


@dataclass(eq=False)
class User:
    """An account; `name` is unique, `display_name` is what people see."""

    id: str
    name: str
    display_name: str
    bot: bool = False

    def payload(self) -> Json:
        return {
            "id": self.id,
            "username": self.name,
            "discriminator": "0",
            "global_name": self.display_name,
            "avatar": None,
            "bot": self.bot,
            "public_flags": 0,
        }


@dataclass(eq=False)
class Role:
    """A role of a guild with its permission bits."""

    id: str
    name: str
    permissions: int
    position: int = 1
    managed: bool = False

    def payload(self) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "permissions": str(self.permissions),
            "position": self.position,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": self.managed,
            "mentionable": False,
            "flags": 0,
        }


@dataclass(eq=False)
class Guild:
    """A Discord server: its channels and threads by id, roles, and the roles of each member."""

    id: str
    name: str
    owner: User
    channels: dict[str, "Channel"] = field(default_factory=dict, repr=False)
    roles: dict[str, Role] = field(default_factory=dict, repr=False)
    members: dict[str, tuple[User, list[Role]]] = field(default_factory=dict, repr=False)

    def member(self, user: User) -> Json:
        """Return the member without the user, as it stands beside an author."""
        roles = self.members[user.id][1] if user.id in self.members else []
        return {
            "roles": [role.id for role in roles],
            "joined_at": spelled(time_of(self.id)),
            "deaf": False,
            "mute": False,
            "nick": None,
            "flags": 0,
        }

    def full_member(self, user: User) -> Json:
        return {**self.member(user), "user": user.payload()}

    def permissions_of(self, user: User) -> int:
        """Return what a member may do in the guild, before the channel has its say."""
        if user is self.owner:
            return ALL
        roles = [self.roles[self.id], *(self.members[user.id][1] if user.id in self.members else [])]
        granted = 0
        for role in roles:
            granted |= role.permissions
        return ALL if granted & PERMISSIONS["administrator"] else granted

    def payload(self) -> Json:
        """Return the guild as GET /guilds/{id} gives it."""
        return {
            "id": self.id,
            "name": self.name,
            "icon": None,
            "splash": None,
            "owner_id": self.owner.id,
            "roles": [role.payload() for role in self.roles.values()],
            "emojis": [],
            "stickers": [],
            "features": [],
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "premium_tier": 0,
            "nsfw_level": 0,
            "system_channel_flags": 0,
            "preferred_locale": "en-US",
            "afk_timeout": 300,
            "premium_progress_bar_enabled": False,
        }

    def created(self, bot: User, *, members: Iterable[User]) -> Json:
        """Return the guild as GUILD_CREATE brings it."""
        places = self.channels.values()
        return {
            **self.payload(),
            "joined_at": spelled(time_of(self.id)),
            "large": False,
            "unavailable": False,
            "member_count": len(self.members),
            "members": [self.full_member(user) for user in members],
            "channels": [place.payload(bot) for place in places if place.parent is None],
            "threads": [place.payload(bot) for place in places if place.is_open_thread_for(bot)],
            "presences": [],
            "voice_states": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }


@dataclass(eq=False)
class Channel:
    """A text channel, or a public thread when it has a parent; `denied` are bits taken from the bot alone."""

    id: str
    name: str
    guild: Guild = field(repr=False)
    parent: "Channel | None" = None
    owner: User | None = None
    denied: int = 0
    position: int = 0
    last_message_id: str | None = None
    message_count: int = 0
    archived_at: datetime | None = None

    def permissions_of(self, user: User) -> int:
        """Return what somebody may do here; a thread asks its channel."""
        if self.parent is not None:
            return self.parent.permissions_of(user)
        granted = self.guild.permissions_of(user)
        return granted & ~self.denied if user.bot and granted != ALL else granted

    def allows(self, user: User, name: str) -> bool:
        return bool(self.permissions_of(user) & PERMISSIONS[name])

    def visible_to(self, user: User) -> bool:
        return self.allows(user, "view_channel")

    def is_open_thread_for(self, user: User) -> bool:
        return self.parent is not None and self.archived_at is None and self.visible_to(user)

    def payload(self, bot: User) -> Json:
        shared: Json = {
            "id": self.id,
            "guild_id": self.guild.id,
            "name": self.name,
            "last_message_id": self.last_message_id,
            "rate_limit_per_user": 0,
            "flags": 0,
        }
        return {**shared, **(self._of_channel(bot) if self.parent is None else self._of_thread())}

    def _of_channel(self, bot: User) -> Json:
        denial = {"id": bot.id, "type": 1, "allow": "0", "deny": str(self.denied)}
        return {
            "type": 0,
            "position": self.position,
            "permission_overwrites": [denial] if self.denied else [],
            "nsfw": False,
            "topic": None,
            "parent_id": None,
        }

    def _of_thread(self) -> Json:
        assert self.parent is not None
        assert self.owner is not None
        born = spelled(time_of(self.id))
        return {
            "type": 11,
            "parent_id": self.parent.id,
            "owner_id": self.owner.id,
            "member_count": 1,
            "message_count": self.message_count,
            "total_message_sent": self.message_count,
            "thread_metadata": {
                "archived": self.archived_at is not None,
                "auto_archive_duration": 1440,
                "archive_timestamp": spelled(self.archived_at) if self.archived_at else born,
                "create_timestamp": born,
                "locked": False,
            },
        }


@dataclass(eq=False)
class Message:
    """A message; `pings` are the ids of those it notified, with "everyone" for all."""

    id: str
    channel: Channel
    author: User
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    type: int = 0
    flags: int = 0
    edited_at: datetime | None = None
    nonce: str | None = None
    reply_to: str | None = None
    reference: Json | None = None
    allowed_mentions: Json | None = None
    pings: tuple[str, ...] = ()
    mentioned: tuple[User, ...] = ()
    reactions: dict[str, dict[str, User]] = field(default_factory=dict)
    thread: Channel | None = field(default=None, repr=False)
    shown_to: User | None = None
    via_interaction: Json | None = field(default=None, repr=False)

    @property
    def ephemeral(self) -> bool:
        """Say whether only one person sees it."""
        return bool(self.flags & EPHEMERAL)

    def reaction_payloads(self, bot: User) -> list[Json]:
        return [
            {
                "emoji": emoji_payload(emoji),
                "count": len(users),
                "count_details": {"burst": 0, "normal": len(users)},
                "me": bot.id in users,
                "me_burst": False,
                "burst_colors": [],
            }
            for emoji, users in self.reactions.items()
        ]


def emoji_payload(emoji: str) -> Json:
    """Spell an emoji: a plain one by itself, a custom one from name:id."""
    name, _, identity = emoji.partition(":")
    return {"id": identity or None, "name": name}
