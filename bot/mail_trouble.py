"""Why a mail server did not take an issue, in words for the people of a desk."""

import re
import smtplib
import ssl
from typing import Literal

from bot.errors import DeskError

Kind = Literal["login", "tls", "unreachable", "sender", "dropped", "busy", "refused"]
"""What went wrong with the server, as opposed to one recipient."""

_TOO_SLOW = "did not answer in time"
_PASSING = frozenset({"unreachable", "dropped", "busy"})
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

    `in_doubt`: it broke off while it had a message in hand, and nobody knows whether that one went out.
    """

    def __init__(self, kind: Kind, problem: str, *, in_doubt: bool = False) -> None:
        super().__init__(problem, advice=_ADVICE[kind])
        self.kind = kind
        self.passing = kind in _PASSING
        self.in_doubt = in_doubt


def trouble_of(problem: smtplib.SMTPException | OSError, host: str, *, in_doubt: bool = False) -> MailError:
    """Say what an error of smtplib or a socket means; no address of a reader and no secret is in it."""
    kind, happened = _what(problem)
    return MailError(kind, f"The mail server {host} {happened}.", in_doubt=in_doubt)


def _what(problem: smtplib.SMTPException | OSError) -> tuple[Kind, str]:
    """Return the kind, and what the server did, to stand behind its name."""
    kind: Kind
    match problem:
        case smtplib.SMTPResponseException():
            kind, did = _answered(problem)
            said = f"{did} ({spoken(problem.smtp_code, problem.smtp_error)})"
        case smtplib.SMTPNotSupportedError():
            kind = "login" if "AUTH" in str(problem) else "tls"
            said = f"cannot do what is wanted: {_line(str(problem))}"
        case smtplib.SMTPServerDisconnected() if isinstance(problem.__context__, TimeoutError):
            kind, said = "unreachable", _TOO_SLOW
        case smtplib.SMTPServerDisconnected():
            kind, said = "dropped", "closed the connection"
        case smtplib.SMTPException():
            kind, said = "refused", "did not answer as mail servers do"
        case ssl.SSLCertVerificationError():
            kind, said = "tls", f"has a certificate that cannot be trusted: {_line(problem.verify_message)}"
        case ssl.SSLError():
            kind, said = "tls", f"makes no secure connection: {_line(problem.reason or '')}"
        case TimeoutError():
            kind, said = "unreachable", _TOO_SLOW
        case _:
            kind, said = "unreachable", f"cannot be reached: {_line(problem.strerror or '').lower()}"
    return kind, said


def _answered(problem: smtplib.SMTPResponseException) -> tuple[Kind, str]:
    match problem:
        case smtplib.SMTPAuthenticationError():
            return "login", "does not accept the login"
        case _ if problem.smtp_code < 500:
            return "busy", "is not ready"
        case smtplib.SMTPSenderRefused():
            return "sender", "does not take the sender"
        case _:
            return "refused", "refuses"


def spoken(code: int, message: bytes | str) -> str:
    """Return a server's answer as one short line, without addresses."""
    text = message.decode("utf-8", "replace") if isinstance(message, bytes) else message
    return f"{code} {_line(text)}".strip()


def _line(text: str) -> str:
    """Make a foreign line short and harmless: no address, no mark-up, no control characters."""
    text = re.sub(r"[^\s<>]+@[^\s<>]+", "…", text)
    return " ".join(re.sub(r"[^\w .,:;/()'+…-]+", " ", text).split()).strip(" .")[:160]
