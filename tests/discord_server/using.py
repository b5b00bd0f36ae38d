"""People using what the bot offers: slash commands, completion, buttons, menus and forms."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from tests.discord_server.interaction_forms import (
    check_values,
    command_data,
    find_component,
    submitted,
)
from tests.discord_server.limits import inputs_of
from tests.discord_server.people import People, Person, Place, Said
from tests.discord_server.permissions import ALL
from tests.discord_server.refusals import Json
from tests.discord_server.world import Channel, Message, User

COMMAND, COMPONENT, COMPLETION, FORM = 2, 3, 4, 5
ANSWER_WITHIN = 3.0
TOKEN_LIVES = 15 * 60.0
"""Seconds to answer an interaction, and for which its token is good."""


class NoAnswerError(Exception):
    """The bot did not answer an interaction in time; people see "the application did not respond"."""


@dataclass(eq=False)
class Interaction:
    """One use of the bot, from the event to what became of its token."""

    id: str
    token: str
    kind: int
    user: User
    channel: Channel
    data: Json
    born: float
    message: Message | None = None
    answer: "Answer | None" = None
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    answered: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True)
class Answer:
    """What the bot answered: `type` and `data` as on the wire."""

    type: int
    data: Json
    interaction: Interaction = field(repr=False)

    @property
    def content(self) -> str:
        return str(self.data.get("content") or "")

    @property
    def ephemeral(self) -> bool:
        """Say whether only the asker sees it."""
        return bool((self.data.get("flags") or 0) & 64)

    @property
    def message(self) -> Message | None:
        """Return the message the answer made, or that a deferred answer has become by now."""
        return self.interaction.original

    @property
    def followups(self) -> list[Message]:
        return self.interaction.followups

    @property
    def choices(self) -> list[tuple[str, Any]]:
        """Return the names and values offered as a completion."""
        return [(one["name"], one["value"]) for one in self.data.get("choices") or []]


class Using(People):
    """People on the platform, with the bot's commands and components at hand."""

    def __init__(self, *, token: str, privileged: set[str], heartbeat_interval: float) -> None:
        super().__init__(token=token, privileged=privileged, heartbeat_interval=heartbeat_interval)
        self.answer_within = ANSWER_WITHIN
        self.interactions: dict[str, Interaction] = {}
        self.forms: dict[tuple[str, str], tuple[Json, Interaction]] = {}

    async def slash(self, who: Person, place: Place, name: str, /, **options: Any) -> Answer:
        """Type a command ("publish", or "desk show" for a subcommand) and return the bot's answer.

        Raises LookupError when it is not registered or the person does not see it, ValueError for options
        Discord's own client would not send.
        """
        user, channel = self.person(who), self.place(place)
        command = self.command_for(user, channel, name.split()[0])
        data = command_data(command, name, options, self.users)
        return await self.interact(user, channel, COMMAND, data)

    async def autocomplete(
        self, who: Person, place: Place, name: str, /, *, focused: str, **options: Any
    ) -> list[tuple[str, Any]]:
        """Type in the option called `focused` and return the names and values offered."""
        user, channel = self.person(who), self.place(place)
        command = self.command_for(user, channel, name.split()[0])
        data = command_data(command, name, options, self.users, focused=focused)
        return (await self.interact(user, channel, COMPLETION, data)).choices

    async def click(self, who: Person, said: Said, custom_id: str) -> Answer:
        """Press a button; LookupError when the message has none of that id, or it is greyed out."""
        return await self._touch(who, said, custom_id, {"component_type": 2})

    async def choose(self, who: Person, said: Said, custom_id: str, *values: str) -> Answer:
        """Pick from a menu."""
        return await self._touch(who, said, custom_id, {"component_type": 3, "values": list(values)})

    async def _touch(self, who: Person, said: Said, custom_id: str, touched: Json) -> Answer:
        message, user = self.message(said), self.person(who)
        component = find_component(message.components, custom_id, touched["component_type"])
        check_values(component, touched.get("values"))
        data = {"custom_id": custom_id, "id": component.get("id", 1), **touched}
        return await self.interact(user, message.channel, COMPONENT, data, message=message)

    async def submit(self, who: Person, place: Place, custom_id: str, values: dict[str, str]) -> Answer:
        """Send a form that the bot has shown to this person; LookupError when it has not.

        `values` by the id of the input; what is left out keeps what stood there.
        """
        user = self.person(who)
        if (user.id, custom_id) not in self.forms:
            raise LookupError(f"{user.name} was shown no form {custom_id}")
        form, shown_by = self.forms[user.id, custom_id]
        data = {"custom_id": custom_id, "components": submitted(form, values)}
        answer = await self.interact(user, self.place(place), FORM, data, message=shown_by.message)
        del self.forms[user.id, custom_id]
        return answer

    def form_shown_to(self, who: Person, custom_id: str) -> dict[str, str]:
        """Return what stands in each input of a form the bot has shown, by the input's id."""
        form, _ = self.forms[self.person(who).id, custom_id]
        return {one["custom_id"]: one.get("value") or "" for one in inputs_of(form)}

    def command_for(self, user: User, channel: Channel, name: str) -> Json:
        """Return a registered command as this member sees it, the guild's before the global one."""
        for scope in (channel.guild.id, ""):
            command = self.commands.get(scope, {}).get(name)
            if command is not None:
                needed = int(command["default_member_permissions"] or 0)
                if needed & ~channel.permissions_of(user):
                    raise LookupError(f"{user.name} does not see /{name}")
                return command
        raise LookupError(f"no command /{name} is registered")

    async def interact(
        self, user: User, channel: Channel, kind: int, data: Json, *, message: Message | None = None
    ) -> Answer:
        """Tell the bot of an interaction and wait 3 s for its answer."""
        token = f"interaction-{self.clock.snowflake()}"
        interaction = Interaction(
            self.clock.snowflake(), token, kind, user, channel, data, self.clock.now(), message
        )
        self.interactions[token] = interaction
        self.stream.emit("INTERACTION_CREATE", self.spell_interaction(interaction))
        try:
            await asyncio.wait_for(interaction.answered.wait(), self.answer_within)
        except TimeoutError:
            raise NoAnswerError(f"no answer to {data} within {self.answer_within} s") from None
        assert interaction.answer is not None
        return interaction.answer

    def spell_interaction(self, interaction: Interaction) -> Json:
        """Spell an interaction as INTERACTION_CREATE brings it."""
        channel, guild = interaction.channel, interaction.channel.guild
        permissions = str(channel.permissions_of(interaction.user) & ALL)
        member = {**guild.full_member(interaction.user), "permissions": permissions}
        spelled: Json = {
            "id": interaction.id,
            "application_id": self.bot.id,
            "type": interaction.kind,
            "token": interaction.token,
            "version": 1,
            "data": interaction.data,
            "guild_id": guild.id,
            "guild": {"id": guild.id, "locale": "en-US", "features": []},
            "channel_id": channel.id,
            "channel": {**channel.payload(self.bot), "permissions": permissions},
            "member": member,
            "locale": "en-US",
            "guild_locale": "en-US",
            "app_permissions": str(channel.permissions_of(self.bot)),
            "entitlements": [],
            "authorizing_integration_owners": {"0": guild.id},
            "context": 0,
            "attachment_size_limit": 10 * 1024 * 1024,
        }
        if interaction.message is not None:
            spelled["message"] = self.spell(interaction.message)
        return spelled
