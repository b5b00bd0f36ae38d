"""A released issue to its readers by SMTP: each recipient is written to once, and every refusal is told."""

import asyncio
import smtplib
import ssl
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from functools import partial
from typing import Protocol, TypeVar

from bot.mail_server import connected, left
from bot.mail_trouble import MailError, spoken, trouble_of
from bot.output_tables import EmailConfig
from renderers.issue_view import IssueView
from renderers.outputs.email_message import Envelope, addressed, email_message, faults_of_message, mailbox
from renderers.outputs.output import InvalidOutputError

__all__ = ["MailError", "MailJournal", "MailReport", "RefusedRecipient", "greet", "send_issue"]

T = TypeVar("T")
_PASSING = range(400, 500)
_DONE, _RECIPIENT_TAKEN = 250, (250, 251)  # RFC 5321, 4.3.2; 251: it will be forwarded


@dataclass(frozen=True, slots=True)
class RefusedRecipient:
    """Somebody whom the server would not write to; `passing`: it may do so later (an answer of 4xx)."""

    address: str
    answer: str
    passing: bool


@dataclass(frozen=True, slots=True)
class MailReport:
    """Who was written to in this try, and whom the server refused."""

    sent: tuple[str, ...]
    refused: tuple[RefusedRecipient, ...]


class MailJournal(Protocol):
    """Where it is durably noted who was written to, before and after; raise to stop the sending."""

    async def trying(self, address: str) -> None:
        """Note that a message to this address is about to be handed over."""
        ...

    async def sent(self, address: str, answer: str) -> None:
        """Note that the server took it, and what it answered."""
        ...

    async def refused(self, refused: RefusedRecipient) -> None:
        """Note that the server did not take it: nothing went out."""
        ...


async def send_issue(
    config: EmailConfig,
    password: str,
    issue: IssueView,
    *,
    done: Collection[str],
    now: datetime,
    journal: MailJournal,
    trust: ssl.SSLContext | None = None,
) -> MailReport:
    """Send an issue to each recipient of the config who is not in `done` (addresses as journalled).

    Recipients go one by one, each with a message, noted in the journal at once. A refused one does not
    stop the others. `trust` replaces the system's certificates. Raises InvalidOutputError before anything is
    sent if the issue cannot be set, MailError when the server takes nothing more. Where that says `in_doubt`,
    the last one `trying` may have the message; another try's has the same Message-ID.
    """
    waiting = [one for one in config.recipients if address_of(one) not in done]
    if not waiting:
        return MailReport((), ())
    message = await asyncio.to_thread(_message, config, issue, now)
    connect = partial(connected, config, password, trust or ssl.create_default_context())
    server = await _in_thread(config, connect)
    try:
        told = [await _written_to(config, server, addressed(message, one), journal) for one in waiting]
    finally:
        await asyncio.to_thread(left, server)
    refused = tuple(one for one in told if isinstance(one, RefusedRecipient))
    return MailReport(tuple(one for one in told if isinstance(one, str)), refused)


async def _written_to(
    config: EmailConfig, server: smtplib.SMTP, message: EmailMessage, journal: MailJournal
) -> str | RefusedRecipient:
    """Write to one recipient and note how it went; return the address, or why it was refused."""
    address = str(message["To"].addresses[0].addr_spec)
    await journal.trying(address)
    try:
        outcome = await _in_thread(config, partial(_handed_over, config, server, message, address))
    except MailError as trouble:
        if not trouble.in_doubt:
            await journal.refused(RefusedRecipient(address, trouble.problem, trouble.passing))
        raise
    if isinstance(outcome, RefusedRecipient):
        await journal.refused(outcome)
        return outcome
    await journal.sent(address, outcome)
    return address


async def greet(config: EmailConfig, password: str, *, trust: ssl.SSLContext | None = None) -> None:
    """Connect as for sending, log in and take leave; raises MailError."""
    connect = partial(connected, config, password, trust or ssl.create_default_context())
    server = await _in_thread(config, connect)
    await asyncio.to_thread(left, server)


def address_of(recipient: str) -> str:
    """Return the bare address of `Name <user@host>`, by which the journal knows a recipient."""
    return mailbox(recipient).addr_spec


def _message(config: EmailConfig, issue: IssueView, now: datetime) -> EmailMessage:
    envelope = Envelope(config.sender, config.reply_to, config.list_unsubscribe)
    message = email_message(issue, envelope, sent_at=now)
    found = faults_of_message(message)
    if found:
        raise InvalidOutputError("email", found)
    return message


async def _in_thread(config: EmailConfig, work: Callable[[], T]) -> T:
    """Do blocking work beside the event loop; its socket times out by itself. Raises MailError."""
    try:
        return await asyncio.to_thread(work)
    except (smtplib.SMTPException, OSError) as problem:
        raise trouble_of(problem, config.host) from problem


def _handed_over(
    config: EmailConfig, server: smtplib.SMTP, message: EmailMessage, address: str
) -> str | RefusedRecipient:
    """Hand one message over; return the server's answer, or its refusal of this recipient or message."""
    content = message.as_bytes()
    sender = mailbox(str(message["From"])).addr_spec
    server.ehlo_or_helo_if_needed()
    code, answer = server.mail(sender, [f"SIZE={len(content)}"] if server.has_extn("size") else [])
    if code != _DONE:
        raise smtplib.SMTPSenderRefused(code, answer, sender)
    code, answer = server.rcpt(address)
    if code not in _RECIPIENT_TAKEN:
        server.rset()
        return _refusal(address, code, answer)
    try:
        code, answer = server.data(content)
    except smtplib.SMTPDataError as refused:
        server.rset()
        return _refusal(address, refused.smtp_code, refused.smtp_error)
    except (smtplib.SMTPException, OSError) as broken:
        raise trouble_of(broken, config.host, in_doubt=True) from broken
    if code != _DONE:
        server.rset()
        return _refusal(address, code, answer)
    return spoken(code, answer)


def _refusal(address: str, code: int, answer: bytes | str) -> RefusedRecipient:
    return RefusedRecipient(address, spoken(code, answer), passing=code in _PASSING)
