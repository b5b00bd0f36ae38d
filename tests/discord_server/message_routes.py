"""REST on messages: read, write, edit, delete, and start threads."""

from datetime import timedelta
from typing import Any

from aiohttp import web

from tests.discord_server.clock import time_of
from tests.discord_server.intents import without_content
from tests.discord_server.limits import check, wrong_in_message
from tests.discord_server.platform import Platform, reference_to
from tests.discord_server.refusals import (
    Json,
    RefusalError,
    bad_form,
    complaint,
    missing_access,
    missing_permissions,
    thread_archived,
    unknown,
)
from tests.discord_server.rest import FILES, PLATFORM, Upload, body_of, count, json_answer
from tests.discord_server.world import Channel, Message

NONCE_HOLDS = timedelta(minutes=5)
"""How long a nonce is remembered; Discord says "the past few minutes"."""


def place_of(request: web.Request) -> Channel:
    """Return the channel of the path, if the bot sees it."""
    platform = request.app[PLATFORM]
    channel = platform.places.get(request.match_info["channel"])
    if channel is None:
        raise unknown("Channel", 10003)
    if not channel.visible_to(platform.bot):
        raise missing_access()
    return channel


def message_of(request: web.Request) -> Message:
    """Return the message of the path, if the bot may read it."""
    channel, platform = place_of(request), request.app[PLATFORM]
    if not channel.allows(platform.bot, "read_message_history"):
        raise missing_access()
    message = platform.messages_in[channel.id].get(request.match_info["message"])
    if message is None or message.ephemeral:
        raise unknown("Message", 10008)
    return message


def require(channel: Channel, platform: Platform, *names: str) -> None:
    """Raise Missing Permissions unless the bot may do all of these here."""
    if not all(channel.allows(platform.bot, name) for name in names):
        raise missing_permissions()


def as_read(platform: Platform, message: Message) -> Json:
    """Spell a message for the bot; without the content switch it is empty here too."""
    spelled = platform.spell(message)
    if "message_content" in platform.stream.privileged:
        return spelled
    return without_content(spelled, platform.bot.id)


