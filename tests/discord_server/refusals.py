"""What the platform refuses, by its status and code."""

from typing import Any

Json = dict[str, Any]
"""A JSON object as it goes over the wire."""


class RefusalError(Exception):
    """An HTTP error with Discord's JSON code, text and, for a bad form, the tree of errors."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.body: Json = {"message": message, "code": code}
        if errors:
            self.body["errors"] = errors


def unknown(what: str, code: int) -> RefusalError:
    """Say that there is no such thing."""
    return RefusalError(404, code, f"Unknown {what}")


def missing_access() -> RefusalError:
    """Say that the bot cannot see the place."""
    return RefusalError(403, 50001, "Missing Access")


def missing_permissions() -> RefusalError:
    """Say that the bot sees the place but may not do this there."""
    return RefusalError(403, 50013, "Missing Permissions")


def thread_archived() -> RefusalError:
    """Say that the thread must be taken out of the archive first."""
    return RefusalError(400, 50083, "Thread is archived")


def bad_form(errors: Json) -> RefusalError:
    """Say which parts of the body are wrong."""
    return RefusalError(400, 50035, "Invalid Form Body", errors)


def complaint(code: str, message: str) -> Json:
    """Return one leaf of the tree of errors."""
    return {"_errors": [{"code": code, "message": message}]}
