"""Logs: one event a line, a fixed message and named fields; never a token, nor a link that carries one.

Libraries name what they ask for, and an address may hold a token (httpx logs each one). So those that do
are kept quiet, and whoever comes by a secret tells `keep_out_of_logs`, so that it is blotted out wherever it
would appear.
"""

import logging
import sys
from urllib.parse import quote

_LIBRARIES = ("alembic", "dbos", "aiohttp", "trafilatura", "charset_normalizer")
_OUTSPOKEN = ("httpx", "httpcore", "telegram", "discord")
_OWN = frozenset(vars(logging.LogRecord("", 0, "", 0, "", None, None))) | {"message", "asctime", "taskName"}
_BLOT = "•••"
_secrets: set[str] = set()


class _Fields(logging.Formatter):
    """Writes a record's extra fields behind its message."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        fields = [f"{name}={value!r}" for name, value in vars(record).items() if name not in _OWN]
        return " ".join([super().formatMessage(record), *fields])


class Blotter(logging.Filter):
    """Blots the known secrets out of a record: its message, its fields, the texts of its exceptions."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, without secrets."""
        if not _secrets:
            return True
        try:
            record.msg, record.args = blot(record.getMessage()), ()
        except (TypeError, ValueError):  # somebody's message and its arguments do not fit
            record.msg, record.args = blot(f"{record.msg} {record.args}"), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        record.exc_text = blot(record.exc_text) if record.exc_text else record.exc_text
        record.stack_info = blot(record.stack_info) if record.stack_info else record.stack_info
        for name, value in list(vars(record).items()):
            if name not in _OWN and blot(shown := repr(value)) != shown:
                setattr(record, name, blot(str(value)))
        return True


def blot(text: str) -> str:
    """Return text without the known secrets."""
    for secret in _secrets:
        text = text.replace(secret, _BLOT)
    return text


def keep_out_of_logs(secret: str) -> None:
    """Make a secret known, as it is and as addresses spell it; a short one would blot out plain words."""
    if len(secret) >= 8:
        _secrets.update({secret, quote(secret, safe="")})
    for library in _OUTSPOKEN:
        logging.getLogger(library).setLevel(logging.WARNING)


def log_to_stderr() -> None:
    """Log to standard error; libraries only what is a warning."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Fields("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(Blotter())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for library in (*_LIBRARIES, *_OUTSPOKEN):
        logging.getLogger(library).setLevel(logging.WARNING)
