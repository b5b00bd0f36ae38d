"""The channels by which a released issue goes out, and the order to send it there.

A channel is a room (its name), `email` or `wechat`. One row for an issue and a channel makes each happen
once; the work is a durable workflow, so that a newsroom killed at any moment goes on where it was.
"""

from datetime import datetime

from bot.channel_tables import EMAIL, WECHAT
from bot.config import Config
from bot.hearing import DeskSettings
from storage.database import Session
from storage.issue_records import Issue
from storage.outbox import order_errand
from storage.sendings import order_sending


def channels_of(config: Config) -> tuple[str, ...]:
    """Return the channels that the config asks for, in the order in which they are served."""
    email = (EMAIL,) if config.email is not None else ()
    wechat = (WECHAT,) if config.wechat.enabled else ()
    return (*dict.fromkeys(config.announce.rooms), *email, *wechat)


async def order_sendings(
    session: Session, settings: DeskSettings, issue: Issue, now: datetime
) -> tuple[str, ...]:
    """Order a released issue to go out by each channel of the config; return those that are new.

    Call it in the transaction that records the release. A channel by which the issue went out before, or is
    going, is not asked again: an editor does that by `/send`.
    """
    new = []
    for channel in channels_of(settings.config):
        if await order_sending(session, issue.id, channel, now=now):
            await order_work(session, issue.id, channel, attempt="first", now=now)
            new.append(channel)
    return tuple(new)


async def order_work(session: Session, issue_id: int, channel: str, *, attempt: str, now: datetime) -> None:
    """Order the workflow that sends; the same attempt is begun once."""
    await order_errand(
        session,
        errand_id=f"send:{issue_id}:{channel}:{attempt}",
        workflow="send",
        arguments=[str(issue_id), channel],
        now=now,
    )
