"""What kinds of files are read: by what the server says, and by the bytes where it says little."""

from bot.reading.verdict import Reason

PDF = "application/pdf"
_PAGES = frozenset({"text/html", "application/xhtml+xml", "text/plain", "text/markdown"})
_PDFS = frozenset({PDF, "application/x-pdf"})
_ANYTHING = frozenset({"application/octet-stream", "binary/octet-stream", "application/download"})
"""What servers call a file that they know nothing of."""
_MARK, _END_MARK = b"%PDF-", b"%%EOF"
_MARK_WITHIN = 1024
"""Bytes. Readers have always taken a file whose mark stands so far in, or whose end mark stands so far from
its end (ISO 32000-1, annex H, notes 13 and 18)."""


class UnreadableTypeError(Exception):
    """A file of another kind than is asked for: of pages, a picture, a film, an archive, a program."""

    reason = Reason.MEDIA_TYPE


def is_pdf(body: bytes) -> bool:
    """Tell a PDF by its first bytes; one with something before them also by its last ones.

    A text that speaks of PDFs has neither.
    """
    beginning = body[:_MARK_WITHIN].lstrip()
    if beginning.startswith(_MARK):
        return True
    return _MARK in beginning and not beginning.startswith(b"<") and _END_MARK in body[-_MARK_WITHIN:]


def require_readable(declared: str, path: str) -> None:
    """Let pass what may be an article, before its body is fetched.

    Raises UnreadableTypeError. A file of unknown type may be a PDF where its name says so.
    """
    if declared in _ANYTHING and path.lower().endswith(".pdf"):
        return
    if declared and declared not in _PAGES | _PDFS:
        raise UnreadableTypeError


_PICTURES = frozenset({"image/jpeg", "image/jpg", "image/pjpeg", "image/png", "image/webp", "image/gif"})


def require_picture(declared: str, path: str) -> None:
    """Let pass what may be a picture; what its bytes are is seen when it is opened.

    Raises UnreadableTypeError for all else that a server names: an SVG is a page with scripts.
    """
    if declared and declared not in _PICTURES | _ANYTHING:
        raise UnreadableTypeError


def declared_type(declared: str, body: bytes) -> str:
    """Return what the server says that a body is."""
    return declared


def media_type_of(declared: str, body: bytes) -> str:
    """Return what a body is: a PDF whatever the server says, else what it says, else a guess.

    Raises UnreadableTypeError where the bytes are no text.
    """
    if is_pdf(body):
        return PDF
    if declared and declared not in _ANYTHING:
        return declared
    if b"\0" in body[:1024] and not body.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableTypeError
    return "text/html" if b"<" in body[:1024] else "text/plain"
