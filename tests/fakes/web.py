"""A small web on this machine: pages that read well, and pages as strangers' servers serve them."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

PAGES = Path(__file__).parents[1] / "pages"
ENGLISH = """<html lang="en"><head><title>The reeds keep time</title>
<meta property="og:site_name" content="Marsh Weekly"><meta name="author" content="A. Heron"></head>
<body><article>
<h1>The reeds keep time</h1>
<p>A reed in the northern marsh has kept time for eleven years without a battery, and nobody knew until May.
Researchers had put a sensor of 4 milliwatts beside it, and found that the plant bends with every tide.</p>
<p>The team has published its firmware, which fits into 32 kilobytes and counts the bends with a small model.
On a board without an operating system it was wrong in 2 of 4,000 tides, less than the tide table itself.</p>
<p>Next year the reeds will be asked about the wind, said the head of the station, who would not be named.</p>
</article></body></html>"""
CHINESE = """<html lang="zh"><head><title>芦苇也会看时间</title>
<meta property="og:site_name" content="湿地周报"></head><body><article><h1>芦苇也会看时间</h1>
<p>北方湿地里有一根芦苇，不用电池，已经准确地报了十一年的时间，直到今年五月才有人发现。研究人员在旁边放了一个
四毫瓦的传感器，发现它随着每一次潮水弯腰。</p>
<p>团队公开了固件，只有三十二千字节，用一个很小的模型来数弯腰的次数。在没有操作系统的板子上，四千次潮水只错了
两次，比潮汐表还准。</p><p>站长说，明年要让芦苇听风，他不愿透露姓名。</p></article></body></html>"""
LOGIN = """<html><head><title>Sign in</title></head><body><form action="/login" method="post">
<h1>Sign in to continue</h1><input name="user"><input type="password" name="password"></form></body></html>"""


@dataclass
class LocalWeb:
    """The site; `asked` holds the paths that were fetched, in order."""

    port: int
    asked: list[str] = field(default_factory=list)
    released: asyncio.Event = field(default_factory=asyncio.Event)  # lets /held-back be answered

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Serve a page by its path."""
        self.asked.append(request.path)
        match request.path:
            case "/english" | "/chinese" | "/login":
                page = {"/english": ENGLISH, "/chinese": CHINESE, "/login": LOGIN}[request.path]
                return web.Response(text=page, content_type="text/html")
            case "/verification":
                page = (PAGES / "wechat_verification.html").read_text()
                return web.Response(text=page, content_type="text/html")
            case "/gbk":
                return web.Response(
                    body=CHINESE.encode("gbk"), headers={"Content-Type": "text/html; charset=gbk"}
                )
            case "/moved":
                raise web.HTTPFound("/english?utm_source=moved")
            case "/inside":
                raise web.HTTPFound("http://169.254.169.254/latest/meta-data/")
            case "/flapping":
                if self.asked.count("/flapping") == 1:
                    raise web.HTTPServiceUnavailable
                return web.Response(text=ENGLISH.replace("reeds", "geese"), content_type="text/html")
            case "/control-characters":
                body = b"A plain page\x00 with odd \x01 bytes \xff in it.\n\n" + b"It has many words. " * 40
                return web.Response(body=body, content_type="text/plain")
            case "/picture":
                return web.Response(body=b"\x89PNG", content_type="image/png")
            case "/held-back":
                await self.released.wait()
                return web.Response(text=ENGLISH.replace("reeds", "tides"), content_type="text/html")
            case "/slow":
                await asyncio.sleep(0.5)
                return web.Response(text=ENGLISH.replace("reeds", "snails"), content_type="text/html")
            case _:
                raise web.HTTPGone


@asynccontextmanager
async def local_web() -> AsyncIterator[LocalWeb]:
    """Serve the site on a free port."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        site = LocalWeb(found.getsockname()[1])
    app = web.Application()
    app.router.add_get("/{path:.*}", site.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", site.port).start()
    try:
        yield site
    finally:
        await runner.cleanup()
