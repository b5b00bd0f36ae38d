"""How the platform says no."""

from typing import Any


class RefusalError(Exception):
    """The answer {"ok": false, ...} of a method: an HTTP status, a sentence, and perhaps parameters."""

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters

    def as_json(self) -> dict[str, Any]:
        answer: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


def bad_request(reason: str, **parameters: Any) -> RefusalError:
    return RefusalError(400, f"Bad Request: {reason}", **parameters)


def too_many_requests(seconds: int) -> RefusalError:
    return RefusalError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
