"""A web site on this machine with articles of our own, so that the tour needs no network."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

ARTICLES = Path(__file__).with_name("articles")


@asynccontextmanager
async def sample_site(host: str = "127.0.0.1") -> AsyncIterator[str]:
    """Serve the sample articles at a port of the system's choice; yield the address as "host:port".

    A page that does not exist answers 404, which is how the tour's dead link dies.
    """
    app = web.Application()
    app.router.add_static("/", ARTICLES)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, 0).start()
        yield f"{host}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
