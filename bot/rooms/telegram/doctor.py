"""The doctor's questions to Telegram. None of them takes an update or a webhook from a running newsroom."""

import re
from collections.abc import Sequence

import httpx
from telegram import Bot, User, WebhookInfo
from telegram.request import HTTPXRequest

from bot.config_tables import TelegramConfig
from bot.doctor.finding import Check, Finding
from bot.doctor.visit import Look, Visit, failed
from bot.rooms.telegram.room_doctor import RoomExamination
from bot.rooms.telegram.sickness import COPY_AGAIN, explained
from bot.rooms.telegram.updates import ALLOWED_UPDATES

AREA = "telegram"
_TOKEN = Check(AREA, "token")
_UPDATES = Check(AREA, "updates")
_SHAPE = re.compile(r"\d+:[A-Za-z0-9_-]+")
_FIRST_SUPERGROUP = -1_000_000_000_000  # basic groups are above, and only they move
_MANY = 100  # updates; a newsroom takes them within seconds


async def telegram_findings(visit: Visit, token: str) -> list[Finding]:
    """Look at the bot, at how updates reach it, and at each room."""
    if not _SHAPE.fullmatch(token):
        return [_TOKEN.wrong("what the variable holds is no bot's token", COPY_AGAIN)]
    try:
        request = _request(visit)
    except (ValueError, RuntimeError, ImportError):
        return [_TOKEN.wrong("telegram.proxy is of a kind that does not work", _PROXY)]
    bot = Bot(
        token, base_url=f"{visit.config.telegram.api}/bot", request=request, get_updates_request=request
    )
    try:
        return await _findings(visit, bot)
    finally:
        await request.shutdown()


def _request(visit: Visit) -> HTTPXRequest:
    async def note_date(answer: httpx.Response) -> None:
        visit.times.hear("Telegram", answer.headers.get("Date"), visit.clock())

    return HTTPXRequest(
        proxy=visit.config.telegram.proxy or None,
        connect_timeout=visit.seconds,
        read_timeout=visit.seconds,
        pool_timeout=visit.seconds,
        httpx_kwargs={"event_hooks": {"response": [note_date]}},
    )


async def _findings(visit: Visit, bot: Bot) -> list[Finding]:
    known: list[User] = []

    async def who_is_it() -> Sequence[Finding]:
        known.append(await bot.get_me())
        return [_TOKEN.fine(_identity(known[0]))]

    found = await visit.look(_TOKEN, explained(_TOKEN, who_is_it))
    if failed(found):
        return found
    looks: dict[Check, Look] = {_UPDATES: explained(_UPDATES, lambda: _updates(visit, bot))}
    for room in visit.config.telegram.rooms:
        check = Check(AREA, "room", room.name)
        moved = visit.chats.get(room.name) if room.chat > _FIRST_SUPERGROUP else None
        chat = int(moved or room.chat)
        looks[check] = RoomExamination(check, bot, known[0], room, chat, visit.config).findings
    return found + await visit.look_at_all(looks)


def _identity(bot: User) -> str:
    privacy = "off" if bot.can_read_all_group_messages else "on, which administrators are free of"
    return f"it is @{bot.username}; privacy mode is {privacy}"


async def _updates(visit: Visit, bot: Bot) -> Sequence[Finding]:
    return updates_findings(visit.config.telegram, await bot.get_webhook_info())


def updates_findings(config: TelegramConfig, webhook: WebhookInfo) -> list[Finding]:
    """Compare how Telegram brings updates with how the config wants them. Pure."""
    wrong = _wrong_webhook(config, webhook)
    if wrong is not None:
        return [wrong]
    return [_wrong_kinds(config, webhook) or _backlog(config, webhook)]


def _wrong_webhook(config: TelegramConfig, webhook: WebhookInfo) -> Finding | None:
    if webhook.url and not config.webhook_url:
        return _UPDATES.wrong(
            "a webhook is set, so that polling brings nothing",
            "If another program uses this bot, make a bot of your own with @BotFather /newbot. Else take the "
            "webhook away, as the newsroom does when it starts: "
            f'curl "{config.api}/bot${config.token_env}/deleteWebhook"',
        )
    if config.webhook_url and not webhook.url:
        return _UPDATES.warning(
            "telegram.webhook_url is configured, and no webhook is set",
            "Start the newsroom, which sets it: python -m bot run. To poll instead, leave webhook_url empty.",
        )
    if webhook.url != config.webhook_url:
        return _UPDATES.wrong("the webhook that is set is not that of telegram.webhook_url", _RESTART)
    return None


def _wrong_kinds(config: TelegramConfig, webhook: WebhookInfo) -> Finding | None:
    """Say which updates are left out, reactions first of all; who has never asked for any is still to ask."""
    if not webhook.allowed_updates and not webhook.url:
        return None
    missing = [kind for kind in ALLOWED_UPDATES if kind not in (webhook.allowed_updates or ())]
    if not missing:
        return None
    return _UPDATES.wrong(f"Telegram does not send {', '.join(missing)}", _RESTART)


def _backlog(config: TelegramConfig, webhook: WebhookInfo) -> Finding:
    waiting = webhook.pending_update_count
    how = "by webhook" if config.webhook_url else "by polling"
    if webhook.last_error_message and waiting:
        said = f"Telegram cannot bring {waiting} updates: {webhook.last_error_message}"
        return _UPDATES.wrong(
            said,
            "Look whether the newsroom runs, and whether the proxy in front of it passes "
            f"telegram.webhook_url on to {config.webhook_host}:{config.webhook_port}.",
        )
    if waiting > _MANY:
        said = f"{waiting} updates wait at Telegram, which keeps them for 24 hours"
        return _UPDATES.warning(said, "Start the newsroom, or look into its log: python -m bot run")
    return _UPDATES.fine(f"they come {how}; {waiting} wait")


_RESTART = (
    "Restart the newsroom, which sets it right. If this comes back, another program uses the bot: make "
    "one of your own with @BotFather /newbot."
)
_PROXY = "Write an address such as http://HOST:PORT, or leave telegram.proxy empty."
