"""REST on interactions: the answer within 3 s, and what the token is good for in the 15 minutes after."""

from aiohttp import web

from tests.discord_server.limits import check, wrong_in_answer
from tests.discord_server.message_routes import fields_of
from tests.discord_server.platform import reference_to
from tests.discord_server.refusals import Json, RefusalError, bad_form, complaint, unknown
from tests.discord_server.rest import PLATFORM, body_of, json_answer
from tests.discord_server.using import (
    COMMAND,
    COMPLETION,
    FORM,
    TOKEN_LIVES,
    Answer,
    Interaction,
    Using,
)
from tests.discord_server.world import EPHEMERAL, Message

REPLY, DEFER, DEFER_UPDATE, UPDATE, CHOICES, SHOW_FORM = 4, 5, 6, 7, 8, 9
LOADING = 1 << 7
"""The flag of a message that still says "thinking…"."""


def using(request: web.Request) -> Using:
    platform = request.app[PLATFORM]
    assert isinstance(platform, Using)
    return platform


async def answer(request: web.Request) -> web.Response:
    """Take the one answer to an interaction."""
    platform, body = using(request), body_of(request)
    interaction = platform.interactions.get(request.match_info["token"])
    if interaction is None or interaction.id != request.match_info["interaction"]:
        raise unknown("interaction", 10062)
    if interaction.answer is not None:
        raise RefusalError(400, 40060, "Interaction has already been acknowledged.")
    if platform.clock.now() - interaction.born > platform.answer_within:
        raise unknown("interaction", 10062)
    kind, data = body["type"], body.get("data") or {}
    check_kind(interaction, kind)
    check(wrong_in_answer(kind, data))
    take_effect(request, interaction, kind, data)
    interaction.answer = Answer(kind, data, interaction)
    interaction.answered.set()
    if request.query.get("with_response", "").lower() in ("1", "true"):
        return json_answer(receipt(platform, interaction, kind))
    return web.Response(status=204)


def check_kind(interaction: Interaction, kind: int) -> None:
    """Refuse an answer that does not fit what was asked."""
    fitting = {REPLY, DEFER}
    if interaction.kind == COMPLETION:
        fitting = {CHOICES}
    elif interaction.kind == FORM:
        fitting |= {DEFER_UPDATE, UPDATE} if interaction.message else set()
    else:
        fitting |= {SHOW_FORM} if interaction.kind == COMMAND else {SHOW_FORM, DEFER_UPDATE, UPDATE}
    if kind not in fitting:
        text = f"Value must be one of {{{', '.join(map(str, sorted(fitting)))}}}."
        raise bad_form({"type": complaint("BASE_TYPE_CHOICES", text)})


def take_effect(request: web.Request, interaction: Interaction, kind: int, data: Json) -> None:
    platform = using(request)
    if kind == REPLY:
        interaction.original = post(request, interaction, data)
    elif kind == DEFER:
        flags = LOADING | ((data.get("flags") or 0) & EPHEMERAL)
        interaction.original = post(request, interaction, {"flags": flags}, empty=True)
    elif kind in (UPDATE, DEFER_UPDATE):
        interaction.original = interaction.message
        if kind == UPDATE and interaction.message is not None:
            fields = fields_of(request, data, keep=interaction.message)
            platform.change(interaction.message, **fields)
    elif kind == SHOW_FORM:
        platform.forms[interaction.user.id, data["custom_id"]] = (data, interaction)


def post(request: web.Request, interaction: Interaction, body: Json, *, empty: bool = False) -> Message:
    """Post the bot's message as an answer; an ephemeral one is only for who asked."""
    platform = using(request)
    fields = {"flags": body["flags"]} if empty else fields_of(request, body)
    message = platform.draft(interaction.channel, platform.bot, **fields)
    message.type = 20 if interaction.kind == COMMAND else 0
    if interaction.message is not None:
        message.type, message.reference = 19, reference_to(interaction.message)
    message.shown_to = interaction.user if message.ephemeral else None
    message.via_interaction = {
        "id": interaction.id,
        "type": interaction.kind,
        "user": interaction.user.payload(),
        "authorizing_integration_owners": {"0": interaction.channel.guild.id},
    }
    return platform.post(message)


def receipt(platform: Using, interaction: Interaction, kind: int) -> Json:
    """Spell the answer to an answer."""
    about: Json = {"id": interaction.id, "type": interaction.kind}
    message = interaction.original
    if message is None:
        return {"interaction": about, "resource": {"type": kind}}
    about["response_message_id"] = message.id
    about["response_message_loading"] = bool(message.flags & LOADING)
    about["response_message_ephemeral"] = message.ephemeral
    shown = {} if kind in (DEFER, DEFER_UPDATE) else {"message": platform.spell(message)}
    return {"interaction": about, "resource": {"type": kind, **shown}}


def interaction_of(request: web.Request) -> Interaction:
    """Return the answered interaction whose token stands in the path, while it lives."""
    platform = using(request)
    interaction = platform.interactions.get(request.match_info["token"])
    if interaction is None or request.match_info["application"] != platform.bot.id:
        raise unknown("Webhook", 10015)
    if platform.clock.now() - interaction.born > TOKEN_LIVES:
        raise RefusalError(401, 50027, "Invalid Webhook Token")
    if interaction.answer is None:
        raise unknown("Webhook", 10015)
    return interaction


def answered_message(request: web.Request) -> Message:
    """Return the message in the path: @original, or one that went out by this token."""
    interaction, name = interaction_of(request), request.match_info["message"]
    own = [one for one in (interaction.original, *interaction.followups) if one is not None]
    found = [interaction.original] if name == "@original" else [one for one in own if one.id == name]
    if not found or found[0] is None or found[0].id not in using(request).message_by_id:
        raise unknown("Message", 10008)
    return found[0]


async def follow_up(request: web.Request) -> web.Response:
    """Post another message; the first one after "thinking…" takes its place, seen by whom that was."""
    interaction, platform = interaction_of(request), using(request)
    original = interaction.original
    if original is not None and original.flags & LOADING:
        settle(request, original)
        return json_answer(platform.spell(original))
    message = post(request, interaction, body_of(request))
    interaction.followups.append(message)
    return json_answer(platform.spell(message))


def settle(request: web.Request, message: Message) -> None:
    """Fill or change a message of the bot."""
    fields = fields_of(request, body_of(request), keep=message)
    thinking = bool(message.flags & LOADING)
    message.flags &= ~LOADING
    using(request).change(message, edited=not thinking, **fields)


async def read(request: web.Request) -> web.Response:
    return json_answer(using(request).spell(answered_message(request)))


async def edit(request: web.Request) -> web.Response:
    message = answered_message(request)
    settle(request, message)
    return json_answer(using(request).spell(message))


async def delete(request: web.Request) -> web.Response:
    using(request).remove(answered_message(request))
    return web.Response(status=204)
