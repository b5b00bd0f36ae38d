"""A site on this machine with an article at every address; it outlives whoever reads it."""

import asyncio
import random
from types import TracebackType
from typing import Self

from aiohttp import web

_SENTENCES = (
    "The board wakes every second, takes one reading and sleeps again.",
    "A coin cell lasts for {number} weeks at that pace, as the team measured in spring.",
    "Most of the energy goes into the radio, so the model decides what is worth sending.",
    "The network has {number} thousand weights and fits into the memory of the smallest chip.",
    "Training took one evening on a laptop, and the tools are free to use.",
    "In a barn with {number} cows the sensors found every sick animal two days before the farmer.",
    "The authors publish their measurements, so that others may check them.",
    "A second version, with a quieter microphone, is planned for the autumn.",
)


class SlowSite:
    """Serves the same article for the same path, each time a little later than asked. Use `async with`."""

    def __init__(self, *, seed: int, longest_wait: float = 0.3) -> None:
        self.asked = asyncio.Event()  # set at each request: somebody is reading now
        self.requests: dict[str, int] = {}
        self._seed, self._longest_wait = seed, longest_wait
        self._wait = random.Random(seed)
        self._runner: web.AppRunner | None = None
        self.host = ""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.host = f"127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def url(self, path: str) -> str:
        """Return the address of a path."""
        return f"http://{self.host}/{path}"

    async def _serve(self, request: web.Request) -> web.Response:
        path = request.match_info["path"]
        self.requests[path] = self.requests.get(path, 0) + 1
        self.asked.set()
        await asyncio.sleep(self._wait.uniform(0, self._longest_wait))
        return web.Response(text=self._article(path), content_type="text/html")

    def _article(self, path: str) -> str:
        chance = random.Random(f"{self._seed} {path}")
        title = f"Listening boards, part {path.rpartition('/')[2]}"
        paragraphs = []
        for _ in range(8):
            chosen = chance.choices(_SENTENCES, k=5)
            sentences = [sentence.format(number=chance.randint(2, 90)) for sentence in chosen]
            paragraphs.append(f"<p>{' '.join(sentences)}</p>")
        return (
            f"<!doctype html><html lang=en><head><title>{title}</title></head>"
            f"<body><article><h1>{title}</h1>{''.join(paragraphs)}</article></body></html>"
        )
