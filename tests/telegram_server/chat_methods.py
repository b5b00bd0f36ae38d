"""The Bot API's methods about the bot itself, chats, members and commands."""

import re

from tests.telegram_server.outgoing import chat_in
from tests.telegram_server.palette import reaction_type
from tests.telegram_server.parameters import Parameters
from tests.telegram_server.refusal import bad_request
from tests.telegram_server.world import Json, Member, Method, World

NO_GIFTS = dict.fromkeys(
    (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    ),
    False,
)
PERMISSIONS = dict.fromkeys(
    (
        "can_send_messages",
        "can_send_audios",
        "can_send_documents",
        "can_send_photos",
        "can_send_videos",
        "can_send_video_notes",
        "can_send_voice_notes",
        "can_send_polls",
        "can_send_other_messages",
        "can_add_web_page_previews",
        "can_change_info",
        "can_invite_users",
        "can_pin_messages",
        "can_manage_topics",
        "can_react_to_messages",
    ),
    True,
)
MOST_COMMANDS = 100


def get_me(world: World, _: Parameters) -> Json:
    return world.bot.as_json() | {
        "can_join_groups": True,
        "can_read_all_group_messages": world.reads_all,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def get_my_name(world: World, _: Parameters) -> Json:
    return {"name": world.bot.name}


def get_chat(world: World, parameters: Parameters) -> Json:
    """Return a ChatFullInfo. A chat that allows every reaction has no `available_reactions` in it."""
    chat = chat_in(world, parameters)
    whole = chat.as_json() | {
        "accent_color_id": 1,
        "max_reaction_count": 11,
        "accepted_gift_types": NO_GIFTS,
    }
    if chat.kind != "private":
        whole["permissions"] = PERMISSIONS
    if chat.available_reactions is not None:
        whole["available_reactions"] = [reaction_type(emoji) for emoji in chat.available_reactions]
    return whole


def get_chat_member(world: World, parameters: Parameters) -> Json:
    chat = chat_in(world, parameters)
    person = world.people.get(parameters.number("user_id"))
    if person is None:
        raise bad_request("invalid user_id specified")
    return chat.members.get(person.id, Member(person, "left")).as_json()


def get_chat_administrators(world: World, parameters: Parameters) -> list[Json]:
    chat = chat_in(world, parameters)
    if chat.kind == "private":
        raise bad_request("there are no administrators in the private chat")
    return [member.as_json() for member in chat.members.values() if member.is_administrator]


def set_my_commands(world: World, parameters: Parameters) -> bool:
    commands = parameters.get("commands") or []
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command.get("command", "")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command.get("description", "")) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands[_audience(world, parameters)] = commands
    return True


def get_my_commands(world: World, parameters: Parameters) -> list[Json]:
    return world.commands.get(_audience(world, parameters), [])


def delete_my_commands(world: World, parameters: Parameters) -> bool:
    world.commands.pop(_audience(world, parameters), None)
    return True


def _audience(world: World, parameters: Parameters) -> tuple[str, str]:
    """Return the scope, as text, and the language of a request about commands: "chat:-100…", "zh"."""
    scope = parameters.get("scope") or {"type": "default"}
    language = parameters.text("language_code")
    if not re.fullmatch(r"([a-z]{2})?", language):
        raise bad_request("invalid language code specified")
    words = [scope.get("type", "")]
    if words[0] in ("chat", "chat_administrators", "chat_member"):
        words.append(str(chat_in(world, Parameters(chat_id=scope.get("chat_id"))).id))
    if words[0] == "chat_member":
        words.append(str(scope.get("user_id", "")))
    return ":".join(words), language


CHAT_METHODS: dict[str, Method] = {
    "getMe": get_me,
    "getMyName": get_my_name,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "sendChatAction": lambda world, parameters: bool(chat_in(world, parameters)),
}
