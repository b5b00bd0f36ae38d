"""WeChat's servers of our own making on a real socket: tokens and drafts as its documentation has them."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

APP_ID, SECRET = "wx0123456789abcdef", "s3cret-of-the-account"


@dataclass
class WechatServer:
    """The server; `refusals` are codes with which the next drafts are refused, one each."""

    address: str = ""
    valid: str = "token-1"
    refusals: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    drafts: list[list[dict[str, Any]]] = field(default_factory=list)
    answer: bytes = b""  # said instead of any other answer
    address_allowed: bool = True

    async def token(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.asked.append("fresh token" if body["force_refresh"] else "token")
        if self.answer:
            return web.Response(body=self.answer)
        if not self.address_allowed:
            return refusal(40164)
        if body["appid"] != APP_ID or body["grant_type"] != "client_credential":
            return refusal(40013)
        if body["secret"] != SECRET:
            return refusal(40125)
        if body["force_refresh"]:
            self.valid = "token-2"
        return web.json_response({"access_token": self.valid, "expires_in": 7200})

    async def add(self, request: web.Request) -> web.Response:
        self.asked.append("draft")
        if self.refusals:
            return refusal(self.refusals.pop(0))
        if request.query.get("access_token") != self.valid:
            return refusal(42001)
        articles = json.loads(await request.read())["articles"]
        if any(len(article["title"]) > 32 for article in articles):
            return refusal(45003)
        if any(len(article["content"]) >= 20_000 for article in articles):
            return refusal(45002)
        self.drafts.append(articles)
        return web.json_response({"media_id": f"draft-{len(self.drafts)}"})


def refusal(code: int) -> web.Response:
    return web.json_response({"errcode": code, "errmsg": f"no {SECRET} token-1 rid: 1"})


@asynccontextmanager
async def wechat_server() -> AsyncIterator[WechatServer]:
    server = WechatServer()
    app = web.Application(client_max_size=4 * 1024 * 1024)
    app.add_routes(
        [web.post("/cgi-bin/stable_token", server.token), web.post("/cgi-bin/draft/add", server.add)]
    )
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()
