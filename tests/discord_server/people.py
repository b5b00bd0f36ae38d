"""What people do on the platform, as tests write it."""

from collections.abc import Sequence

from tests.discord_server.permissions import bits
from tests.discord_server.platform import Platform, reference_to
from tests.discord_server.refusals import Json
from tests.discord_server.world import Channel, Guild, Message, Role, User

Place = Channel | str
Person = User | str
Said = Message | str | int
"""A channel, a person or a message: itself, or the name or id it goes by."""


class People(Platform):
    """The platform with people on it; a name that is not known yet makes a new person or channel."""

    def guild(self, name: str) -> Guild:
        """Return the guild of that name; make it if there is none."""
        known = [one for one in self.guilds.values() if one.name == name]
        return known[0] if known else self.found_guild(name)

    def channel(self, name: str, *, guild: Guild | None = None) -> Channel:
        """Return the text channel of that name; make it if there is none."""
        home = guild or next(iter(self.guilds.values()))
        known = [one for one in home.channels.values() if one.name == name and one.parent is None]
        return known[0] if known else self.open_channel(name, home)

    def user(self, name: str, *, display_name: str | None = None, roles: Sequence[Role] = ()) -> User:
        """Return the person of that name; make them a member of every guild if there is none."""
        known = [one for one in self.users.values() if one.name == name]
        user = known[0] if known else User(self.clock.snowflake(), name, display_name or name)
        self.users[user.id] = user
        for guild in self.guilds.values():
            mine = guild.members.setdefault(user.id, (user, []))[1]
            mine += [role for role in roles if role not in mine]
        return user

    def role(self, name: str, *permissions: str, guild: Guild | None = None) -> Role:
        """Make a role with the named permissions, as `manage_messages` or `manage_guild`."""
        home = guild or next(iter(self.guilds.values()))
        role = Role(self.clock.snowflake(), name, bits(*permissions), position=len(home.roles))
        home.roles[role.id] = role
        self.stream.emit("GUILD_ROLE_CREATE", {"guild_id": home.id, "role": role.payload()})
        return role

    def take_from_bot(self, place: Place, *permissions: str) -> None:
        """Take permissions from the bot in a channel, as `send_messages` or `view_channel`."""
        channel = self.place(place)
        channel.denied |= bits(*permissions)
        self.stream.emit("CHANNEL_UPDATE", channel.payload(self.bot))

    def give_to_bot(self, place: Place, *permissions: str) -> None:
        """Give back what was taken."""
        channel = self.place(place)
        channel.denied &= ~bits(*permissions)
        self.stream.emit("CHANNEL_UPDATE", channel.payload(self.bot))

    def place(self, place: Place) -> Channel:
        """Return a channel or thread by itself, its id or its name; KeyError when there is none."""
        if isinstance(place, Channel):
            return place
        named = [one for one in self.places.values() if place in (one.id, one.name)]
        if not named:
            raise KeyError(f"no channel {place}")
        return named[0]

    def person(self, person: Person) -> User:
        return person if isinstance(person, User) else self.user(person)

    def message(self, said: Said) -> Message:
        """Return a message by itself or its id; KeyError when it was deleted."""
        return self.message_by_id[said.id if isinstance(said, Message) else str(said)]

    async def say(
        self,
        place: Place,
        who: Person,
        text: str,
        *,
        reply_to: Said | None = None,
        embeds: Sequence[Json] = (),
    ) -> Message:
        """Write a message."""
        message = self.draft(self.place(place), self.person(who), text, embeds=list(embeds))
        if reply_to is not None:
            answered = self.message(reply_to)
            message.type, message.reply_to = 19, answered.id
            message.reference = reference_to(answered)
        return self.post(message)

    async def thread(
        self, place: Place, name: str, *, by: Person | None = None, on: Said | None = None
    ) -> Channel:
        """Open a public thread in a channel, on a message if given; its owner is who opens it."""
        channel = self.place(place)
        owner = channel.guild.owner if by is None else self.person(by)
        message = None if on is None else self.message(on)
        return self.open_thread(channel, name, owner=owner, on=message)

    async def archive(self, thread: Channel) -> None:
        """Close a thread until somebody writes in it again."""
        self.set_archived(thread, archived=True)

    async def edit(self, said: Said, text: str) -> None:
        """Edit a message's text."""
        self.change(self.message(said), content=text)

    async def unfurl(self, said: Said, *, title: str = "A page", url: str = "https://page.test/") -> None:
        """Let the platform add a link preview: an update without a time of editing."""
        message = self.message(said)
        preview = {"type": "article", "title": title, "url": url}
        self.change(message, edited=False, embeds=[*message.embeds, preview])

    async def delete(self, said: Said) -> None:
        self.remove(self.message(said))

    async def delete_many(self, *said: Said) -> None:
        """Delete messages of one channel at once, as a moderator's bot does."""
        self.remove_many([self.message(one) for one in said])

    async def react(self, who: Person, said: Said, emoji: str) -> None:
        self.add_reaction(self.person(who), self.message(said), emoji)

    async def unreact(self, who: Person, said: Said, emoji: str) -> None:
        self.take_reaction(self.person(who), self.message(said), emoji)

    async def clear_reactions(self, said: Said, emoji: str | None = None) -> None:
        """Take away all reactions, or all of one emoji."""
        self.take_all_reactions(self.message(said), emoji)
