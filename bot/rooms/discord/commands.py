"""Slash commands: the desk's commands as Discord's menu offers them, and what was chosen there as text. Pure.

Commands are registered in each guild of the rooms, where a change shows at once.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.command import FIELDS, FORMS, CommandForm
from bot.config_tables import Language
from bot.hearing import DeskSettings
from bot.wording import Wording

Json = dict[str, Any]

CHAT_INPUT, STRING, INTEGER = 1, 3, 4
_LONGEST_DESCRIPTION, _LONGEST_WORD, _LONGEST_TEXT = 100, 100, 6000
_LOCALES: Mapping[Language, tuple[str, ...]] = {"en": ("en-US", "en-GB"), "zh": ("zh-CN", "zh-TW")}
_JOINING_WORDS = frozenset({"before"})  # typed as they are, as in /move 3 before 5

OPTIONS = {
    "N": ("story", "option_story"),
    "M": ("before", "option_before"),
    "merge M": ("into", "option_into"),
    "|".join(FIELDS): ("field", "option_field"),
    "key": ("section", "option_section"),
    "date": ("date", "option_date"),
    "url": ("url", "option_url"),
    "command": ("command", "option_command"),
    "N|publish": ("what", "option_undo"),
    "text": ("text", "option_text"),
    "article": ("article", "option_article"),
    "reason": ("reason", "option_reason"),
    "words": ("words", "option_words"),
}
"""A word of a form, alone or with its command → the option's name, and the sentence that describes it."""
STORY_OPTIONS = frozenset({"story", "before", "into", "what"})
_COMPLETED = STORY_OPTIONS | {"section", "command"}


def registration(language: Language) -> list[Json]:
    """Return the commands as they are registered, each text in the desk's language and in the others."""
    return [_command(form, language) for form in FORMS]


def _command(form: CommandForm, language: Language) -> Json:
    words = [word for word in (*form.words, form.rest) if word and word not in _JOINING_WORDS]
    options = [_option(word, form, language) for word in words]
    if form.optional and options:
        options[-1]["required"] = False
    described = _described(f"help_{form.name}", language)
    return {"name": form.name, "type": CHAT_INPUT, **described, "options": options}


def _option(word: str, form: CommandForm, language: Language) -> Json:
    name, sentence = _named(word, form)
    option: Json = {"name": name, **_described(sentence, language), "required": True, "type": STRING}
    if word in ("N", "M"):
        option |= {"type": INTEGER, "min_value": 1, "max_value": 999_999_999}
    elif word == form.rest:
        option["max_length"] = _LONGEST_TEXT
    elif name != "field":
        option["max_length"] = 2000 if name == "url" else _LONGEST_WORD
    if name == "field":
        option["choices"] = [{"name": field, "value": field} for field in FIELDS]
    elif name in _COMPLETED:
        option["autocomplete"] = True
    return option


def _named(word: str, form: CommandForm | None) -> tuple[str, str]:
    plain = "".join(letter for letter in word.lower() if letter.isalnum() or letter in "-_")[:32]
    of_command = OPTIONS.get(f"{form.name} {word}") if form is not None else None
    return of_command or OPTIONS.get(word, (plain or "word", "option_word"))


def _described(sentence: str, language: Language) -> Json:
    def said(tongue: Language) -> str:
        return Wording(tongue).say(sentence)[:_LONGEST_DESCRIPTION]

    others = {locale: said(tongue) for tongue, locales in _LOCALES.items() for locale in locales}
    return {"description": said(language), "description_localizations": others}


def is_registered(wanted: Sequence[Json], found: Sequence[Json]) -> bool:
    """Tell whether Discord has what we want; it adds fields of its own, and leaves out what is empty."""
    by_name = {command.get("name"): command for command in found}
    return len(wanted) == len(found) and all(
        command["name"] in by_name and _holds(by_name[command["name"]], command) for command in wanted
    )


def _holds(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(_holds(found.get(key), wanted[key]) for key in wanted)
    if isinstance(wanted, list):
        found = found or []
        return len(found) == len(wanted) and all(map(_holds, found, wanted))
    return bool(found == wanted or (not wanted and not found))


def typed(name: str, chosen: Mapping[str, Any], settings: DeskSettings) -> str:
    """Return a command as one would type it; `chosen` are its options by name."""
    form = next((form for form in FORMS if form.name == name), None)
    parts = [f"/{name}"]
    for word in (*form.words, form.rest) if form is not None else ():
        if word in _JOINING_WORDS:
            parts.append(word)
        elif word and (value := chosen.get(_named(word, form)[0])) is not None:
            parts.append(_spelled(word, str(value), settings, is_rest=form is not None and word == form.rest))
    return " ".join(parts)


def _spelled(word: str, value: str, settings: DeskSettings, *, is_rest: bool) -> str:
    """Spell a value so that it reads as one word, unless it is the text to the end."""
    if is_rest:
        return value
    value = value.strip()
    if word == "key":
        value = settings.section_called(value) or value
    return "_".join(value.split())
