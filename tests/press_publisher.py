"""A process that does the errands of a desk that wait, as the newsroom does, and may be killed at it."""

import asyncio
import json
import multiprocessing
import os
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess

from bot.config import parse_config
from tests.publishing import PublishingDesk


def started_publisher(config: str, environment: Mapping[str, str]) -> ForkServerProcess:
    """Start it with a config in JSON; it is forked from a process that has imported all that it needs."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    process = context.Process(target=_do_errands, args=(config, dict(environment)))
    process.start()
    return process


def _do_errands(config: str, environment: dict[str, str]) -> None:
    os.environ.update(environment)
    asyncio.run(_run(config))


async def _run(config: str) -> None:
    desk = await PublishingDesk(parse_config(json.loads(config))).open()
    await desk.run_errands()
    await desk.close()
