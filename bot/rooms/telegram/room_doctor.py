"""The doctor's questions about one room on Telegram."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from telegram import (
    Bot,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    BotCommandScopeChatAdministrators,
    ChatFullInfo,
    User,
)
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.card import STATE_EMOJI
from bot.config import Config
from bot.config_tables import TelegramRoomConfig
from bot.doctor.finding import Check, Finding
from bot.emoji import VOTE_DOWN, VOTE_UP, plain
from bot.rooms.telegram.sickness import sickness

_GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)
_IN_CHARGE = (ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.OWNER)


@dataclass(slots=True)
class RoomExamination:
    """One room, as the bot finds it; `chat` is its id as far as the newsroom knows."""

    check: Check
    bot: Bot
    me: User
    room: TelegramRoomConfig
    chat: int
    config: Config

    async def findings(self) -> Sequence[Finding]:
        """Look at the group, the bot's standing in it, its reactions and its menu of commands."""
        found: list[Finding] = []
        try:
            chat, allowed = await self._chat(found)
            if chat.type not in _GROUPS:
                return [self.check.wrong(f"chat {chat.id} is no group", _GROUP)]
            found.append(
                self.check.fine(f"{chat.title} ({'basic group' if _is_basic(chat) else 'supergroup'})")
            )
            found += self._shape(chat)
            found += await self._standing(chat)
            found += palette_findings(self._named("reactions"), allowed, self.config)
            found += await self._menu(chat)
        except (BadRequest, Forbidden) as refusal:
            found.append(self._not_there(refusal))
        except TelegramError as error:
            found.append(sickness(self.check, error))
        return found

    def _named(self, name: str) -> Check:
        return Check(self.check.area, name, self.check.room)

    async def _chat(self, found: list[Finding]) -> tuple[ChatFullInfo, tuple[str, ...] | None]:
        """Return the chat and what reactions it allows, None for all; note it where the chat has moved."""
        try:
            raw = await self._raw_chat()
        except ChatMigrated as moved:
            self.chat = moved.new_chat_id
            raw = await self._raw_chat()
        if self.chat != self.room.chat:
            said = f"the group has become a supergroup: {self.room.chat} is now {self.chat}"
            cure = f"In the config, under this room: chat = {self.chat}"
            found.append(self._named("address").warning(said, cure))
        allowed = raw.get("available_reactions")
        emoji = None if allowed is None else tuple(str(one.get("emoji", "")) for one in allowed)
        return ChatFullInfo.de_json(raw, self.bot), emoji

    async def _raw_chat(self) -> dict[str, Any]:
        """Return the chat as Telegram spells it: the library gives () for all reactions and for none.

        The method's name is spelled so that the library does not warn that it has one of that name.
        """
        asked: Any = await self.bot.do_api_request("get_Chat", api_kwargs={"chat_id": self.chat})
        return dict(asked)

    def _shape(self, chat: ChatFullInfo) -> list[Finding]:
        if self.room.topic and not chat.is_forum:
            said = f"topic = {self.room.topic} is configured, but the group has no topics"
            return [self._named("topic").wrong(said, _TOPIC)]
        if _is_basic(chat):
            return [self._named("address").warning("a basic group's id changes when it grows", _GROW)]
        return []

    async def _standing(self, chat: ChatFullInfo) -> list[Finding]:
        check = self._named("rights")
        status = (await self.bot.get_chat_member(chat.id, self.me.id)).status
        if status in _IN_CHARGE:
            return [check.fine("administrator: it hears all messages and reactions")]
        if status in (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED):
            return [check.wrong("the bot is not in the group", self._add())]
        found = [
            check.wrong("the bot is no administrator, so that reactions never reach it", self._promote())
        ]
        if not self.me.can_read_all_group_messages:
            privacy = self._named("privacy")
            said = "privacy mode is on, so that it hears commands only and no links"
            found.append(
                privacy.wrong(said, "Making it an administrator mends this too; nothing else is needed.")
            )
        return found

    async def _menu(self, chat: ChatFullInfo) -> list[Finding]:
        scopes: tuple[BotCommandScope | None, ...] = (
            BotCommandScopeChat(chat.id),
            BotCommandScopeChatAdministrators(chat.id),
            BotCommandScopeAllGroupChats(),
            None,
        )
        menus = await asyncio.gather(*(self.bot.get_my_commands(scope) for scope in scopes))
        check = self._named("commands")
        if any(menus):
            return [check.fine(f"a menu of {max(map(len, menus))}")]
        return [check.warning("no menu of commands is registered", _START)]

    def _not_there(self, refusal: BadRequest | Forbidden) -> Finding:
        if "not found" in refusal.message.lower():
            said = f"there is no chat {self.chat}, or the bot has never been in it"
            return self.check.wrong(said, f"{self._add()} {_CHAT_ID}")
        if isinstance(refusal, Forbidden):
            return self.check.wrong("the bot is not in the group, or was thrown out", self._add())
        return sickness(self.check, refusal)

    def _add(self) -> str:
        return (
            f"In the group: its name → Add members → @{self.me.username}, "
            "then ⋮ or Edit → Administrators → Add Admin → the bot → Done."
        )

    def _promote(self) -> str:
        return (
            "In the group: its name → ⋮ or Edit → Administrators → Add Admin → "
            f"@{self.me.username} → Done. Any one right is enough."
        )


def _is_basic(chat: ChatFullInfo) -> bool:
    return chat.type == ChatType.GROUP


def palette_findings(check: Check, offered: tuple[str, ...] | None, config: Config) -> list[Finding]:
    """Compare the emoji that the desk uses with those which the group allows, None for all. Pure."""
    if offered is None:
        return [check.fine("the group allows all")]
    allowed = {plain(emoji) for emoji in offered}
    needed = [VOTE_UP, VOTE_DOWN, *(section.emoji for section in config.desk.sections)]
    missing = [emoji for emoji in needed if plain(emoji) not in allowed]
    if missing:
        listed = " ".join(missing)
        return [check.wrong(f"the group does not allow {listed}", f"{_ALLOW} {listed}. {_OTHER_EMOJI}")]
    own = [emoji for emoji in dict.fromkeys(STATE_EMOJI.values()) if plain(emoji) not in allowed]
    if own:
        listed = " ".join(own)
        return [check.warning(f"the bot cannot show a story's state by {listed}", f"{_ALLOW} {listed}.")]
    return [check.fine("the group allows those that the desk uses")]


_ALLOW = "In the group: its name → ⋮ or Edit → Reactions → All Reactions, or Some Reactions with"
_OTHER_EMOJI = "Or choose an allowed emoji for the section in desk.sections."
_CHAT_ID = (
    "The id stands under chat in the config and begins with -100 for a supergroup; in web.telegram.org it is "
    "the number behind # in the group's address."
)
_GROUP = (
    "Name a group's id under chat: reactions reach a bot in groups only, not in channels or private chats."
)
_GROW = (
    "Make it a supergroup now: its name → ⋮ or Edit → Chat history for new members → Visible. "
    "The newsroom follows; run the doctor again, and it names the new id for the config."
)
_TOPIC = (
    "Turn topics on (the group's name → ⋮ or Edit → Topics), or leave topic out of the room in the config."
)
_START = "Start the newsroom, which registers it: python -m bot run"
