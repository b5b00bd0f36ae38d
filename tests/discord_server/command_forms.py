"""The limits of application commands. Source: Discord's reference on application commands."""

import re

from tests.discord_server.limits import Complaints, wrong_text
from tests.discord_server.refusals import Json, complaint

NAME = re.compile(r"[-_\w]{1,32}")
MOST_COMMANDS, MOST_OPTIONS, MOST_CHOICES, DESCRIPTION, TOTAL = 100, 25, 25, 100, 8000


def wrong_in_commands(commands: list[Json]) -> Complaints:
    """Look through a list of commands."""
    if len(commands) > MOST_COMMANDS:
        text = f"Must be {MOST_COMMANDS} or fewer in length."
        yield "commands", complaint("BASE_TYPE_MAX_LENGTH", text)
    names = [(one.get("type", 1), one.get("name")) for one in commands]
    if len(set(names)) < len(names):
        text = "Application command names must be unique"
        yield "commands", complaint("APPLICATION_COMMANDS_DUPLICATE_NAME", text)
    for index, command in enumerate(commands):
        if command.get("type", 1) == 1:
            yield from wrong_in_command(str(index), command)
            if total_length(command) > TOTAL:
                text = f"Combined length of name, description, and value must be less than {TOTAL}"
                yield str(index), complaint("APPLICATION_COMMAND_TOO_LARGE", text)


def wrong_in_command(path: str, command: Json) -> Complaints:
    """Look through a command or one of its options, which are built alike."""
    names = {"name": command.get("name"), **prefixed("name_localizations", command)}
    for key, name in names.items():
        if not isinstance(name, str) or not NAME.fullmatch(name) or name != name.lower():
            text = "Command name is invalid"
            yield f"{path}.{key}", complaint("APPLICATION_COMMAND_INVALID_NAME", text)
    texts = {"description": command.get("description"), **prefixed("description_localizations", command)}
    for key, text in texts.items():
        yield from wrong_text(f"{path}.{key}", text, DESCRIPTION, least=1)
    options = command.get("options") or []
    if len(options) > MOST_OPTIONS:
        text = f"Must be {MOST_OPTIONS} or fewer in length."
        yield f"{path}.options", complaint("BASE_TYPE_MAX_LENGTH", text)
    needed = [bool(option.get("required")) for option in options]
    if needed != sorted(needed, reverse=True):
        text = "Required options must be placed before non-required options"
        yield f"{path}.options", complaint("APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", text)
    for index, option in enumerate(options):
        yield from wrong_in_command(f"{path}.options.{index}", option)
    yield from wrong_in_choices(path, command.get("choices") or [])


def wrong_in_choices(path: str, choices: list[Json]) -> Complaints:
    if len(choices) > MOST_CHOICES:
        text = f"Must be {MOST_CHOICES} or fewer in length."
        yield f"{path}.choices", complaint("BASE_TYPE_MAX_LENGTH", text)
    for index, choice in enumerate(choices):
        yield from wrong_text(f"{path}.choices.{index}.name", choice.get("name"), 100, least=1)


def prefixed(key: str, command: Json) -> Json:
    """Return the translations of a text under their dotted paths."""
    return {f"{key}.{locale}": text for locale, text in (command.get(key) or {}).items()}


def total_length(command: Json) -> int:
    """Add up names, descriptions and values of a command and its options."""
    own = len(command.get("name") or "") + len(command.get("description") or "")
    choices = sum(len(one["name"]) + len(str(one["value"])) for one in command.get("choices") or [])
    return own + choices + sum(total_length(option) for option in command.get("options") or [])
