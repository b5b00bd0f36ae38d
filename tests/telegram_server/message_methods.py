"""The Bot API's methods about messages, as the platform answers them."""

from tests.telegram_server.outgoing import caption_in, chat_in, keyboard_in, place_in, text_in
from tests.telegram_server.palette import PALETTE
from tests.telegram_server.parameters import Parameters, Upload
from tests.telegram_server.refusal import bad_request
from tests.telegram_server.world import Chat, Json, Method, World

DELETABLE_FOR = 48 * 3600
"""Seconds for which a bot may delete a message (Bot API, deleteMessage)."""
ANSWERABLE_FOR = 15
"""Seconds for which a button's press can be answered; the platform gives no figure."""
LONGEST_TOAST = 200
LARGEST_DOWNLOAD = 20 * 1024 * 1024
"""Bytes of a file that a bot may fetch (Bot API, getFile)."""
UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def send_message(world: World, parameters: Parameters) -> Json:
    chat = chat_in(world, parameters)
    content = text_in(parameters) | place_in(chat, parameters) | keyboard_in(parameters)
    return world.add_message(chat, world.bot.as_json(), content)


def send_document(world: World, parameters: Parameters) -> Json:
    chat = chat_in(world, parameters)
    content = caption_in(parameters) | place_in(chat, parameters) | keyboard_in(parameters)
    document = _document(world, parameters)
    return world.add_message(chat, world.bot.as_json(), {"document": document, **content})


def _document(world: World, parameters: Parameters) -> Json:
    given = parameters.get("document")
    if isinstance(given, str) and given.startswith("attach://"):
        given = parameters.get(given.removeprefix("attach://"))
    if isinstance(given, Upload):
        if not given.data:
            raise bad_request("file must be non-empty")
        file_id = world.keep_file(given.name, given.data)
    elif isinstance(given, str) and given in world.files:
        file_id = given
    elif given:
        raise bad_request("wrong file identifier/HTTP URL specified")
    else:
        raise bad_request("there is no document in the request")
    name, data = world.files[file_id]
    return {"file_id": file_id, "file_unique_id": file_id, "file_name": name, "file_size": len(data)}


def edit_message_text(world: World, parameters: Parameters) -> Json:
    chat = chat_in(world, parameters)
    message = _own_message(world, chat, parameters)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    content = text_in(parameters) | keyboard_in(parameters)
    return _edited(world, message, content, ("text", "entities", "link_preview_options", "reply_markup"))


def edit_message_caption(world: World, parameters: Parameters) -> Json:
    chat = chat_in(world, parameters)
    message = _own_message(world, chat, parameters)
    if "document" not in message and "photo" not in message:
        raise bad_request("there is no caption in the message to edit")
    content = caption_in(parameters) | keyboard_in(parameters)
    return _edited(world, message, content, ("caption", "caption_entities", "reply_markup"))


def edit_message_reply_markup(world: World, parameters: Parameters) -> Json:
    chat = chat_in(world, parameters)
    message = _own_message(world, chat, parameters)
    return _edited(world, message, keyboard_in(parameters), ("reply_markup",))


def _own_message(world: World, chat: Chat, parameters: Parameters) -> Json:
    message = chat.messages.get(_message_id(parameters))
    if message is None:
        raise bad_request("message to edit not found")
    if message["from"]["id"] != world.bot.id:
        raise bad_request("message can't be edited")
    return message


def _message_id(parameters: Parameters) -> int:
    message_id = parameters.number("message_id")
    if not message_id:
        raise bad_request("message identifier is not specified")
    return message_id


def _edited(world: World, message: Json, content: Json, fields: tuple[str, ...]) -> Json:
    """Exchange some fields of a message. A keyboard that the request leaves out is taken away."""
    if all(message.get(name) == content.get(name) for name in fields):
        raise bad_request(UNCHANGED)
    for name in fields:
        message.pop(name, None)
    message.update(content, edit_date=int(world.now()))
    return message


def delete_message(world: World, parameters: Parameters) -> bool:
    chat = chat_in(world, parameters)
    message = chat.messages.get(_message_id(parameters))
    if message is None:
        raise bad_request("message to delete not found")
    own = message["from"]["id"] == world.bot.id
    may_delete = "can_delete_messages" in chat.members[world.bot.id].rights and chat.is_administrator(
        world.bot
    )
    too_old = world.now() - message["date"] > DELETABLE_FOR
    if too_old or not (own or may_delete or chat.kind == "private"):
        raise bad_request("message can't be deleted")
    del chat.messages[message["message_id"]]
    return True


def set_message_reaction(world: World, parameters: Parameters) -> bool:
    """Put the bot's one reaction on a message. No update tells of it (Bot API, MessageReactionUpdated)."""
    chat = chat_in(world, parameters)
    message_id = parameters.number("message_id")
    if message_id not in chat.messages:
        raise bad_request("message to react not found")
    wanted = parameters.get("reaction") or []
    if len(wanted) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    allowed = PALETTE if chat.available_reactions is None else chat.available_reactions
    if any(each.get("type") != "emoji" or each.get("emoji") not in allowed for each in wanted):
        raise bad_request("REACTION_INVALID")
    given = chat.reactions.setdefault(message_id, {})
    given[f"user:{world.bot.id}"] = [each["emoji"] for each in wanted]
    return True


def answer_callback_query(world: World, parameters: Parameters) -> bool:
    query_id = parameters.text("callback_query_id")
    press = world.presses.get(query_id)
    if press is None or press.answer is not None or world.now() - press.at > ANSWERABLE_FOR:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if len(parameters.text("text")) > LONGEST_TOAST:
        raise bad_request("MESSAGE_TOO_LONG")
    press.answered({"text": parameters.text("text"), "show_alert": bool(parameters.get("show_alert"))})
    return True


def get_file(world: World, parameters: Parameters) -> Json:
    file_id = parameters.text("file_id")
    if file_id not in world.files:
        raise bad_request("invalid file_id")
    name, data = world.files[file_id]
    if len(data) > LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": file_id,
        "file_unique_id": file_id,
        "file_size": len(data),
        "file_path": f"documents/{file_id}/{name}",
    }


MESSAGE_METHODS: dict[str, Method] = {
    "sendMessage": send_message,
    "sendDocument": send_document,
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "setMessageReaction": set_message_reaction,
    "answerCallbackQuery": answer_callback_query,
    "getFile": get_file,
}
