"""Logs: one event a line, a fixed message and named fields; never a token, nor a link that carries one."""

import logging
import sys

_LIBRARIES = ("alembic", "dbos", "aiohttp", "trafilatura", "charset_normalizer")
_OWN = frozenset(vars(logging.LogRecord("", 0, "", 0, "", None, None))) | {"message", "asctime", "taskName"}


class _Fields(logging.Formatter):
    """Writes a record's extra fields behind its message."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        fields = [f"{name}={value!r}" for name, value in vars(record).items() if name not in _OWN]
        return " ".join([super().formatMessage(record), *fields])


def log_to_stderr() -> None:
    """Log to standard error; libraries only what is a warning."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Fields("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for library in _LIBRARIES:
        logging.getLogger(library).setLevel(logging.WARNING)
