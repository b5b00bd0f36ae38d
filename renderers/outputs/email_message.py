"""The whole message of an issue: plain text and HTML as alternatives, and the headers lists need."""

import hashlib
import re
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from email.utils import format_datetime

from renderers.issue_view import IssueView
from renderers.markdown import clean
from renderers.outputs import email, text
from renderers.outputs.output import Fault, Output, OutputKind, file_name
from renderers.outputs.site import title_of

MEDIA_TYPE = "message/rfc822"
# An address as any mail server takes it: dot-atoms in ASCII (RFC 5321, 4.1.2), no quotes, no comments.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"  # of a host's name (RFC 1123, 2.1)
_MAILBOX = re.compile(
    rf"(?P<name>[^<>]*(?=<))?(?P<angle><)?(?P<user>{_ATOM}(?:\.{_ATOM})*)@(?P<host>{_LABEL}(?:\.{_LABEL})*)"
    r"(?(angle)>)"
)
_JOINER = "\u2060"  # a word joiner, which nobody sees
_UNSENT = "X-Unsent"  # Outlook and others open a file with it as a draft to be sent
_NO_SENDER = "newsletter@copydesk.invalid"


@dataclass(frozen=True, slots=True)
class Envelope:
    """From whom a message comes, and where answers go; addresses are as in `Ada <ada@site.test>`.

    `unsubscribe` holds addresses for List-Unsubscribe (RFC 2369): https, http or mailto.
    """

    sender: str = ""
    reply_to: str = ""
    unsubscribe: tuple[str, ...] = ()


def email_message(issue: IssueView, envelope: Envelope, *, sent_at: datetime | None = None) -> EmailMessage:
    """Return the message, as yet to nobody; without `sent_at` its date is the beginning of the issue's day.

    Raises ValueError for an address that is none.
    """
    web = next((address for address in envelope.unsubscribe if address.startswith("http")), "")
    [html] = email.render(issue, unsubscribe=web)
    [plain] = text.render(issue)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = _as_said(title_of(issue))
    sender = mailbox(envelope.sender or _NO_SENDER)
    message["From"] = sender
    message[_UNSENT] = "1"
    if envelope.reply_to:
        message["Reply-To"] = mailbox(envelope.reply_to)
    _dated(message, issue, sent_at)
    identity = _identity(issue.masthead.name, issue.date)
    message["Message-ID"] = f"<{identity}@{sender.domain}>"
    _listed(message, envelope)
    message.set_content(plain.text, cte="base64")
    message.add_alternative(html.text, subtype="html", cte="base64")
    message.set_boundary(f"=_{identity}")
    return message


def addressed(message: EmailMessage, recipient: str) -> EmailMessage:
    """Return a copy of a message that goes to somebody; raises ValueError for an address that is none.

    The same issue for the same person has the same Message-ID, so that mail servers which know it keep one of
    two, should a crash let it go out again.
    """
    copy, sender = deepcopy(message), message["From"].addresses[0]
    to = mailbox(recipient)
    del copy[_UNSENT]
    copy["To"] = to
    copy.replace_header("Message-ID", f"<{_identity(message['Message-ID'], to.addr_spec)}@{sender.domain}>")
    return copy


def message_kind() -> OutputKind:
    """Return the format of `render --to email -o issue.eml`: a whole message, as yet to nobody."""
    return OutputKind("email", _render, _faults)


def mailbox(written: str) -> Address:
    """Read `Name <user@host>` or `user@host`; raises ValueError for what is no single ASCII address."""
    found = _MAILBOX.fullmatch(written.strip())
    if not found:
        raise ValueError(f"{written[:80]!r} is no e-mail address; write user@host, or Name <user@host>")
    return Address(_as_said((found["name"] or "").strip(' "')), found["user"], found["host"])


def _as_said(words: str) -> str:
    """Return words for a header as they are to be read.

    What looks like an encoded word (RFC 2047) would be decoded by the email package, and could end the line
    and begin a header of its own.
    """
    return clean(words).replace("=?", f"={_JOINER}?")


def faults_of_message(message: EmailMessage) -> tuple[Fault, ...]:
    """Check both alternatives and the headers that no message can be without."""
    found = [Fault("header", f"The header {name} is missing.") for name in _missing(message)]
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    if plain is None or html is None:
        return (*found, Fault("alternative", "The message lacks its text or its HTML."))
    found += email.faults(Output("message.html", email.MEDIA_TYPE, _content(html)))
    found += text.faults(Output("message.txt", text.MEDIA_TYPE, _content(plain)))
    return tuple(found)


def _render(issue: IssueView) -> tuple[Output, ...]:
    [html] = email.render(issue)
    content = email_message(issue, Envelope()).as_bytes()
    return (Output(file_name(issue, ".eml"), MEDIA_TYPE, content, html.notes),)


def _faults(output: Output) -> tuple[Fault, ...]:
    message = message_from_bytes(output.content, policy=SMTP)
    assert isinstance(message, EmailMessage)  # what this policy makes
    return faults_of_message(message)


def _identity(*of: str) -> str:
    return hashlib.sha256("\n".join(of).encode()).hexdigest()[:32]


def _content(part: MIMEPart) -> bytes:
    """Return a part's bytes with LF at line ends; on the wire they are CRLF."""
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)  # a text part always decodes to bytes
    return content.replace(b"\r\n", b"\n")


def _missing(message: EmailMessage) -> list[str]:
    return [name for name in ("Subject", "From", "Date", "Message-ID") if not message[name]]


def _dated(message: EmailMessage, issue: IssueView, sent_at: datetime | None) -> None:
    if sent_at is None:
        try:
            sent_at = datetime.combine(date.fromisoformat(issue.date), time(), UTC)
        except ValueError:
            sent_at = datetime.fromtimestamp(0, UTC)
    message["Date"] = format_datetime(sent_at)


def _listed(message: EmailMessage, envelope: Envelope) -> None:
    """Name the list's way out; one click is promised for https alone (RFC 8058)."""
    if not envelope.unsubscribe:
        return
    ways = (address.replace("=?", "=%3F") for address in envelope.unsubscribe)  # else an encoded word
    message["List-Unsubscribe"] = ", ".join(f"<{way}>" for way in ways)
    if any(address.startswith("https://") for address in envelope.unsubscribe):
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
