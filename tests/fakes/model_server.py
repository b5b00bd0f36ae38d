"""A model's endpoint on a socket, which answers /v1/chat/completions as told: well, badly, late or never."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web

KEY = "sk-s3cret-of-the-desk"
Question = dict[str, Any]
Answering = Callable[["ModelServer", web.Request, Question], Awaitable[web.StreamResponse]]


def completion(content: Any, *, finish_reason: str = "stop", **message: Any) -> dict[str, Any]:
    """Return a whole answer with these words."""
    said = {"role": "assistant", "content": content, **message}
    return {
        "id": "c1",
        "object": "chat.completion",
        "choices": [{"message": said, "finish_reason": finish_reason}],
    }


def saying(content: Any, **more: Any) -> Answering:
    async def answer(server: "ModelServer", request: web.Request, question: Question) -> web.StreamResponse:
        return web.json_response(completion(content, **more))

    return answer


def answering(body: bytes, *, content_type: str = "application/json") -> Answering:
    async def answer(server: "ModelServer", request: web.Request, question: Question) -> web.StreamResponse:
        return web.Response(body=body, content_type=content_type)

    return answer


def failing(status: int, error: Any = None, **headers: str) -> Answering:
    async def answer(server: "ModelServer", request: web.Request, question: Question) -> web.StreamResponse:
        return web.json_response(
            {"error": error or {"message": f"no: {KEY}"}}, status=status, headers=headers
        )

    return answer


def in_turn(*answers: Answering) -> Answering:
    """Answer the first question so, the second so; the last way for all that follow."""

    async def answer(server: "ModelServer", request: web.Request, question: Question) -> web.StreamResponse:
        which = answers[min(len(server.questions), len(answers)) - 1]
        return await which(server, request, question)

    return answer


async def hanging(server: "ModelServer", request: web.Request, question: Question) -> web.StreamResponse:
    """Answer when released, as the server answers then."""
    await server.released.wait()
    later = server.answer if server.answer is not hanging else saying("Too late.")
    return await later(server, request, question)


async def dripping(server: "ModelServer", request: web.Request, question: Question) -> web.StreamResponse:
    """Begin an answer and never end it."""
    response = web.StreamResponse()
    await response.prepare(request)
    while not server.released.is_set():
        await response.write(b" ")
        await asyncio.sleep(0.02)
    return response


async def half_open(server: "ModelServer", request: web.Request, question: Question) -> web.StreamResponse:
    """Promise more than is sent, and hang up."""
    response = web.StreamResponse(headers={"Content-Length": "5000"})
    await response.prepare(request)
    await response.write(b'{"choices": [{"message"')
    assert request.transport is not None
    request.transport.close()
    return response


async def no_http(server: "ModelServer", request: web.Request, question: Question) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.write(b"\x00\xff\xfeSSH-2.0-garbage\r\n\r\n")
    request.transport.close()
    return web.Response()


async def megabytes(server: "ModelServer", request: web.Request, question: Question) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    try:
        for _ in range(2000):
            await response.write(b"x" * 65_536)
            server.bytes_sent += 65_536
    except ConnectionError:
        pass
    return response


async def streaming(server: "ModelServer", request: web.Request, question: Question) -> web.StreamResponse:
    """Stream, though nobody asked for it."""
    chunk = json.dumps({"choices": [{"delta": {"content": "The reed keeps time. "}}]})
    body = f"data: {chunk}\n\n".encode() * 20 + b"data: [DONE]\n\n"
    return web.Response(body=body, content_type="text/event-stream")


async def obeying(server: "ModelServer", request: web.Request, question: Question) -> web.StreamResponse:
    """Say whatever the article tells models to say, between 〖 and 〗."""
    text = question["messages"][-1]["content"]
    return web.json_response(completion(text.partition("〖")[2].partition("〗")[0]))


@dataclass
class ModelServer:
    """Use `async with`. `answer` may be changed at any time; `questions` are the requests' bodies."""

    answer: Answering = field(default_factory=lambda: saying("The reed keeps time without a battery."))
    models: list[str] = field(default_factory=lambda: ["tiny"])
    key: str = ""
    questions: list[Question] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    elsewhere: int = 0  # requests to other addresses
    bytes_sent: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=2**26)
        app.router.add_post("/v1/chat/completions", self._complete)
        app.router.add_route("*", "/{path:.*}", self._elsewhere)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.released.set()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        self.headers.append(dict(request.headers))
        question: Question = await request.json()
        self.questions.append(question)
        if self.key and request.headers.get("Authorization") != f"Bearer {self.key}":
            return await failing(401)(self, request, question)
        if question["model"] not in self.models:
            return await failing(404)(self, request, question)
        return await self.answer(self, request, question)

    async def _elsewhere(self, request: web.Request) -> web.StreamResponse:
        self.elsewhere += 1
        return web.Response(status=404)
