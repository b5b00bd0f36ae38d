"""The REST side's common way: log, token, mischief, rate limits, and errors spelled as Discord does."""

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from tests.discord_server.limits import FILE_BYTES
from tests.discord_server.mischief import Mischief, Trouble
from tests.discord_server.platform import Platform
from tests.discord_server.rate_limits import GENEROUS, RateLimits, spelled_headers
from tests.discord_server.refusals import Json, RefusalError, bad_form, complaint

PREFIX = "/api/v10"
PLATFORM: web.AppKey[Platform] = web.AppKey("platform", Platform)
WITHOUT_TOKEN = ("/interactions/", "/webhooks/")


@dataclass
class Call:
    """A call of the bot; `at` is monotonic seconds, `status` None while or when nothing was answered."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    at: float
    status: int | None = None


@dataclass(frozen=True)
class Upload:
    """A file of a multipart body."""

    filename: str
    content: bytes
    content_type: str


BODY: web.RequestKey[Any] = web.RequestKey("body", object)
FILES: web.RequestKey[list[Upload]] = web.RequestKey("files", list)


def json_answer(data: object, status: int = 200) -> web.Response:
    """Answer JSON; discord.py reads it only under exactly this type, with no charset."""
    headers = {"Content-Type": "application/json"}
    return web.Response(body=json.dumps(data).encode(), status=status, headers=headers)


def refused(refusal: RefusalError) -> web.Response:
    return json_answer(refusal.body, refusal.status)


class Rest:
    """The middleware around every call."""

    def __init__(self, platform: Platform, mischief: Mischief, limits: RateLimits) -> None:
        self.platform, self.mischief, self.limits = platform, mischief, limits
        self.calls: list[Call] = []
        self.bugs: list[Exception] = []

    def middleware(self) -> Any:
        @web.middleware
        async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
            if not request.path.startswith(PREFIX):
                return await handler(request)
            return await self._answer(request, handler)

        return around

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        path = request.path.removeprefix(PREFIX)
        call = Call(request.method, path, dict(request.query), None, time.monotonic())
        self.calls.append(call)
        try:
            request[BODY], request[FILES] = await read_body(request)
            call.body = request[BODY]
            answer = await self._take(request, call, handler)
        except RefusalError as refusal:
            answer = refused(refusal)
        await self._pause(call, after_effect=True)
        lost = self.mischief.next_for(call.method, path, "drop", "break", "fail", after_effect=True)
        if lost is not None:
            answer = await spoil(request, answer, lost)
        bucket = self.limits.bucket(call.method, path)
        headers = bucket.headers() if bucket else spelled_headers({**GENEROUS, "Bucket": "generous"})
        for name, value in headers.items():
            answer.headers.setdefault(name, value)
        call.status = None if is_cut(request) else answer.status
        return answer

    async def _pause(self, call: Call, *, after_effect: bool) -> None:
        pause = self.mischief.next_for(call.method, call.path, "slow", after_effect=after_effect)
        if pause is not None:
            await asyncio.sleep(pause.seconds)

    async def _take(self, request: web.Request, call: Call, handler: Handler) -> web.StreamResponse:
        by_token = call.path.startswith(WITHOUT_TOKEN)
        if not by_token and request.headers.get("Authorization") != f"Bot {self.platform.token}":
            raise RefusalError(401, 0, "401: Unauthorized")
        await self._pause(call, after_effect=False)
        trouble = self.mischief.next_for(call.method, call.path, "fail", "drop", after_effect=False)
        if trouble is not None:
            return await spoil(request, None, trouble)
        wait = self.limits.everywhere()
        if wait is not None and not by_token:
            return too_many(wait, everywhere=True)
        bucket = self.limits.bucket(call.method, call.path)
        wait = bucket.take() if bucket else None
        if wait is not None:
            return too_many(wait)
        try:
            return await handler(request)
        except web.HTTPException as lost:
            raise RefusalError(lost.status, 0, f"{lost.status}: {lost.reason}") from None
        except RefusalError:
            raise
        except Exception as bug:
            self.bugs.append(bug)
            raise


def too_many(wait: float, *, everywhere: bool = False) -> web.Response:
    """Answer 429; discord.py takes one without Via for a ban by the proxy in front."""
    answer = json_answer(
        {"message": "You are being rate limited.", "retry_after": wait, "global": everywhere, "code": 0}, 429
    )
    answer.headers.update({"Via": "1.1 google", "Retry-After": str(max(1, round(wait)))})
    answer.headers["X-RateLimit-Scope"] = "global" if everywhere else "user"
    if everywhere:
        answer.headers["X-RateLimit-Global"] = "true"
    return answer


async def spoil(
    request: web.Request, answer: web.StreamResponse | None, trouble: Trouble
) -> web.StreamResponse:
    """Do to an answer what was planned."""
    if trouble.kind == "fail":
        if trouble.status == 429:
            return too_many(trouble.retry_after or 1.0)
        return json_answer({"message": trouble.message, "code": trouble.code}, trouble.status)
    if trouble.kind == "break" and trouble.how == "html":
        return web.Response(text="<html><h1>502 Bad Gateway</h1></html>", content_type="text/html")
    if trouble.kind == "break" and trouble.how == "nonsense":
        return web.Response(body=b'{"id": ', headers={"Content-Type": "application/json"})
    if trouble.kind == "break" and request.transport is not None:
        half = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{"id": '
        request.transport.write(half)
    if request.transport is not None:
        request.transport.close()
    return answer or web.Response(status=204)


def is_cut(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


async def read_body(request: web.Request) -> tuple[Any, list[Upload]]:
    """Read JSON, or a form with payload_json and files[n]."""
    if request.content_type != "multipart/form-data":
        raw = await request.read()
        try:
            return (json.loads(raw) if raw else {}), []
        except ValueError:
            raise RefusalError(400, 50109, "The request body contains invalid JSON.") from None
    form = await request.post()
    uploads = [
        Upload(part.filename, part.file.read(), part.content_type)
        for part in form.values()
        if isinstance(part, web.FileField)
    ]
    if any(len(upload.content) > FILE_BYTES for upload in uploads):
        raise RefusalError(413, 40005, "Request entity too large")
    return json.loads(str(form.get("payload_json", "{}"))), uploads


def count(request: web.Request, name: str, *, default: int, most: int) -> int:
    """Read a number between 1 and `most` from the query."""
    text = request.query.get(name, str(default))
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise bad_form({name: complaint("NUMBER_TYPE_MAX", f"int value should be between 1 and {most}.")})
    return int(text)


def body_of(request: web.Request) -> Json:
    body: Json = request[BODY]
    return body
