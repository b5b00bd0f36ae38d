"""What the bot may send, and where: the checks that sending and editing share."""

import re
from typing import Any

from tests.telegram_server.entities import add_found, units
from tests.telegram_server.html_text import parse_html, trimmed
from tests.telegram_server.parameters import Parameters
from tests.telegram_server.refusal import RefusalError, bad_request
from tests.telegram_server.world import Chat, Json, World, quoted

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
MOST_BUTTONS = 100
MOST_BUTTON_BYTES = 64


def chat_in(world: World, parameters: Parameters) -> Chat:
    """Return the chat a request is about, as far as the bot has access to it.

    Raises:
        RefusalError: 400 for an unknown or migrated chat, 403 where the bot is not (any more).
    """
    chat_id = parameters.get("chat_id")
    if chat_id in (None, ""):
        raise bad_request("chat_id is empty")
    chat = world.chats.get(chat_id) if isinstance(chat_id, int) else None
    if chat is None:
        if chat_id in world.people:
            raise RefusalError(403, "Forbidden: bot can't initiate conversation with a user")
        raise bad_request("chat not found")
    if chat.migrated_to is not None:
        raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
    member = chat.members.get(world.bot.id)
    if member is None or member.status == "left":
        raise RefusalError(403, f"Forbidden: bot is not a member of the {chat.kind} chat")
    if member.status == "kicked":
        if chat.kind == "private":
            raise RefusalError(403, "Forbidden: bot was blocked by the user")
        raise RefusalError(403, f"Forbidden: bot was kicked from the {chat.kind} chat")
    return chat


def text_in(parameters: Parameters) -> Json:
    """Return the text of a message and its entities.

    Raises:
        RefusalError: 400 for HTML that does not parse, for no text, and for over 4096 UTF-16 units.
    """
    text, entities = formatted(parameters, "text", "entities")
    if not text:
        raise bad_request("message text is empty")
    if units(text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    content: Json = {"text": text}
    if entities:
        content["entities"] = entities
    if parameters.get("link_preview_options"):
        content["link_preview_options"] = parameters["link_preview_options"]
    return content


def caption_in(parameters: Parameters) -> Json:
    """Return a caption and its entities; nothing for none.

    Raises:
        RefusalError: 400 for HTML that does not parse and for more than 1024 UTF-16 units after parsing.
    """
    text, entities = formatted(parameters, "caption", "caption_entities")
    if units(text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    content: Json = {"caption": text} if text else {}
    return content | ({"caption_entities": entities} if entities else {})


def formatted(parameters: Parameters, text_name: str, entities_name: str) -> tuple[str, list[Json]]:
    text, entities = parameters.text(text_name), list(parameters.get(entities_name) or [])
    mode = parameters.text("parse_mode").lower()
    if mode == "html":
        text, entities = parse_html(text)
    elif mode not in ("", "none"):
        raise bad_request("unsupported parse_mode")
    text, entities = trimmed(text.replace("\r", ""), entities)
    return text, add_found(entities, text)


def keyboard_in(parameters: Parameters) -> Json:
    """Return the inline keyboard of a request as a message shows it; nothing for an empty one.

    Raises:
        RefusalError: 400 for a button without text, without a deed, or with more than 64 bytes of data.
    """
    markup = parameters.get("reply_markup") or {}
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows = [[_button(button) for button in row] for row in markup.get("inline_keyboard", []) if row]
    if sum(map(len, rows)) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def _button(button: Any) -> Json:
    wrong = "can't parse inline keyboard button: "
    if not isinstance(button, dict) or not button.get("text"):
        raise bad_request(f'{wrong}Can\'t find field "text"')
    if "callback_data" in button:
        if not 1 <= len(str(button["callback_data"]).encode()) <= MOST_BUTTON_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
    elif "url" in button:
        if not re.match(r"(https?|tg)://\S+$", str(button["url"])):
            raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    else:
        raise bad_request(f"{wrong}Text buttons are unallowed in the inline keyboard")
    return dict(button)


def place_in(chat: Chat, parameters: Parameters) -> Json:
    """Return where a message stands: its topic, and the message it answers.

    Raises:
        RefusalError: 400 for a topic or a message that is not there.
    """
    place: Json = {}
    answered = _answered(chat, parameters)
    thread = parameters.number("message_thread_id")
    if thread and thread not in chat.topics:
        raise bad_request("message thread not found")
    if not thread and answered is not None and answered.get("is_topic_message"):
        thread = answered["message_thread_id"]
    if thread:
        place |= {"message_thread_id": thread, "is_topic_message": True}
        answered = answered or chat.messages.get(thread)
    if answered is not None:
        place["reply_to_message"] = quoted(answered)
    return place


def _answered(chat: Chat, parameters: Parameters) -> Json | None:
    wanted = parameters.get("reply_parameters")
    if not wanted:
        return None
    answered = chat.messages.get(int(wanted.get("message_id", 0)))
    if answered is None and not wanted.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return answered
