"""The cookie by which a browser is known: a curator's id and the time it was issued, signed."""

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from storage.database import Session
from storage.people_records import Curator
from storage.web_people import curator_of_id

COOKIE = "copydesk"
LIFETIME = timedelta(days=180)


def make_cookie(curator_id: int, *, secret: bytes, now: datetime) -> str:
    """Sign a curator in."""
    claim = f"{curator_id}.{int(now.timestamp())}"
    return f"{claim}.{_signature(claim, secret)}"


def curator_in_cookie(cookie: str, *, secret: bytes, now: datetime) -> int | None:
    """Return the curator's id, or nothing for a cookie that is forged, damaged or too old."""
    claim, _, signature = cookie.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(claim, secret).encode()):
        return None
    curator_id, issued = (int(part) for part in claim.split("."))
    age = now - datetime.fromtimestamp(issued, UTC)
    return curator_id if age < LIFETIME else None


async def curator_by_cookie(session: Session, cookie: str, *, secret: bytes, now: datetime) -> Curator | None:
    """Return who a cookie signs in."""
    curator_id = curator_in_cookie(cookie, secret=secret, now=now)
    return None if curator_id is None else await curator_of_id(session, curator_id)


def _signature(claim: str, secret: bytes) -> str:
    return hmac.new(secret, claim.encode(), sha256).hexdigest()
