"""A page that lies in a file instead of on the web. A worker reads it, so that no bytes cross the pipe."""

import gzip
import zlib
from pathlib import Path

from bot.reading.article import Reading
from bot.reading.fetching.fetch_limits import FetchLimits
from bot.reading.page import Page
from bot.reading.page_reader import read_page
from bot.reading.summary import SUMMARY_CHARACTERS
from bot.reading.verdict import Reason, Verdict

_GZIP_MAGIC = b"\x1f\x8b"
_MOST = FetchLimits().body_bytes


def read_page_file(url: str, file: str, summary_characters: int = SUMMARY_CHARACTERS) -> Reading:
    """Read the page that a file holds, gzipped or not, as if it had come from an address.

    A file that cannot be had is UNREADABLE; one above what a fetch may bring, TOO_BIG.
    """
    try:
        body = _bytes_of(Path(file))
    except (EOFError, gzip.BadGzipFile, zlib.error):
        return Reading(Verdict.UNREADABLE, Reason.BROKEN_FILE)
    except (OSError, ValueError):  # ValueError: a NUL in the name
        return Reading(Verdict.UNREADABLE, Reason.NO_FILE)
    if len(body) > _MOST:
        return Reading(Verdict.TOO_BIG, Reason.BODY_SIZE)
    media_type = "application/pdf" if body.startswith(b"%PDF-") else "text/html"
    page = Page(url=url, final_url=url, status=200, content_type=media_type, charset=None, body=body)
    return read_page(page, summary_characters)


def _bytes_of(file: Path) -> bytes:
    """Return a file's bytes, unpacked, but no more than show that it is too big."""
    with file.open("rb") as opened:
        if opened.read(len(_GZIP_MAGIC)) != _GZIP_MAGIC:
            opened.seek(0)
            return opened.read(_MOST + 1)
        opened.seek(0)
        with gzip.open(opened) as unpacked:
            return unpacked.read(_MOST + 1)
