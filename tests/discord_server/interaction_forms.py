"""What Discord's own client makes of a typed command, a touched component or a filled form."""

from collections.abc import Mapping
from typing import Any

from tests.discord_server.refusals import Json
from tests.discord_server.world import User

SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER = 1, 2, 3, 4, 5, 6
PYTHON = {STRING: str, INTEGER: int, BOOLEAN: bool, USER: str, 7: str, 8: str, 9: str, 10: float}


def command_data(
    command: Json, name: str, options: Mapping[str, Any], users: Mapping[str, User], *, focused: str = ""
) -> Json:
    """Return the data of a typed command; ValueError for what the client would not let one send."""
    words = name.split()
    node, steps = command, []
    for word in words[1:]:
        node = option_named(node, word)
        steps.append(node)
    values = typed(node, options, focused=focused)
    for step in reversed(steps):
        values = [{"type": step["type"], "name": step["name"], "options": values}]
    data: Json = {"id": command["id"], "name": command["name"], "type": 1, "options": values}
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    mentioned = {str(value): users[str(value)] for value in options.values() if str(value) in users}
    if mentioned:
        data["resolved"] = {"users": {key: user.payload() for key, user in mentioned.items()}}
    return data


def option_named(node: Json, name: str) -> Json:
    for option in node.get("options") or []:
        if option["name"] == name:
            found: Json = option
            return found
    raise ValueError(f"/{node['name']} has no option {name}")


def typed(node: Json, options: Mapping[str, Any], *, focused: str) -> list[Json]:
    """Spell the options in the command's order, checked as the client checks them."""
    known = [option["name"] for option in node.get("options") or []]
    for name in options:
        if name not in known:
            raise ValueError(f"/{node['name']} has no option {name}")
    spelled = []
    for option in node.get("options") or []:
        name = option["name"]
        if name in options:
            if not focused:
                check_option(option, options[name])
            entry: Json = {"name": name, "type": option["type"], "value": options[name]}
            spelled.append({**entry, "focused": True} if name == focused else entry)
        elif option.get("required") and not focused:
            raise ValueError(f"/{node['name']} needs {name}")
    if focused and not option_named(node, focused).get("autocomplete"):
        raise ValueError(f"/{node['name']} completes nothing for {focused}")
    return spelled


def check_option(option: Json, value: Any) -> None:
    """Raise ValueError for a value the option cannot take."""
    if option["type"] in (SUBCOMMAND, GROUP) or not isinstance(value, PYTHON.get(option["type"], object)):
        raise ValueError(f"{option['name']} cannot be {value!r}")
    choices = [choice["value"] for choice in option.get("choices") or []]
    if choices and value not in choices:
        raise ValueError(f"{option['name']} must be one of {choices}")
    size: Any = len(str(value)) if option["type"] == STRING else value
    low, high = ("min_length", "max_length") if option["type"] == STRING else ("min_value", "max_value")
    if low in option and size < option[low]:
        raise ValueError(f"{option['name']} is too small or short")
    if high in option and size > option[high]:
        raise ValueError(f"{option['name']} is too great or long")


def find_component(rows: list[Json], custom_id: str, kind: int) -> Json:
    """Return the button or menu of that id; LookupError when there is none to use."""
    for row in rows:
        for part in row.get("components") or []:
            if part.get("custom_id") == custom_id and part["type"] == kind:
                if part.get("disabled"):
                    raise LookupError(f"{custom_id} is greyed out")
                found: Json = part
                return found
    raise LookupError(f"the message has no {custom_id}")


def check_values(component: Json, values: list[str] | None) -> None:
    """Raise ValueError for a choice the menu does not offer."""
    offered = [option["value"] for option in component.get("options") or []]
    if values is not None and any(value not in offered for value in values):
        raise ValueError(f"{component['custom_id']} offers only {offered}")


def submitted(form: Json, values: Mapping[str, str]) -> list[Json]:
    """Return a filled form's parts, in rows or under labels as the form was built."""
    parts: list[Json] = []
    unknown = set(values)
    for part in form["components"]:
        if part["type"] == 1:
            filled = [filled_in(entry, values) for entry in part["components"]]
            parts.append({"type": 1, "id": len(parts) + 1, "components": filled})
            unknown -= {entry["custom_id"] for entry in part["components"]}
        elif part["type"] == 18:
            parts.append(
                {"type": 18, "id": len(parts) + 1, "component": filled_in(part["component"], values)}
            )
            unknown -= {part["component"]["custom_id"]}
    if unknown:
        raise ValueError(f"the form has no {sorted(unknown)}")
    return parts


def filled_in(entry: Json, values: Mapping[str, str]) -> Json:
    """Fill in one input; ValueError for a text the client would not send."""
    name = entry["custom_id"]
    about: Json = {"type": entry["type"], "id": entry.get("id", 1), "custom_id": name}
    if entry["type"] != 4:
        chosen = [option["value"] for option in entry.get("options") or [] if option.get("default")]
        return {**about, "values": [values[name]] if name in values else chosen}
    text = values.get(name, entry.get("value") or "")
    least = max(entry.get("min_length") or 0, 1 if entry.get("required", True) else 0)
    if not least <= len(text) <= (entry.get("max_length") or 4000) and (text or entry.get("required", True)):
        raise ValueError(f"{name} is too short or too long")
    return {**about, "value": text}
