"""A site on this machine that serves the generated pages, from a process of its own."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from benchmarks.pages import pages


@asynccontextmanager
async def serving() -> AsyncIterator[str]:
    """Start the site; give its host and port."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.site"), stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.terminate()
        await process.wait()


async def _serve() -> None:
    known = pages()

    async def answer(request: web.Request) -> web.Response:
        page = known.get(request.path.replace("/x", ""))
        return web.Response(body=page, content_type="text/html") if page else web.Response(status=404)

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())
