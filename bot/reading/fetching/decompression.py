"""A body's bytes as they come in, decompressed no further than the cap."""

import zlib

ACCEPTED_ENCODINGS = "gzip, deflate"
"""The value of Accept-Encoding: what the standard library undoes with a bound on its output."""

_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_BARE = -zlib.MAX_WBITS


class TooBigError(Exception):
    """The body is larger than allowed, as sent or as decompressed."""


class UnknownEncodingError(Exception):
    """The body is packed in a way that was not asked for, or damaged."""


class CappedBody:
    """Collects a body, counting what was sent and what it unpacks to."""

    def __init__(self, encoding: str, *, cap: int) -> None:
        self._packed = _is_packed(encoding)
        self._inflater: zlib._Decompress | None = None
        self._cap = cap
        self._sent = 0
        self._body = bytearray()

    def add(self, chunk: bytes) -> None:
        """Take the next bytes off the wire.

        Raises TooBigError above the cap, UnknownEncodingError where the bytes don't unpack.
        """
        self._sent += len(chunk)
        if self._sent > self._cap:
            raise TooBigError
        self._body += self._unpacked(chunk) if self._packed and chunk else chunk
        if len(self._body) > self._cap:
            raise TooBigError

    def _unpacked(self, chunk: bytes) -> bytes:
        """Unpack at most one byte more than the cap leaves room for; what follows the stream is dropped."""
        if self._inflater is None:
            self._inflater = zlib.decompressobj(_GZIP_OR_ZLIB if _has_header(chunk) else _BARE)
        room = self._cap - len(self._body) + 1
        try:
            return self._inflater.decompress(chunk, room)
        except zlib.error as error:
            raise UnknownEncodingError from error

    def whole(self) -> bytes:
        """Return what came, decompressed."""
        return bytes(self._body)


def _is_packed(encoding: str) -> bool:
    match encoding.strip().lower():
        case "" | "identity":
            return False
        case "gzip" | "x-gzip" | "deflate":
            return True
        case _:
            raise UnknownEncodingError(encoding)


def _has_header(beginning: bytes) -> bool:
    """Tell gzip (RFC 1952 §2.3.1) and zlib (RFC 1950 §2.2) from the bare deflate that some servers send."""
    return beginning.startswith(b"\x1f") or beginning[0] & 0x8F == 0x08
