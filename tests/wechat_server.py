"""WeChat's servers of our own making on a real socket: tokens, pictures, drafts as it documents them."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from aiohttp import web
from PIL import Image

APP_ID, SECRET = "wx0123456789abcdef", "s3cret-of-the-account"
CUT, STALL = -100, -101
"""Instead of a code: the server hangs up, or never answers."""
_LARGEST_PICTURE = 1024 * 1024
_HEADS = {"jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}
_IMAGE = re.compile(r'<img src="([^"]*)"')


@dataclass
class WechatServer:
    """The server; `refusals` are codes with which the next drafts are refused, one each.

    `picture_refusals` are the same for pictures; 0 takes one.
    """

    address: str = ""
    valid: str = "token-1"
    refusals: list[int] = field(default_factory=list)
    picture_refusals: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    drafts: list[list[dict[str, Any]]] = field(default_factory=list)
    pictures: list[bytes] = field(default_factory=list)
    pictures_at: str = "http://mmbiz.qpic.cn/mmbiz_png/"
    answer: bytes = b""  # said instead of any other answer
    address_allowed: bool = True
    stalled: asyncio.Event = field(default_factory=asyncio.Event)

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

    async def keep(self, request: web.Request) -> web.Response:
        """Take a picture for articles: a form with a file `media`, JPEG or PNG of less than 1 MB."""
        self.asked.append("picture")
        code = self.picture_refusals.pop(0) if self.picture_refusals else 0
        if code == CUT:
            assert request.transport is not None
            request.transport.abort()
        if code == STALL:
            self.stalled.set()
            await asyncio.sleep(60)
        code = code or self._refused_token(request)
        taken = code or await picture_in(request)
        if isinstance(taken, int):
            return refusal(taken)
        self.pictures.append(taken)
        address = f"{self.pictures_at}Kept{len(self.pictures)}/0?wx_fmt=png&from=appmsg"
        return web.json_response({"url": address, "errcode": 0, "errmsg": "ok"})

    async def add(self, request: web.Request) -> web.Response:
        self.asked.append("draft")
        if self.refusals:
            return refusal(self.refusals.pop(0))
        if code := self._refused_token(request):
            return refusal(code)
        articles = json.loads(await request.read())["articles"]
        if any(len(article["title"]) > 32 for article in articles):
            return refusal(45003)
        if any(len(article["content"]) >= 20_000 for article in articles):
            return refusal(45002)
        self.drafts.append(articles)
        return web.json_response({"media_id": f"draft-{len(self.drafts)}"})

    def _refused_token(self, request: web.Request) -> int:
        token = request.query.get("access_token", "")
        if not token:
            return 41001
        return 0 if token == self.valid else 42001

    @property
    def shown(self) -> list[str]:
        """The addresses of the pictures in the last draft, as they stand in its HTML."""
        return [found for article in self.drafts[-1] for found in _IMAGE.findall(article["content"])]


async def picture_in(request: web.Request) -> bytes | int:
    """Return the picture of a form, or the code with which WeChat refuses it."""
    if request.content_length is None or request.content_type != "multipart/form-data":
        return 41005  # a body that comes in chunks holds no file for it
    media = (await request.post()).get("media")
    if not isinstance(media, web.FileField):
        return 41005
    picture, ending = media.file.read(), media.filename.rpartition(".")[2].lower()
    if not picture.startswith(_HEADS.get(ending, b"no such kind")):
        return 40005
    return 40009 if len(picture) >= _LARGEST_PICTURE else picture


def drawing(colour: str) -> bytes:
    """A picture for the server to keep."""
    stream = BytesIO()
    Image.new("RGB", (80, 80), colour).save(stream, "PNG")
    return stream.getvalue()


def refusal(code: int) -> web.Response:
    return web.json_response({"errcode": code, "errmsg": f"no {SECRET} token-1 rid: 1"})


@asynccontextmanager
async def wechat_server() -> AsyncIterator[WechatServer]:
    server = WechatServer()
    app = web.Application(client_max_size=4 * 1024 * 1024)
    app.add_routes(
        [
            web.post("/cgi-bin/stable_token", server.token),
            web.post("/cgi-bin/media/uploadimg", server.keep),
            web.post("/cgi-bin/draft/add", server.add),
        ]
    )
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()
