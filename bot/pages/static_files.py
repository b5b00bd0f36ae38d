"""Scripts and styles, read once, under an address that changes with their content."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from aiohttp import web

_FOLDER = Path(__file__).with_name("static")
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class StaticFiles:
    """The files by name, and the digest of them all.

    The digest is a folder of the address, not a query, so that a script's imports carry it too.
    """

    contents: Mapping[str, bytes]
    digest: str

    @classmethod
    def read(cls) -> "StaticFiles":
        """Read the folder."""
        contents = {
            path.name: path.read_bytes() for path in sorted(_FOLDER.iterdir()) if path.suffix in _TYPES
        }
        digest = sha256(b"".join(name.encode() + content for name, content in contents.items()))
        return cls(contents, digest.hexdigest()[:16])

    def address(self, name: str) -> str:
        """Return the address of a file; raise KeyError where there is none."""
        if name not in self.contents:
            raise KeyError(name)
        return f"/static/{self.digest}/{name}"

    async def serve(self, request: web.Request) -> web.Response:
        """Serve a file. An address of an older version gives today's content, but is not to be kept."""
        name = request.match_info["name"]
        if name not in self.contents:
            raise web.HTTPNotFound
        current = request.match_info["digest"] == self.digest
        return web.Response(
            body=self.contents[name],
            content_type=_TYPES[Path(name).suffix],
            charset="utf-8",
            headers={"Cache-Control": _FOR_EVER if current else "no-store"},
        )