async def read_history(request: web.Request) -> web.Response:
    """Give at most 100 messages, the newest first, before, after or around an id."""
    channel, platform = place_of(request), request.app[PLATFORM]
    limit = count(request, "limit", default=50, most=100)
    if not channel.allows(platform.bot, "read_message_history"):
        return json_answer([])
    everything = list(platform.history(channel))
    query = request.query
    if "around" in query:
        middle = sum(int(one.id) < int(query["around"]) for one in everything)
        first = max(0, middle - limit // 2)
        chosen = everything[first : first + limit]
    elif "after" in query:
        chosen = [one for one in everything if int(one.id) > int(query["after"])][:limit]
    else:
        end = int(query.get("before", 1 << 63))
        chosen = [one for one in everything if int(one.id) < end][-limit:]
    return json_answer([as_read(platform, one) for one in reversed(chosen)])


async def read_one(request: web.Request) -> web.Response:
    return json_answer(as_read(request.app[PLATFORM], message_of(request)))


async def write(request: web.Request) -> web.Response:
    """Post the bot's message, unless its nonce was used here lately."""
    channel, platform, body = place_of(request), request.app[PLATFORM], body_of(request)
    require(channel, platform, "send_messages_in_threads" if channel.parent else "send_messages")
    if body.get("embeds"):
        require(channel, platform, "embed_links")
    if request[FILES]:
        require(channel, platform, "attach_files")
    before = sent_before(platform, body)
    if before is not None:
        return json_answer(as_read(platform, before))
    message = platform.draft(channel, platform.bot, **fields_of(request, body))
    message.nonce = str(body["nonce"]) if "nonce" in body else None
    answer_to(platform, message, body.get("message_reference"))
    platform.post(message)
    if message.nonce is not None:
        platform.nonces[message.nonce] = message.id
    spelled = platform.spell(message)
    return json_answer({**spelled, "nonce": message.nonce} if message.nonce else spelled)


def sent_before(platform: Platform, body: Json) -> Message | None:
    """Return what the bot sent lately with the same enforced nonce, in whichever channel.

    A message which was deleted since is unknown, and not sent again: Discord's authors said so when they
    documented enforce_nonce (discord-api-docs, pull request 6647).
    """
    sent = platform.nonces.get(str(body.get("nonce")))
    if sent is None or not body.get("enforce_nonce"):
        return None
    if platform.clock.now() - time_of(sent).timestamp() > NONCE_HOLDS.total_seconds():
        return None
    if sent not in platform.message_by_id:
        raise unknown("Message", 10008)
    return platform.message_by_id[sent]


def fields_of(request: web.Request, body: Json, *, keep: Message | None = None) -> dict[str, Any]:
    """Check a body and return what it says of the message; what it leaves out keeps its value."""
    check(wrong_in_message(body))
    fields: dict[str, Any] = {name: body[name] or [] for name in ("embeds", "components") if name in body}
    if "content" in body:
        fields["content"] = (body["content"] or "").strip()
    if "embeds" in fields:
        fields["embeds"] = [{"type": "rich", **embed} for embed in fields["embeds"]]
    if "flags" in body and keep is None:
        fields["flags"] = body["flags"] or 0
    if "allowed_mentions" in body:
        fields["allowed_mentions"] = body["allowed_mentions"]
    if "attachments" in body or request[FILES]:
        fields["attachments"] = attachments_of(request, body, keep)
    now = {name: getattr(keep, name) if keep else None for name in ("content", "embeds", "attachments")}
    if not any({**now, **fields}[name] for name in now):
        raise RefusalError(400, 50006, "Cannot send an empty message")
    return fields


def attachments_of(request: web.Request, body: Json, keep: Message | None) -> list[Json]:
    """Store the uploads, and keep those attachments which the body still names."""
    named = {str(one["id"]): one for one in body.get("attachments") or []}
    before = keep.attachments if keep else []
    kept = [one for one in before if one["id"] in named or "attachments" not in body]
    uploads: list[Upload] = request[FILES]
    return kept + [stored(request, upload, named.get(str(index), {})) for index, upload in enumerate(uploads)]


def stored(request: web.Request, upload: Upload, said: Json) -> Json:
    platform = request.app[PLATFORM]
    identity, name = platform.clock.snowflake(), said.get("filename") or upload.filename
    platform.uploads[identity] = upload.content
    address = f"http://{request.host}/attachments/{identity}/{name}"
    about = {"id": identity, "filename": name, "size": len(upload.content), "url": address}
    described = {"description": said["description"]} if said.get("description") else {}
    return {**about, **described, "proxy_url": address, "content_type": upload.content_type}


def answer_to(platform: Platform, message: Message, reference: Json | None) -> None:
    """Make a message a reply; what it answers must exist unless the body says otherwise."""
    if reference is None:
        return
    require(message.channel, platform, "read_message_history")
    answered = platform.messages_in[message.channel.id].get(str(reference["message_id"]))
    if answered is None:
        if reference.get("fail_if_not_exists", True):
            leaf = complaint("REPLIES_UNKNOWN_MESSAGE", "Unknown message")
            raise bad_form({"message_reference": leaf})
        return
    message.type, message.reply_to = 19, answered.id
    message.reference = reference_to(answered)


async def edit(request: web.Request) -> web.Response:
    message, platform, body = message_of(request), request.app[PLATFORM], body_of(request)
    if message.author is not platform.bot:
        raise RefusalError(403, 50005, "Cannot edit a message authored by another user")
    if message.channel.archived_at is not None:
        raise thread_archived()
    if body.get("embeds"):
        require(message.channel, platform, "embed_links")
    platform.change(message, **fields_of(request, body, keep=message))
    return json_answer(as_read(platform, message))


async def delete(request: web.Request) -> web.Response:
    message, platform = message_of(request), request.app[PLATFORM]
    if message.author is not platform.bot:
        require(message.channel, platform, "manage_messages")
    platform.remove(message)
    return web.Response(status=204)


async def delete_many(request: web.Request) -> web.Response:
    """Delete 2 to 100 messages of the channel at once; those that are gone already are passed over."""
    channel, platform = place_of(request), request.app[PLATFORM]
    require(channel, platform, "manage_messages")
    named = [str(one) for one in body_of(request)["messages"]]
    if not 2 <= len(named) <= 100:
        text = "Must be between 2 and 100 in length."
        raise bad_form({"messages": complaint("BASE_TYPE_BAD_LENGTH", text)})
    known = platform.messages_in[channel.id]
    platform.remove_many([known[one] for one in named if one in known])
    return web.Response(status=204)


async def take_note(request: web.Request) -> web.Response:
    """Let the bot type, or join a thread, where it may look."""
    place_of(request)
    return web.Response(status=204)


async def start_thread(request: web.Request) -> web.Response:
    """Open a public thread, on a message when the path names one."""
    channel, platform = place_of(request), request.app[PLATFORM]
    require(channel, platform, "create_public_threads")
    message = message_of(request) if "message" in request.match_info else None
    if message is not None and message.thread is not None:
        raise RefusalError(400, 160004, "A thread has already been created for this message")
    name = str(body_of(request).get("name", ""))
    thread = platform.open_thread(channel, name, owner=platform.bot, on=message)
    return json_answer(thread.payload(platform.bot), 201)


async def download(request: web.Request) -> web.Response:
    """Give an uploaded file back."""
    content = request.app[PLATFORM].uploads.get(request.match_info["attachment"])
    return web.Response(body=content) if content is not None else web.Response(status=404)
