"""The menus of commands that people see behind the slash: by language, and by what they may do."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

from telegram import Bot, BotCommand, BotCommandScope, BotCommandScopeChat, BotCommandScopeChatMember
from telegram.constants import BotCommandLimit
from telegram.error import TelegramError

from bot.command import FORMS
from bot.logs import blot
from bot.permission import EDITORS_ONLY
from bot.rooms.telegram.places import Places
from bot.wording import Language, Wording

log = logging.getLogger(__name__)

_IDENTITY = "telegram:"


@dataclass(frozen=True, slots=True)
class Menu:
    """What one audience sees, in one language; "" is for every language that has no menu of its own."""

    scope: BotCommandScope
    language: str
    commands: tuple[BotCommand, ...]


def menus_of(places: Places, editors: Iterable[str], language: Language) -> Iterator[Menu]:
    """Return every menu: in each chat one for curators, and one for each editor that the config names."""
    people = [int(name) for name in _telegram_names(editors)]
    for chat in dict.fromkeys(place.chat for place in places.all):
        for spoken in ("", *get_args(Language)):
            words: Language = spoken or language
            curators, everything = commands_in(words, for_editors=False), commands_in(words, for_editors=True)
            yield Menu(BotCommandScopeChat(chat), spoken, curators)
            for person in people if chat < 0 else ():
                yield Menu(BotCommandScopeChatMember(chat, person), spoken, everything)


def commands_in(language: Language, *, for_editors: bool) -> tuple[BotCommand, ...]:
    """Return the commands that somebody may use, described in a language, within Telegram's limits."""
    say = Wording(language).say
    shown = [form for form in FORMS if for_editors or form.name not in EDITORS_ONLY]
    most = int(BotCommandLimit.MAX_DESCRIPTION)
    return tuple(BotCommand(form.name, say(f"help_{form.name}")[:most]) for form in shown)


def _telegram_names(editors: Iterable[str]) -> list[str]:
    names = [name.removeprefix(_IDENTITY) for name in editors if name.startswith(_IDENTITY)]
    return [name for name in names if name.isascii() and name.isdigit()]


async def set_menus(bot: Bot, menus: Iterable[Menu]) -> None:
    """Set the menus that differ from what Telegram shows; one that can't be set is only logged."""
    for menu in menus:
        try:
            await _set(bot, menu)
        except TelegramError as error:
            log.warning("menu not set", extra={"scope": menu.scope.to_dict(), "said": blot(error.message)})


async def _set(bot: Bot, menu: Menu) -> None:
    shown: Sequence[BotCommand] = await bot.get_my_commands(menu.scope, menu.language or None)
    if tuple(shown) != menu.commands:
        await bot.set_my_commands(menu.commands, menu.scope, menu.language or None)
