"""Why a mail server did not take an issue, in words for the people of a desk."""

import re
import smtplib
import ssl
from typing import Literal

from bot.errors import DeskError
from bot.wording import Wording

Kind = Literal["login", "tls", "unreachable", "sender", "dropped", "busy", "refused"]
"""What went wrong with the server, as opposed to one recipient."""

_TOO_SLOW = "no answer in time"
_PASSING = frozenset({"unreachable", "dropped", "busy"})
_DID: dict[Kind, str] = {
    "login": "does not accept the login",
    "tls": "makes no connection that can be trusted",
    "unreachable": "cannot be reached",
    "sender": "does not take the sender",
    "dropped": "broke off",
    "busy": "is not ready",
    "refused": "refuses",
}
_ADVICE: dict[Kind, str] = {
    "login": "Check email.user, and the variable that email.password_env names.",
    "tls": "Check email.host and email.security; the server's certificate must be valid for that name.",
    "unreachable": "Check email.host and email.port; then /send email again.",
    "sender": "Check that the server lets email.user write as email.sender.",
    "dropped": "/send email again: those who have it are left out.",
    "busy": "Wait a while, then /send email again: those who have it are left out.",
    "refused": "Ask whoever runs the mail server.",
}


class MailError(DeskError):
    """The mail server took nothing more; `kind` says why, `passing` whether a later try may do better.

    `detail` is what the server or the connection said. `in_doubt`: it broke off while it had a message in
    hand, and nobody knows whether that one went out.
    """

    def __init__(self, kind: Kind, host: str, detail: str, *, in_doubt: bool = False) -> None:
        super().__init__(f"The mail server {host} {_DID[kind]} ({detail}).", advice=_ADVICE[kind])
        self.kind = kind
        self.host = host
        self.detail = detail
        self.passing = kind in _PASSING
        self.in_doubt = in_doubt


def mail_sentence(trouble: MailError, wording: Wording, doubt: str | None = None) -> str:
    """Say in a desk's language what is wrong with the mail server, and what helps.

    `doubt` is the reader of whom nobody knows whether the message reached them.
    """
    if doubt is not None:
        return wording.say("mail_doubt", host=trouble.host, detail=trouble.detail, address=doubt)
    return wording.say(f"mail_{trouble.kind}", host=trouble.host, detail=trouble.detail)


def trouble_of(problem: smtplib.SMTPException | OSError, host: str, *, in_doubt: bool = False) -> MailError:
    """Say what an error of smtplib or a socket means; no address of a reader and no secret is in it."""
    kind, detail = _what(problem)
    return MailError(kind, host, detail, in_doubt=in_doubt)


def _what(problem: smtplib.SMTPException | OSError) -> tuple[Kind, str]:
    """Return the kind, and what was said."""
    kind: Kind
    match problem:
        case smtplib.SMTPResponseException():
            kind, said = _answered(problem), spoken(problem.smtp_code, problem.smtp_error)
        case smtplib.SMTPNotSupportedError():
            kind, said = "login" if "AUTH" in str(problem) else "tls", _line(str(problem))
        case smtplib.SMTPServerDisconnected() if isinstance(problem.__context__, TimeoutError):
            kind, said = "unreachable", _TOO_SLOW
        case smtplib.SMTPServerDisconnected():
            kind, said = "dropped", "connection closed"
        case smtplib.SMTPException():
            kind, said = "refused", "no answer such as mail servers give"
        case ssl.SSLCertVerificationError():
            kind, said = "tls", _line(problem.verify_message)
        case ssl.SSLError():
            kind, said = "tls", _line(problem.reason or "no TLS")
        case TimeoutError():
            kind, said = "unreachable", _TOO_SLOW
        case _:
            kind, said = "unreachable", _line(problem.strerror or "no connection").lower()
    return kind, said


def _answered(problem: smtplib.SMTPResponseException) -> Kind:
    match problem:
        case smtplib.SMTPAuthenticationError():
            return "login"
        case _ if problem.smtp_code < 500:
            return "busy"
        case smtplib.SMTPSenderRefused():
            return "sender"
        case _:
            return "refused"


def spoken(code: int, message: bytes | str) -> str:
    """Return a server's answer as one short line, without addresses."""
    text = message.decode("utf-8", "replace") if isinstance(message, bytes) else message
    return f"{code} {_line(text)}".strip()


def _line(text: str) -> str:
    """Make a foreign line short and harmless: no address, no mark-up, no control characters."""
    text = re.sub(r"[^\s<>]+@[^\s<>]+", "…", text)
    return " ".join(re.sub(r"[^\w .,:;/()'+…-]+", " ", text).split()).strip(" .")[:160]
