"""Where pages are read: fetcher, worker processes and model, opened together and closed in order."""

import os
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime

from bot.drafting import Drafter
from bot.hearing import DeskSettings
from bot.logs import keep_out_of_logs
from bot.reader import StoryReader
from bot.reading.fetch import Fetcher
from bot.reading.workers import ReadingWorkers
from storage.database import Database


def open_reading_room(
    database: Database, settings: DeskSettings, clock: Callable[[], datetime], stack: AsyncExitStack
) -> StoryReader:
    """Return a reader; the stack closes what it reads with. No process starts before the first page."""
    reading, summary = settings.config.reading, settings.config.summary
    fetcher = Fetcher(allowed_hosts=reading.allowed_hosts, robots=reading.robots)
    workers = ReadingWorkers(
        processes=reading.processes,
        seconds=reading.seconds,
        memory=reading.memory_mb * 1_000_000,
        summary_characters=summary.characters,
    )
    stack.push_async_callback(fetcher.close)
    stack.push_async_callback(workers.close)
    if summary.llm is None:
        return StoryReader(database, settings, fetcher, workers, clock)
    key = os.environ.get(summary.llm.key_env, "").strip() if summary.llm.key_env else ""
    keep_out_of_logs(key)
    drafter = Drafter(database, settings, workers, model=summary.llm, key=key, clock=clock)
    stack.push_async_callback(drafter.close)
    return StoryReader(database, settings, fetcher, workers, clock, drafter)
