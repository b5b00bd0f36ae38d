"""The line to a mail server: secured, logged in, and with bounds on what the server may say and how long."""

import base64
import smtplib
import ssl
import time
from contextlib import suppress
from socket import socket

from bot.mail_trouble import MailError
from bot.output_tables import EmailConfig

_MOST_LINES = 100  # of one answer; a server's longest, to EHLO, has about 15
_SHORTEST_SECRET = 4  # characters; what is shorter stands in any answer


def connected(config: EmailConfig, password: str, trust: ssl.SSLContext) -> smtplib.SMTP:
    """Connect, secure and log in; nothing is said in clear but to a server that is meant so.

    Blocks. Raises SMTPException, OSError or MailError.
    """
    where = config.host, config.server_port
    server: _Bounded = (
        _BoundedTLS(*where, timeout=config.seconds, context=trust)
        if config.security == "tls"
        else _Bounded(*where, timeout=config.seconds)
    )
    try:
        if config.security == "starttls":
            server.starttls(context=trust)
        if config.user:
            server.log_in(config, password)
    except BaseException:
        left(server)
        raise
    return server


def left(server: smtplib.SMTP) -> None:
    """Say good-bye, or just leave where nobody listens any more."""
    try:
        server.quit()
    except (smtplib.SMTPException, OSError):
        server.close()


class _Bounded(smtplib.SMTP):
    """A server each of whose answers ends within `timeout` and _MOST_LINES, and repeats no password."""

    hidden: tuple[bytes, ...] = ()

    def log_in(self, config: EmailConfig, password: str) -> None:
        """Log in; raises MailError for what smtplib cannot say, before it would be repeated in an error."""
        if not (config.user + password).isascii():
            raise MailError("login", config.host, "user or password is not ASCII")
        self.hidden = _forms(config.user, password)
        self.login(config.user, password)

    def getreply(self) -> tuple[int, bytes]:
        """Read one answer."""
        if self.file is None and self.sock is not None:
            self.file = _Answers(self.sock, self.timeout)
        if isinstance(self.file, _Answers):
            self.file.begin()
        code, said = super().getreply()
        for secret in self.hidden:
            said = said.replace(secret, b" ")
        return code, said


class _BoundedTLS(_Bounded, smtplib.SMTP_SSL):
    """The same behind TLS from the beginning."""


def _forms(user: str, password: str) -> tuple[bytes, ...]:
    """Return a password as it is and as it travels (RFC 4616, and AUTH LOGIN); longest first."""
    known = [f"\0{user}\0{password}", password, user]
    forms = [password.encode(), *(base64.b64encode(one.encode()) for one in known)]
    return tuple(sorted((one for one in forms if len(one) >= _SHORTEST_SECRET), key=len, reverse=True))


class _Answers:
    """The lines that a server says; smtplib's own would wait for each byte anew, for ever."""

    def __init__(self, line: socket, seconds: float) -> None:
        self._line, self._seconds = line, seconds
        self._read = bytearray()
        self._deadline, self._lines = 0.0, 0

    def begin(self) -> None:
        """Begin an answer."""
        self._deadline, self._lines = time.monotonic() + self._seconds, 0

    def readline(self, limit: int) -> bytes:
        """Return a line, or what there is of one at its limit; raises OSError past the bounds."""
        self._lines += 1
        if self._lines > _MOST_LINES:
            raise OSError("too many lines")
        while (end := self._read.find(b"\n") + 1) == 0 and len(self._read) < limit:
            if not (more := self._more()):
                end = len(self._read)
                break
            self._read += more
        end = min(end or limit, limit)
        said = bytes(self._read[:end])
        del self._read[:end]
        return said

    def _more(self) -> bytes:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._line.settimeout(left)
        try:
            return self._line.recv(4096)
        finally:
            with suppress(OSError):
                self._line.settimeout(self._seconds)

    def close(self) -> None:
        """Nothing is held here: the socket is its owner's."""
