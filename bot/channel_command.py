"""`/send`: where the latest released issue went out, and trying a channel again."""

from bot.channels import channels_of, order_work
from bot.command import Command
from bot.hearing import Hearing
from storage.issue_records import Issue
from storage.outbox import delivery_endings
from storage.press_records import Sending
from storage.sendings import (
    begin_again,
    last_released,
    note_try,
    order_sending,
    part_in_doubt,
    parts_sent,
    sending_of,
    sendings_of,
)

AGAIN = "again"


async def send(hearing: Hearing, command: Command) -> None:
    """Show how an issue's channels stand; or try one again, with `again` even one that is done."""
    issue = await last_released(hearing.session, hearing.desk)
    if issue is None:
        raise hearing.refusal("send_no_release")
    channel, *words = command.rest.split()[:3] or [""]
    if not channel:
        await _show(hearing, issue)
        return
    if words not in ([], [AGAIN]):
        raise hearing.refusal("send_usage")
    known = {sending.channel for sending in await sendings_of(hearing.session, issue.id)}
    wanted = channels_of(hearing.settings.config)
    if channel not in {*known, *wanted}:
        names = hearing.wording.listed([*wanted]) or hearing.wording.say("nobody")
        raise hearing.refusal("send_unknown", channel=channel, known=names)
    await _try(hearing, issue, channel, again=bool(words))


async def _try(hearing: Hearing, issue: Issue, channel: str, *, again: bool) -> None:
    is_new = await order_sending(hearing.session, issue.id, channel, now=hearing.now)
    sending = await sending_of(hearing.session, issue.id, channel)
    failed = sending.failure is not None or await _failures(hearing, sending)
    if sending.sent_at is not None and not failed and not again:
        raise hearing.refusal("send_done", channel=channel, issue=issue.date)
    if not is_new and sending.sent_at is None and sending.failure is None:
        raise hearing.refusal("send_under_way", channel=channel, issue=issue.date)
    if again or sending.sent_at is not None:
        begin_again(sending)
    sending.failure = None
    note_try(sending, None)  # an editor has decided about what was in doubt
    await order_work(hearing.session, issue.id, channel, attempt=str(hearing.event_id), now=hearing.now)
    await hearing.note("send", issue=str(issue.date), channel=channel)
    hearing.say("send_ordered", channel=channel, issue=issue.date)


async def _show(hearing: Hearing, issue: Issue) -> None:
    sendings = await sendings_of(hearing.session, issue.id)
    url = f"{hearing.settings.config.web.address}/issues/{issue.id}"
    hearing.say("send_head", issue=issue.date, url=url)
    for sending in sendings:
        hearing.said.append(await _line(hearing, sending))
    missing = set(channels_of(hearing.settings.config)) - {sending.channel for sending in sendings}
    for channel in sorted(missing):
        hearing.say("send_line_not_asked", channel=channel)
    if not sendings and not missing:
        hearing.say("send_no_channels")


async def _line(hearing: Hearing, sending: Sending) -> str:
    """Say how one channel stands."""
    say, channel = hearing.wording.say, sending.channel
    if sending.failure is not None:
        return _failed_line(hearing, channel, sending.failure)
    if sending.sent_at is None:
        doubt = part_in_doubt(sending)
        return say("send_line_trying" if doubt else "send_line_waiting", channel=channel)
    if failures := await _failures(hearing, sending):
        return _failed_line(hearing, channel, hearing.wording.listed(failures))
    if await _waits(hearing, sending):
        return say("send_line_waiting", channel=channel)
    at = sending.sent_at.astimezone(hearing.settings.config.zone)
    return say("send_line_sent", channel=channel, at=f"{at:%Y-%m-%d %H:%M}")


def _failed_line(hearing: Hearing, channel: str, problem: str) -> str:
    """Say why a channel failed, and how to try again where the problem does not say that itself."""
    say = hearing.wording.say
    said = [say("send_line_failed", channel=channel, problem=problem)]
    if f"/send {channel}" not in problem:
        said.append(say("send_again", channel=channel))
    return " ".join(said)


async def _failures(hearing: Hearing, sending: Sending) -> list[str]:
    """Return why messages of an announcement will never be said."""
    endings = await delivery_endings(hearing.session, list(parts_sent(sending)))
    return sorted({failure for _, failure in endings if failure is not None})


async def _waits(hearing: Hearing, sending: Sending) -> bool:
    endings = await delivery_endings(hearing.session, list(parts_sent(sending)))
    return any(not is_over for is_over, _ in endings)
